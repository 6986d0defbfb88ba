"""What the bot says when an answer worries it: the words, and which of them fit.

The words are in conversations/safeguarding/first-response.yaml. Each may carry
conditions on the situation; the first `ask` that fits is the one asked.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from enum import StrEnum

from engage.core.people import Voice
from engage.core.safeguarding.concerns import Level


class Findable(StrEnum):
    """Who could say which child this is, by the way the child joined."""

    CARD = "card"
    GATHERING = "gathering"
    OPEN = "open"


class Part(StrEnum):
    """A piece of the interruption. Those in `ASKING` put a question."""

    WORRIED = "worried"
    AGAIN = "again"
    CHECK = "check"
    IF_LEFT = "if-left"
    SAFE_NOW = "safe-now"
    NOT_SAFE = "not-safe"
    CHECK_IN = "check-in"
    PASSING_ON = "passing-on"
    ADD = "add"
    REACH = "reach"
    NEXT = "next"
    TOLD = "told"
    NOT_PASSED_ON = "not-passed-on"
    TO_BE_SURE = "to-be-sure"
    PERSON_FIRST = "person-first"
    PERSON = "person"


ASKING = {
    Part.SAFE_NOW: ("yes", "no", "not-sure"),
    Part.CHECK_IN: ("pass-on", "fine", "not-sure"),
    Part.ADD: (),
    Part.REACH: (),
    Part.NEXT: ("carry-on", "pause", "stop"),
    Part.PERSON: (),
}
"""The options each question must have, in this order; none means words are written."""

PLACEHOLDERS = ("by", "out-of-hours")


@dataclass(frozen=True, slots=True)
class Situation:
    """What the words depend on."""

    level: Level
    covered: bool
    by: str
    """When it will have been read, in words, such as "4:30 today" (see clock).

    Empty: no cover is planned, and nothing may be promised.
    """
    findable: Findable
    adult: bool
    """16 or over: adult protection may be the road."""
    out_of_hours: str
    """The area's number for nights and weekends."""


@dataclass(frozen=True, slots=True)
class When:
    """What must be so for the words to be said. None or empty asks nothing."""

    levels: frozenset[Level] = frozenset()
    cover: bool | None = None
    findable: frozenset[Findable] = frozenset()
    adult: bool | None = None
    planned: bool | None = None

    def fits(self, situation: Situation) -> bool:
        return (
            (not self.levels or situation.level in self.levels)
            and self.cover in (None, situation.covered)
            and (not self.findable or situation.findable in self.findable)
            and self.adult in (None, situation.adult)
            and self.planned in (None, bool(situation.by))
        )


@dataclass(frozen=True, slots=True)
class Words:
    """One bubble or one question, with what must be so for it."""

    text: Mapping[Voice, str]
    when: When = field(default_factory=When)
    line: int = 0


@dataclass(frozen=True, slots=True)
class Choice:
    id: str
    text: Mapping[Voice, str]


@dataclass(frozen=True, slots=True)
class Said:
    """One part: bubbles, and perhaps a question with its options."""

    bubbles: tuple[Words, ...] = ()
    ask: tuple[Words, ...] = ()
    options: tuple[Choice, ...] = ()


@dataclass(frozen=True, slots=True)
class FirstResponse:
    parts: Mapping[Part, Said]


class NothingToAsk(Exception):
    """This part has no question for this situation."""


def bubbles(
    fr: FirstResponse, part: Part, situation: Situation, voice: Voice
) -> tuple[str, ...]:
    """What the bot says, in order.

    Words that need a number or a time which is not known are left out: a gap
    in a sentence would be worse than its absence.
    """
    return tuple(_fitting(fr.parts[part].bubbles, situation, voice))


def question(
    fr: FirstResponse, part: Part, situation: Situation, voice: Voice
) -> tuple[str, tuple[tuple[str, str], ...]]:
    """The question and its options as (id, words); no options: it is written.

    Raises:
        NothingToAsk: the part is not a question.
    """
    said = fr.parts[part]
    ask = next(iter(_fitting(said.ask, situation, voice)), None)
    if ask is None:
        raise NothingToAsk(part)
    return ask, tuple((choice.id, choice.text[voice]) for choice in said.options)


def _fitting(
    words: Iterable[Words], situation: Situation, voice: Voice
) -> Iterable[str]:
    known = {"by": situation.by, "out-of-hours": situation.out_of_hours}
    for each in words:
        text = each.text[voice]
        missing = any(f"{{{name}}}" in text and not known[name] for name in known)
        if each.when.fits(situation) and not missing:
            yield _filled(text, known)


def _filled(text: str, known: Mapping[str, str]) -> str:
    for name, value in known.items():
        text = text.replace(f"{{{name}}}", value)
    return text
