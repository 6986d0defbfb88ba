"""What anything that looks for reasons to worry can do: the seam to the talk."""

from collections.abc import Sequence
from typing import Protocol

from engage.core.safeguarding.concerns import Concern
from engage.core.safeguarding.policy import Policy
from engage.core.safeguarding.talk_window import Before


class Detector(Protocol):
    """See `screening.Screen`."""

    @property
    def policy(self) -> Policy: ...

    def look(
        self,
        text: str,
        *,
        question: str = "",
        anything: bool = False,
        before: Sequence[Before] = (),
    ) -> Concern | None:
        """The worst reason to worry in these words; None if it sees none.

        `question`: what was asked, in words. `anything`: a box in which anything may
        be said, so that words which cannot be read are asked about. `before`: what
        was said earlier in the talk, newest last.
        """
        ...
