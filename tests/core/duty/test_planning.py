"""A rota as somebody writes it: an office hour is either covered or shown as a gap."""

from datetime import UTC, date, datetime, time, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from engage.core.duty.planning import (
    BadShift,
    Problem,
    check,
    every_office_day,
    gaps,
    shift_on,
    weeks,
)
from engage.core.duty.rota import Shift, Span, covered
from engage.core.safeguarding.clock import SCOTLAND, Cover

OFFICE = Cover((0, 1, 2, 3, 4), time(9), time(17))
MONDAY = date(2026, 11, 23)
MARCH, OCTOBER = date(2027, 3, 28), date(2026, 10, 25)
"""Sundays on which the clock changes."""
NOW = datetime(2026, 11, 23, 12, tzinfo=UTC)
NONE = {}


def at(day, hour, minute=0):
    return datetime.combine(day, time(hour, minute), SCOTLAND)


def shift(day=MONDAY, start=9, end=17, staff=1, place=1):
    return shift_on(day, time(start), time(end), staff, place)


def problem(make, *given):
    with pytest.raises(BadShift) as refused:
        make(*given)
    return refused.value.problem


def test_a_shift_is_as_the_wall_clock_says():
    summer = shift(date(2026, 7, 1))
    assert summer.span == Span(
        datetime(2026, 7, 1, 8, tzinfo=UTC), datetime(2026, 7, 1, 16, tzinfo=UTC)
    )
    assert shift().span.start == datetime(2026, 11, 23, 9, tzinfo=UTC)


def test_to_an_earlier_time_is_past_midnight():
    night = shift(start=22, end=6).span
    assert night == Span(at(MONDAY, 22), at(MONDAY + timedelta(1), 6))


def test_the_night_in_march_is_an_hour_shorter_and_in_october_longer():
    for day, hours in ((MARCH, 7), (OCTOBER, 9)):
        night = shift(day - timedelta(1), 22, 6).span
        assert night.end - night.start == timedelta(hours=hours)


@pytest.mark.parametrize(
    ("start", "end"), [(time(1, 30), time(9)), (time(0), time(1, 30))]
)
def test_a_time_that_the_clock_jumps_over_is_refused(start, end):
    assert problem(shift_on, MARCH, start, end, 1, 1) is Problem.NO_SUCH_TIME
    assert shift_on(MARCH + timedelta(7), start, end, 1, 1)


def test_a_time_that_comes_twice_is_the_first_to_start_and_the_second_to_end():
    late = shift_on(OCTOBER, time(1, 30), time(3), 1, 1).span
    assert late.start == datetime(2026, 10, 25, 0, 30, tzinfo=UTC)
    early = shift_on(OCTOBER, time(0), time(1, 30), 1, 1).span
    assert early.end == datetime(2026, 10, 25, 1, 30, tzinfo=UTC)


def test_the_same_time_twice_is_refused():
    assert problem(shift_on, MONDAY, time(9), time(9), 1, 1) is Problem.SAME_TIME


@pytest.mark.parametrize(
    ("new", "others", "wrong"),
    [
        (shift(), [shift(start=16, end=18, place=2)], Problem.OVERLAPS_OWN),
        (shift(), [shift(staff=2, start=16, end=18)], Problem.PLACE_TAKEN),
        (shift(start=9, end=12), [], Problem.IN_THE_PAST),
        (shift(MONDAY + timedelta(732)), [], Problem.TOO_FAR),
    ],
)
def test_what_cannot_be_on_the_rota_is_refused_with_its_reason(new, others, wrong):
    assert problem(check, new, others, NOW) is wrong


@pytest.mark.parametrize(
    "other",
    [
        shift(start=17, end=20),
        shift(start=7, end=9),
        shift(staff=2, place=2),
        shift(MONDAY + timedelta(1)),
    ],
)
def test_shifts_that_only_meet_or_have_another_place_are_fine(other):
    check(shift(), [other], NOW)


def test_two_years_ahead_is_near_enough():
    check(shift(MONDAY + timedelta(730)), [], NOW)


def test_a_shift_that_has_begun_can_still_be_added():
    check(shift(start=9, end=17), [], NOW)


def test_a_day_without_anybody_is_a_gap_and_a_weekend_or_a_holiday_is_none():
    found = gaps(OFFICE, {MONDAY + timedelta(1): "St Andrew’s Day"}, [], MONDAY, 7)
    assert [each.start.date() for each in found] == [
        MONDAY + timedelta(ahead) for ahead in (0, 2, 3, 4)
    ]


def test_what_is_left_of_a_day_is_a_gap():
    there = [shift(start=9, end=11), shift(start=11, end=13), shift(start=14, end=20)]
    assert gaps(OFFICE, NONE, there, MONDAY, 1) == (
        Span(at(MONDAY, 13), at(MONDAY, 14)),
    )


