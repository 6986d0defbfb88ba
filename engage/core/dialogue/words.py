"""The words at a place: what was said and asked there, and what an answer reads as.

Earlier answers are piped in here. What a child typed is never parsed as markup or as
another pipe: it comes back in the result exactly as they typed it.
"""

import re
from dataclasses import dataclass
from typing import assert_never

from engage.core.dialogue.answers import (
    Answer,
    Chosen,
    Given,
    Named,
    Person,
    Place,
    Silence,
    Sorted,
    Written,
)
from engage.core.dialogue.path import Path, Turn
from engage.core.dialogue.rules import place_of
from engage.core.dialogue.script import Step
from engage.core.people import Voice

_PIPE = re.compile(r"\{([a-z0-9-]+)(?:\|([^{}]*))?\}")


@dataclass(frozen=True, slots=True)
class Bit:
    """A stretch of one bubble: words of ours (with *markup*), or words of theirs."""

    text: str
    theirs: bool = False


Line = tuple[Bit, ...]


def plain(line: Line) -> str:
    """The line as text, without markup; what a flag or a transcript records."""
    return "".join(b.text if b.theirs else b.text.replace("*", "") for b in line)


def said(path: Path, turn: Turn) -> tuple[Line, ...]:
    """The bubbles before the question at this place."""
    return tuple(fill(path, turn, t.for_voice(path.voice)) for t in turn.step.say)


def asked(path: Path, turn: Turn) -> Line:
    """The question at this place; empty for a `say`."""
    ask = turn.step.ask
    return fill(path, turn, ask.for_voice(path.voice)) if ask else ()


def fill(path: Path, turn: Turn, words: str) -> Line:
    bits: list[Bit] = []
    end = 0
    for pipe in _PIPE.finditer(words):
        if pipe.start() > end:
            bits.append(Bit(words[end : pipe.start()]))
        bits.append(_piped(path, turn, pipe[1], pipe[2] or ""))
        end = pipe.end()
    if end < len(words):
        bits.append(Bit(words[end:]))
    return tuple(bits)


def _piped(path: Path, turn: Turn, name: str, otherwise: str) -> Bit:
    if name == "person":
        return _called(turn.person, turn, path) if turn.person else Bit(otherwise)
    for place in (place_of(name, turn.person), Place(name)):
        answer = path.latest.get(place)
        if answer and not isinstance(answer.given, Silence):
            step = path.script.step(name)
            theirs = isinstance(answer.given, Written | Named)
            text = given_words(step, answer.given, path.voice)
            return Bit(text if theirs else _lower(text), theirs)
    return Bit(otherwise)


def _called(person: Person, turn: Turn, path: Path) -> Bit:
    if person.called:
        return Bit(person.called, theirs=True)
    people = path.script.step(turn.section.for_each or "")
    kind = people.option(person.kind)
    return Bit(f"your {_lower(kind.text.for_voice(path.voice))}" if kind else "")


def _lower(words: str) -> str:
    """First letter small, unless the word is one that keeps its capital ("I")."""
    first, _, _ = words.partition(" ")
    keeps = first == "I" or first.startswith("I’") or first[1:].lower() != first[1:]
    return words if keeps else words[:1].lower() + words[1:]


def given_words(step: Step, given: Given, voice: Voice) -> str:
    """An answer in words, as the child saw it on the buttons."""
    match given:
        case Silence():
            return SILENCE_WORDS[given]
        case Written(text):
            return text
        case Chosen(ids):
            words = (o.text.for_voice(voice) for o in step.options if o.id in ids)
            return ", ".join(words)
        case Named(people):
            return listed([_named(step, p, voice) for p in people])
        case Sorted(piles):
            card = {o.id: o.text.for_voice(voice) for o in step.options}
            pile = {p.id: p.text.for_voice(voice) for p in step.piles}
            return "; ".join(f"{card[c]}: {pile[p].lower()}" for c, p in piles)
        case _:
            assert_never(given)


SILENCE_WORDS = {
    Silence.SKIP: "Skip",
    Silence.NOT_SURE: "Not sure",
    Silence.RATHER_NOT_SAY: "Rather not say",
}


def _named(step: Step, person: Person, voice: Voice) -> str:
    kind = step.option(person.kind)
    return person.called or (kind.text.for_voice(voice) if kind else person.kind)


def listed(names: list[str]) -> str:
    """`["Sam", "Gran", "Mo"]` → `Sam, Gran and Mo`."""
    if len(names) < 2:
        return "".join(names)
    return f"{', '.join(names[:-1])} and {names[-1]}"


def answer_words(turn: Turn, answer: Answer, voice: Voice) -> str:
    return given_words(turn.step, answer.given, voice)
