"""Plan a rota: a shift as somebody writes it down, what is wrong with it, what is left.

Days and times are those of Scotland's wall clock. Nothing here asks the time.
"""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from enum import StrEnum

from engage.core.duty.rota import Shift, Span, covered
from engage.core.people import StaffId
from engage.core.safeguarding.clock import SCOTLAND, Cover

_DAY = timedelta(days=1)
_WEEK = 7
_JUMP = time(1, tzinfo=UTC)
"""When British clocks change, on whichever Sunday they do."""
AHEAD = timedelta(days=731)
"""Nothing is planned further ahead: it would be a slip of the pen in the year."""
LONGEST_RUN = timedelta(days=366)
"""A run is added in one go, and nobody else can write meanwhile."""
Holidays = Mapping[date, str]


class Problem(StrEnum):
    """What is wrong with a shift that somebody wants to add."""

    BACKWARDS = "backwards"
    """A run of days ends before it begins."""
    NO_SUCH_TIME = "no-such-time"
    """In the night in March the clock jumps over it."""
    SAME_TIME = "same-time"
    OVERLAPS_OWN = "overlaps-own"
    PLACE_TAKEN = "place-taken"
    """Somebody else is told in this place at that time."""
    IN_THE_PAST = "in-the-past"
    TOO_FAR = "too-far"
    """More than two years ahead, or a run of more than a year."""


class BadShift(Exception):
    """This cannot be on the rota. `day`: on which day, if it is one of several."""

    def __init__(self, problem: Problem, day: date | None = None) -> None:
        super().__init__(problem.value)
        self.problem = problem
        self.day = day


@dataclass(frozen=True, slots=True)
class Entry:
    """A shift as one day shows it. `goes_on`: it began on a day before."""

    shift: Shift
    goes_on: bool


@dataclass(frozen=True, slots=True)
class Day:
    date: date
    holiday: str | None
    entries: tuple[Entry, ...]
    gaps: tuple[Span, ...]
    """Office hours in which nobody is on duty."""


@dataclass(frozen=True, slots=True)
class Week:
    """Monday to Sunday."""

    days: tuple[Day, ...]


def shift_on(
    day: date, from_time: time, to_time: time, staff: StaffId, place: int
) -> Shift:
    """A shift that begins on a day; if it ends at an earlier time, on the day after.

    A time that comes twice, in the night in October, is the first for the start
    and the second for the end: nobody goes home an hour early by mistake.

    Raises:
        BadShift: both times are the same, or one does not exist on that day.
    """
    if from_time == to_time:
        raise BadShift(Problem.SAME_TIME, day)
    last = day if from_time < to_time else day + _DAY
    start, end = _local(day, from_time), _local(last, to_time, second=True)
    if not (_exists(start) and _exists(end)):
        raise BadShift(Problem.NO_SUCH_TIME, day)
    return Shift(staff, Span(start, end), place)


def check(new: Shift, others: Iterable[Shift], now: datetime) -> None:
    """Whether this shift can be on the rota beside the others.

    Raises:
        BadShift: see there.
    """
    day = day_of(new.span.start)
    if new.span.end <= now:
        raise BadShift(Problem.IN_THE_PAST, day)
    if new.span.start - now > AHEAD:
        raise BadShift(Problem.TOO_FAR, day)
    meeting = [each for each in others if _meet(each.span, new.span)]
    if any(each.staff == new.staff for each in meeting):
        raise BadShift(Problem.OVERLAPS_OWN, day)
    if any(each.place == new.place for each in meeting):
        raise BadShift(Problem.PLACE_TAKEN, day)


def gaps(
    office: Cover,
    holidays: Holidays,
    shifts: Iterable[Shift],
    first_day: date,
    days: int,
) -> tuple[Span, ...]:
    """Office hours in which nobody is on duty, in order."""
    there = covered(shifts)
    hours = (
        _office_on(office, holidays, first_day + ahead * _DAY) for ahead in range(days)
    )
    return tuple(gap for each in hours if each for gap in _without(each, there))


