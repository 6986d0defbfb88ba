"""One question as a page asks it, and every way to answer it."""

from dataclasses import dataclass, field, replace
from typing import NamedTuple

from markupsafe import Markup, escape

from engage.core.dialogue import words
from engage.core.dialogue.answers import Chosen, Named, Person, Sorted, Written
from engage.core.dialogue.path import Turn
from engage.core.dialogue.script import Kind
from engage.core.safeguarding.interruption import Part
from engage.services.talking import Talk
from engage.web.i18n import gettext as _
from engage.web.wording import words as marked
from engage.web.young.reading_forms import Typed


class Choice(NamedTuple):
    id: str
    text: str
    face: str | None = None
    chosen: bool = False


@dataclass(frozen=True)
class Question:
    """One question and every way to answer it (templates/parts/question.html)."""

    place: str
    number: int
    ask: Markup
    kind: str
    options: list[Choice] = field(default_factory=list)
    piles: list[Choice] = field(default_factory=list)
    sorted: dict[str, str] = field(default_factory=dict)
    people: tuple[Person, ...] = ()
    at_most: int = 8
    text: str = ""
    short: bool = False
    silences: bool = True
    serious: bool = False
    hint: str = ""

    @property
    def offers_not_sure(self) -> bool:
        """Unless it is among the answers already: two the same would puzzle."""
        return all(option.id != "not-sure" for option in self.options)


def line(bits: words.Line) -> Markup:
    """Our words with their *markup*; theirs exactly as they are."""
    return Markup().join(escape(b.text) if b.theirs else marked(b.text) for b in bits)


def asked(talk: Talk, turn: Turn) -> Markup:
    """The question at a place, without the ways to answer it."""
    if turn.worry:
        return marked(talk.question(Part(turn.worry.value))[0])
    return line(words.asked(talk.path, turn))


def question(talk: Talk, turn: Turn) -> Question:
    number = len(talk.answers) + 1
    given = turn.answer.given if turn.answer else None
    chosen = given.ids if isinstance(given, Chosen) else ()
    text = given.text if isinstance(given, Written) else ""
    if turn.worry:
        ask, options = talk.question(Part(turn.worry.value))
        return Question(
            turn.place,
            number,
            marked(ask),
            Kind.CHOOSE if options else Kind.WRITE,
            [Choice(id, words, None, id in chosen) for id, words in options],
            text=text,
            serious=True,
        )
    step = turn.step
    return Question(
        turn.place,
        number,
        line(words.asked(talk.path, turn)),
        step.kind,
        [
            Choice(o.id, o.text.for_voice(talk.voice), o.face, o.id in chosen)
            for o in step.options_for(talk.voice)
        ],
        piles=[Choice(p.id, p.text.for_voice(talk.voice), p.face) for p in step.piles],
        sorted=dict(given.piles) if isinstance(given, Sorted) else {},
        people=given.people if isinstance(given, Named) else (),
        at_most=step.at_most,
        text=text,
        short=step.short,
        hint=_hint(step.kind),
    )


def with_typed(question: Question, typed: Typed) -> Question:
    """The same question with words that were not taken: nothing typed is lost."""
    people = tuple(Person("", kind, called) for kind, called in typed.people)
    return replace(
        question,
        text=typed.text or question.text,
        people=people or question.people,
    )


def _hint(kind: Kind) -> str:
    if kind in (Kind.CHOOSE_MANY, Kind.PEOPLE):
        return _("You can choose more than one.")
    return ""
