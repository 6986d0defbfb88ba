"""Proofs that what a script refers to is there, and is asked before."""

import re
from collections.abc import Iterator

from engage.core.dialogue.conditions import leaves
from engage.core.dialogue.length import step_passages
from engage.core.dialogue.problems import Problem
from engage.core.dialogue.reachable import voices_of
from engage.core.dialogue.script import (
    Answered,
    Is,
    Kind,
    PersonIs,
    Rule,
    Script,
    Section,
    Step,
)
from engage.core.dialogue.shape import HAS_OPTIONS, error
from engage.core.people import Voice

_PIPE = re.compile(r"\{([^{}|]*)(\|[^{}]*)?\}")

PERSON = "person"
CAN_BE_PIPED = frozenset({Kind.CHOOSE, Kind.PEOPLE, Kind.WRITE})
NAMES_VALUES = HAS_OPTIONS | {Kind.PEOPLE}
"""Kinds whose answer a rule can compare; of the others, only whether there is one."""

Place = tuple[Section, frozenset[Voice], tuple[str, int]]
Before = dict[str, tuple[Section, Step]]


def problems(script: Script) -> Iterator[Problem]:
    yield from rules(script)
    yield from pipes(script)


def rules(script: Script) -> Iterator[Problem]:
    before: dict[str, tuple[Section, Step]] = {}
    for section in script.sections:
        yield from _for_each(section, before)
        where = (section.file, section.line)
        voices = frozenset(script.voices) & section.voices
        yield from _rule(script, section.when, (section, voices, where), before)
        for step in section.steps:
            place = (section, voices_of(script, section, step), (step.file, step.line))
            yield from _rule(script, step.when, place, before)
            before[step.id] = (section, step)


def _for_each(section: Section, before: Before) -> Iterator[Problem]:
    if section.for_each is None:
        return
    found = before.get(section.for_each)
    if not found or found[1].kind is not Kind.PEOPLE or found[0].for_each:
        yield error(
            section.file,
            section.line,
            f"Section “{section.id}” is for each of “{section.for_each}”, "
            "which is no earlier `people` question",
            "Ask who the people are first, outside any for-each",
        )


def _rule(
    script: Script, rule: Rule, place: Place, before: Before
) -> Iterator[Problem]:
    section, voices, (file, line) = place
    for leaf in leaves(rule):
        at = leaf.line or line
        if isinstance(leaf, PersonIs):
            what = _person_fault(section, leaf, before)
        else:
            what = _step_fault(script, section, voices, leaf, before)
        if what:
            yield error(file, at, *what)


def _person_fault(
    section: Section, leaf: PersonIs, before: Before
) -> tuple[str, str] | None:
    if section.for_each is None:
        return "`person` outside a for-each section", "Move it, or ask about a step"
    people = before.get(section.for_each)
    unknown = sorted(k for k in leaf.kinds if people and not people[1].option(k))
    if unknown:
        return f"No kind of person is called “{unknown[0]}”", "Use one of its options"
    return None


def _step_fault(
    script: Script,
    section: Section,
    voices: frozenset[Voice],
    leaf: Is | Answered,
    before: Before,
) -> tuple[str, str] | None:
    if leaf.step not in before:
        return (
            f"The rule asks about “{leaf.step}”, which is not asked before this",
            "Ask it earlier, or correct the name",
        )
    home, step = before[leaf.step]
    if home.for_each and home.id != section.id:
        return (
            f"“{leaf.step}” has one answer for each person, and this is outside",
            "Move this into that section",
        )
    missing = sorted(voices - voices_of(script, home, step))
    if missing:
        return (
            f"“{leaf.step}” is never asked in the {missing[0]} voice",
            "Give both the same `voices`",
        )
    return _value_fault(leaf, step, voices)


def _value_fault(
    leaf: Is | Answered, step: Step, voices: frozenset[Voice]
) -> tuple[str, str] | None:
    if not step.asks:
        return f"“{step.id}” is said and not asked", "Ask about a question"
    if isinstance(leaf, Answered):
        return None
    if step.kind not in NAMES_VALUES:
        return (
            f"“{step.id}” is a {step.kind} question: nothing to compare",
            f"Use `answered: {step.id}`",
        )
    unknown = sorted(value for value in leaf.values if not step.option(value))
    if unknown:
        return (
            f"“{step.id}” has no option “{unknown[0]}”",
            "Use one of " + ", ".join(option.id for option in step.options),
        )
    for voice in sorted(voices):
        if not leaf.values & {option.id for option in step.options_for(voice)}:
            return (
                f"None of these options of “{step.id}” is in the {voice} voice",
                "Name one that is, or give this its `voices`",
            )
    return None


def pipes(script: Script) -> Iterator[Problem]:
    before: Before = {}
    for section, step in script.steps():
        for voice in sorted(voices_of(script, section, step)):
            for passage in step_passages(step, voice):
                for id, otherwise in _PIPE.findall(passage.words):
                    what = _pipe_fault(script, section, (id, otherwise), voice, before)
                    if what:
                        yield error(passage.file, passage.line, *what)
        before[step.id] = (section, step)


def _pipe_fault(
    script: Script,
    section: Section,
    pipe: tuple[str, str],
    voice: Voice,
    before: Before,
) -> tuple[str, str] | None:
    id, otherwise = pipe
    if id == PERSON:
        outside = "{person} outside a for-each section", "Say who is meant"
        return outside if section.for_each is None else None
    home, step = before.get(id, (section, None))
    if step is None or voice not in voices_of(script, home, step):
        return (
            f"{{{id}}} is not asked before this in the {voice} voice",
            "Ask it earlier, or correct the name",
        )
    if home.for_each and home.id != section.id:
        return f"{{{id}}} has one answer for each person", "Move this into that section"
    return _wordless(step, otherwise)


def _wordless(step: Step, otherwise: str) -> tuple[str, str] | None:
    pipe = f"{{{step.id}}}"
    if step.kind not in CAN_BE_PIPED or (step.kind is Kind.WRITE and not step.short):
        return (
            f"{pipe} is a {step.kind} question, whose answer cannot be put in words",
            "Use a choose, people or short write question",
        )
    if not otherwise.removeprefix("|"):
        return f"{pipe} may be left unanswered", f"Write {{{step.id}|words for then}}"
    return None
