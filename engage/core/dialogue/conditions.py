"""Rules looked at from outside: which steps they ask about, and in plain words."""

from collections.abc import Iterator
from typing import assert_never

from engage.core.dialogue.script import (
    All,
    Answered,
    Any,
    Is,
    Not,
    PersonIs,
    Rule,
    Script,
)
from engage.core.people import Voice

Leaf = Is | Answered | PersonIs


def leaves(rule: Rule) -> Iterator[Leaf]:
    """Yield what a rule asks about, however deeply it is wrapped."""
    match rule:
        case Is() | Answered() | PersonIs():
            yield rule
        case Not():
            yield from leaves(rule.rule)
        case All() | Any():
            for part in rule.rules:
                yield from leaves(part)
        case _:
            assert_never(rule)


def steps_in(rule: Rule) -> frozenset[str]:
    return frozenset(
        leaf.step for leaf in leaves(rule) if not isinstance(leaf, PersonIs)
    )


def in_words(rule: Rule, script: Script, voice: Voice) -> str:
    """Read a rule aloud: `"How safe?" is "Not much"`. Empty when always true."""
    match rule:
        case Is():
            return _is_in_words(rule, script, voice)
        case Answered():
            return f"“{rule.step}” was answered"
        case PersonIs():
            return "the person is " + " or ".join(sorted(rule.kinds))
        case Not():
            return f"not ({in_words(rule.rule, script, voice)})"
        case All():
            return " and ".join(_parts(rule.rules, script, voice))
        case Any():
            return " or ".join(_parts(rule.rules, script, voice))
        case _:
            assert_never(rule)


def _parts(rules: tuple[Rule, ...], script: Script, voice: Voice) -> list[str]:
    words = [in_words(rule, script, voice) for rule in rules]
    return [f"({w})" if " or " in w else w for w in words if w]


def _is_in_words(rule: Is, script: Script, voice: Voice) -> str:
    step = next((s for _, s in script.steps() if s.id == rule.step), None)
    values = []
    for value in sorted(rule.values):
        option = step.option(value) if step else None
        words = option.text.words.get(voice, value) if option else value
        values.append(f"“{words}”")
    return f"“{rule.step}” is " + " or ".join(values)
