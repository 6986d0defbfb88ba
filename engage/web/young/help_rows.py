"""Help lines as a page shows them: those that fit the child, nearest first."""

from collections.abc import Sequence
from dataclasses import dataclass

from engage.core.dialogue.answers import Chosen, Place
from engage.core.dialogue.path import latest
from engage.core.people import Voice
from engage.core.safeguarding.helpline_rows import Helpline, first_four, fitting
from engage.services.talking import Talk
from engage.web.wiring import engage

AGES = {"under-16": (8, 15), "16-17": (16, 17), "18-plus": (18, 26)}
ANY_AGE = (8, 15)
"""Who has not said their age sees only what fits the youngest."""


@dataclass(frozen=True)
class Row:
    name: str
    call: str | None
    text: str | None
    chat: str | None
    hours: str
    for_: str


def rows(talk: Talk | None) -> tuple[list[Row], list[Row]]:
    """The first four, and the others that fit this child today."""
    fits = _fitting(talk)
    first = first_four(fits)
    voice = talk.voice if talk else Voice.YOUNGER
    return _shown(first, voice), _shown([r for r in fits if r not in first], voice)


def first_rows(talk: Talk | None) -> list[Row]:
    return rows(talk)[0]


def _fitting(talk: Talk | None) -> tuple[Helpline, ...]:
    wired = engage()
    today = wired.now().date()
    return fitting(wired.library.helplines, ages=ages(talk), today=today)


def ages(talk: Talk | None) -> tuple[int, int]:
    answer = latest(talk.answers).get(Place("age-band")) if talk else None
    given = answer.given if answer else None
    return AGES.get(given.ids[0], ANY_AGE) if isinstance(given, Chosen) else ANY_AGE


def _shown(lines: Sequence[Helpline], voice: Voice) -> list[Row]:
    return [
        Row(
            each.name,
            each.call,
            each.text,
            each.chat or each.site,
            each.hours_said,
            each.for_.get(voice, ""),
        )
        for each in lines
    ]
