"""Shifts: each on one inspection's rota, in order, until they are over."""

from dataclasses import replace
from datetime import timedelta

import pytest

from engage.core.duty.rota import Shift, Span
from engage.store import inspections, shifts
from tests.store.making import NOON, make_inspection, make_scene, make_staff

HOUR = timedelta(hours=1)


@pytest.fixture
def scene(store):
    with store.begin() as db:
        return make_scene(db)


@pytest.fixture
def bo(store, scene):
    with store.begin() as db:
        bo = make_staff(db, "bo")
        inspections.assign(db, scene.inspection, bo)
        return bo


@pytest.fixture
def other(store, scene):
    with store.begin() as db:
        moor = make_inspection(db, "moor")
        inspections.assign(db, moor, scene.ailsa)
        return moor


def shift(who, start=0, end=1, place=1):
    return Shift(who, Span(NOON + start * HOUR, NOON + end * HOUR), place)


def on(store, inspection, since=NOON):
    with store.read() as db:
        return shifts.of_inspection(db, inspection, since)


def plain(found):
    """Without the numbers that the store gave."""
    return [replace(each, id=0) for each in found]


def test_shifts_come_out_in_order_of_time_and_place(store, scene, bo):
    late, second = shift(bo, 2, 3), shift(bo, 0, 1, place=2)
    first = shift(scene.ailsa)
    with store.begin() as db:
        shifts.add_many(db, scene.inspection, [late, second, first])
        shifts.add_many(db, scene.inspection, [])
    found = on(store, scene.inspection)
    assert plain(found) == [first, second, late]
    assert len({each.id for each in found}) == 3


def test_the_same_shift_twice_is_one_and_any_other_is_another(store, scene, bo):
    made = shift(scene.ailsa)
    others = [
        shift(bo),
        shift(scene.ailsa, -1, 1),
        shift(scene.ailsa, 0, 2),
        shift(scene.ailsa, place=2),
    ]
    with store.begin() as db:
        assert shifts.add(db, scene.inspection, made)
        assert not shifts.add(db, scene.inspection, made)
        assert all(shifts.add(db, scene.inspection, each) for each in others)
    assert len(on(store, scene.inspection)) == 5


def test_whoever_was_taken_off_covers_nothing(store, scene, bo):
    with store.begin() as db:
        shifts.add_many(db, scene.inspection, [shift(bo), shift(scene.ailsa)])
        inspections.relieve(db, scene.inspection, bo)
    assert plain(on(store, scene.inspection)) == [shift(scene.ailsa)]


def test_what_is_over_is_left_out_and_what_goes_on_is_not(store, scene):
    over, goes_on = shift(scene.ailsa, -2, 0), shift(scene.ailsa, -1, 1)
    with store.begin() as db:
        shifts.add_many(db, scene.inspection, [over, goes_on])
    assert plain(on(store, scene.inspection)) == [goes_on]
    assert plain(on(store, scene.inspection, NOON - HOUR)) == [over, goes_on]


def test_a_shift_is_of_one_inspection_and_only_that_one_can_change_it(
    store, scene, other
):
    with store.begin() as db:
        shifts.add(db, scene.inspection, shift(scene.ailsa))
        assert shifts.add(db, other, shift(scene.ailsa))
    (made,) = on(store, scene.inspection)
    with store.begin() as db:
        assert not shifts.remove(db, other, made.id)
        shifts.cut(db, other, made.id, NOON + HOUR / 2)
    assert on(store, scene.inspection) == (made,)
    with store.begin() as db:
        assert shifts.remove(db, scene.inspection, made.id)
        assert not shifts.remove(db, scene.inspection, made.id)
    assert on(store, scene.inspection) == ()
    assert len(on(store, other)) == 1


def test_a_shift_that_is_cut_ends_then_and_stays_on_record(store, scene):
    with store.begin() as db:
        shifts.add(db, scene.inspection, shift(scene.ailsa, -1, 1))
    (made,) = on(store, scene.inspection)
    with store.begin() as db:
        shifts.cut(db, scene.inspection, made.id, NOON)
    assert on(store, scene.inspection) == ()
    (kept,) = on(store, scene.inspection, NOON - HOUR)
    assert kept == replace(made, span=Span(NOON - HOUR, NOON))
