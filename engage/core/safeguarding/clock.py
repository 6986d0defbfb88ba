"""By when a person will have read a concern, and how to say so. All in Scotland's time.

Nothing here asks the time: `now` is given, and must carry a time zone.
"""

from collections.abc import Container, Mapping
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from engage.core.safeguarding.concerns import Level

SCOTLAND = ZoneInfo("Europe/London")
LIMITS: Mapping[Level, timedelta] = {
    Level.NOW: timedelta(minutes=5),
    Level.CONCERN: timedelta(minutes=30),
    Level.CHECK: timedelta(minutes=30),
}
"""How long, while somebody is on duty, until it has been read."""

_DAYS = (
    "Monday",
    "Tuesday",
    "Wednesday",
    "Thursday",
    "Friday",
    "Saturday",
    "Sunday",
)
_FURTHEST = 366
_A_WEEK = 7
_NOON = 12


@dataclass(frozen=True, slots=True)
class Cover:
    """When somebody is on duty: weekdays (Monday is 0), and from when until when.

    Raises:
        ValueError: no day, or it closes before it opens.
    """

    days: tuple[int, ...]
    opens: time
    closes: time

    def __post_init__(self) -> None:
        if not self.days or not set(self.days) <= set(range(_A_WEEK)):
            raise ValueError("cover needs at least one day, from 0 to 6")
        if self.opens >= self.closes:
            raise ValueError("cover must open before it closes")


@dataclass(frozen=True, slots=True)
class Promise:
    """What a child may be told: is somebody on duty, and by when it is read."""

    covered: bool
    by: datetime
    """In Scotland's time, whole minutes, never earlier than the limit allows."""


class NeverCovered(Exception):
    """Nobody is on duty within a year: there is nothing that may be promised."""


def promise(
    now: datetime, cover: Cover, holidays: Container[date], limit: timedelta
) -> Promise:
    """By when it will have been read.

    Minutes count only while somebody is on duty: a limit that would cross the
    closing time goes on from the next opening. `covered` says if somebody is on
    duty now.

    Raises:
        ValueError: `now` has no time zone, or the limit is negative.
        NeverCovered: every day for a year is a holiday.
    """
    if now.tzinfo is None or limit < timedelta(0):
        raise ValueError("needs a time with its zone, and a limit that is not negative")
    at, left = now, limit
    covered = False
    local = now.astimezone(SCOTLAND)
    for ahead in range(_FURTHEST):
        day = local.date() + timedelta(days=ahead)
        if day.weekday() not in cover.days or day in holidays:
            continue
        opens, closes = _on(day, cover.opens), _on(day, cover.closes)
        if _gap(closes, at) <= timedelta(0):
            continue
        covered = covered or (ahead == 0 and _gap(opens, now) <= timedelta(0))
        start = opens if _gap(opens, at) > timedelta(0) else at
        if _gap(closes, start) >= left:
            return Promise(covered, _whole_minute(_later(start, left)))
        left -= _gap(closes, start)
        at = closes
    raise NeverCovered


def said(by: datetime, now: datetime) -> str:
    """The time in plain words, such as "4:30 today" or "9:30am on Monday 4 January".

    am or pm is given on any other day than today, and today when the two are on
    different sides of noon. A day a week or more ahead has its date.
    """
    then, local = by.astimezone(SCOTLAND), now.astimezone(SCOTLAND)
    days = (then.date() - local.date()).days
    noon = "am" if then.hour < _NOON else "pm"
    hour = f"{(then.hour - 1) % _NOON + 1}:{then.minute:02}"
    if days == 0:
        same_half = (then.hour < _NOON) == (local.hour < _NOON)
        return f"{hour} today" if same_half else f"{hour}{noon} today"
    if days == 1:
        return f"{hour}{noon} tomorrow"
    weekday = _DAYS[then.weekday()]
    if 1 < days < _A_WEEK:
        return f"{hour}{noon} on {weekday}"
    return f"{hour}{noon} on {weekday} {then.day} {then:%B}"


def _on(day: date, at: time) -> datetime:
    return datetime.combine(day, at, SCOTLAND)


def _gap(later: datetime, earlier: datetime) -> timedelta:
    """Time that truly passes; two local times would be subtracted by the wall clock."""
    return timedelta(seconds=later.timestamp() - earlier.timestamp())


def _later(start: datetime, by: timedelta) -> datetime:
    return datetime.fromtimestamp(start.timestamp() + by.total_seconds(), SCOTLAND)


def _whole_minute(at: datetime) -> datetime:
    """Up to the next whole minute: a promise is never made shorter by its wording."""
    return at if at.second == at.microsecond == 0 else _up(at)


def _up(at: datetime) -> datetime:
    return _later(at.replace(second=0, microsecond=0), timedelta(minutes=1))
