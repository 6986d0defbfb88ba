"""Proofs about a script, over every state that a conversation can be in."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from engage.core.dialogue import references, shape
from engage.core.dialogue.language import (
    Passage,
    Syllables,
    WordingRule,
    hard_texts,
    reading_age_of,
    wording,
)
from engage.core.dialogue.length import LIMITS, lengths, passages
from engage.core.dialogue.problems import Problem, Severity
from engage.core.dialogue.reachable import Reached, TooTangled, reach, voices_of
from engage.core.dialogue.script import Arc, Script
from engage.core.dialogue.shape import error
from engage.core.people import Voice

HARD_TEXT = 3
"""Years above the limit for all words that one text may be, before we warn."""


@dataclass(frozen=True, slots=True)
class Figures:
    """What a script asks of one voice's readers, at the most, with one person named."""

    voice: Voice
    questions: int
    minutes: float
    reading_age: float
    states: int


def check(
    script: Script,
    language_rules: Iterable[WordingRule],
    syllables: Syllables,
    also: Iterable[Problem] = (),
    worried: Iterable[Passage] = (),
) -> list[Problem]:
    """Find everything wrong with a script, in order of file and line.

    `also` is what others found, such as helplines out of date; `worried` is what is
    said when an answer worries us, which keeps to the same wording rules.
    """
    language_rules = tuple(language_rules)
    found = [*also, *shape.problems(script), *references.problems(script)]
    # A rule that asks about nothing would make every later proof mean nothing.
    if not any(problem.severity is Severity.ERROR for problem in found):
        for voice in script.voices:
            found += _walked(script, voice)
    found += _words(script, syllables)
    found += wording([*passages(script), *worried], language_rules)
    return sorted(set(found))


def figures(script: Script, voice: Voice, syllables: Syllables) -> Figures:
    """Measure one voice of a script that passes `check`.

    Raises:
        TooTangled: there are too many states to walk.
    """
    reached = reach(script, voice, lengths(script, voice))
    words = [p for p in passages(script) if p.voice is voice]
    return Figures(
        voice,
        reached.longest.questions,
        reached.longest.seconds / 60,
        reading_age_of(words, syllables),
        reached.states,
    )


def _walked(script: Script, voice: Voice) -> Iterator[Problem]:
    file, line = _top(script)
    try:
        reached = reach(script, voice, lengths(script, voice))
    except TooTangled:
        yield error(
            file,
            line,
            f"The {voice} voice has too many states to check",
            "Let rules ask about fewer questions at a time",
        )
        return
    yield from _unreachable(script, voice, reached)
    yield from _ends(script, voice, reached)
    yield from _first(script, voice, reached)
    yield from _too_long(script, voice, reached)


def _unreachable(script: Script, voice: Voice, reached: Reached) -> Iterator[Problem]:
    for section in script.sections:
        steps = [s for s in section.steps if voice in voices_of(script, section, s)]
        dead = [step for step in steps if step.id not in reached.steps]
        if voice in section.voices and len(dead) == len(steps):
            yield error(
                section.file,
                section.line,
                f"Nobody can get to section “{section.id}” in the {voice} voice",
                "Correct its `when`, or take it out",
            )
            continue
        for step in dead:
            yield error(
                step.file,
                step.line,
                f"Nobody can get to “{step.id}” in the {voice} voice",
                "Correct its `when`, or take it out",
            )
    yield from _in_no_voice(script, voice)


def _in_no_voice(script: Script, voice: Voice) -> Iterator[Problem]:
    """Once for a step, so only in the first voice."""
    if voice is not script.voices[0]:
        return
    for section, step in script.steps():
        if not voices_of(script, section, step):
            yield error(
                step.file,
                step.line,
                f"“{step.id}” is in no voice of its section",
                "Correct its `voices`",
            )


def _ends(script: Script, voice: Voice, reached: Reached) -> Iterator[Problem]:
    file, line = _top(script)
    if not reached.ends:
        yield error(
            file, line, f"No path ends in the {voice} voice", "Correct the rules"
        )
    if any(trail.arc is not Arc.COOL_DOWN for trail in reached.ends):
        last = script.sections[-1]
        yield error(
            last.file,
            last.line,
            f"A path in the {voice} voice ends without a cool-down",
            "End with a cool-down section that everybody gets to",
        )
    for id in sorted({trail.sensitive for trail in reached.ends} - {""}):
        step = script.step(id)
        yield error(
            step.file,
            step.line,
            f"The sensitive “{id}” can be the last question in the {voice} voice",
            "Ask something good after it",
        )


def _first(script: Script, voice: Voice, reached: Reached) -> Iterator[Problem]:
    for id in sorted(reached.first):
        step = script.step(id)
        if not step.practice:
            yield error(
                step.file,
                step.line,
                f"“{id}” can be the first question in the {voice} voice, "
                "and is no practice question",
                "Ask one with `practice: true` before it",
            )


def _too_long(script: Script, voice: Voice, reached: Reached) -> Iterator[Problem]:
    file, line = _top(script)
    limits = LIMITS[voice]
    minutes = reached.longest.seconds / 60
    if minutes > limits.minutes:
        yield error(
            file,
            line,
            f"The {voice} voice takes up to {minutes:.1f} minutes",
            f"Cut words or questions to {limits.minutes:g} minutes",
        )
    if reached.longest.questions > limits.questions:
        yield Problem(
            file,
            line,
            f"The {voice} voice has up to {reached.longest.questions} questions",
            f"Ask at most about {limits.questions}.",
            Severity.WARNING,
        )


def _words(script: Script, syllables: Syllables) -> Iterator[Problem]:
    file, line = _top(script)
    every = list(passages(script))
    for voice in script.voices:
        words = [passage for passage in every if passage.voice is voice]
        limit = LIMITS[voice].reading_age
        age = reading_age_of(words, syllables)
        if age > limit:
            yield error(
                file,
                line,
                f"The {voice} voice needs a reading age of {age:.1f}",
                f"Bring it down to {limit:g}: shorter sentences, shorter words",
            )
        yield from hard_texts(words, limit + HARD_TEXT, syllables)


def _top(script: Script) -> tuple[str, int]:
    """Where to report what is true of a whole script."""
    return f"{script.audience}/{script.id}.yaml", script.title.line or 1
