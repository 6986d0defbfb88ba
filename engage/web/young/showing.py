"""A path as a page shows it: bubbles, the question, and how far along."""

from collections.abc import Iterator
from functools import lru_cache
from typing import NamedTuple

from flask import get_template_attribute
from markupsafe import Markup, escape

from engage.core.dialogue import words
from engage.core.dialogue.answers import (
    Chosen,
    Place,
    Silence,
    Written,
)
from engage.core.dialogue.passing_on import passed_on_at
from engage.core.dialogue.path import Path, Turn, Worry, passes_on
from engage.core.dialogue.script import Script
from engage.core.people import Voice
from engage.core.safeguarding.concerns import Level
from engage.core.safeguarding.interruption import Part
from engage.services.talking import Talk
from engage.web.i18n import gettext as _
from engage.web.wording import words as marked
from engage.web.young import help_rows
from engage.web.young.asking import Question, asked, line

SHOWN = 3
"""Answered questions that a full page shows; the rest are on "Everything I said"."""


class Bubble(NamedTuple):
    who: str
    paragraphs: list[Markup]
    place: str | None = None


class Trail(NamedTuple):
    label: str
    marks: Markup


class Page(NamedTuple):
    """A talk as it stands: a whole page, or the part of it that is new."""

    title: str
    trail: Trail
    log: list[Bubble]
    question: Question | None
    ended: bool
    stopped: str | None
    notice: str


def log(talk: Talk, turns: tuple[Turn, ...]) -> list[Bubble]:
    """The bubbles of these turns, oldest first, without the question that waits."""
    return [bubble for turn in turns for bubble in _turn(talk, turn, leads=True)]


def news(talk: Talk, place: Place) -> list[Bubble]:
    """What came after the question at `place` was on the page, its answer first."""
    turns = talk.path.turns
    at = next((n for n, turn in enumerate(turns) if turn.place == place), 0)
    first = list(_turn(talk, turns[at], leads=False)) if turns else []
    return first + log(talk, turns[at + 1 :])


def recent(path: Path) -> tuple[Turn, ...]:
    """The last few turns: the whole log would make every page longer."""
    asked = [n for n, turn in enumerate(path.turns) if turn.answer is not None]
    if len(asked) <= SHOWN:
        return path.turns
    return path.turns[asked[-SHOWN] :]


def _turn(talk: Talk, turn: Turn, *, leads: bool) -> Iterator[Bubble]:
    if leads:
        yield from _leads(talk, turn)
    if turn.answer is None:
        return
    yield Bubble("bot", [asked(talk, turn)])
    yield Bubble("me", [answered(talk, turn)], turn.place)
    if turn.answer.concern and turn.answer.told:
        yield from _told(talk, turn.answer.told, near=True)
    yield from _after(talk, turn)


def _leads(talk: Talk, turn: Turn) -> Iterator[Bubble]:
    if turn.worry is Worry.ADD:
        part = talk.told(Part.PASSING_ON, Level.CONCERN)
        note = passing_on(talk, turn)
        yield Bubble("bot", [*map(marked, part)])
        yield Bubble("near", [escape(row) for row in note.split("\n")])
    elif turn.worry is Worry.NEXT:
        yield from _told(talk, _promised(talk, turn), near=False)
    elif turn.worry is None:
        for said in words.said(talk.path, turn):
            yield Bubble("bot", [line(said)])


def _after(talk: Talk, turn: Turn) -> Iterator[Bubble]:
    """What the bot says to an answer at a worried moment."""
    assert turn.answer is not None  # noqa: S101
    given = turn.answer.given
    if turn.worry is Worry.CHECK_IN and not passes_on(turn.answer):
        yield from _told(talk, talk.told(Part.NOT_PASSED_ON, Level.CHECK), near=False)
    if turn.worry is Worry.CHECK_IN and turn.answer.told:
        yield from _told(talk, turn.answer.told, near=True)
    if turn.worry is Worry.SAFE_NOW and given in (
        Chosen(("no",)),
        Chosen(("not-sure",)),
    ):
        yield from _told(talk, talk.told(Part.NOT_SAFE, Level.NOW), near=True)


