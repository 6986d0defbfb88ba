"""What a child writes back: screened, part of the flag, and never promised."""

from dataclasses import replace
from datetime import timedelta

import pytest
from sqlalchemy import text

from engage.core.duty.messages import Ended
from engage.core.safeguarding.concerns import Level
from engage.core.safeguarding.flags import Outcome, Stage
from engage.services import (
    answering_back,
    duty_desk,
    moving,
    talking,
    writing_back,
)
from engage.services.syllables import syllables, syllables_of
from engage.services.writing_back import NotSent, Why
from tests.factories import NOON, make_flag, make_staff
from tests.services.writing.making import (
    HELLO,
    LATER,
    SATURDAY,
    desk,
    flag_of,
    staff,
    verbs,
)


def test_what_a_child_writes_back_is_in_the_flag_with_what_they_were_asked(
    store, talk, me, number
):
    writing_back.write(store, me, number, HELLO, NOON)
    answering_back.answer(talk, "Yes, at my gran’s")
    note = duty_desk.read(store, me, number).notes[-1]
    assert (note.kind, note.words) == ("added", "Yes, at my gran’s")
    assert note.prompt == HELLO
    assert note.place == "messages/2"


def test_thanks_do_not_set_the_clock_going_again(store, talk, me, number):
    before = flag_of(talk)
    answering_back.answer(talk, "Thank you")
    assert flag_of(talk) == before
    assert before.stage is Stage.IN_HAND
    assert verbs(store)[-1] == "the child wrote"
    assert answering_back.news(talk).messages[-1].told == ()


def test_a_new_worry_sets_the_clock_going_and_the_child_is_told(
    store, talk, me, number
):
    writing_back.write(store, me, number, HELLO, NOON)
    there = replace(talk, now=LATER)
    answering_back.answer(there, "No")
    flag = flag_of(talk)
    assert (flag.stage, flag.next_at) == (Stage.RAISED, LATER)
    assert flag.due_at == LATER + timedelta(minutes=30)
    told = answering_back.news(talk).messages[-1].told
    assert any("can’t keep this private" in each for each in told)
    assert any("12:37" in each for each in told)
    later = replace(talk, now=NOON + timedelta(hours=2))
    assert answering_back.news(later).messages[-1].told == told


def test_what_is_worse_than_the_flag_raises_its_level(store, talk, me, number):
    assert flag_of(talk).level is Level.CONCERN
    answering_back.answer(talk, "he is hitting me right now please help")
    assert flag_of(talk).level is Level.NOW


def test_a_small_worry_is_passed_on_since_nobody_asks_about_it_here(
    store, talk, me, number
):
    writing_back.write(store, me, number, HELLO, NOON)
    answering_back.answer(talk, "not sure")
    assert flag_of(talk).stage is Stage.RAISED
    assert flag_of(talk).level is Level.CONCERN


def test_words_in_pieces_are_put_together(store, talk, me, number):
    answering_back.answer(talk, "I want to")
    assert flag_of(talk).stage is Stage.IN_HAND
    answering_back.answer(talk, "die")
    assert flag_of(talk).stage is Stage.RAISED


def test_somebody_looks_again_when_a_child_writes_to_a_closed_flag(
    store, talk, me, number
):
    moving.close(store, me, number, Outcome.NOT_A_CONCERN, "A joke", NOON)
    answering_back.answer(replace(talk, now=LATER), "Hello again")
    flag = flag_of(talk)
    assert (flag.stage, flag.next_at) == (Stage.RAISED, LATER)


def test_messages_are_hidden_until_the_new_worry_is_opened(store, talk, me, number):
    writing_back.write(store, me, number, HELLO, NOON)
    answering_back.answer(talk, "No")
    thread = desk(store, me, number)
    assert (thread.messages, thread.why_not) == ((), Why.NOT_OPENED)
    with pytest.raises(NotSent) as refused:
        writing_back.write(store, me, number, "Why?", NOON)
    assert refused.value.why is Why.NOT_OPENED
    moving.open_(store, me, number, LATER)
    assert len(desk(store, me, number).messages) == 2


def test_what_the_child_closed_stays_closed_to_the_desk_until_they_open_it(
    store, talk, me, number
):
    answering_back.close(talk)
    answering_back.close(talk)
    assert desk(store, me, number).ended is Ended.CHILD
    with pytest.raises(NotSent) as refused:
        writing_back.write(store, me, number, HELLO, NOON)
    assert refused.value.why is Why.ENDED
    answering_back.reopen(talk)
    writing_back.write(store, me, number, HELLO, NOON)
    assert verbs(store).count("messages closed") == 1


