"""Every state that a script can be in, worked out by walking it forwards.

An answer is abstracted to what a rule can tell apart, and a step's answer is
forgotten as soon as no later rule asks about it. So the states stay few, and what
is found holds for every conversation that anybody could have.
"""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from itertools import combinations
from typing import assert_never

from engage.core.dialogue.conditions import leaves, steps_in
from engage.core.dialogue.script import (
    All,
    Answered,
    Any,
    Arc,
    Is,
    Kind,
    Not,
    PersonIs,
    Rule,
    Script,
    Section,
    Step,
)
from engage.core.people import Voice

Value = frozenset[str] | None
"""What was answered, as far as rules can tell; None is any of the three silences."""

WRITTEN: Value = frozenset({"@written"})
OTHER = "@other"
"""A kind of person, or an option, that no rule tells apart from others."""

MANY_KINDS = 4
"""With more in rules than this, only one and as many as can be are tried."""

MOST_STATES = 100_000
"""Past this a script is too tangled for a person to sign, so we stop."""


class TooTangled(Exception):
    """More states than anybody could check by reading."""


@dataclass(frozen=True, slots=True)
class Trail:
    """What has happened on the way, for proofs about order."""

    asked: bool = False
    sensitive: str = ""
    """The last question, if that was a sensitive one."""
    arc: Arc | None = None


@dataclass(frozen=True, slots=True)
class Length:
    """The most that a path to here can have cost."""

    seconds: float = 0
    questions: int = 0

    def add(self, other: "Length") -> "Length":
        return Length(self.seconds + other.seconds, self.questions + other.questions)

    def longest(self, other: "Length") -> "Length":
        return Length(
            max(self.seconds, other.seconds), max(self.questions, other.questions)
        )


Memory = frozenset[tuple[str, Value]]
State = tuple[Memory, Trail]
States = dict[State, Length]


@dataclass(frozen=True, slots=True)
class Reached:
    """What a walk through every state found, in one voice."""

    steps: frozenset[str]
    first: frozenset[str]
    """Every question that can be the first one."""
    ends: frozenset[Trail]
    """Every way that a conversation can end; empty if none does."""
    longest: Length
    states: int


def voices_of(script: Script, section: Section, step: Step) -> frozenset[Voice]:
    return frozenset(script.voices) & section.voices & step.voices


def holds(rule: Rule, memory: Mapping[str, Value], kind: str | None) -> bool:
    match rule:
        case Is():
            return bool((memory.get(rule.step) or frozenset()) & rule.values)
        case Answered():
            return memory.get(rule.step) is not None
        case PersonIs():
            return kind in rule.kinds
        case Not():
            return not holds(rule.rule, memory, kind)
        case All():
            return all(holds(part, memory, kind) for part in rule.rules)
        case Any():
            return any(holds(part, memory, kind) for part in rule.rules)
        case _:
            assert_never(rule)


def reach(script: Script, voice: Voice, costs: Mapping[str, Length]) -> Reached:
    """Walk every path of one voice.

    Raises:
        TooTangled: there are too many states to walk.
    """
    return _Walk(script, voice, costs).all()


