"""What one talk is held with: its script, its voice, and the words for a worry."""

from dataclasses import dataclass
from typing import Protocol

from engage.core.dialogue.script import Script
from engage.core.people import Voice
from engage.core.safeguarding.concerns import Level
from engage.core.safeguarding.detector import Detector
from engage.core.safeguarding.interruption import Part


class Words(Protocol):
    """The words of an interruption, for one child at one moment."""

    def told(self, part: Part, level: Level) -> tuple[str, ...]:
        """The bot's bubbles at a part, for a concern of this level."""

    def question(self, part: Part) -> tuple[str, tuple[tuple[str, str], ...]]:
        """The question at a part, and its options as (id, words)."""


@dataclass(frozen=True, slots=True)
class Conversation:
    """What stays the same through one talk."""

    script: Script
    voice: Voice
    detector: Detector
    words: Words
