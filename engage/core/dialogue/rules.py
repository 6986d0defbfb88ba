"""Rules made ready to ask: does this one hold, by the answers given so far?

A path is walked in every turn of a talk, so what depends on the script alone is worked
out once, and a rule becomes a function of the answers and the person asked about.
"""

from collections.abc import Callable, Mapping
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
    Section,
)

Holds = Callable[[Mapping[Place, Answer], Person | None], bool]
"""Of the answer that stands at each place, and the person it is about."""
Find = Callable[[Mapping[Place, Answer], Person | None], Answer | None]


def place_of(step_id: str, person: Person | None = None) -> Place:
    return Place(f"{step_id}@{person.id}" if person else step_id)


def ready(rule: Rule, section: Section, loops: Mapping[str, str]) -> Holds:
    """A rule of this section. `loops`: step id → id of its for-each section."""
    match rule:
        case Is(step, values):
            return _is(_finder(step, section, loops), values)
        case Answered(step):
            return _answered(_finder(step, section, loops))
        case PersonIs(kinds):
            return lambda _, person: person is not None and person.kind in kinds
        case Not(inner):
            holds = ready(inner, section, loops)
            return lambda latest, person: not holds(latest, person)
        case All(rules):
            every = [ready(each, section, loops) for each in rules]
            return lambda latest, person: all(h(latest, person) for h in every)
        case Any(rules):
            some = [ready(each, section, loops) for each in rules]
            return lambda latest, person: any(h(latest, person) for h in some)
        case _:
            assert_never(rule)


def _finder(step: str, section: Section, loops: Mapping[str, str]) -> Find:
    """A step's answer; inside the same for-each section, this person's own."""
    place = place_of(step)
    if loops.get(step) == section.id:
        return lambda latest, person: latest.get(place_of(step, person))
    return lambda latest, _: latest.get(place)


def _is(find: Find, values: frozenset[str]) -> Holds:
    def holds(latest: Mapping[Place, Answer], person: Person | None) -> bool:
        answer = find(latest, person)
        return answer is not None and any(v in values for v in _values(answer))

    return holds


def _answered(find: Find) -> Holds:
    def holds(latest: Mapping[Place, Answer], person: Person | None) -> bool:
        answer = find(latest, person)
        return answer is not None and not isinstance(answer.given, Silence)

    return holds


def _values(answer: Answer) -> tuple[str, ...]:
    """What a rule may compare with. A sort offers `card:pile` for each card."""
    match answer.given:
        case Chosen(ids):
            return ids
        case Named(people):
            return tuple(person.kind for person in people)
        case Sorted(piles):
            return tuple(f"{card}:{pile}" for card, pile in piles)
        case Silence():
            return (answer.given.value,)
        case Written():
            return ()
        case _:
            assert_never(answer.given)
