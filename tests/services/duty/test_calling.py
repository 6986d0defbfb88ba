"""A flag is told to somebody, whatever stops in between; nobody is told for nothing.

Everything is real but the last step: notices go into a list instead of a mail server.
"""

import threading
from dataclasses import dataclass, field
from datetime import timedelta

import pytest
from sqlalchemy import insert

from engage.core.safeguarding.concerns import Level
from engage.core.safeguarding.flags import Move
from engage.services import dispatching
from engage.services.channels.sending import Failed, Refused
from engage.services.delivering import LEASE, Postman
from engage.services.dispatching import SILENT_AFTER, Dispatcher
from engage.store import clocks, contacts, flags, journal, notices
from engage.store.contacts import NewContact
from engage.store.desk_tables import barred
from tests.factories import NOON, Clock, make_flag, make_inspection

MINUTE = timedelta(minutes=1)


@dataclass
class Box:
    """Where notices arrive. `broken`: channels that fail; `refusing`: addresses."""

    clock: Clock
    got: list = field(default_factory=list)
    broken: set = field(default_factory=set)
    refusing: set = field(default_factory=set)
    lock: threading.Lock = field(default_factory=threading.Lock)

    def send(self, channel, address, keys, notice):
        if channel in self.broken:
            raise Failed("it does not answer")
        if address in self.refusing:
            raise Refused("nobody there")
        with self.lock:
            minutes = (self.clock.now - NOON) // MINUTE
            self.got.append((minutes, channel, address, notice.step))


@pytest.fixture
def clock():
    return Clock()


@pytest.fixture
def made(store, clock):
    made = make_inspection(store)
    with store.begin() as db:
        for name in ("dee", "lena"):
            add(db, made, name, "mail")
    return made


def add(db, made, name, channel):
    contacts.add(
        db,
        NewContact(
            staff=made.staff[name], channel=channel, address=f"{name}@{channel}"
        ),
    )


@pytest.fixture
def box(clock):
    return Box(clock)


@pytest.fixture
def dispatch(store, clock, box):
    return Dispatcher(store, Postman(store, box.send, "", clock), clock)


def minutes(clock, dispatch, number, step=1):
    """Time passes, a round each minute."""
    for _ in range(0, number, step):
        clock.forward(minutes=step)
        dispatch.round()


def test_nobody_answers_and_it_goes_up_step_by_step(store, made, box, dispatch, clock):
    make_flag(store, made, level=Level.NOW)
    dispatch.round()
    minutes(clock, dispatch, 12)
    assert box.got == [
        (0, "mail", "dee@mail", "on-duty"),
        (5, "mail", "dee@mail", "lead"),
        (5, "mail", "lena@mail", "lead"),
        (10, "mail", "dee@mail", "everybody"),
        (10, "mail", "lena@mail", "everybody"),
    ]


def test_a_flag_that_is_acknowledged_calls_nobody_until_it_must_be_handed_over(
    store, made, box, dispatch, clock
):
    number = make_flag(store, made, level=Level.NOW)
    dispatch.round()
    with store.begin() as db:
        for move in (Move.OPEN, Move.ACKNOWLEDGE):
            flags.move(db, number, move, by=made.staff["dee"], at=clock.now)
    minutes(clock, dispatch, 59)
    assert len(box.got) == 1
    minutes(clock, dispatch, 2)
    assert box.got[1:] == [(60, "mail", "dee@mail", "holder")]


def test_a_concern_goes_to_one_address_and_to_the_next_when_that_one_is_silent(
    store, made, box, dispatch, clock
):
    with store.begin() as db:
        add(db, made, "dee", "push")
    make_flag(store, made)
    dispatch.round()
    minutes(clock, dispatch, 5)
    assert box.got == [(0, "mail", "dee@mail", "on-duty")]
    box.broken = {"mail"}
    make_flag(store, made, reference="XY99", at=clock.now)
    minutes(clock, dispatch, 4)
    assert box.got[1:] == [(8, "push", "dee@push", "on-duty")]


def test_a_now_flag_goes_to_every_address_at_once(store, made, box, dispatch, clock):
    with store.begin() as db:
        add(db, made, "dee", "push")
    make_flag(store, made, level=Level.NOW)
    dispatch.round()
    assert sorted(channel for _, channel, *_ in box.got) == ["mail", "push"]


def test_an_address_that_refuses_is_told_no_more_and_the_next_is_tried_at_once(
    store, made, box, dispatch, clock
):
    with store.begin() as db:
        add(db, made, "dee", "push")
    box.refusing = {"dee@mail"}
    make_flag(store, made)
    dispatch.round()
    dispatch.round()
    assert box.got == [(0, "push", "dee@push", "on-duty")]
    with store.read() as db:
        first, second = contacts.of_staff(db, made.staff["dee"])
    assert (first.refused_at, first.refused_why) == (NOON, "nobody there")
    assert second.refused_at is None


