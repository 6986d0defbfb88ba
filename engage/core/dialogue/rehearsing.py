"""Playing a script in a terminal: numbers typed stand for buttons."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import assert_never

from engage.core.dialogue import answers, words
from engage.core.dialogue.answers import (
    Answer,
    Chosen,
    Given,
    Named,
    NotAccepted,
    Silence,
    Sorted,
    Unfit,
    Written,
)
from engage.core.dialogue.path import Path, Turn, walk
from engage.core.dialogue.script import Kind, Option, Script, Step
from engage.core.people import Voice
from engage.core.safeguarding.concerns import Trigger

SILENCES = {
    "s": Silence.SKIP,
    "?": Silence.NOT_SURE,
    "-": Silence.RATHER_NOT_SAY,
}

HOW = {
    Kind.CHOOSE: "A number",
    Kind.SCALE: "A number",
    Kind.CHOOSE_MANY: "Numbers, such as 1,3",
    Kind.PEOPLE: "A number and a name for each, such as 1 Sam, 2 Gran",
    Kind.SORT: "A pile's number for each card, such as 1,3,2",
    Kind.WRITE: "Words",
}


@dataclass(frozen=True, slots=True)
class Rehearsal:
    """A conversation that is kept nowhere and worries nobody.

    Concerns are shown, not acted on: their interruption is not part of the script.
    """

    script: Script
    voice: Voice
    given: tuple[Answer, ...] = ()

    @property
    def path(self) -> Path:
        return walk(self.script, self.voice, self.given)

    def answer(self, typed: str) -> "Rehearsal":
        """Take what was typed at the place that waits.

        Raises:
            NotAccepted: it does not fit the question.
        """
        turn = self.path.waiting
        assert turn is not None  # noqa: S101 - whoever asks has seen the question
        given = answers.fit(turn.step, read(turn.step, typed, self.voice), self.voice)
        answer = Answer(len(self.given) + 1, turn.place, given)
        return Rehearsal(self.script, self.voice, (*self.given, answer))

    @property
    def worries(self) -> tuple[Trigger, ...]:
        """What the script says that the last answer means."""
        last = self.given[-1]
        if not isinstance(last.given, Chosen):
            return ()
        step = self.path.places[last.place].step
        chosen = (step.option(id) for id in last.given.ids)
        return tuple(o.safeguard for o in chosen if o and o.safeguard)

    def back(self) -> "Rehearsal":
        return Rehearsal(self.script, self.voice, self.given[:-1])


def lines(path: Path, turn: Turn) -> Iterator[str]:
    """What the terminal shows at one place."""
    for line in words.said(path, turn):
        yield f"> {words.plain(line)}"
    if not turn.step.asks:
        return
    yield f"> {words.plain(words.asked(path, turn))}"
    for number, option in enumerate(turn.step.options_for(path.voice), 1):
        yield f"    {number}  {option.text.for_voice(path.voice)}"
    if turn.step.kind is Kind.SORT:
        piles = enumerate(_piles(turn.step, path.voice), 1)
        yield "    into " + ", ".join(
            f"{n} {pile.text.for_voice(path.voice)}" for n, pile in piles
        )
    yield f"    {HOW[turn.step.kind]}; s skip, ? not sure, - rather not say"


def read(step: Step, typed: str, voice: Voice) -> Given:
    """Make an answer of what was typed; an empty line skips.

    Raises:
        NotAccepted: a number that is not on the screen.
    """
    typed = typed.strip()
    if typed in SILENCES or not typed:
        return SILENCES.get(typed, Silence.SKIP)
    options = step.options_for(voice)
    match step.kind:
        case Kind.CHOOSE | Kind.SCALE | Kind.CHOOSE_MANY:
            return Chosen(tuple(_pick(options, n).id for n in typed.split(",")))
        case Kind.PEOPLE:
            named = [_person(options, each) for each in typed.split(",")]
            return Named(answers.name_people(named, ()))
        case Kind.SORT:
            piles = [_pick(_piles(step, voice), n).id for n in typed.split(",")]
            cards = [card.id for card in options]
            return Sorted(tuple(zip(cards, piles, strict=False)))
        case Kind.WRITE:
            return Written(typed)
        case Kind.SAY:
            raise NotAccepted(Unfit.NOT_OFFERED)
        case _:
            assert_never(step.kind)


def _person(kinds: tuple[Option, ...], typed: str) -> tuple[str, str]:
    number, _, called = typed.strip().partition(" ")
    return _pick(kinds, number).id, called.strip()


def _pick(options: tuple[Option, ...], number: str) -> Option:
    shown = {str(n): option for n, option in enumerate(options, 1)}
    if number.strip() not in shown:
        raise NotAccepted(Unfit.NOT_OFFERED)
    return shown[number.strip()]


def _piles(step: Step, voice: Voice) -> tuple[Option, ...]:
    return tuple(pile for pile in step.piles if voice in pile.voices)
