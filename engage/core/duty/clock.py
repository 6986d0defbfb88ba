"""The clock of a flag: who is called next, and when. Time and rota are arguments.

Somebody on duty is called when a flag is raised; if nobody acknowledges it in time,
the next on duty, then the lead, then everybody, again and again. The same when it is
not handed over, or its receipt not confirmed, in time. Whoever comes on duty while a
flag waits is called too. Nothing is remembered but the last call: each look is worked
out from the flag and the rota as they are now, so that a restart, a clock that runs
twice or a changed rota loses nothing (domain 11, requirements 2 and 4).
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from enum import StrEnum

from engage.core.duty.rota import Shift, Span, covered, next_up, on_duty
from engage.core.people import StaffId
from engage.core.safeguarding.concerns import Level
from engage.core.safeguarding.flags import WAITING, Flag, Stage


class Step(StrEnum):
    """Who is called."""

    ON_DUTY = "on-duty"
    NEXT = "next"
    LEAD = "lead"
    EVERYBODY = "everybody"
    OUTSIDE = "outside"
    """Nobody is on duty: the lead, and whoever is next on the rota."""
    HOLDER = "holder"
    """Whoever took it on has not handed it over, or heard of its receipt, in time."""
    CHILD_WROTE = "child-wrote"
    CHILD_WAITS = "child-waits"
    """Nobody has read what a child wrote back (`core.duty.unread`)."""


ACKNOWLEDGE: Mapping[Level, timedelta] = {
    Level.NOW: timedelta(minutes=5),
    Level.CONCERN: timedelta(minutes=30),
    Level.CHECK: timedelta(minutes=30),
}
HAND_OVER: Mapping[Level, timedelta] = {
    Level.NOW: timedelta(minutes=60),
    Level.CONCERN: timedelta(hours=4),
    Level.CHECK: timedelta(hours=4),
}
AGAIN = timedelta(minutes=15)
"""Everybody is called again no sooner than this."""
NO_COVER_AGAIN = timedelta(hours=1)
"""How often while nobody is on duty: for `now`, and where no cover is planned."""
LOOK_AGAIN = timedelta(minutes=5)
"""The rota may have changed: the clock looks at least this often."""
NEXT_COUNT = 2


@dataclass(frozen=True, slots=True)
class Limits:
    """How long each may take, by level."""

    acknowledge: Mapping[Level, timedelta] = field(default_factory=lambda: ACKNOWLEDGE)
    hand_over: Mapping[Level, timedelta] = field(default_factory=lambda: HAND_OVER)


@dataclass(frozen=True, slots=True)
class People:
    """Who could be called about one flag: never who is barred from it."""

    shifts: tuple[Shift, ...] = ()
    leads: tuple[StaffId, ...] = ()
    inspectors: tuple[StaffId, ...] = ()
    """All duty inspectors of the inspection, on duty or not."""

    def without(self, barred: frozenset[StaffId]) -> "People":
        return People(
            tuple(each for each in self.shifts if each.staff not in barred),
            tuple(each for each in self.leads if each not in barred),
            tuple(each for each in self.inspectors if each not in barred),
        )


@dataclass(frozen=True, slots=True)
class Call:
    step: Step
    who: tuple[StaffId, ...]


@dataclass(frozen=True, slots=True)
class Look:
    """What is to be done now, and when to look again."""

    call: Call | None
    next_at: datetime | None


def look(flag: Flag, people: People, limits: Limits, now: datetime) -> Look:
    """Whom to call about a flag now, if anybody.

    Looking twice at one moment calls once: the call is part of the flag then.
    """
    if flag.next_at is None or flag.since is None:
        return Look(None, None)
    view = _View(flag, people, limits, now.astimezone(UTC))
    step, due = view.waiting() if flag.stage in WAITING else view.holding()
    if due <= now:
        return Look(Call(step, view.who(step)), now + min(view.limit, LOOK_AGAIN))
    return Look(None, min(due, now + LOOK_AGAIN, *view.starts()))


@dataclass(frozen=True, slots=True)
class _View:
    flag: Flag
    people: People
    limits: Limits
    now: datetime

    @property
    def since(self) -> datetime:
        assert self.flag.since is not None  # noqa: S101 - `look` has asked
        return self.flag.since

    @property
    def called_at(self) -> datetime:
        return self.flag.called_at or self.since

    @property
    def urgent(self) -> bool:
        return self.flag.level is Level.NOW

    @property
    def limit(self) -> timedelta:
        waiting = self.flag.stage in WAITING
        limits = self.limits.acknowledge if waiting else self.limits.hand_over
        return limits[self.flag.level]

    @property
    def cover(self) -> tuple[Span, ...]:
        return covered(self.people.shifts)

    @property
    def on_duty(self) -> tuple[StaffId, ...]:
        return on_duty(self.people.shifts, self.now)

    @property
    def opens(self) -> datetime | None:
        """When cover starts next."""
        return next((each.start for each in self.cover if each.start > self.now), None)

    def starts(self) -> list[datetime]:
        """When somebody comes on duty next."""
        later = [s.span.start for s in self.people.shifts if s.span.start > self.now]
        return [min(later)] if later else []

    def waiting(self) -> tuple[Step, datetime]:
        """The next step while nobody has acknowledged it, and when it falls due."""
        match self.flag.step:
            case None:
                return self.first()
            case _ if self.newly_on_duty():
                return Step.ON_DUTY, self.now
            case Step.ON_DUTY if len(self.on_duty) >= NEXT_COUNT:
                return Step.NEXT, self.after(self.limit)
            case Step.ON_DUTY | Step.NEXT if self.people.leads:
                return Step.LEAD, self.after(self.limit)
            case Step.EVERYBODY:
                return self.again()
            case _:
                return Step.EVERYBODY, self.after(self.limit)

    def first(self) -> tuple[Step, datetime]:
        if self.on_duty:
            return Step.ON_DUTY, self.now
        if self.urgent or self.opens is None:
            return Step.OUTSIDE, self.now
        return Step.ON_DUTY, self.opens

    def newly_on_duty(self) -> bool:
        """Whether whoever is told first now came on duty after the last call."""
        before = on_duty(self.people.shifts, self.called_at)
        return bool(self.on_duty) and self.on_duty[0] not in before

    def again(self) -> tuple[Step, datetime]:
        if self.on_duty or self.flag.stage not in WAITING:
            return Step.EVERYBODY, self.after(max(self.limit, AGAIN))
        if self.urgent or self.opens is None:
            return Step.EVERYBODY, self.called_at + NO_COVER_AGAIN
        return Step.ON_DUTY, self.opens

    def holding(self) -> tuple[Step, datetime]:
        """The same while it is in somebody's hands and not yet received."""
        match self.flag.step:
            case None:
                return Step.HOLDER, self.after(self.limit)
            case Step.HOLDER if self.people.leads:
                return Step.LEAD, self.after(self.limit)
            case Step.EVERYBODY:
                return self.again()
            case _:
                return Step.EVERYBODY, self.after(self.limit)

    def after(self, limit: timedelta) -> datetime:
        """When this much time has passed since the last call.

        Only time with somebody on duty counts; for `now` all time does, and also
        where no cover is planned.
        """
        if self.urgent:
            return self.called_at + limit
        left, at = limit, self.called_at
        for span in self.cover:
            if span.end <= at:
                continue
            start = max(span.start, at)
            if span.end - start >= left:
                return start + left
            left -= span.end - start
        return self.called_at + limit

    def who(self, step: Step) -> tuple[StaffId, ...]:
        first = self.on_duty[:NEXT_COUNT]
        people = self.people
        match step:
            case Step.ON_DUTY:
                found = self.on_duty[:1]
            case Step.NEXT:
                found = first
            case Step.OUTSIDE:
                following = next_up(people.shifts, self.now)
                found = (*people.leads, *((following,) if following else ()))
            case Step.HOLDER:
                found = self.holder()
            case Step.LEAD:
                found = (*people.leads, *first, *self.holder())
            case Step.EVERYBODY:
                found = (*people.inspectors, *people.leads)
        return tuple(dict.fromkeys(found or (*people.inspectors, *people.leads)))

    def holder(self) -> tuple[StaffId, ...]:
        """Whoever has it in hand, unless it has been taken out of their sight."""
        flag = self.flag
        if flag.stage in WAITING:
            return ()
        held = flag.taken_by if flag.stage is not Stage.ACKNOWLEDGED else None
        held = held or flag.acknowledged_by
        there = {*self.people.inspectors, *self.people.leads}
        return (held,) if held is not None and held in there else ()
