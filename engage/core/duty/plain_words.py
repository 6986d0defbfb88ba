"""Hints for whoever writes to a child: what may be hard to read, or must not be said.

They never stop a message. What is looked for: domain 3.4 (words), 4.3 (no questions
that interview, no promises, no secrets).
"""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from enum import StrEnum

import yaml

from engage.core.dialogue.language import (
    SHORTEST_MEASURED,
    Passage,
    Syllables,
    WordingRule,
    count,
    reading_age,
    wording,
)
from engage.core.people import Voice

HIGHEST_AGE = 9
"""Years: what somebody may have to be to read a message easily."""
LONGEST_SENTENCE = 15
_SHOWN = 6
"""Words of a long sentence that are shown, to find it by."""


class Kind(StrEnum):
    READING_AGE = "reading age"
    LONG_SENTENCE = "long sentence"
    WORD = "word"
    INTERVIEW = "interview"
    PROMISE = "promise"
    SECRECY = "secrecy"
    SHOUTING = "shouting"
    EXCLAMATION = "exclamation"


@dataclass(frozen=True, slots=True)
class Hint:
    """`found`: the words it is about, or a number. `instead`: what to say."""

    kind: Kind
    found: str
    instead: str = ""


_SENTENCE = re.compile(r"(?<=[.!?])\s+|\n+")
_BEGINS = r"(?:^|[,;:–—]\s*|\b(?:and|but|so|then)\s+)"
_PATTERNS = (
    (
        Kind.INTERVIEW,
        re.compile(rf"(?i){_BEGINS}((?:who|what|where|when|why)\b[^?]*\?)"),
    ),
    (
        Kind.INTERVIEW,
        re.compile(
            r"(?i)\b((?:tell|show)\s+(?:me|us)\s+(?:more|everything|exactly|about"
            r"|what|who|where|when|why)\b(?:\s+\w+)?)"
        ),
    ),
    (
        Kind.PROMISE,
        re.compile(
            r"(?i)\b((?:i|we)\s+promise|promise\s+you|guarantee\w*"
            r"|will\s+(?:all\s+)?be\s+(?:fine|ok|okay|all\s+right|alright|safe)"
            r"|(?:will\s+not|won['’]t)\s+(?:have\s+to|happen\s+again|get\s+in(?:to)?"
            r"\s+trouble)|(?:it|this|that)\s+will\s+stop|nothing(?:\s+bad)?\s+will"
            r"\s+happen|(?:will|['’]ll)\s+make\s+(?:sure|it\s+stop)|definitely)\b"
        ),
    ),
    (
        Kind.SECRECY,
        re.compile(
            r"(?i)\b(keep\s+(?:\w+\s+){0,4}(?:secret|to\s+yourself|between\s+us)"
            r"|our\s+secret|just\s+between\s+(?:us|you\s+and\s+me)"
            r"|(?:not|won['’]t|don['’]t|never)\s+tell\s+any(?:one|body)"
            r"|no(?:body|\s+one)(?:\s+else)?\s+will\s+(?:ever\s+)?know)\b"
        ),
    ),
    (
        Kind.SHOUTING,
        re.compile(
            r"\b([A-Z]{5,}|NOW|NOT|YOU|ARE|MUST|STOP|VERY|SAFE|CALL|TELL|HELP"
            r"|[A-Z]{2,}(?:\s+[A-Z]{2,})+)\b"
        ),
    ),
    (Kind.EXCLAMATION, re.compile(r"(!)")),
)
_DENIED = re.compile(
    r"(?i)\b(?:can['’]?t|cannot|can\s+not|not|never)(?:\s+\w+){0,4}\s*$"
)
"""Before words: "I can’t promise" and "we cannot keep this secret" are right."""
_RULES = {
    "exclamation": Kind.EXCLAMATION,
    "promises": Kind.PROMISE,
    "questioning": Kind.INTERVIEW,
}
"""Rules of language.yaml that are a kind of their own here."""


def hints(
    text: str, rules: Iterable[WordingRule], syllables: Syllables
) -> tuple[Hint, ...]:
    """What somebody might think of before they send this, the gravest first."""
    found = [*_patterns(text), *_words(text, rules), *_long(text, syllables)]
    shouted = " ".join(each.found for each in found if each.kind is Kind.SHOUTING)
    order = list(_GRAVEST)
    kept: dict[tuple[Kind, str], Hint] = {}
    for each in sorted(found, key=lambda hint: order.index(hint.kind)):
        covered = any(
            each.kind is kind and each.found.lower() in words for kind, words in kept
        )
        if not covered and not (each.kind is Kind.WORD and each.found in shouted):
            kept[each.kind, each.found.lower()] = each
    return tuple(kept.values())


_GRAVEST = (
    Kind.SECRECY,
    Kind.PROMISE,
    Kind.INTERVIEW,
    Kind.WORD,
    Kind.SHOUTING,
    Kind.EXCLAMATION,
    Kind.READING_AGE,
    Kind.LONG_SENTENCE,
)


def _sentences(text: str) -> list[str]:
    return [each.strip() for each in _SENTENCE.split(text) if each.strip()]


def _patterns(text: str) -> Iterator[Hint]:
    for sentence in _sentences(text):
        for kind, pattern in _PATTERNS:
            for match in pattern.finditer(sentence):
                if not _denied(kind, sentence, match[1]):
                    yield Hint(kind, match[1])


def _denied(kind: Kind, sentence: str, found: str) -> bool:
    before = sentence.partition(found)[0]
    gentle = kind in (Kind.PROMISE, Kind.SECRECY)
    return gentle and _DENIED.search(before) is not None


def _words(text: str, rules: Iterable[WordingRule]) -> Iterator[Hint]:
    rules = tuple(rules)
    for line, sentence in enumerate(_sentences(text)):
        said = Passage(sentence, Voice.YOUNGER, "", line, grave=True)
        for rule in rules:
            for problem in wording([said], [rule]):
                found = problem.what.partition("“")[2].partition("”")[0]
                kind = _RULES.get(rule.id, Kind.WORD)
                if kind is Kind.PROMISE and "secret" in found.lower():
                    kind = Kind.SECRECY
                if not _denied(kind, sentence, found):
                    yield Hint(kind, found, rule.prefer if kind is Kind.WORD else "")


def _long(text: str, syllables: Syllables) -> Iterator[Hint]:
    if count(text) >= SHORTEST_MEASURED:
        age = reading_age(text, syllables)
        if age > HIGHEST_AGE:
            yield Hint(Kind.READING_AGE, f"{age:.0f}")
    for sentence in _sentences(text):
        if count(sentence) > LONGEST_SENTENCE:
            yield Hint(Kind.LONG_SENTENCE, " ".join(sentence.split()[:_SHOWN]) + "…")


def openings(text: str) -> tuple[str, ...]:
    """Lines to begin with, as `conversations/safeguarding/writing-back.yaml` has them.

    {name} is whoever writes.
    """
    held = yaml.safe_load(text)["writing-back"]["openings"]
    return tuple(str(row["text"]) for row in held)
