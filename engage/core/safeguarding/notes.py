"""A note: what is passed on to the duty inspector, sealed into a flag.

The child is shown `text`, and `text` is what is sealed: one string, made here once.
"""

from collections.abc import Mapping
from dataclasses import asdict, dataclass, replace
from enum import StrEnum
from typing import Any

from engage.core.safeguarding.concerns import Concern, Level


class NoteKind(StrEnum):
    RAISED = "raised"
    AGAIN = "again"
    """A second concern in the same talk, joined to the open flag."""
    ADDED = "added"
    """What the child added, how to find them, whether they are safe."""
    CHANGED = "changed"
    """The child changed an answer that had already been passed on."""
    PERSON = "person"
    """The child asked for a person."""


@dataclass(frozen=True, slots=True)
class Note:
    """All that the desk shows. Times are ISO 8601 in UTC, set when it is sealed."""

    kind: NoteKind
    level: Level
    text: str
    """The very words that the child was shown as "what I will pass on"."""
    prompt: str = ""
    options: tuple[str, ...] = ()
    words: str = ""
    """The child's own words, or the words on the button they chose."""
    categories: tuple[str, ...] = ()
    rule: str = ""
    because: str = ""
    marks: tuple[tuple[int, int], ...] = ()
    """Which characters of `words` gave the reasons."""
    told: tuple[str, ...] = ()
    digest: str = ""
    voice: str = ""
    language: str = "en"
    place: str = ""
    joined: Mapping[str, str] | None = None
    said_at: str = ""

    def record(self) -> dict[str, Any]:
        return asdict(self)

    def sealed_at(self, when: str, joined: Mapping[str, str]) -> "Note":
        return replace(self, said_at=when, joined=joined)


def about(note: Note, concern: Concern) -> Note:
    """The note with why it was raised."""
    return replace(
        note,
        categories=concern.categories,
        rule=concern.rule,
        because=concern.because,
        marks=concern.marks,
    )


def passed_on(prompt: str, words: str) -> str:
    """Exactly what will be passed on about one answer, as shown and as sealed."""
    return f"I asked: “{prompt}”\nYou said: “{words}”"