def test_after_an_outage_each_person_gets_one_notice_and_not_the_whole_past(
    store, made, box, dispatch, clock
):
    box.broken = {"mail"}
    make_flag(store, made, level=Level.NOW)
    dispatch.round()
    minutes(clock, dispatch, 55)
    assert box.got == []
    with store.read() as db:
        (channel, (since, _count)), *rest = notices.stuck(db, clock.now).items()
    assert (channel, rest) == ("mail", [])
    assert since >= NOON
    box.broken = set()
    minutes(clock, dispatch, 11)
    told = [address for _, _, address, _ in box.got if box.got]
    assert sorted(set(told)) == ["dee@mail", "lena@mail"]
    assert len(told) <= 4


def test_what_was_acknowledged_meanwhile_is_not_called_about_after_an_outage(
    store, made, box, dispatch, clock
):
    box.broken = {"mail"}
    number = make_flag(store, made, level=Level.NOW)
    dispatch.round()
    clock.forward(minutes=1)
    with store.begin() as db:
        for move in (Move.OPEN, Move.ACKNOWLEDGE):
            flags.move(db, number, move, by=made.staff["lena"], at=clock.now)
    box.broken = set()
    minutes(clock, dispatch, 20)
    assert box.got == []


def test_whoever_dies_with_a_notice_leaves_it_to_another(
    store, made, box, dispatch, clock
):
    make_flag(store, made, level=Level.NOW)

    class Killed(BaseException):
        pass

    def dies(*_args):
        raise Killed

    dying = Postman(store, dies, "", clock)
    dispatching.calling.call(store, clock.now)
    with pytest.raises(Killed):
        dying.deliver("mail", clock.now)
    dispatch.round()
    assert box.got == []
    clock.now += LEASE
    dispatch.round()
    assert [address for _, _, address, _ in box.got] == ["dee@mail"]


def test_many_dispatchers_side_by_side_call_once(store, made, box, clock):
    many = [
        Dispatcher(store, Postman(store, box.send, "", clock), clock) for _ in range(4)
    ]
    for number in range(30):
        make_flag(store, made, level=Level.NOW, reference=f"A{number}")
    threads = [threading.Thread(target=each.round) for each in many]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    for each in many:
        each.round()
    assert len(box.got) == 30
    with store.read() as db:
        steps = journal.since(db, journal.Verb.STEP, NOON)
    assert len(steps) == 30


def test_a_year_of_escalations(store, made, box, dispatch, clock):
    """Nobody ever answers: as long as somebody has an address, they hear of it."""
    make_flag(store, made)
    for _ in range(365):
        clock.forward(days=1)
        dispatch.round()
    # A look a day calls at most once a day; the rota ends after some weeks.
    assert 300 < len({minutes for minutes, *_ in box.got}) <= 365


def test_who_is_barred_is_never_told(store, made, box, dispatch, clock):
    number = make_flag(store, made, level=Level.NOW)
    with store.begin() as db:
        db.execute(
            insert(barred).values(flag_id=number, staff_id=made.staff["dee"], at=NOON)
        )
    dispatch.round()
    minutes(clock, dispatch, 30)
    assert {address for _, _, address, _ in box.got} == {"lena@mail"}


def test_the_hub_of_an_inspection_hears_every_step(store, made, box, dispatch, clock):
    with store.begin() as db:
        hub = NewContact(inspection=made.id, channel="webhook", address="hub@webhook")
        contacts.add(db, hub)
    make_flag(store, made, level=Level.NOW)
    dispatch.round()
    minutes(clock, dispatch, 11)
    heard = [step for _, _, address, step in box.got if address == "hub@webhook"]
    assert heard == ["on-duty", "lead", "everybody"]


def test_silence_is_seen_and_written_down(store, made, dispatch, clock):
    assert not dispatching.health(store, clock.now).beating
    dispatch.round()
    assert dispatching.health(store, clock.now).well
    clock.now += SILENT_AFTER + timedelta(seconds=1)
    assert not dispatching.health(store, clock.now).well
    clock.forward(minutes=5)
    dispatch.round()
    assert dispatching.health(store, clock.now).well
    with store.read() as db:
        (entry,) = journal.since(db, journal.Verb.DISPATCHER_STOPPED, NOON)
        assert clocks.last_beat(db) == clock.now
    assert '"seconds"' in entry.detail
