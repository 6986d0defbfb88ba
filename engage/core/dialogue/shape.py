"""Proofs about a script that need no walking: what is offered, in what order."""

from collections.abc import Iterator

from engage.core.dialogue.length import LIMITS
from engage.core.dialogue.problems import Problem, Severity
from engage.core.dialogue.reachable import voices_of
from engage.core.dialogue.script import Arc, Kind, Script, Step
from engage.core.people import Voice


def error(file: str, line: int, what: str, do: str) -> Problem:
    return Problem(file, line, what, f"{do}.", Severity.ERROR)


def problems(script: Script) -> Iterator[Problem]:
    yield from options(script)
    yield from same_order(script)
    yield from arc(script)
    yield from sensitive_places(script)


def options(script: Script) -> Iterator[Problem]:
    """That there are enough to choose from is proved when a script is read."""
    for section, step in script.steps():
        for voice in sorted(voices_of(script, section, step)):
            yield from _options(step, voice)


def _options(step: Step, voice: Voice) -> Iterator[Problem]:
    offered = len(step.options_for(voice))
    most = LIMITS[voice].points
    if step.kind is Kind.SCALE and offered > most:
        yield error(
            step.file,
            step.line,
            f"“{step.id}” has {offered} points in the {voice} voice",
            f"Have at most {most}: give some points `voices`",
        )
    if step.kind is Kind.SORT and sum(voice in p.voices for p in step.piles) < 2:
        yield error(
            step.file,
            step.line,
            f"“{step.id}” has fewer than 2 piles in the {voice} voice",
            "Give it two or three piles",
        )


def same_order(script: Script) -> Iterator[Problem]:
    """A scale that turns round half-way through is answered wrongly."""
    first: dict[frozenset[str], tuple[str, ...]] = {}
    for _, step in script.steps():
        if step.kind is not Kind.SCALE:
            continue
        points = tuple(option.id for option in step.options)
        before = first.setdefault(frozenset(points), points)
        if points != before:
            yield error(
                step.file,
                step.line,
                f"“{step.id}” has its points in another order than before",
                "Keep " + ", ".join(before),
            )


def arc(script: Script) -> Iterator[Problem]:
    """Warm-up, then middle, then cool-down; each of them there in each voice."""
    order = list(Arc)
    latest = Arc.WARM_UP
    for section in script.sections:
        if order.index(section.arc) < order.index(latest):
            yield error(
                section.file,
                section.line,
                f"Section “{section.id}” is {section.arc}, after one that is {latest}",
                "Put warm-up first, then middle, then cool-down",
            )
        latest = max(latest, section.arc, key=order.index)


def sensitive_places(script: Script) -> Iterator[Problem]:
    for section, step in script.steps():
        if step.sensitive and section.arc is not Arc.MIDDLE:
            yield error(
                step.file,
                step.line,
                f"“{step.id}” is sensitive, in a {section.arc} section",
                "Move it to a middle section",
            )
