"""The path: which places the answers lead through, worked out afresh each time.

No "current step" is stored as truth. The same script and answers always give the same
path, so Back, reload, a second tab and a lost connection end in one state.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from functools import cached_property, lru_cache
from typing import NamedTuple

from engage.core.dialogue.answers import Answer, Chosen, Named, Person, Place
from engage.core.dialogue.rules import Holds, place_of, ready
from engage.core.dialogue.script import All, Kind, Rule, Script, Section, Step
from engage.core.people import Voice
from engage.core.safeguarding.concerns import Level


class Worry(StrEnum):
    """The questions of an interruption, in the order in which they can come."""

    CHECK_IN = "check-in"
    SAFE_NOW = "safe-now"
    ADD = "add"
    REACH = "reach"
    NEXT = "next"


class Turn(NamedTuple):
    """One place on the path. `worry` is set where the bot interrupts itself.

    A tuple: a path makes dozens in every turn of a talk, and tuples are made fast.
    """

    place: Place
    section: Section
    step: Step
    person: Person | None = None
    answer: Answer | None = None
    worry: Worry | None = None

    @property
    def waits(self) -> bool:
        return (self.step.asks or self.worry is not None) and self.answer is None


class _Left(NamedTuple):
    """Before the part of a section in which a path ends: what is settled by then."""

    section: int
    person: int
    turns: int
    passed_on: bool
    checked: frozenset[str]


_START = _Left(0, 0, 0, False, frozenset())


@dataclass(frozen=True)
class Path:
    """Turns up to and including the one that waits; none waits at the end."""

    script: Script
    voice: Voice
    latest: Mapping[Place, Answer]
    turns: tuple[Turn, ...]
    stopped: bool = False
    """The child chose to stop here. Everything said is kept."""
    left: _Left = field(default=_START, compare=False, repr=False)

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


class _Stop(NamedTuple):
    """A step of one voice, ready to be walked past. `holds`: None if it always does."""

    step: Step
    holds: Holds | None
    turn: Turn
    """The turn there when it has no answer, outside a for-each section."""


@dataclass(slots=True)
class _Walk:
    voice: Voice
    latest: Mapping[Place, Answer]
    turns: list[Turn]
    passed_on: bool = False
    checked: frozenset[str] = frozenset()
    stopped: bool = False

    def goes_on(self, turn: Turn) -> bool:
        """Add a turn. False: the path ends with it."""
        self.turns.append(turn)
        return not (turn.waits or self.stopped)


ALWAYS = All()


def worry_place(place: Place, worry: Worry) -> Place:
    return Place(f"worried/{place}/{worry.value}")


def latest(answers: tuple[Answer, ...]) -> dict[Place, Answer]:
    """The answer that stands at each place: the last one given there."""
    return {answer.place: answer for answer in answers}


def walk(script: Script, voice: Voice, answers: tuple[Answer, ...]) -> Path:
    return _walked(script, _Walk(voice, latest(answers), []), _START)


def further(path: Path, answer: Answer) -> Path:
    """The path with one more answer: the same as to walk all of it again.

    After an answer to what waits, what came before its section is as it was, since
    rules only ask about what comes before them (`references.py`).
    """
    waits = path.waiting is not None and path.waiting.place == answer.place
    left = path.left if waits else _START
    turns = list(path.turns[: left.turns])
    standing = {**path.latest, answer.place: answer}
    walk = _Walk(path.voice, standing, turns, left.passed_on, left.checked)
    return _walked(path.script, walk, left)


def _walked(script: Script, walk: _Walk, left: _Left) -> Path:
    sections = _stops(script, walk.voice)
    for at in range(left.section, len(sections)):
        section, holds, stops = sections[at]
        for n, person in enumerate(_people(walk, section)):
            if at == left.section and n < left.person:
                continue
            if holds is not None and not holds(walk.latest, person):
                continue
            before = len(walk.turns), walk.passed_on, walk.checked
            if not _goes_through(walk, section, stops, person):
                return _path(script, walk, _Left(at, n, *before))
    return _path(script, walk, _START)


def _path(script: Script, walk: _Walk, left: _Left) -> Path:
    turns = tuple(walk.turns)
    return Path(script, walk.voice, walk.latest, turns, walk.stopped, left)


@lru_cache(maxsize=64)
def _stops(
    script: Script, voice: Voice
) -> list[tuple[Section, Holds | None, list[_Stop]]]:
    """What a walk passes in this voice, worked out once for every talk."""
    loops = {step.id: each.id for each, step in script.steps() if each.for_each}
    found = []
    for section in script.sections:
        if voice in section.voices:
            steps = [step for step in section.steps if voice in step.voices]
            stops = [_stop(section, step, loops) for step in steps]
            found.append((section, _holds(section.when, section, loops), stops))
    return found


def _stop(section: Section, step: Step, loops: Mapping[str, str]) -> _Stop:
    turn = Turn(place_of(step.id), section, step)
    return _Stop(step, _holds(step.when, section, loops), turn)


def _holds(rule: Rule, section: Section, loops: Mapping[str, str]) -> Holds | None:
    return None if rule == ALWAYS else ready(rule, section, loops)


def _people(walk: _Walk, section: Section) -> tuple[Person | None, ...]:
    if section.for_each is None:
        return (None,)
    answer = walk.latest.get(Place(section.for_each))
    return answer.given.people if answer and isinstance(answer.given, Named) else ()


def _goes_through(
    walk: _Walk, section: Section, stops: list[_Stop], person: Person | None
) -> bool:
    """Walk one section. False: the path ends in it."""
    for step, holds, turn in stops:
        if holds is not None and not holds(walk.latest, person):
            continue
        place = turn.place if person is None else place_of(step.id, person)
        answer = walk.latest.get(place)
        if answer is not None or person is not None:
            turn = Turn(place, section, step, person, answer)
        walk.turns.append(turn)
        if answer is None:
            if step.kind is not Kind.SAY:
                return False
        elif answer.concern and not _interrupts(walk, turn, answer.concern.level):
            return False
    return True


def _interrupts(walk: _Walk, turn: Turn, level: Level) -> bool:
    """The one place where a concern interrupts, for every kind of step alike."""
    if level is Level.CHECK:
        # One gentle check-in a topic; more would feel like an interview.
        if turn.section.id in walk.checked:
            return True
        walk.checked |= {turn.section.id}
        check = _worry(walk, turn, Worry.CHECK_IN)
        if not walk.goes_on(check):
            return False
        if not (check.answer and passes_on(check.answer)):
            return True
    first, walk.passed_on = not walk.passed_on, True
    asked = (Worry.SAFE_NOW, Worry.ADD, Worry.REACH, Worry.NEXT)
    for worry in asked if first else asked[:2]:
        asking = _worry(walk, turn, worry)
        if worry is Worry.NEXT and asking.answer:
            walk.stopped = asking.answer.given == Chosen(("stop",))
        if not walk.goes_on(asking):
            return False
    return True


def _worry(walk: _Walk, turn: Turn, worry: Worry) -> Turn:
    place = worry_place(turn.place, worry)
    answer = walk.latest.get(place)
    return Turn(place, turn.section, turn.step, turn.person, answer, worry)


def passes_on(answer: Answer) -> bool:
    """Whether a check-in ended in a flag: by a yes, or left open after a firm one."""
    return answer.given == Chosen(("pass-on",)) or bool(answer.passed_on)
