"""A child is told the truth about who is there to read, before they begin."""

import pytest
from sqlalchemy import delete, update

from engage.core.duty.rota import Shift, Span
from engage.store import clocks, shifts
from engage.store.desk_tables import shift
from engage.store.tables import inspection as table
from tests.factories import NOON


@pytest.fixture
def door(visit, store, inspection, clock):
    """As far as the page that asks whether to begin. The dispatcher is at work."""

    def come_in():
        with store.begin() as db:
            clocks.beat(db, clock.now)
        visit.post("/join", code=inspection.join_code)
        return visit.post("/voice", voice="older").main.text

    return come_in


def no_shifts(store):
    with store.begin() as db:
        db.execute(delete(shift))


def test_in_cover_nothing_is_said(door):
    assert "Nobody from the inspection" not in door()


def test_at_night_it_says_when_somebody_is_back_and_whom_to_call(
    door, store, inspection, clock
):
    no_shifts(store)
    tomorrow = Span(NOON.replace(day=26, hour=9), NOON.replace(day=26, hour=17))
    with store.begin() as db:
        shifts.add_many(db, inspection.id, [Shift(inspection.staff["dee"], tomorrow)])
    page = door()
    assert "They are back at 9:00am tomorrow" in page
    assert page.index("01632 960 999") < page.index("Nobody from the inspection")
    assert "Yes, let’s begin" in page


def test_without_any_rota_nothing_is_promised(door, store):
    no_shifts(store)
    assert "I don’t know when they are back" in door()


def test_an_inspection_may_pause_new_talks_while_nobody_is_there(
    door, visit, store, inspection
):
    no_shifts(store)
    with store.begin() as db:
        db.execute(update(table).values(pauses=True))
    page = door()
    assert "We are not starting new talks just now" in page
    assert "Childline" in page
    assert "Yes, let’s begin" not in page
    visit.post("/begin", answer="yes")
    visit.get("/talk", 404)


def test_a_pause_begun_meanwhile_keeps_the_way_in(door, visit, store, inspection):
    door()
    no_shifts(store)
    with store.begin() as db:
        db.execute(update(table).values(pauses=True))
    page = visit.post("/begin", answer="yes").main.text
    assert "We are not starting new talks just now" in page
    with store.begin() as db:
        db.execute(update(table).values(pauses=False))
    assert "Yes, let’s begin" in visit.get("/who").main.text
