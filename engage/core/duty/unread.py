"""Whom to tell that a child has written back, and when again. Time is an argument.

Words in which nothing worries call nobody as a flag does; but they wait for somebody,
and what the detector does not see is often in them (domain 11, requirement 4).
"""

from dataclasses import dataclass
from datetime import datetime, timedelta

from engage.core.duty.clock import Call, People, Step
from engage.core.duty.rota import on_duty
from engage.core.people import StaffId

READ_WITHIN = timedelta(minutes=30)
"""While somebody is on duty: then the lead is told too."""
AGAIN = timedelta(hours=4)
"""So often after that, for as long as nobody has read them."""


@dataclass(frozen=True, slots=True)
class Unread:
    """A child's words about one flag that nobody at the desk has seen."""

    holder: StaffId | None
    """Whoever has the flag in hand."""
    wrote_at: datetime
    """The newest of them."""
    called_at: datetime | None
    """When somebody was last told of words about this flag."""
    step: str | None
    """As which step."""


def whom(unread: Unread, people: People, now: datetime) -> Call | None:
    """Whom to tell now, if anybody. Looking twice at one moment tells once."""
    there = on_duty(people.shifts, now)
    holder = _holder(unread, people)
    if unread.called_at is None or unread.called_at < unread.wrote_at:
        return Call(Step.CHILD_WROTE, _all(holder or there[:1], people))
    waited = now - unread.called_at
    if not there or waited < READ_WITHIN:
        return None
    if unread.step == Step.CHILD_WAITS and waited < AGAIN:
        return None
    return Call(Step.CHILD_WAITS, _all((*people.leads, *there, *holder), people))


def _holder(unread: Unread, people: People) -> tuple[StaffId, ...]:
    """They are told unless the flag has been taken out of their sight."""
    there = {*people.inspectors, *people.leads}
    return (unread.holder,) if unread.holder in there and unread.holder else ()


def _all(found: tuple[StaffId, ...], people: People) -> tuple[StaffId, ...]:
    return tuple(dict.fromkeys(found or (*people.inspectors, *people.leads)))
