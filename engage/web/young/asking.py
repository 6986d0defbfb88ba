"""One question as a page asks it, and every way to answer it."""

from collections.abc import Mapping
from functools import lru_cache
from types import MappingProxyType
from typing import NamedTuple

from babel.support import NullTranslations
from flask import get_template_attribute
from markupsafe import Markup, escape

from engage.core.dialogue import words
from engage.core.dialogue.answers import (
    Answer,
    Chosen,
    Given,
    Named,
    Person,
    Sorted,
    Written,
)
from engage.core.dialogue.path import Turn
from engage.core.dialogue.script import Kind, Script, Step
from engage.core.people import Voice
from engage.core.safeguarding.interruption import Part
from engage.services.talking import Talk
from engage.web.i18n import catalogue
from engage.web.i18n import gettext as _
from engage.web.wording import words as marked
from engage.web.young.reading_forms import Typed

FEW = 4


class Choice(NamedTuple):
    id: str
    text: str
    face: str | None = None
    chosen: bool = False


class Ways(NamedTuple):
    """Every way to answer one question (templates/parts/question.html)."""

    kind: str
    options: list[Choice]
    piles: list[Choice] = []  # noqa: RUF012 - nobody adds to it
    sorted: Mapping[str, str] = MappingProxyType({})
    people: tuple[Person, ...] = ()
    text: str = ""
    short: bool = False
    serious: bool = False

    @property
    def offers_not_sure(self) -> bool:
        """Unless it is among the answers already: two the same would puzzle."""
        return all(option.id != "not-sure" for option in self.options)

    def drawn(self) -> Markup:
        drawn: Markup = get_template_attribute("parts/question.html", "ways")(self)
        return drawn


class Question(NamedTuple):
    """One question, ready to be shown."""

    place: str
    number: int
    ask: Markup
    ways: Markup
    few: bool = False
    """A scale of few points: all of the same width."""
    serious: bool = False
    hint: str = ""


def line(bits: words.Line) -> Markup:
    """Our words with their *markup*; theirs exactly as they are."""
    return Markup().join(escape(b.text) if b.theirs else marked(b.text) for b in bits)


def asked(talk: Talk, turn: Turn) -> Markup:
    """The question at a place, without the ways to answer it."""
    if turn.worry:
        return marked(talk.question(Part(turn.worry.value))[0])
    return line(words.asked(talk.path, turn))


def question(talk: Talk, turn: Turn, typed: Typed | None = None) -> Question:
    """What is asked at a place. `typed`: words that were not taken, to be kept."""
    number = len(talk.answers) + 1
    if turn.worry:
        ask, options = talk.question(Part(turn.worry.value))
        ways = _worried_ways(turn, options, typed)
        return Question(turn.place, number, marked(ask), ways.drawn(), serious=True)
    step = turn.step
    return Question(
        turn.place,
        number,
        line(words.asked(talk.path, turn)),
        _ways(step, talk.voice, turn.answer, typed).drawn()
        if turn.answer or typed
        else _untouched(talk.script, step.id, talk.voice, catalogue()),
        step.kind is Kind.SCALE and len(step.options_for(talk.voice)) < FEW,
        hint=_hint(step.kind),
    )


@lru_cache(maxsize=1024)
def _untouched(
    script: Script, step_id: str, voice: Voice, _words: NullTranslations
) -> Markup:
    """Drawn once for each language: before its answer it looks the same to all."""
    return _ways(script.step(step_id), voice, None, None).drawn()


def _ways(step: Step, voice: Voice, answer: Answer | None, typed: Typed | None) -> Ways:
    given = answer.given if answer else None
    chosen = given.ids if isinstance(given, Chosen) else ()
    return Ways(
        step.kind,
        [
            Choice(o.id, o.text.for_voice(voice), o.face, o.id in chosen)
            for o in step.options_for(voice)
        ],
        piles=[Choice(p.id, p.text.for_voice(voice), p.face) for p in step.piles],
        sorted=dict(given.piles) if isinstance(given, Sorted) else {},
        people=_people(typed) or (given.people if isinstance(given, Named) else ()),
        text=_text(typed, given),
        short=step.short,
    )


def _worried_ways(
    turn: Turn, options: tuple[tuple[str, str], ...], typed: Typed | None
) -> Ways:
    given = turn.answer.given if turn.answer else None
    chosen = given.ids if isinstance(given, Chosen) else ()
    return Ways(
        Kind.CHOOSE if options else Kind.WRITE,
        [Choice(id, words, None, id in chosen) for id, words in options],
        text=_text(typed, given),
        serious=True,
    )


def _text(typed: Typed | None, given: Given | None) -> str:
    """Nothing typed is lost, whether it was taken or not."""
    before = given.text if isinstance(given, Written) else ""
    return (typed.text if typed else "") or before


def _people(typed: Typed | None) -> tuple[Person, ...]:
    people = typed.people if typed else ()
    return tuple(Person("", kind, called) for kind, called in people)


def _hint(kind: Kind) -> str:
    if kind in (Kind.CHOOSE_MANY, Kind.PEOPLE):
        return _("You can choose more than one.")
    return ""
