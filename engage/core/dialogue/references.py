"""Proofs that what a script refers to is there in the voice that refers to it.

That it is there at all, and asked before, is proved when a script is read.
"""

import re
from collections.abc import Iterator

from engage.core.dialogue.conditions import Leaf, leaves
from engage.core.dialogue.length import step_passages
from engage.core.dialogue.problems import Problem
from engage.core.dialogue.reachable import voices_of
from engage.core.dialogue.script import Is, PersonIs, Rule, Script, Section, Step
from engage.core.dialogue.shape import error
from engage.core.people import Voice

_PIPE = re.compile(r"\{([^{}|]*)(\|[^{}]*)?\}")
_PERSON = "person"

Homes = dict[str, tuple[Section, Step]]


def problems(script: Script) -> Iterator[Problem]:
    homes = {step.id: (section, step) for section, step in script.steps()}
    for section in script.sections:
        for voice in sorted(frozenset(script.voices) & section.voices):
            at = (section.file, section.line)
            yield from _rule(script, homes, voice, section.when, at)
            yield from _for_each(script, homes, voice, section)
    for section, step in script.steps():
        for voice in sorted(voices_of(script, section, step)):
            at = (step.file, step.line)
            yield from _rule(script, homes, voice, step.when, at)
            yield from _pipes(script, homes, voice, step)


def _for_each(
    script: Script, homes: Homes, voice: Voice, section: Section
) -> Iterator[Problem]:
    people = section.for_each
    if people and voice not in voices_of(script, *homes[people]):
        yield error(
            section.file,
            section.line,
            f"“{people}” is never asked in the {voice} voice",
            f"Give section “{section.id}” the same `voices`",
        )


def _rule(
    script: Script, homes: Homes, voice: Voice, rule: Rule, at: tuple[str, int]
) -> Iterator[Problem]:
    """A rule may name steps of the other voice, as long as one is of this."""
    found = list(leaves(rule))
    lost = [leaf for leaf in found if not _there(script, homes, voice, leaf)]
    if lost and len(lost) == len(found):
        leaf = lost[0]
        asked = "" if isinstance(leaf, PersonIs) else leaf.step
        yield error(
            at[0],
            leaf.line or at[1],
            f"“{asked}” can never be answered like that in the {voice} voice",
            "Give both the same `voices`, or ask about something else",
        )


def _there(script: Script, homes: Homes, voice: Voice, leaf: Leaf) -> bool:
    if isinstance(leaf, PersonIs):
        return True
    section, step = homes[leaf.step]
    if voice not in voices_of(script, section, step):
        return False
    offered = {option.id for option in step.options_for(voice)}
    return not isinstance(leaf, Is) or bool(leaf.values & offered)


def _pipes(script: Script, homes: Homes, voice: Voice, step: Step) -> Iterator[Problem]:
    for passage in step_passages(step, voice):
        for id, otherwise in _PIPE.findall(passage.words):
            if id == _PERSON:
                continue
            if voice not in voices_of(script, *homes[id]):
                yield error(
                    passage.file,
                    passage.line,
                    f"{{{id}}} is never asked in the {voice} voice",
                    "Give this voice words of its own",
                )
            elif not otherwise.removeprefix("|"):
                yield error(
                    passage.file,
                    passage.line,
                    f"{{{id}}} may be left unanswered",
                    f"Write {{{id}|words for then}}",
                )