def test_what_the_desk_closed_opens_when_either_writes(store, talk, me, number):
    writing_back.close(store, me, number, NOON)
    answering_back.reopen(talk)
    assert answering_back.news(talk).ended is Ended.DUTY
    writing_back.write(store, me, number, HELLO, NOON)
    assert answering_back.news(talk).ended is None


def test_a_child_is_heard_also_when_the_desk_has_closed(store, talk, me, number):
    writing_back.close(store, me, number, NOON)
    answering_back.answer(replace(talk, now=LATER), "Are you there")
    assert answering_back.news(talk).ended is None
    assert flag_of(talk).stage is Stage.RAISED, "somebody is told to look"


def test_the_desk_knows_that_a_talk_was_deleted_and_not_which(store, talk, me, number):
    writing_back.write(store, me, number, HELLO, NOON)
    answering_back.answer(talk, "Thanks")
    talking.delete(talk)
    thread = desk(store, me, number)
    assert thread.ended is Ended.DELETED
    assert len(thread.messages) == 2, "what was passed on stays"
    with pytest.raises(NotSent):
        writing_back.write(store, me, number, HELLO, NOON)


def test_whoever_holds_no_key_reads_and_writes_nothing(store, talk, me, inspection):
    lena = staff(store, "lena")
    number = flag_of(talk).id
    moving.open_(store, me, number, NOON)
    with store.begin() as db:
        db.execute(
            text("delete from vault_grant where staff_id = :id"), {"id": lena.id}
        )
    assert desk(store, lena, number).why_not is Why.NO_KEY
    with pytest.raises(NotSent) as refused:
        writing_back.write(store, lena, number, HELLO, NOON)
    assert refused.value.why is Why.NO_KEY


def test_somebody_on_another_inspection_finds_no_thread(store, talk, me, number):
    make_staff(store, "stranger", "Stran Ger", me.role)
    stranger = staff(store, "stranger")
    for act in (
        lambda: desk(store, stranger, number),
        lambda: writing_back.write(store, stranger, number, HELLO, NOON),
        lambda: writing_back.saw(store, stranger, number, 9, NOON),
        lambda: writing_back.close(store, stranger, number, NOON),
    ):
        with pytest.raises(duty_desk.NotThere):
            act()


def test_a_flag_that_came_out_of_no_talk_has_nowhere_to_write_to(store, inspection, me):
    number = make_flag(store, inspection)
    moving.open_(store, me, number, NOON)
    assert desk(store, me, number).why_not is Why.NO_THREAD


def test_the_journal_tells_each_move_and_no_word(store, talk, me, number):
    writing_back.write(store, me, number, HELLO, NOON)
    answering_back.saw(talk, answering_back.news(talk), 1)
    answering_back.answer(talk, "Thanks kanarienvogel")
    answering_back.close(talk)
    with store.read() as db:
        rows = db.execute(
            text("select verb, staff_id, flag_id, detail from journal order by number")
        ).all()
    assert [(row.verb, row.staff_id) for row in rows[-4:]] == [
        ("wrote to the child", me.id),
        ("the child saw it", None),
        ("the child wrote", None),
        ("messages closed", None),
    ]
    assert {row.flag_id for row in rows[-4:]} == {number}
    assert "kanarienvogel" not in "".join(row.detail for row in rows)


def test_it_is_known_whether_anybody_reads(talk):
    assert answering_back.reading(talk).called == ("Dee Duty",)
    away = answering_back.reading(replace(talk, now=SATURDAY))
    assert away.who == ()
    assert away.back_at == NOON.replace(hour=9) + timedelta(days=5)


def test_a_few_syllables_are_counted_like_all():
    words = [
        "window",
        "Dee’s",
        "wee",
        "placement",
        "xylqz",
        "2026",
        "caused",
        "Children's",
    ]
    few = syllables_of(words)
    assert [few(word) for word in words] == [syllables(word) for word in words]


def test_hints_come_from_the_words_we_do_not_use(books, me):
    (hint,) = writing_back.hints(books, "Do you like your placement?")
    assert hint.found == "placement"
    assert writing_back.openings(books, me)[0].startswith("Hello. I’m Dee.")