class _Walk:
    def __init__(
        self, script: Script, voice: Voice, costs: Mapping[str, Length]
    ) -> None:
        self.script, self.voice, self.costs = script, voice, costs
        self.sections = [
            replace(
                section,
                steps=tuple(
                    step
                    for step in section.steps
                    if voice in voices_of(script, section, step)
                ),
            )
            for section in script.sections
            if voice in section.voices
        ]
        self.kinds_in_rules = _values_in_rules(script)
        self.reached: set[str] = set()
        self.first: set[str] = set()
        self.most = 0

    def all(self) -> Reached:
        states: States = {(frozenset(), Trail()): Length()}
        for number, section in enumerate(self.sections):
            later = self._asked_about_after(number)
            if section.for_each is None:
                states = self._section(section, states, None, later)
            else:
                states = self._loop(section, section.for_each, states, later)
        longest = Length()
        for length in states.values():
            longest = longest.longest(length)
        return Reached(
            frozenset(self.reached),
            frozenset(self.first),
            frozenset(trail for _, trail in states),
            longest,
            self.most,
        )

    def _asked_about_after(self, number: int) -> frozenset[str]:
        asked: set[str] = set()
        for section in self.sections[number + 1 :]:
            asked |= _asked_about(section)
        return frozenset(asked)

    def _section(
        self, section: Section, states: States, kind: str | None, later: frozenset[str]
    ) -> States:
        for number, step in enumerate(section.steps):
            keep = later | steps_in(section.when)
            for after in section.steps[number + 1 :]:
                keep |= steps_in(after.when)
            new: States = {}
            for state, length in states.items():
                for found, cost in self._step(section, step, state, kind):
                    _merge(new, _forget(found, keep), length.add(cost))
            states = new
            self._count(states)
        return _forgotten(states, later)

    def _step(
        self, section: Section, step: Step, state: State, kind: str | None
    ) -> Iterator[tuple[State, Length]]:
        memory, trail = state
        known = dict(memory)
        if not holds(All((section.when, step.when)), known, kind):
            yield state, Length()
            return
        self.reached.add(step.id)
        cost = self.costs.get(step.id, Length())
        trail = replace(trail, arc=section.arc)
        if not step.asks:
            yield (memory, trail), cost
            return
        if not trail.asked:
            self.first.add(step.id)
        trail = replace(trail, asked=True, sensitive=step.id if step.sensitive else "")
        for value in self._values(step):
            yield (frozenset({*memory, (step.id, value)}), trail), cost

    def _loop(
        self, section: Section, people: str, states: States, later: frozenset[str]
    ) -> States:
        """Ask once for each person; the last of them decides how it was left.

        Its length is that of one person: how many people there are is the child's.
        """
        new: States = {}
        for (memory, trail), length in states.items():
            kinds = dict(memory).get(people) or frozenset()
            if not kinds:
                _merge(new, _forget((memory, trail), later), length)
            for kind in kinds:
                start = {(memory, trail): length}
                for state, longer in self._section(
                    section, start, kind, later | {people}
                ).items():
                    _merge(new, _forget(state, later), longer)
        self._count(new)
        return new

    def _count(self, states: States) -> None:
        self.most = max(self.most, len(states))
        if len(states) > MOST_STATES:
            raise TooTangled

    def _values(self, step: Step) -> Iterator[Value]:
        yield None
        told_apart = self.kinds_in_rules.get(step.id, frozenset())
        ids = [option.id for option in step.options_for(self.voice)]
        named = [id for id in ids if id in told_apart]
        match step.kind:
            case Kind.CHOOSE | Kind.SCALE:
                yield from (frozenset({id}) for id in named)
                if len(named) < len(ids):
                    yield frozenset({OTHER})
            case Kind.CHOOSE_MANY | Kind.PEOPLE:
                others = [OTHER] if len(named) < len(ids) else []
                most = len(ids) if step.kind is Kind.CHOOSE_MANY else step.at_most
                yield from _subsets([*named, *others], most)
            case Kind.WRITE | Kind.SORT:
                yield WRITTEN
            case Kind.SAY:
                return
            case _:
                assert_never(step.kind)


def _merge(states: States, state: State, length: Length) -> None:
    states[state] = length.longest(states.get(state, Length()))


def _forget(state: State, keep: Iterable[str]) -> State:
    memory, trail = state
    return frozenset(pair for pair in memory if pair[0] in keep), trail


def _forgotten(states: States, keep: frozenset[str]) -> States:
    new: States = {}
    for state, length in states.items():
        _merge(new, _forget(state, keep), length)
    return new


def _asked_about(section: Section) -> frozenset[str]:
    asked = steps_in(section.when)
    for step in section.steps:
        asked |= steps_in(step.when)
    return asked | {section.for_each} if section.for_each else asked


def _values_in_rules(script: Script) -> dict[str, frozenset[str]]:
    """For each step, the option ids (or kinds of person) that some rule names."""
    found: dict[str, frozenset[str]] = {}
    for section in script.sections:
        for rule in (section.when, *(step.when for step in section.steps)):
            for leaf in leaves(rule):
                if isinstance(leaf, Is):
                    found[leaf.step] = found.get(leaf.step, frozenset()) | leaf.values
                elif isinstance(leaf, PersonIs) and section.for_each:
                    people = section.for_each
                    found[people] = found.get(people, frozenset()) | leaf.kinds
    return found


def _subsets(ids: list[str], at_most: int) -> Iterator[Value]:
    """Every choice of at least one; none at all is a silence."""
    few = len(ids) <= MANY_KINDS
    sizes = range(1, len(ids) + 1) if few else (1, min(len(ids), at_most))
    for size in sizes:
        if size <= at_most:
            yield from (frozenset(some) for some in combinations(ids, size))
