"""Labelled messages: what the learned layer learns from, and what it is judged on."""

import json
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from engage.core.safeguarding.features import KINDS, Kin, kin_of

LEVELS = ("none", "check", "concern", "now")
RUN = 40
"""Everyday lines that stand together: writers write in runs."""
_APART = frozenset(
    {"dev-children", *(f"own-{n}" for n in (4, 9, 12, 17, 21, 26, 45, 47, 66, 70))}
)
_APART_OF = 5


class BadMessage(ValueError):
    """A line that is no message: says the file, the line, and what is wrong."""


@dataclass(frozen=True, slots=True)
class Message:
    """One line of a corpus. `level`: its place in `LEVELS`."""

    id: str
    text: str
    level: int
    categories: tuple[str, ...]
    lang: str
    style: str
    question: str
    source: str
    line: int


def read_messages(files: Iterable[Path]) -> Iterator[Message]:
    """Every message of these files, in order. Raises `BadMessage`."""
    for file in files:
        lines = file.read_text("utf-8").splitlines()
        for number, line in enumerate(lines, 1):
            if line.strip():
                yield _message(file, number, line)


def _message(file: Path, number: int, line: str) -> Message:
    try:
        held = json.loads(line)
        return Message(
            id=str(held["id"]),
            text=str(held["text"]),
            level=LEVELS.index(held["level"]),
            categories=tuple(held.get("categories", ())),
            lang=str(held.get("lang", "en")),
            style=str(held.get("style", "")),
            question=str(held.get("question", "")),
            source=file.stem,
            line=number,
        )
    except (ValueError, KeyError, TypeError) as wrong:
        raise BadMessage(f"{file.name}:{number}: {wrong}") from None


def is_tuned(message: Message) -> bool:
    """Rules were written while looking at it: what they see here proves nothing."""
    return message.source.startswith("dev")


def is_fresh(message: Message) -> bool:
    """Harmless or not, as people write: neither tuned on nor a twin made to mislead.

    In other languages those that rules were tuned on count too: there are few.
    """
    if message.lang not in ("en", "sco"):
        return True
    return not is_tuned(message) and not message.source.startswith("twins")


def is_everyday(message: Message) -> bool:
    """Ordinary life, not written to look alarming."""
    return message.source.startswith("everyday")


def is_real(message: Message) -> bool:
    """Sent by somebody once, not invented for this."""
    return message.source == "everyday-sms"


def is_apart(message: Message) -> bool:
    """The listener never learned from this writer, so its verdict proves something.

    Of everyday messages, of which there are few writers, every fifth run.
    """
    if is_everyday(message):
        return message.line // RUN % _APART_OF == 0
    return message.source in _APART


def read_kin(file: Path) -> Kin:
    """Which words are of a kind: a word and its number on each line."""
    lines = [line.split() for line in file.read_text("utf-8").splitlines()]
    kinds = [[0] * len(KINDS), *([*map(int, numbers)] for _, *numbers in lines)]
    return kin_of([word for word, *_ in lines], np.array(kinds, np.uint32))
