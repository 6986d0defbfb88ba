"""A message between the duty inspector and a child: what of it is sealed."""

import json
from dataclasses import dataclass
from enum import StrEnum

LONGEST = 1_000
"""Characters of one message to a child. Few words are read; many frighten."""


class Side(StrEnum):
    """Who writes."""

    CHILD = "child"
    DUTY = "duty"


class Ended(StrEnum):
    """By whom a thread was closed."""

    CHILD = "child"
    DUTY = "duty"
    DELETED = "deleted"
    """The child deleted their talk, and with it the key to what is written to them."""


@dataclass(frozen=True, slots=True)
class Words:
    """What one envelope holds. A row may say otherwise who wrote: this counts."""

    sender: Side
    text: str
    called: str = ""
    """The inspector, as the child knows them."""
    told: tuple[str, ...] = ()
    """What the bot said to a child's words: a time that it named must not move."""

    def encoded(self) -> bytes:
        held = [self.sender.value, self.text, self.called, self.told]
        return json.dumps(held, ensure_ascii=False).encode()


def words_from(plain: bytes) -> Words:
    sender, text, called, told = json.loads(plain)
    return Words(Side(sender), text, called, tuple(told))


def first_name(called: str) -> str:
    """What a child is told of an inspector's name: no more than is friendly."""
    return (called.split() or [""])[0]
