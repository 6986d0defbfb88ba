"""An author can play a script in a terminal, in either voice, to its end."""

import pytest

from engage.core.dialogue import reading, rehearsing
from engage.core.dialogue.answers import NotAccepted
from engage.core.dialogue.rehearsing import Rehearsal
from engage.core.dialogue.script import Kind
from engage.core.people import Voice
from engage.paths import CONVERSATIONS
from engage.services import proofs

SOURCES = {
    p.relative_to(CONVERSATIONS).as_posix(): p.read_text("utf-8")
    for p in CONVERSATIONS.rglob("*.yaml")
}
TYPED = {
    Kind.CHOOSE: "1",
    Kind.SCALE: "2",
    Kind.CHOOSE_MANY: "1,2",
    Kind.PEOPLE: "1 Sam, 2 Gran",
    Kind.SORT: "1,2,3",
    Kind.WRITE: "Fine",
}


@pytest.mark.parametrize("name", proofs.scripts_in(SOURCES))
@pytest.mark.parametrize("voice", list(Voice))
def test_a_script_is_played_to_its_end(name: str, voice: Voice) -> None:
    talk = Rehearsal(reading.read(SOURCES, name), voice)
    for _ in range(200):
        turn = talk.path.waiting
        if turn is None:
            break
        assert list(rehearsing.lines(talk.path, turn))
        talk = talk.answer(TYPED[turn.step.kind])
    assert talk.path.ended
    assert any("Sam" in line for t in talk.path.turns for line in _lines(talk, t))


def _lines(talk: Rehearsal, turn: rehearsing.Turn) -> list[str]:
    return list(rehearsing.lines(talk.path, turn))


def test_a_number_that_is_not_there_is_refused_and_back_goes_back() -> None:
    talk = Rehearsal(reading.read(SOURCES, proofs.scripts_in(SOURCES)[0]), Voice.OLDER)
    with pytest.raises(NotAccepted):
        talk.answer("99")
    assert talk.answer("").back() == talk


def test_an_answer_that_worries_us_is_shown_as_such() -> None:
    talk = Rehearsal(reading.read(SOURCES, proofs.scripts_in(SOURCES)[0]), Voice.OLDER)
    while (turn := talk.path.waiting) and turn.step.id != "what-i-need":
        talk = talk.answer("")
    assert turn is not None
    never = talk.answer("5")
    assert [w.level.value for w in never.worries] == ["concern"]
    assert talk.answer("").worries == ()
