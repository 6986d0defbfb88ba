"""Who is on duty when. A shift is one person's; cover is all shifts together.

Nothing here asks the time. Moments carry their time zone; days are Scotland's.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, datetime

from engage.core.people import StaffId


@dataclass(frozen=True, slots=True, order=True)
class Span:
    """From a moment until just before another, kept in UTC.

    Raises:
        ValueError: a moment has no time zone, or it does not end after it starts.
    """

    start: datetime
    end: datetime

    def __post_init__(self) -> None:
        if self.start.tzinfo is None or self.end.tzinfo is None:
            raise ValueError("a span needs time zones")
        if self.start.timestamp() >= self.end.timestamp():
            raise ValueError("a span must end after it starts")
        # Two local times would be subtracted, and compared, by the wall clock.
        object.__setattr__(self, "start", self.start.astimezone(UTC))
        object.__setattr__(self, "end", self.end.astimezone(UTC))

    def __contains__(self, at: datetime) -> bool:
        return self.start <= at < self.end


@dataclass(frozen=True, slots=True)
class Shift:
    """`place`: 1 is told first, 2 next, and so on."""

    staff: StaffId
    span: Span
    place: int = 1
    id: int = 0


def covered(shifts: Iterable[Shift]) -> tuple[Span, ...]:
    """When anybody at all is on duty: shifts that meet or overlap become one span."""
    joined: list[Span] = []
    for each in sorted(shift.span for shift in shifts):
        if joined and each.start <= joined[-1].end:
            last = joined.pop()
            each = Span(last.start, max(last.end, each.end))
        joined.append(each)
    return tuple(joined)


def on_duty(shifts: Iterable[Shift], at: datetime) -> tuple[StaffId, ...]:
    """Who is on duty at this moment, in the order in which they are told."""
    there = sorted(
        (shift for shift in shifts if at in shift.span),
        key=lambda shift: (shift.place, shift.span.start, shift.staff),
    )
    return tuple(dict.fromkeys(shift.staff for shift in there))


def next_up(shifts: Iterable[Shift], at: datetime) -> StaffId | None:
    """Whose shift is the next to begin."""
    later = [shift for shift in shifts if shift.span.start > at]
    if not later:
        return None
    return min(later, key=lambda each: (each.span.start, each.place)).staff
