"""What a child writes back reaches somebody, though nothing in it worries."""

from dataclasses import replace
from datetime import timedelta

import pytest
from sqlalchemy import text

from engage.services import answering_back, unread, writing_back
from engage.services.delivering import Postman
from engage.services.dispatching import Dispatcher
from engage.store import contacts
from engage.store.contacts import NewContact
from engage.store.desk_tables import notice
from tests.factories import NOON, Clock
from tests.services.writing.making import HELLO

SOON = NOON + timedelta(minutes=1)


@pytest.fixture
def clock():
    return Clock()


@pytest.fixture
def got():
    return []


@pytest.fixture
def since():
    return []


@pytest.fixture
def dispatch(store, inspection, clock, got, since):
    with store.begin() as db:
        for name in ("dee", "lena"):
            address = f"{name}@desk.example"
            mine = inspection.staff[name]
            contacts.add(db, NewContact(staff=mine, channel="mail", address=address))

    def send(_channel, address, _keys, said):
        got.append((address.split("@")[0], said.step))
        since.append(said.since)

    return Dispatcher(store, Postman(store, send, "", clock), clock)


@pytest.fixture
def answered(store, talk, me, number, dispatch, clock):
    """The flag is in dee's hands, and the child has answered her."""
    writing_back.write(store, me, number, HELLO, NOON)
    dispatch.round()
    clock.forward(minutes=1)
    answering_back.answer(replace(talk, now=clock.now), "Thank you")
    return number


def go_on(dispatch, clock, minutes):
    for _ in range(minutes):
        clock.forward(minutes=1)
        dispatch.round()


def test_whoever_has_the_flag_is_told_once_and_the_lead_when_nobody_reads(
    answered, dispatch, clock, got, since
):
    dispatch.round()
    go_on(dispatch, clock, 25)
    assert got == [("dee", "child-wrote")]
    assert since == [SOON], "when the child wrote, not when the flag was raised"
    go_on(dispatch, clock, 20)
    assert sorted(got[1:]) == [("dee", "child-waits"), ("lena", "child-waits")]


def test_read_words_call_nobody(store, answered, me, dispatch, clock, got):
    thread = writing_back.thread(store, me, answered)
    writing_back.saw(store, me, answered, thread.last, SOON)
    go_on(dispatch, clock, 45)
    assert got == []


def test_words_after_the_end_are_told_too(store, answered, me, clock, dispatch, got):
    with store.begin() as db:
        db.execute(text("update flag set stage = 'closed', next_at = null"))
    go_on(dispatch, clock, 1)
    assert got == [("dee", "child-wrote")]


def test_where_nobody_has_an_address_nothing_goes_round_and_round(
    store,
    talk,
    me,
    number,
):
    writing_back.write(store, me, number, HELLO, NOON)
    answering_back.answer(talk, "Thank you")
    before = _journal(store)
    assert [unread.tell(store, SOON) for _ in range(3)] == [0, 0, 0]
    assert _journal(store) == before


def test_two_dispatchers_tell_once(store, answered, clock):
    assert unread.tell(store, clock.now) == 1
    assert unread.tell(store, clock.now) == 0
    with store.read() as db:
        assert (
            len(db.execute(notice.select().where(notice.c.step == "child-wrote")).all())
            == 1
        )


def test_while_the_flag_itself_waits_its_own_clock_calls(
    store, talk, me, number, clock
):
    answering_back.answer(talk, "Thank you")
    with store.begin() as db:
        db.execute(text("update flag set stage = 'raised'"))
    assert unread.tell(store, clock.now) == 0


def _journal(store):
    with store.read() as db:
        return db.execute(text("select count(*) from journal")).scalar_one()
