"""Help lines: dated rows of data, each with its ages, hours and expiry.

A row past its expiry, or not for somebody's age, is not shown; nobody has to
remember to take it out.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from enum import StrEnum

from engage.core.dialogue.problems import Problem, Severity
from engage.core.people import Voice

MOST_FIRST = 4
YOUNG_PEOPLE = "young-people"


class Need(StrEnum):
    EMERGENCY = "emergency"
    LISTEN = "listen"
    RIGHTS = "rights"


class Cost(StrEnum):
    FREE = "free"
    CALL_CHARGE = "call-charge"
    UNKNOWN = "unknown"


class Known(StrEnum):
    """Hours that are not a timetable."""

    ALWAYS = "always"
    UNKNOWN = "unknown"


@dataclass(frozen=True, slots=True)
class Window:
    """Open on these days (Monday is 0). Closing at or before opening: the next day."""

    days: tuple[int, ...]
    opens: time
    closes: time

    def holds(self, at: datetime) -> bool:
        now, today = at.time(), at.weekday()
        if self.opens < self.closes:
            return today in self.days and self.opens <= now < self.closes
        yesterday = (at - timedelta(days=1)).weekday()
        late = today in self.days and now >= self.opens
        return late or (yesterday in self.days and now < self.closes)


Hours = Known | tuple[Window, ...]


@dataclass(frozen=True, slots=True)
class Helpline:
    id: str
    name: str
    for_: Mapping[Voice, str]
    ages: tuple[int, int]
    """From and to, both included: Childline's (0, 18) ends at the 19th birthday."""
    hours: Hours
    hours_said: str
    need: Need
    expires_on: date
    source: str
    call: str = ""
    text: str = ""
    chat: str = ""
    site: str = ""
    cost: Cost = Cost.UNKNOWN
    first: bool = False
    audiences: frozenset[str] = frozenset({YOUNG_PEOPLE})
    verified_on: date | None = None
    """When somebody rang it, or read it on its own live page."""
    status: str = ""
    """What is known and not known about it, for the administrator."""
    file: str = ""
    line: int = 0


def fitting(
    rows: Iterable[Helpline],
    *,
    ages: tuple[int, int],
    today: date,
    audience: str = YOUNG_PEOPLE,
) -> tuple[Helpline, ...]:
    """Rows in date that the youngest of these ages may use.

    If all we know is that somebody is 12 to 21, a line for over-sixteens is not
    shown: sent away by the first line you ring, you may not ring another.
    """
    youngest, _oldest = ages
    return tuple(
        row
        for row in rows
        if row.ages[0] <= youngest <= row.ages[1]
        and today <= row.expires_on
        and audience in row.audiences
    )


def first_four(rows: Iterable[Helpline]) -> tuple[Helpline, ...]:
    """Those to be shown before "more", in the file's order."""
    return tuple(row for row in rows if row.first)[:MOST_FIRST]


def open_now(row: Helpline, local: datetime) -> bool | None:
    """Is it open at this time in Scotland? None: the hours are not known."""
    if isinstance(row.hours, Known):
        return True if row.hours is Known.ALWAYS else None
    return any(window.holds(local) for window in row.hours)


def problems(rows: Sequence[Helpline], today: date) -> list[Problem]:
    """Expired rows are errors; rows that nobody has checked are warnings."""
    found: list[Problem] = []
    for row in rows:
        if row.expires_on < today:
            what = f"{row.name} expired on {row.expires_on}"
            do = "Check it on its own page, then set verified_on and expires_on."
            found.append(Problem(row.file, row.line, what, do))
        if row.verified_on is None:
            what = f"nobody has checked {row.name}"
            do = f"Ring it or look at {row.source}, then set verified_on."
            found.append(Problem(row.file, row.line, what, do, Severity.WARNING))
    return found
