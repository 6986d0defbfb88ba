"""Every script, walked at random to an end in every voice, with second thoughts."""

import pytest
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from engage.core.dialogue.answers import (
    Chosen,
    Named,
    NotAccepted,
    Silence,
    Sorted,
    Written,
    from_record,
    name_people,
    to_record,
)
from engage.core.dialogue.passing_on import passed_on_at
from engage.core.dialogue.path import Worry, further, passes_on
from engage.core.dialogue.script import Kind
from engage.core.dialogue.talk import NotOnPath
from engage.core.people import Voice
from engage.core.safeguarding.concerns import Level
from engage.core.safeguarding.notes import NoteKind
from tests.speaking import SCRIPTS, options, speaking

MOST_REPLIES = 200
SECOND_THOUGHTS = 15
TYPED = ["ok", "he hits me", "I’m fine <b>&", "ما في شي 🙂", "no\nway", "  x "]


@st.composite
def answers_to(draw, talk, turn):
    """Anything that the page could send for this question."""
    if draw(st.integers(0, 5)) == 0:
        return draw(st.sampled_from(list(Silence)))
    ids = [id for id, _ in options(talk.conversation, turn)]
    kind = turn.step.kind
    if turn.worry in (Worry.ADD, Worry.REACH) or (
        turn.worry is None and kind is Kind.WRITE
    ):
        return Written(draw(st.sampled_from(TYPED)))
    if turn.worry is None and kind is Kind.CHOOSE_MANY:
        return Chosen(tuple(draw(st.sets(st.sampled_from(ids), min_size=1))))
    if turn.worry is None and kind is Kind.PEOPLE:
        kinds = draw(st.lists(st.sampled_from(ids), min_size=1, max_size=3))
        names = [(k, draw(st.sampled_from(["", "Sam", "Gran {x}"]))) for k in kinds]
        before = turn.answer.given if turn.answer else None
        people = before.people if isinstance(before, Named) else ()
        return Named(name_people(names, people))
    if turn.worry is None and kind is Kind.SORT:
        piles = [p.id for p in turn.step.piles]
        return Sorted(tuple((c, draw(st.sampled_from(piles))) for c in ids))
    return Chosen((draw(st.sampled_from(ids)),))


def carry_on(given):
    """Somebody who stops has ended: the walk goes on with those who do not."""
    return Chosen(("carry-on",)) if given == Chosen(("stop",)) else given


def check_state(talk):
    path = talk.path
    records = [from_record(a.number, to_record(a)) for a in talk.answers]
    assert tuple(records) == talk.answers
    assert len(path.places) == len(path.turns), "a place comes once"
    assert all(not t.waits for t in path.turns[:-1])
    sealed = [note.text for note in talk.notes]
    for turn in path.turns:
        kept = passed_on_at(path, turn.place)
        assert kept is None or kept.passed_on in sealed, "shown is what is sealed"


@pytest.mark.parametrize("voice", list(Voice))
@pytest.mark.parametrize("script", SCRIPTS)
@settings(
    max_examples=30,
    deadline=None,
    phases=[Phase.explicit, Phase.reuse, Phase.generate, Phase.shrink],
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large],
)
@given(data=st.data())
def test_every_way_through_ends_and_tells_of_every_worry(script, voice, data):
    talk = speaking(script, voice)
    reached = talk.path
    changes = SECOND_THOUGHTS
    for _ in range(MOST_REPLIES):
        path = talk.path
        turn = path.waiting
        if turn is None:
            break
        answered = [t for t in path.turns if t.answer and not t.worry]
        again = answered and data.draw(st.integers(0, 9)) == 0
        if again and changes:
            changes -= 1
            turn = data.draw(st.sampled_from(answered))
        given_ = carry_on(data.draw(answers_to(talk, turn)))
        before = talk
        talk = talk.says(turn.place, given_)
        assert talk.says(turn.place, given_).answers == talk.answers, "sent twice"
        tells_of_every_worry(before, talk)
        if talk.answers != before.answers:
            reached = further(reached, talk.answers[-1])
        assert reached == talk.path, "one step at a time or all at once: one state"
        check_state(talk)
    else:
        pytest.fail(f"no end: {talk.path.waiting}")


def tells_of_every_worry(before, after):
    if after.answers == before.answers:
        return
    answer = after.answers[-1]
    new = after.notes[len(before.notes) :]
    if answer.concern and answer.concern.level is not Level.CHECK:
        (note,) = new
        assert note.level is answer.concern.level
        assert note.kind in (NoteKind.RAISED, NoteKind.AGAIN)
        assert answer.told
        assert answer.promised
    if answer.place.endswith("/check-in"):
        assert bool(new) == passes_on(answer)


@pytest.mark.parametrize("voice", list(Voice))
@pytest.mark.parametrize("script", SCRIPTS)
def test_what_was_not_asked_or_not_offered_changes_nothing(script, voice):
    talk = speaking(script, voice)
    with pytest.raises(NotOnPath):
        talk.says("safe-home", Chosen(("always",)))
    with pytest.raises(NotAccepted):
        talk.says(talk.path.waiting.place, Chosen(("no-such-answer",)))
