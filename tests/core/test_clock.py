"""What is promised about time is true in Scotland, whatever the calendar does."""

from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from engage.core.duty.rota import Span
from engage.core.safeguarding.clock import (
    SCOTLAND,
    Cover,
    Promise,
    promise,
    said,
)

HALF_HOUR = timedelta(minutes=30)
CHRISTMAS = {date(2026, 12, 25), date(2026, 12, 28)}


def at(*when: int) -> datetime:
    return datetime(*when, tzinfo=SCOTLAND)


def rota(
    opens: time = time(9),
    closes: time = time(17),
    days: tuple[int, ...] = (0, 1, 2, 3, 4),
) -> tuple[Span, ...]:
    """Somebody on duty in these hours every day for some years, but at Christmas."""
    every = [date(2025, 12, 1) + timedelta(days=n) for n in range(6 * 365)]
    return tuple(
        Span(
            datetime.combine(day, opens, SCOTLAND),
            datetime.combine(day, closes, SCOTLAND),
        )
        for day in every
        if day.weekday() in days and day not in CHRISTMAS
    )


OFFICE = rota()


def by(
    now: datetime, cover: tuple[Span, ...] = OFFICE, limit: timedelta = HALF_HOUR
) -> Promise:
    return promise(now, cover, limit)


@pytest.mark.parametrize(
    ("now", "covered", "due"),
    [
        (at(2026, 11, 25, 16, 0), True, at(2026, 11, 25, 16, 30)),
        (at(2026, 11, 25, 16, 30), True, at(2026, 11, 25, 17, 0)),
        (at(2026, 11, 25, 16, 50), True, at(2026, 11, 26, 9, 20)),
        (at(2026, 11, 25, 17, 0), False, at(2026, 11, 26, 9, 30)),
        (at(2026, 11, 25, 8, 59), False, at(2026, 11, 25, 9, 30)),
        (at(2026, 11, 25, 9, 0), True, at(2026, 11, 25, 9, 30)),
        (at(2026, 11, 27, 23, 0), False, at(2026, 11, 30, 9, 30)),
        (at(2026, 11, 28, 12, 0), False, at(2026, 11, 30, 9, 30)),
        (at(2026, 12, 24, 16, 45), True, at(2026, 12, 29, 9, 15)),
        (at(2026, 12, 25, 12, 0), False, at(2026, 12, 29, 9, 30)),
    ],
)
def test_time_is_promised_only_while_somebody_is_on_duty(now, covered, due):
    assert by(now) == Promise(covered, due)


def test_the_clocks_going_back_or_forward_never_shift_the_opening():
    assert by(at(2026, 10, 24, 20, 0)).by == at(2026, 10, 26, 9, 30)
    assert by(at(2027, 3, 27, 20, 0)).by == at(2027, 3, 29, 9, 30)


def test_the_hour_that_happens_twice_is_counted_twice():
    nights = rota(time(0), time(23, 59), tuple(range(7)))
    before = datetime(2026, 10, 25, 0, 30, tzinfo=UTC)
    due = by(before, nights, timedelta(hours=1)).by
    assert due.astimezone(UTC) == datetime(2026, 10, 25, 1, 30, tzinfo=UTC)


def test_summer_is_told_in_summer_time():
    now = datetime(2026, 7, 1, 15, 0, tzinfo=UTC)
    promised = by(now)
    assert promised.by == at(2026, 7, 1, 16, 30)
    assert said(promised.by, now) == "4:30 today"


def test_seconds_never_make_a_promise_shorter():
    now = at(2026, 11, 25, 16, 0).replace(second=41)
    assert by(now).by == at(2026, 11, 25, 16, 31)


@pytest.mark.parametrize(
    ("due", "words"),
    [
        (at(2026, 11, 25, 16, 30), "4:30 today"),
        (at(2026, 11, 25, 9, 5), "9:05am today"),
        (at(2026, 11, 26, 9, 30), "9:30am tomorrow"),
        (at(2026, 11, 30, 9, 30), "9:30am on Monday"),
        (at(2026, 11, 26, 12, 0), "12:00pm tomorrow"),
        (at(2026, 11, 26, 0, 15), "12:15am tomorrow"),
        (at(2027, 1, 4, 9, 30), "9:30am on Monday 4 January"),
        (at(2026, 12, 2, 9, 30), "9:30am on Wednesday 2 December"),
    ],
)
def test_times_are_said_in_plain_words(due, words):
    assert said(due, at(2026, 11, 25, 14, 0)) == words


def test_nothing_is_promised_if_too_little_cover_is_planned():
    last = OFFICE[:1]
    assert promise(last[0].start, last, HALF_HOUR).by is not None
    assert promise(last[0].start, last, timedelta(hours=9)) == Promise(True, None)
    assert promise(last[0].end, last, HALF_HOUR) == Promise(False, None)
    assert promise(at(2026, 11, 25, 12), (), HALF_HOUR) == Promise(False, None)


def test_a_time_without_its_zone_is_refused():
    with pytest.raises(ValueError, match="zone"):
        by(datetime(2026, 11, 25, 12))  # noqa: DTZ001


@pytest.mark.parametrize(
    ("days", "opens", "closes"),
    [((), time(9), time(17)), ((7,), time(9), time(17)), ((0,), time(17), time(9))],
)
def test_impossible_cover_is_refused(days, opens, closes):
    with pytest.raises(ValueError, match="cover"):
        Cover(days, opens, closes)


@given(
    st.datetimes(
        datetime(2026, 1, 1),  # noqa: DTZ001
        datetime(2030, 1, 1),  # noqa: DTZ001
        timezones=st.just(UTC),
    ),
    st.integers(0, 600),
)
def test_a_promise_is_kept_in_office_hours_and_never_too_soon(now, minutes):
    limit = timedelta(minutes=minutes)
    promised = by(now, limit=limit)
    due = promised.by.astimezone(ZoneInfo("Europe/London"))
    assert promised.by.timestamp() >= (now + limit).timestamp()
    assert due.weekday() < 5
    assert due.date() not in CHRISTMAS
    assert time(9) <= due.time() <= time(17)
