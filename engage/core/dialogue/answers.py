"""What a child gave at one place, and whether that place accepts it."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Any, NamedTuple, NewType, assert_never

from engage.core.dialogue.script import Kind, Step
from engage.core.people import Voice
from engage.core.safeguarding.concerns import Concern, Level

Place = NewType("Place", str)
"""`step-id`, or `step-id@p2` when it is asked about the second person named."""

LONGEST = 5_000
"""Characters of one free text. Longer is refused kindly, never cut short."""
LONGEST_SHORT = 40
LONGEST_CALLED = 40


class Silence(StrEnum):
    """Three different ways not to answer, none of them questioned."""

    SKIP = "skip"
    NOT_SURE = "not-sure"
    RATHER_NOT_SAY = "rather-not-say"


@dataclass(frozen=True, slots=True)
class Chosen:
    ids: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Written:
    text: str


@dataclass(frozen=True, slots=True)
class Person:
    """Somebody the child named. `id` (p1, p2...) stays when the list is changed."""

    id: str
    kind: str
    called: str


@dataclass(frozen=True, slots=True)
class Named:
    people: tuple[Person, ...]


@dataclass(frozen=True, slots=True)
class Sorted:
    piles: tuple[tuple[str, str], ...]
    """(card id, pile id), in the order of the cards."""


Given = Chosen | Written | Named | Sorted | Silence


class Answer(NamedTuple):
    """One row. Changing an answer appends another with a higher number."""

    number: int
    place: Place
    given: Given
    concern: Concern | None = None
    told: tuple[str, ...] = ()
    """What the bot said about the concern at that moment, kept as it was said."""
    promised: tuple[str, ...] = ()
    """What it said about passing it on: the time in it must not move on a reload."""
    passed_on: str = ""
    """The very text that was sealed into a flag, to be shown again as it was."""


class NotAccepted(ValueError):
    """The answer does not fit the question. The message is an `Unfit`."""

    def __init__(self, unfit: "Unfit") -> None:
        super().__init__(unfit.value)
        self.unfit = unfit


class Unfit(StrEnum):
    """Why an answer was not taken; the page has the words."""

    NOT_OFFERED = "not offered"
    NOTHING = "nothing given"
    TOO_LONG = "too long"
    TOO_MANY = "too many"


def fit(step: Step, given: Given, voice: Voice) -> Given:
    """The answer, tidied, if `step` accepts it in this voice.

    Raises:
        NotAccepted: with the reason; the child's words are in the caller's hands.
    """
    match given:
        case Silence():
            return given
        case Chosen():
            return _fit_chosen(step, given, voice)
        case Written():
            return _fit_written(step, given)
        case Named():
            return _fit_named(step, given)
        case Sorted():
            return _fit_sorted(step, given, voice)
        case _:
            assert_never(given)


def _fit_chosen(step: Step, given: Chosen, voice: Voice) -> Chosen:
    offered = [o.id for o in step.options_for(voice)]
    many = step.kind is Kind.CHOOSE_MANY
    if not given.ids:
        raise NotAccepted(Unfit.NOTHING)
    one_of = step.kind in (Kind.CHOOSE, Kind.SCALE) and len(given.ids) == 1
    if not (many or one_of) or not set(given.ids) <= set(offered):
        raise NotAccepted(Unfit.NOT_OFFERED)
    return Chosen(tuple(id for id in offered if id in given.ids))


def _fit_written(step: Step, given: Written) -> Written:
    if step.kind is not Kind.WRITE:
        raise NotAccepted(Unfit.NOT_OFFERED)
    if not given.text.strip():
        raise NotAccepted(Unfit.NOTHING)
    if len(given.text) > (LONGEST_SHORT if step.short else LONGEST):
        raise NotAccepted(Unfit.TOO_LONG)
    return given


def _fit_named(step: Step, given: Named) -> Named:
    if step.kind is not Kind.PEOPLE:
        raise NotAccepted(Unfit.NOT_OFFERED)
    if not given.people:
        raise NotAccepted(Unfit.NOTHING)
    if len(given.people) > step.at_most:
        raise NotAccepted(Unfit.TOO_MANY)
    for person in given.people:
        if step.option(person.kind) is None:
            raise NotAccepted(Unfit.NOT_OFFERED)
        if len(person.called) > LONGEST_CALLED:
            raise NotAccepted(Unfit.TOO_LONG)
    return given


def _fit_sorted(step: Step, given: Sorted, voice: Voice) -> Sorted:
    if step.kind is not Kind.SORT:
        raise NotAccepted(Unfit.NOT_OFFERED)
    cards = [o.id for o in step.options_for(voice)]
    piles = {p.id for p in step.piles}
    placed = dict(given.piles)
    if not placed:
        raise NotAccepted(Unfit.NOTHING)
    if not set(placed) <= set(cards) or not set(placed.values()) <= piles:
        raise NotAccepted(Unfit.NOT_OFFERED)
    return Sorted(tuple((c, placed[c]) for c in cards if c in placed))


def name_people(
    wanted: list[tuple[str, str]], before: tuple[Person, ...]
) -> tuple[Person, ...]:
    """Give each (kind, called) an id, keeping the ids of people named before.

    Keeping them keeps what was said about each person when the list is changed.
    """
    free = list(before)
    kept: list[Person | None] = []
    for kind, called in wanted:
        same = next((p for p in free if (p.kind, p.called) == (kind, called)), None)
        if same:
            free.remove(same)
        kept.append(same)
    highest = max((int(p.id[1:]) for p in before), default=0)
    people = []
    for (kind, called), same in zip(wanted, kept, strict=True):
        if same is None:
            highest += 1
            same = Person(f"p{highest}", kind, called)
        people.append(same)
    return tuple(people)


def to_record(answer: Answer) -> dict[str, Any]:
    """As it is sealed. The number is bound outside and so left out."""
    record: dict[str, Any] = {"at": answer.place, **_given_record(answer.given)}
    if answer.concern:
        c = answer.concern
        record["concern"] = [c.level.value, list(c.categories), c.rule, c.because]
        if c.firm or c.marks:
            record["concern"] += [c.firm, [list(mark) for mark in c.marks]]
    if answer.told or answer.concern:
        record["told"] = list(answer.told)
    if answer.passed_on:
        record["promised"] = list(answer.promised)
        record["passed_on"] = answer.passed_on
    return record


def _given_record(given: Given) -> dict[str, Any]:
    match given:
        case Silence():
            return {"silence": given.value}
        case Chosen(ids):
            return {"chosen": list(ids)}
        case Written(text):
            return {"written": text}
        case Named(people):
            return {"named": [[p.id, p.kind, p.called] for p in people]}
        case Sorted(piles):
            return {"sorted": [list(pair) for pair in piles]}
        case _:
            assert_never(given)


def from_record(number: int, record: Mapping[str, Any]) -> Answer:
    concern = None
    if "concern" in record:
        concern = _concern(*record["concern"])
    elif "passed_on" not in record:
        return Answer(number, record["at"], _given(record))
    return Answer(
        number,
        record["at"],
        _given(record),
        concern,
        tuple(record.get("told", ())),
        tuple(record.get("promised", ())),
        record.get("passed_on", ""),
    )


def _concern(
    level: str,
    categories: list[str],
    rule: str,
    because: str,
    firm: bool = False,
    marks: Iterable[tuple[int, int]] = (),
) -> Concern:
    marked = tuple((start, end) for start, end in marks)
    return Concern(Level(level), tuple(categories), rule, because, firm, marked)


def _given(record: Mapping[str, Any]) -> Given:
    if "chosen" in record:
        return Chosen(tuple(record["chosen"]))
    if "written" in record:
        return Written(record["written"])
    if "named" in record:
        return Named(tuple(Person(*p) for p in record["named"]))
    if "sorted" in record:
        return Sorted(tuple((card, pile) for card, pile in record["sorted"]))
    return Silence(record["silence"])