def weeks(
    office: Cover,
    holidays: Holidays,
    shifts: Iterable[Shift],
    first_day: date,
    weeks: int,
) -> tuple[Week, ...]:
    """A calendar, from the Monday of the week of `first_day` on."""
    ordered = sorted(shifts, key=lambda each: (each.span.start, each.place, each.staff))
    there = covered(ordered)
    days = [
        _day(office, holidays, ordered, there, day)
        for day in _days(monday(first_day), weeks * _WEEK)
    ]
    return tuple(
        Week(tuple(days[at : at + _WEEK])) for at in range(0, len(days), _WEEK)
    )


def every_office_day(
    office: Cover,
    holidays: Holidays,
    first: date,
    last: date,
    staff: StaffId,
    place: int,
) -> tuple[Shift, ...]:
    """The office hours of each working day, both ends included, but for holidays.

    Raises:
        BadShift: it ends before it begins, or it is longer than may be planned.
    """
    if last < first:
        raise BadShift(Problem.BACKWARDS)
    if last - first > LONGEST_RUN:
        raise BadShift(Problem.TOO_FAR, last)
    hours = [
        _office_on(office, holidays, day)
        for day in _days(first, (last - first).days + 1)
    ]
    return tuple(Shift(staff, each, place) for each in hours if each)


def monday(day: date) -> date:
    """The first day of its week."""
    return day - day.weekday() * _DAY


def day_of(at: datetime) -> date:
    """Which day it is in Scotland."""
    return at.astimezone(SCOTLAND).date()


def start_of(day: date) -> datetime:
    """Its first moment in Scotland."""
    return _moment(day, time())


def _day(
    office: Cover,
    holidays: Holidays,
    ordered: Iterable[Shift],
    there: tuple[Span, ...],
    day: date,
) -> Day:
    whole = Span(start_of(day), start_of(day + _DAY))
    entries = tuple(
        Entry(each, goes_on=each.span.start < whole.start)
        for each in ordered
        if _meet(each.span, whole)
    )
    hours = _office_on(office, holidays, day)
    left = tuple(_without(hours, there)) if hours else ()
    return Day(day, holidays.get(day), entries, left)


def _days(first: date, count: int) -> Iterator[date]:
    return (first + ahead * _DAY for ahead in range(count))


def _office_on(office: Cover, holidays: Holidays, day: date) -> Span | None:
    """The office hours of a day, if it is one on which there are any."""
    if day.weekday() not in office.days or holidays.get(day) is not None:
        return None
    start, end = _moment(day, office.opens), _moment(day, office.closes, second=True)
    # Both may lie in the hour that the clock jumps over in March.
    return Span(start, end) if start < end else None


def _moment(day: date, at: time, *, second: bool = False) -> datetime:
    """In UTC. A time that the clock jumps over is the moment of the jump."""
    local = _local(day, at, second=second)
    return (local if _exists(local) else datetime.combine(day, _JUMP)).astimezone(UTC)


def _local(day: date, at: time, *, second: bool = False) -> datetime:
    """On the wall clock; `second`: if it comes twice, the second time."""
    return datetime.combine(day, at, SCOTLAND).replace(fold=int(second))


def _exists(local: datetime) -> bool:
    there_and_back = local.astimezone(UTC).astimezone(SCOTLAND)
    return there_and_back.replace(tzinfo=None) == local.replace(tzinfo=None)


def _meet(one: Span, other: Span) -> bool:
    return one.start < other.end and other.start < one.end


def _without(whole: Span, there: Iterable[Span]) -> Iterator[Span]:
    """What is left of a span; `there` is in order and does not overlap."""
    at = whole.start
    for each in there:
        if not _meet(each, whole):
            continue
        if at < each.start:
            yield Span(at, each.start)
        at = max(at, each.end)
    if at < whole.end:
        yield Span(at, whole.end)
