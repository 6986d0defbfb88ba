"""What anything that looks for reasons to worry can do: the seam to the talk."""

from typing import Protocol

from engage.core.safeguarding.concerns import Concern

OPEN = "open"


class Detector(Protocol):
    """See `screening.Screen`."""

    def look(self, text: str, *, question: str = "") -> Concern | None:
        """The worst reason to worry in these words; None if it sees none.

        `question` is what they answer: `OPEN` for a box where anything may be said,
        else the id of the step.
        """
        ...
