"""What anything that looks for reasons to worry can do: the seam to the talk."""

from typing import Protocol

from engage.core.safeguarding.concerns import Concern


class Detector(Protocol):
    """See `screening.Screen`."""

    def look(self, text: str, *, question: str = "") -> Concern | None:
        """The worst reason to worry in these words; None if it sees none.

        `question` is the id of the step that was answered.
        """
        ...
