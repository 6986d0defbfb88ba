"""Words back to a child: sealed, seen, and opened by nobody else."""

from dataclasses import replace
from datetime import timedelta

import pytest
from sqlalchemy import text

from engage.core.dialogue.answers import LONGEST
from engage.core.duty import messages
from engage.core.duty.messages import Side
from engage.core.sealing.keys import flag_tag, token_hash
from engage.services import (
    answering_back,
    asking_for_a_person,
    moving,
    writing_back,
)
from engage.services.writing_back import NotSent, Why
from engage.store.tables import metadata
from tests.factories import NOON
from tests.services.writing.making import (
    HELLO,
    LATER,
    begin,
    desk,
    flag_of,
    verbs,
)


def test_what_the_inspector_writes_the_child_reads_and_the_other_way_round(
    store, talk, me, number
):
    writing_back.write(store, me, number, f" {HELLO}\r\nThank you. ", NOON)
    thread = answering_back.news(talk)
    (message,) = thread.unseen
    assert message.text == f"{HELLO}\nThank you."
    assert (message.called, message.sender) == ("Dee", Side.DUTY)
    answering_back.answer(talk, "Yes. Thanks 🙂")
    said = desk(store, me, number).messages
    assert [each.text for each in said] == [message.text, "Yes. Thanks 🙂"]
    assert said[1].sender is Side.CHILD


def test_a_talk_without_a_flag_has_no_thread(store, books, inspection):
    assert answering_back.news(begin(store, books, inspection)) is None


def test_a_flag_that_the_child_raised_by_hand_can_be_answered_too(
    store, books, inspection, me
):
    talk = begin(store, books, inspection)
    asking_for_a_person.ask(talk, "I want to talk to somebody", "")
    number = flag_of(talk).id
    moving.open_(store, me, number, NOON)
    writing_back.write(store, me, number, HELLO, NOON)
    assert answering_back.news(talk).unseen[0].text == HELLO


def test_no_other_talk_finds_or_opens_the_thread(store, books, inspection, talk, me):
    other = begin(store, books, inspection)
    assert answering_back.news(other) is None
    with store.begin() as db:
        db.execute(text("update flag set tag = :tag"), {"tag": flag_tag(other.key)})
    assert answering_back.news(other) is None, "it found it, and cannot open it"


def test_neither_row_says_which_talk_the_flag_is_of(store, talk, me, number):
    writing_back.write(store, me, number, HELLO, NOON)
    traces = (talk.sealed.id, token_hash(talk.key), talk.key.hex())
    with store.read() as db:
        for table in ("thread", "message", "flag"):
            rows = db.execute(metadata.tables[table].select()).all()
            kept = b"".join(
                v if isinstance(v, bytes) else str(v).encode() for r in rows for v in r
            )
            for trace in traces:
                assert trace.encode() not in kept, table
            assert talk.key not in kept, table


def test_a_message_that_was_moved_to_another_flag_does_not_open(
    store, books, inspection, talk, me, number
):
    writing_back.write(store, me, number, HELLO, NOON)
    other = begin(store, books, inspection)
    asking_for_a_person.ask(other, "Hello", "")
    there = flag_of(other).id
    moving.open_(store, me, there, NOON)
    with store.begin() as db:
        db.execute(text("update message set flag_id = :to"), {"to": there})
    assert answering_back.news(other).messages == ()
    thread = desk(store, me, there)
    assert (thread.messages, thread.altered) == ((), 1)


@pytest.mark.parametrize(
    "change",
    [
        "update message set number = number + 3 where number = 1",
        "update message set envelope = (select envelope from message where number = 2)"
        " where number = 1",
        "update message set envelope = substr(envelope, 1, 30) where number = 1",
    ],
    ids=["renumbered", "replayed", "cut"],
)
def test_an_altered_message_is_not_shown_and_hides_no_other(
    store, talk, me, number, change
):
    writing_back.write(store, me, number, HELLO, NOON)
    writing_back.write(store, me, number, "Take your time.", NOON)
    with store.begin() as db:
        db.execute(text(change))
    thread = desk(store, me, number)
    assert [each.text for each in thread.messages] == ["Take your time."]
    assert thread.altered == 1
    assert len(answering_back.news(talk).messages) == 1


def test_who_wrote_is_sealed_whatever_the_row_says(store, talk, me, number):
    answering_back.answer(talk, "Thanks")
    with store.begin() as db:
        db.execute(text("update message set sender = 'duty'"))
    assert desk(store, me, number).messages[0].sender is Side.CHILD


@pytest.mark.parametrize(
    ("words", "why"),
    [
        ("", Why.EMPTY),
        (" \r\n ", Why.EMPTY),
        ("x" * (messages.LONGEST + 1), Why.TOO_LONG),
    ],
)
def test_nothing_and_too_much_are_not_sent(store, talk, me, number, words, why):
    with pytest.raises(NotSent) as refused:
        writing_back.write(store, me, number, words, NOON)
    assert refused.value.why is why
    assert desk(store, me, number).messages == ()


@pytest.mark.parametrize(
    ("words", "why"), [("  \n", Why.EMPTY), ("x" * (LONGEST + 1), Why.TOO_LONG)]
)
def test_a_child_is_refused_nothing_and_too_much(talk, words, why):
    with pytest.raises(NotSent) as refused:
        answering_back.answer(talk, words)
    assert refused.value.why is why


def test_as_much_as_fits_is_sent(store, talk, me, number):
    writing_back.write(store, me, number, "x" * messages.LONGEST, NOON)
    answering_back.answer(talk, "y" * LONGEST)
    assert len(desk(store, me, number).messages) == 2


def test_a_double_click_sends_once_and_the_same_words_later_twice(
    store, talk, me, number
):
    for _ in range(2):
        writing_back.write(store, me, number, HELLO, NOON, after=0)
        answering_back.answer(talk, "Thanks", after=0)
    assert len(desk(store, me, number).messages) == 2
    writing_back.write(store, me, number, HELLO, NOON, after=2)
    answering_back.answer(talk, "Thanks", after=2)
    assert len(desk(store, me, number).messages) == 4


def test_when_the_child_saw_it_is_noted_once(store, talk, me, number):
    writing_back.write(store, me, number, HELLO, NOON)
    assert desk(store, me, number).messages[0].seen_at is None
    for at in (LATER, LATER + timedelta(hours=1)):
        there = replace(talk, now=at)
        answering_back.saw(there, answering_back.news(there), 1)
    assert desk(store, me, number).messages[0].seen_at == LATER
    assert verbs(store).count("the child saw it") == 1


def test_what_was_not_on_the_screen_yet_is_not_seen(store, talk, me, number):
    writing_back.write(store, me, number, HELLO, NOON)
    thread = answering_back.news(talk)
    writing_back.write(store, me, number, "One more.", NOON)
    answering_back.saw(talk, thread, thread.last)
    assert [each.text for each in answering_back.news(talk).unseen] == ["One more."]


def test_what_waits_for_the_desk_is_counted_until_it_was_seen(store, talk, me, number):
    answering_back.answer(talk, "Thanks")
    answering_back.answer(talk, "I like it here")
    assert writing_back.unread(store, me) == {number: 2}
    assert desk(store, me, number).unread
    writing_back.saw(store, me, number, 2, LATER)
    assert writing_back.unread(store, me) == {}
    assert not desk(store, me, number).unread