def test_a_week_is_monday_to_sunday_with_what_each_day_has():
    night = shift(MONDAY, 22, 6)
    second = shift(start=9, end=12, staff=2, place=2)
    first = shift(start=9, end=12)
    (week, *others) = weeks(
        OFFICE,
        {MONDAY: "A holiday"},
        [night, second, first],
        MONDAY + timedelta(3),
        2,
    )
    assert [len(each.days) for each in (week, *others)] == [7, 7]
    monday, tuesday = week.days[:2]
    assert monday.date == MONDAY
    assert monday.holiday == "A holiday"
    assert [each.shift for each in monday.entries] == [first, second, night]
    assert monday.gaps == ()
    assert [(each.shift, each.goes_on) for each in tuesday.entries] == [(night, True)]
    assert tuesday.gaps == (
        Span(at(MONDAY + timedelta(1), 9), at(MONDAY + timedelta(1), 17)),
    )


def test_a_run_is_every_working_day_but_for_holidays():
    last = MONDAY + timedelta(8)
    found = every_office_day(OFFICE, {MONDAY: "x"}, MONDAY, last, 7, 2)
    days = [each.span.start.date() for each in found]
    assert days == [MONDAY + timedelta(ahead) for ahead in (1, 2, 3, 4, 7, 8)]
    assert {(each.staff, each.place) for each in found} == {(7, 2)}
    assert gaps(OFFICE, {MONDAY: "x"}, found, MONDAY, 9) == ()


@pytest.mark.parametrize(
    ("last", "wrong"),
    [
        (MONDAY - timedelta(1), Problem.BACKWARDS),
        (MONDAY + timedelta(400), Problem.TOO_FAR),
    ],
)
def test_a_run_that_goes_backwards_or_on_for_ever_is_refused(last, wrong):
    assert problem(every_office_day, OFFICE, NONE, MONDAY, last, 1, 1) is wrong


def test_office_hours_within_the_hour_that_is_jumped_over_are_none():
    sundays = Cover((6,), time(1, 15), time(1, 45))
    assert gaps(sundays, NONE, [], MARCH, 1) == ()
    assert len(gaps(sundays, NONE, [], MARCH + timedelta(7), 1)) == 1


def test_office_hours_within_the_hour_that_comes_twice_are_both_and_what_is_between():
    sundays = Cover((6,), time(1, 15), time(1, 45))
    (hours,) = gaps(sundays, NONE, [], OCTOBER, 1)
    assert hours.end - hours.start == timedelta(minutes=90)


STEP = 5  # minutes: the spans below begin and end on these
QUARTERS = st.builds(
    time, st.integers(0, 23).filter(lambda hour: hour != 1), st.sampled_from([0, 15])
)
OFFICES = st.builds(
    lambda days, times: Cover(tuple(sorted(days)), *sorted(times)),
    st.sets(st.integers(0, 6), min_size=1),
    st.lists(QUARTERS, min_size=2, max_size=2, unique=True),
)
HOURS_OF_THREE_DAYS = 75


def spans_around(day):
    start = datetime.combine(day, time(), UTC) - timedelta(days=2)

    def span(begins, lasts):
        begin = start + STEP * timedelta(minutes=begins)
        return Span(begin, begin + STEP * timedelta(minutes=lasts))

    return st.lists(st.builds(span, st.integers(0, 1700), st.integers(1, 300)))


def steps(spans):
    """Every step of the spans, as often as one of them has it."""
    return [
        int(each.start.timestamp()) // 60 // STEP + passed
        for each in spans
        for passed in range((each.end - each.start) // timedelta(minutes=STEP))
    ]


@pytest.mark.parametrize("change", [MARCH, OCTOBER, MONDAY])
@settings(deadline=None, max_examples=60)
@given(office=OFFICES, data=st.data())
def test_gaps_and_cover_are_the_office_hours_exactly(change, office, data):
    """Each of them once, by the wall clock; also when the clock changes."""
    first = change - timedelta(days=1)
    free = data.draw(st.sets(st.sampled_from([first, change])))
    spans = data.draw(spans_around(change))
    there = [Shift(each, span) for each, span in enumerate(spans, start=1)]

    left = steps(gaps(office, dict.fromkeys(free, "free"), there, first, 3))

    begin = int(at(first, 0).timestamp()) // 60 // STEP
    days = [first + timedelta(ahead) for ahead in range(3)]
    opened = {
        step
        for step in range(begin, begin + HOURS_OF_THREE_DAYS * 60 // STEP)
        if _open_at(office, days, free, datetime.fromtimestamp(step * STEP * 60, UTC))
    }
    assert len(left) == len(set(left))
    assert set(left) == opened - set(steps(covered(there)))


def _open_at(office, days, free, moment):
    """The office hours, said step by step, by the wall clock alone."""
    local = moment.astimezone(SCOTLAND)
    return (
        local.date() in days
        and local.weekday() in office.days
        and local.date() not in free
        and office.opens <= local.time() < office.closes
    )
