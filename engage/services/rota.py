"""The rota of an inspection: look at it, and change it.

Each change wakes the clocks of the flags that wait, and the vault follows the people.
Duty inspectors change their own shifts; a lead changes all of them, and the rules.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import date, datetime

from engage.core.duty import planning
from engage.core.duty.clock import Limits
from engage.core.duty.journal import Verb
from engage.core.duty.planning import BadShift as BadShift
from engage.core.duty.planning import Problem as Problem
from engage.core.duty.planning import Week
from engage.core.duty.rota import Shift, Span
from engage.core.people import Role, StaffId
from engage.core.safeguarding.clock import Cover
from engage.services import covering
from engage.services.rota_changing import (
    ON_ROTA,
    Entry,
    change,
    inspection_of,
    may_change,
)
from engage.services.rota_changing import NotTheirs as NotTheirs
from engage.services.rota_rules import BadLimits as BadLimits
from engage.services.rota_rules import set_hours as set_hours
from engage.services.rota_rules import set_limits as set_limits
from engage.services.rota_rules import set_pauses as set_pauses
from engage.services.signing_in import SignedIn
from engage.store import inspections, shifts, staff
from engage.store.engine import Connection, Store
from engage.store.inspections import Inspection


class Gone(Exception):
    """This shift is not on the rota any more, or it is over."""


@dataclass(frozen=True, slots=True)
class Person:
    id: StaffId
    called: str
    role: Role


@dataclass(frozen=True, slots=True)
class Run:
    """The working days of somebody from one day until another."""

    first: date
    last: date
    who: StaffId
    place: int


@dataclass(frozen=True, slots=True)
class Rota:
    """What a person sees of an inspection's rota."""

    inspection: Inspection
    office: Cover
    limits: Limits
    weeks: tuple[Week, ...]
    people: tuple[Person, ...]
    """Whom this person may put on it."""
    names: Mapping[StaffId, str]
    now: tuple[Shift, ...]
    """The shifts of those who are on duty at this moment."""
    next: Shift | None
    """The next to begin."""
    gaps: tuple[Span, ...]
    """Those in the weeks shown, that are not over."""


def mine(store: Store, me: SignedIn) -> tuple[Inspection, ...]:
    """The inspections whose rotas this person sees, by slug."""
    with store.read() as db:
        return inspections.of_staff(db, me.id)


def look(
    store: Store,
    me: SignedIn,
    slug: str,
    now: datetime,
    first_day: date,
    weeks: int = 6,
) -> Rota:
    """The weeks from that of `first_day` on, and how things stand now.

    Raises:
        NotTheirs: see there.
    """
    monday = planning.monday(first_day)
    with store.read() as db:
        inspection = inspection_of(db, me, slug)
        since = min(now, planning.start_of(monday))
        rota = shifts.of_inspection(db, inspection.id, since)
        members = staff.of_inspection(db, inspection.id)
    office, free = covering.office_hours(inspection), covering.scottish_holidays()
    shown = planning.weeks(office, free, rota, monday, weeks)
    return Rota(
        inspection,
        office,
        covering.limits_of(inspection),
        shown,
        tuple(
            Person(each.id, each.called, each.role)
            for each in members
            if each.role in ON_ROTA and (me.role is Role.LEAD or each.id == me.id)
        ),
        {each.id: each.called for each in members},
        tuple(each for each in rota if now in each.span),
        next((each for each in rota if each.span.start > now), None),
        tuple(
            gap
            for week in shown
            for day in week.days
            for gap in day.gaps
            if gap.end > now
        ),
    )


def add(store: Store, me: SignedIn, slug: str, new: Shift, now: datetime) -> bool:
    """Whether it is new: it may be there already.

    Raises:
        NotTheirs, BadShift: see there.
    """
    return add_all(store, me, slug, [new], now) == 1


def add_run(store: Store, me: SignedIn, slug: str, run: Run, now: datetime) -> int:
    """Office hours of all working days between, both included. How many are new.

    Those that are over, or there already, are left out. If one of the others cannot
    be, none is added.

    Raises:
        NotTheirs, BadShift: see there.
    """
    with store.read() as db:
        inspection = inspection_of(db, me, slug)
    new = planning.every_office_day(
        covering.office_hours(inspection),
        covering.scottish_holidays(),
        run.first,
        run.last,
        run.who,
        run.place,
    )
    ahead = [each for each in new if each.span.end > now]
    if new and not ahead:
        raise BadShift(Problem.IN_THE_PAST, run.last)
    return add_all(store, me, slug, ahead, now)


def add_all(
    store: Store, me: SignedIn, slug: str, new: Iterable[Shift], now: datetime
) -> int:
    """All of them or none; how many are new. Raises as `add` does."""
    ordered = sorted(new, key=lambda each: each.span)

    def make(db: Connection, inspection: Inspection) -> list[Entry]:
        since = min([now, *(each.span.start for each in ordered[:1])])
        rota = list(shifts.of_inspection(db, inspection.id, since))
        for who in {each.staff for each in ordered}:
            _may_be_on(db, me, inspection, who)
        entries = []
        for each in ordered:
            if not _there(rota, each):
                planning.check(each, rota, now)
                shifts.add(db, inspection.id, each)
                rota.append(each)
                entries.append((Verb.SHIFT_ADDED, _said(each)))
        return entries

    return change(store, me, slug, now, make)


def remove(store: Store, me: SignedIn, slug: str, number: int, now: datetime) -> Shift:
    """Take a shift off; of one that has begun, what is left of it.

    What was taken off, so that it can be put back.

    Raises:
        Gone, NotTheirs: see there.
    """
    minute = now.replace(second=0, microsecond=0)
    taken: list[Shift] = []

    def make(db: Connection, inspection: Inspection) -> list[Entry]:
        rota = shifts.of_inspection(db, inspection.id, now)
        found = next((each for each in rota if each.id == number), None)
        if found is None:
            raise Gone
        if not may_change(me, found.staff):
            raise NotTheirs
        if found.span.start < minute:
            # That they were on duty until now must stay on record.
            shifts.cut(db, inspection.id, number, minute)
            found = replace(found, span=Span(minute, found.span.end))
        else:
            shifts.remove(db, inspection.id, number)
        taken.append(found)
        return [(Verb.SHIFT_REMOVED, _said(found))]

    change(store, me, slug, now, make)
    return taken[0]


def _may_be_on(
    db: Connection, me: SignedIn, inspection: Inspection, who: StaffId
) -> None:
    members = staff.of_inspection(db, inspection.id)
    on_rota = {each.id for each in members if each.role in ON_ROTA}
    if who not in on_rota or not may_change(me, who):
        raise NotTheirs


def _there(rota: Iterable[Shift], new: Shift) -> bool:
    return any(replace(each, id=new.id) == new for each in rota)


def _said(shift: Shift) -> Mapping[str, str | int]:
    return {
        "who": shift.staff,
        "from": shift.span.start.isoformat(),
        "to": shift.span.end.isoformat(),
        "place": shift.place,
    }
