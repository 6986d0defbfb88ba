"""By when a person will have read a concern, and how to say so. All in Scotland's time.

Nothing here asks the time: `now` is given, and must carry a time zone.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, datetime, time, timedelta
from zoneinfo import ZoneInfo

from engage.core.duty.rota import Span

SCOTLAND = ZoneInfo("Europe/London")
_DAYS = (
    "Monday",
    "Tuesday",
    "Wednesday",
    "Thursday",
    "Friday",
    "Saturday",
    "Sunday",
)
_A_WEEK = 7
_NOON = 12


@dataclass(frozen=True, slots=True)
class Cover:
    """Office hours: weekdays (Monday is 0), and from when until when.

    They say when somebody should be on duty. Whether anybody is, the rota says.

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
    by: datetime | None
    """In Scotland's time, whole minutes, never earlier than the limit allows.

    `None`: no cover is planned that is long enough, so that nothing may be promised.
    """


def promise(now: datetime, cover: Iterable[Span], limit: timedelta) -> Promise:
    """By when it will have been read.

    Minutes count only while somebody is on duty: a limit that would cross the end
    of cover goes on from its next start. `covered` says if somebody is on duty now.
    `cover` is in order, and its spans do not overlap.

    Raises:
        ValueError: `now` has no time zone, or the limit is negative.
    """
    if now.tzinfo is None or limit < timedelta(0):
        raise ValueError("needs a time with its zone, and a limit that is not negative")
    at, left, is_covered = now.astimezone(UTC), limit, False
    for span in cover:
        if span.end <= at:
            continue
        is_covered = is_covered or now in span
        start = max(span.start, at)
        if span.end - start >= left:
            return Promise(is_covered, _whole_minute(start + left))
        left -= span.end - start
    return Promise(is_covered, None)


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


def _whole_minute(at: datetime) -> datetime:
    """Up to the next whole minute: a promise is never made shorter by its wording."""
    down = at.replace(second=0, microsecond=0)
    return (down if down == at else down + timedelta(minutes=1)).astimezone(SCOTLAND)