def _told(talk: Talk, told: tuple[str, ...], *, near: bool) -> Iterator[Bubble]:
    yield Bubble("bot", [marked(each) for each in told])
    if near:
        yield Bubble("near", [number(row) for row in _first_help(talk)])


def _first_help(talk: Talk) -> list[tuple[str, str]]:
    return [(row.name, row.call) for row in help_rows.first_rows(talk) if row.call]


def number(row: tuple[str, str]) -> Markup:
    name, call = row
    return Markup('{}: <a href="tel:{}"><b>{}</b></a>').format(
        name, call.replace(" ", ""), call
    )


def _source(turn: Turn) -> Place:
    """The place whose answer this interruption is about."""
    return Place(turn.place.removeprefix("worried/").rsplit("/", 1)[0])


def _promised(talk: Talk, turn: Turn) -> tuple[str, ...]:
    """What was said when it was passed on, at the time it was passed on."""
    kept = passed_on_at(talk.path, _source(turn))
    return kept.promised if kept else ()


def passing_on(talk: Talk, turn: Turn) -> str:
    """Exactly the words that were sealed into the flag about this answer."""
    kept = passed_on_at(talk.path, _source(turn))
    return kept.passed_on if kept else ""


def all_passed_on(talk: Talk) -> list[str]:
    """Everything about an answer that has been passed on, for "Everything I said".

    Of an answer that was changed since, too: what has been sent is not unsent.
    """
    return [each.passed_on for each in talk.answers if each.passed_on]


def answered(talk: Talk, turn: Turn) -> Markup:
    assert turn.answer is not None  # noqa: S101
    given = turn.answer.given
    if isinstance(given, Silence):
        return escape(_silence(given))
    if isinstance(given, Written):
        return escape(given.text)
    if turn.worry and isinstance(given, Chosen):
        said = dict(talk.question(Part(turn.worry.value))[1])
        return escape(said.get(given.ids[0], ""))
    return escape(words.answer_words(turn, turn.answer, talk.voice))


def _silence(given: Silence) -> str:
    return {
        Silence.SKIP: _("Skip"),
        Silence.NOT_SURE: _("Not sure"),
        Silence.RATHER_NOT_SAY: _("Rather not say"),
    }[given]


def stopped_at(talk: Talk) -> str | None:
    """Where the child chose to stop, so that they can think again."""
    return talk.path.turns[-1].place if talk.path.stopped else None


def title(talk: Talk) -> str:
    waiting = talk.path.waiting
    if waiting is None:
        return _("Thank you")
    if waiting.worry:
        return _("Something you told me")
    return waiting.section.title.for_voice(talk.voice)


def trail(talk: Talk) -> Trail:
    """How far along, in parts: never a percentage, never a hurry."""
    part_of, all = _parts(talk.script, talk.voice)
    waiting = talk.path.waiting
    here = part_of[waiting.section.id] if waiting else all
    at = min(here + 1, all)
    return Trail(_("Part %(at)d of %(all)d", at=at, all=all), _marks(here, all))


@lru_cache(maxsize=256)
def _marks(here: int, all: int) -> Markup:
    marks = ["done"] * here + ["here"] + ["todo"] * (all - here - 1)
    drawn: Markup = get_template_attribute("parts/trail.html", "dots")(marks[:all])
    return drawn


@lru_cache(maxsize=64)
def _parts(script: Script, voice: Voice) -> tuple[dict[str, int], int]:
    """Which part each section belongs to, and how many there are.

    Sections one after another with the same title are one part.
    """
    titles = {
        section.id: section.title.for_voice(voice)
        for section in script.sections
        if voice in section.voices
    }
    parts = list(dict.fromkeys(titles.values()))
    return {id: parts.index(title) for id, title in titles.items()}, len(parts)
