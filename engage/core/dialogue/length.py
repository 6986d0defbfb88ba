"""How long a conversation takes, from how much there is to read and to answer."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from engage.core.dialogue.language import Passage, count
from engage.core.dialogue.reachable import Length, voices_of
from engage.core.dialogue.script import Kind, Option, Script, Section, Step
from engage.core.people import Voice


@dataclass(frozen=True, slots=True)
class Limits:
    """What one voice's readers can be asked for."""

    minutes: float
    questions: int
    reading_age: float
    words_a_minute: int
    points: int
    """The most points on a scale."""


LIMITS: Mapping[Voice, Limits] = {
    # 7 to 11 year olds: attention, and silent reading of a second-year reader.
    Voice.YOUNGER: Limits(
        minutes=8, questions=16, reading_age=8, words_a_minute=100, points=3
    ),
    # Older than that: slower than the 230 or so of grown-ups, who are not worried.
    Voice.OLDER: Limits(
        minutes=15, questions=34, reading_age=11, words_a_minute=180, points=5
    ),
}

SECONDS: Mapping[Kind, float] = {
    # Nothing to do but read on.
    Kind.SAY: 0,
    # Find the one that fits, and tap it.
    Kind.CHOOSE: 4,
    # The same for two or three, then the button.
    Kind.CHOOSE_MANY: 8,
    # Points are in the same order every time, so they are quick.
    Kind.SCALE: 3,
    # Think who there is; pick a kind and type a name for one person.
    Kind.PEOPLE: 25,
    # The button at the end; each card adds SECONDS_A_CARD.
    Kind.SORT: 3,
    # Two in three leave it empty; the third types a sentence, in 40 seconds or so.
    Kind.WRITE: 15,
}
SECONDS_A_CARD = 3
"""One tap on a pile, after reading the card."""
SECONDS_SHORT = 10
"""A name or a word or two, typed on a phone."""


def passages(script: Script) -> Iterator[Passage]:
    """Yield all words of a script, by voice, in the order of the script."""
    first = f"{script.audience}/{script.id}.yaml"
    for voice in script.voices:
        if voice in script.title.words:
            words, line = script.title.words[voice], script.title.line
            yield Passage(words, voice, first, line, prose=False)
        for section in script.sections:
            if voice in section.voices:
                yield from _section(script, section, voice)


def _section(script: Script, section: Section, voice: Voice) -> Iterator[Passage]:
    if voice in section.title.words:
        title = section.title
        yield Passage(title.words[voice], voice, section.file, title.line, prose=False)
    for step in section.steps:
        if voice in voices_of(script, section, step):
            yield from step_passages(step, voice)


def step_passages(step: Step, voice: Voice) -> Iterator[Passage]:
    for text in (*step.say, *((step.ask,) if step.ask else ())):
        if voice in text.words:
            yield Passage(
                text.words[voice],
                voice,
                step.file,
                text.line or step.line,
                grave=step.sensitive,
            )
    for option in (*step.options_for(voice), *step.piles):
        if voice in option.voices and voice in option.text.words:
            yield Passage(
                option.text.words[voice],
                voice,
                step.file,
                option.text.line or option.line or step.line,
                prose=False,
                grave=step.sensitive,
            )


def lengths(script: Script, voice: Voice) -> dict[str, Length]:
    """What each step costs at most, in one voice.

    The points of a scale are read the first time; after that they are known.
    """
    known: set[tuple[str, ...]] = set()
    found: dict[str, Length] = {}
    for section, step in script.steps():
        if voice not in voices_of(script, section, step):
            continue
        said = sum(count(t.words.get(voice, "")) for t in step.say)
        asked = count(step.ask.words.get(voice, "")) if step.ask else 0
        labels = _new_labels(step, voice, known)
        reading = (said + asked + labels) / LIMITS[voice].words_a_minute * 60
        answering = _answering(step, voice)
        counts = int(step.asks and not step.practice)
        found[step.id] = Length(reading + answering, counts)
    return found


def _new_labels(step: Step, voice: Voice, known: set[tuple[str, ...]]) -> int:
    total = 0
    for options in (step.options_for(voice), step.piles):
        labels = tuple(_label(option, voice) for option in options)
        if labels not in known:
            total += sum(count(label) for label in labels)
        known.add(labels)
    return total


def _label(option: Option, voice: Voice) -> str:
    return option.text.words.get(voice, "")


def _answering(step: Step, voice: Voice) -> float:
    if step.kind is Kind.WRITE and step.short:
        return SECONDS_SHORT
    cards = len(step.options_for(voice)) if step.kind is Kind.SORT else 0
    return SECONDS[step.kind] + cards * SECONDS_A_CARD
