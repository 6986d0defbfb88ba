"""The thread of a flag, on both databases."""

from datetime import timedelta

import pytest

from engage.core.duty.messages import Ended, Side
from engage.store import flags, inspections, threads
from engage.store.threads import NewMessage, NewThread
from tests.store.making import NOON, make_scene, make_staff, new_flag

LATER = NOON + timedelta(minutes=5)
TAG = "t" * 64


@pytest.fixture
def scene(store):
    with store.begin() as db:
        return make_scene(db)


@pytest.fixture
def flag(store, scene):
    """A flag with its thread."""
    with store.begin() as db:
        number = flags.add(db, new_flag(scene, tag=TAG))
        threads.add(db, number, NewThread(b"for duty", b"for child"))
    return number


def writes(db, flag, number, sender=Side.DUTY, staff=None):
    new = NewMessage(
        flag=flag,
        number=number,
        sender=sender,
        at=NOON,
        envelope=b"sealed %d" % number,
        staff=staff,
    )
    threads.add_message(db, new)


def found(store, flag):
    with store.read() as db:
        return threads.of_flag(db, flag)


def test_a_thread_comes_back_whole_by_its_flag_and_by_the_tag_of_its_talk(
    store, scene, flag
):
    with store.begin() as db:
        writes(db, flag, 1, staff=scene.ailsa)
        writes(db, flag, 2, Side.CHILD)
        by_tag = threads.by_tag(db, TAG)
    thread = found(store, flag)
    assert by_tag == thread
    assert (thread.flag, thread.inspection) == (flag, scene.inspection)
    assert (thread.reference, thread.vault) == ("K7-42", scene.duty)
    assert (thread.for_duty, thread.for_child) == (b"for duty", b"for child")
    assert (thread.ended, thread.ended_at) == (None, None)
    assert [(m.number, m.sender, m.envelope) for m in thread.messages] == [
        (1, Side.DUTY, b"sealed 1"),
        (2, Side.CHILD, b"sealed 2"),
    ]
    assert thread.messages[0].at == NOON
    assert thread.last == 2


def test_a_thread_without_messages_is_there_and_a_flag_by_hand_has_none(
    store, scene, flag
):
    assert found(store, flag).messages == ()
    assert found(store, flag).last == 0
    with store.begin() as db:
        by_hand = flags.add(db, new_flag(scene, "A1-01"))
        assert threads.of_flag(db, by_hand) is None
        assert threads.by_tag(db, "another") is None


def test_the_first_key_of_a_thread_stands(store, flag):
    with store.begin() as db:
        threads.add(db, flag, NewThread(b"another", b"another"))
    assert found(store, flag).for_duty == b"for duty"


def test_a_number_is_taken_once_and_the_transaction_stands(store, flag):
    with store.begin() as db:
        writes(db, flag, 1)
        with pytest.raises(threads.NumberTaken):
            writes(db, flag, 1, Side.CHILD)
        writes(db, flag, 2, Side.CHILD)
    assert [m.sender for m in found(store, flag).messages] == [Side.DUTY, Side.CHILD]


def test_what_one_side_wrote_is_seen_once_and_up_to_a_number(store, flag):
    with store.begin() as db:
        for number, sender in enumerate((Side.DUTY, Side.CHILD, Side.DUTY), 1):
            writes(db, flag, number, sender)
        assert threads.mark_seen(db, flag, Side.DUTY, 2, LATER) == 1
        assert threads.mark_seen(db, flag, Side.DUTY, 2, LATER + timedelta(1)) == 0
    assert [m.seen_at for m in found(store, flag).messages] == [LATER, None, None]


@pytest.mark.parametrize("by", [Ended.CHILD, Ended.DUTY])
def test_whoever_closes_first_is_the_one_who_can_undo_it(store, flag, by):
    other = Ended.DUTY if by is Ended.CHILD else Ended.CHILD
    with store.begin() as db:
        assert threads.end(db, flag, by, LATER)
        assert not threads.end(db, flag, other, LATER)
        assert not threads.reopen(db, flag, other)
        thread = threads.of_flag(db, flag)
        assert (thread.ended, thread.ended_at) == (by, LATER)
        assert threads.reopen(db, flag, by)
    assert found(store, flag).ended is None


def test_a_deleted_talk_ends_its_thread_for_good_and_its_key_goes(store, scene, flag):
    with store.begin() as db:
        other = flags.add(db, new_flag(scene, "A1-01", tag="u" * 64))
        threads.add(db, other, NewThread(b"for duty", b"for child"))
        threads.end(db, flag, Ended.DUTY, NOON)
        threads.end_of_talk(db, TAG, LATER)
        assert not threads.reopen(db, flag, Ended.DUTY)
        assert not threads.reopen(db, flag, Ended.CHILD)
    thread = found(store, flag)
    assert (thread.ended, thread.ended_at) == (Ended.DELETED, LATER)
    assert (thread.for_child, thread.for_duty) == (b"", b"for duty")
    assert found(store, other).ended is None


def test_the_desk_is_told_what_waits_in_its_own_inspections_alone(store, scene, flag):
    with store.begin() as db:
        writes(db, flag, 1)
        writes(db, flag, 2, Side.CHILD)
        writes(db, flag, 3, Side.CHILD)
        stranger = make_staff(db, "stranger")
        assert threads.unread(db, scene.ailsa) == {flag: 2}
        assert threads.unread(db, stranger) == {}
        threads.mark_seen(db, flag, Side.CHILD, 2, LATER)
        assert threads.unread(db, scene.ailsa) == {flag: 1}
        inspections.relieve(db, scene.inspection, scene.ailsa)
        assert threads.unread(db, scene.ailsa) == {}
