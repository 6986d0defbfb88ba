"""The path: which places the answers lead through, worked out afresh each time.

No "current step" is stored as truth. The same script and answers always give the same
path, so Back, reload, a second tab and a lost connection end in one state.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from functools import cached_property
from typing import assert_never

from engage.core.dialogue.answers import (
    Answer,
    Chosen,
    Named,
    Person,
    Place,
    Silence,
    Sorted,
    Written,
)
from engage.core.dialogue.script import (
    All,
    Answered,
    Any,
    Is,
    Not,
    PersonIs,
    Rule,
    Script,
    Section,
    Step,
)
from engage.core.people import Voice
from engage.core.safeguarding.concerns import Level


class Worry(StrEnum):
    """The questions of an interruption, in the order in which they can come."""

    CHECK_IN = "check-in"
    SAFE_NOW = "safe-now"
    ADD = "add"
    REACH = "reach"
    NEXT = "next"


@dataclass(frozen=True, slots=True)
class Turn:
    """One place on the path. `worry` is set where the bot interrupts itself."""

    place: Place
    section: Section
    step: Step
    person: Person | None = None
    answer: Answer | None = None
    worry: Worry | None = None

    @property
    def waits(self) -> bool:
        return (self.step.asks or self.worry is not None) and self.answer is None


@dataclass(frozen=True)
class Path:
    """Turns up to and including the one that waits; none waits at the end."""

    script: Script
    voice: Voice
    latest: Mapping[Place, Answer]
    turns: tuple[Turn, ...]
    stopped: bool = False
    """The child chose to stop here. Everything said is kept."""

    @property
    def waiting(self) -> Turn | None:
        last = self.turns[-1] if self.turns else None
        return last if last and last.waits and not self.stopped else None

    @property
    def ended(self) -> bool:
        return self.waiting is None

    @cached_property
    def places(self) -> dict[Place, Turn]:
        return {turn.place: turn for turn in self.turns}


@dataclass
class _Walk:
    script: Script
    voice: Voice
    latest: Mapping[Place, Answer]
    loops: dict[str, str] = field(default_factory=dict)
    """Step id → id of the for-each section that it belongs to."""
    passed_on: bool = False
    checked: set[str] = field(default_factory=set)
    stopped: bool = False


ALWAYS = All()


def place_of(step_id: str, person: Person | None = None) -> Place:
    return Place(f"{step_id}@{person.id}" if person else step_id)


def worry_place(place: Place, worry: Worry) -> Place:
    return Place(f"worried/{place}/{worry.value}")


def latest(answers: tuple[Answer, ...]) -> dict[Place, Answer]:
    """The answer that stands at each place: the last one given there."""
    return {answer.place: answer for answer in answers}


def walk(script: Script, voice: Voice, answers: tuple[Answer, ...]) -> Path:
    walk = _Walk(script, voice, latest(answers))
    for section in script.sections:
        if section.for_each:
            walk.loops |= {step.id: section.id for step in section.steps}
    turns: list[Turn] = []
    for turn in _turns(walk):
        turns.append(turn)
        if turn.waits or walk.stopped:
            break
    return Path(script, voice, walk.latest, tuple(turns), walk.stopped)


def _turns(walk: _Walk) -> Iterator[Turn]:
    for section in walk.script.sections:
        if walk.voice not in section.voices:
            continue
        for person in _people(walk, section):
            if _holds(walk, section.when, section, person):
                yield from _through(walk, section, person)


def _people(walk: _Walk, section: Section) -> tuple[Person | None, ...]:
    if section.for_each is None:
        return (None,)
    answer = walk.latest.get(Place(section.for_each))
    return answer.given.people if answer and isinstance(answer.given, Named) else ()


def _through(walk: _Walk, section: Section, person: Person | None) -> Iterator[Turn]:
    for step in section.steps:
        if walk.voice not in step.voices:
            continue
        if step.when != ALWAYS and not _holds(walk, step.when, section, person):
            continue
        place = place_of(step.id, person)
        turn = Turn(place, section, step, person, walk.latest.get(place))
        yield turn
        if turn.answer and turn.answer.concern:
            yield from _interruption(walk, turn, turn.answer.concern.level)


def _interruption(walk: _Walk, turn: Turn, level: Level) -> Iterator[Turn]:
    """The one place where a concern interrupts, for every kind of step alike."""
    if level is Level.CHECK:
        # One gentle check-in a topic; more would feel like an interview.
        if turn.section.id in walk.checked:
            return
        walk.checked.add(turn.section.id)
        check = _worry(walk, turn, Worry.CHECK_IN)
        yield check
        if not (check.answer and passes_on(check.answer)):
            return
    first, walk.passed_on = not walk.passed_on, True
    asked = (Worry.SAFE_NOW, Worry.ADD, Worry.REACH, Worry.NEXT)
    for worry in asked if first else asked[:2]:
        asking = _worry(walk, turn, worry)
        if worry is Worry.NEXT and asking.answer:
            walk.stopped = asking.answer.given == Chosen(("stop",))
        yield asking


def _worry(walk: _Walk, turn: Turn, worry: Worry) -> Turn:
    place = worry_place(turn.place, worry)
    answer = walk.latest.get(place)
    return Turn(place, turn.section, turn.step, turn.person, answer, worry)


def passes_on(answer: Answer) -> bool:
    """Whether a check-in ended in a flag: only a yes passes it on (first-response)."""
    return answer.given == Chosen(("pass-on",))


def _holds(walk: _Walk, rule: Rule, section: Section, person: Person | None) -> bool:
    match rule:
        case All(rules):
            return all(_holds(walk, r, section, person) for r in rules)
        case Any(rules):
            return any(_holds(walk, r, section, person) for r in rules)
        case Not(inner):
            return not _holds(walk, inner, section, person)
        case PersonIs(kinds):
            return person is not None and person.kind in kinds
        case Answered(step):
            answer = _seen_from(walk, step, section, person)
            return answer is not None and not isinstance(answer.given, Silence)
        case Is(step, values):
            return bool(values & _values(_seen_from(walk, step, section, person)))
        case _:
            assert_never(rule)


def _seen_from(
    walk: _Walk, step: str, section: Section, person: Person | None
) -> Answer | None:
    """A step's answer; inside the same for-each section, this person's own."""
    mine = walk.loops.get(step)
    return walk.latest.get(place_of(step, person if mine == section.id else None))


def _values(answer: Answer | None) -> set[str]:
    """What a rule may compare with. A sort offers `card:pile` for each card."""
    if answer is None:
        return set()
    match answer.given:
        case Chosen(ids):
            return set(ids)
        case Named(people):
            return {p.kind for p in people}
        case Sorted(piles):
            return {f"{card}:{pile}" for card, pile in piles}
        case Silence():
            return {answer.given.value}
        case Written():
            return set()
        case _:
            assert_never(answer.given)
