"""Whether somebody is on duty now, and by when a flag will have been read."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, time, timedelta
from functools import cache
from typing import Any

import holidays

from engage.core.duty.clock import ACKNOWLEDGE, HAND_OVER, Limits, People
from engage.core.duty.rota import covered, on_duty
from engage.core.people import Role, StaffId, VaultId
from engage.core.safeguarding.clock import Cover, Promise, promise
from engage.core.safeguarding.concerns import Level
from engage.store import shifts, staff
from engage.store.engine import Connection, Store
from engage.store.inspections import Inspection

WEEKDAYS = (0, 1, 2, 3, 4)
_BEFORE = timedelta(days=2)
"""Shifts that ended this long ago still say who was on duty at the last call."""


@dataclass(frozen=True, slots=True)
class OnDuty:
    """Who is on duty at one moment, in the order in which they are told."""

    who: tuple[StaffId, ...]
    called: tuple[str, ...]
    back_at: datetime | None
    """When somebody is on duty again, if nobody is and it is planned."""


def office_hours(inspection: Inspection) -> Cover:
    """When somebody should be on duty, but for holidays."""
    held: Mapping[str, Any] = inspection.cover
    return Cover(
        tuple(held.get("days", WEEKDAYS)),
        time.fromisoformat(held.get("opens", "09:00")),
        time.fromisoformat(held.get("closes", "17:00")),
    )


def limits_of(inspection: Inspection) -> Limits:
    """How long each thing may take, where the inspection does not keep the usual."""
    return Limits(
        _limits(inspection.limits.get("acknowledge"), ACKNOWLEDGE),
        _limits(inspection.limits.get("hand-over"), HAND_OVER),
    )


def _limits(
    held: Mapping[str, int] | None, usual: Mapping[Level, timedelta]
) -> dict[Level, timedelta]:
    given = held or {}
    found = {
        level: timedelta(minutes=given[level.value]) if level.value in given else limit
        for level, limit in usual.items()
    }
    if Level.CONCERN.value in given:
        found[Level.CHECK] = found[Level.CONCERN]
    return found


def promised(
    store: Store, inspection: Inspection, level: Level, now: datetime
) -> Promise:
    """Whether a flag of this level raised now meets somebody on duty, and by when."""
    with store.read() as db:
        return promised_in(db, inspection, level, now)


def promised_in(
    db: Connection, inspection: Inspection, level: Level, now: datetime
) -> Promise:
    """`promised`, where a connection is open already."""
    rota = shifts.of_inspection(db, inspection.id, now)
    limit = limits_of(inspection).acknowledge[level]
    return promise(now, covered(rota), limit)


def now_on_duty(store: Store, inspection: Inspection, now: datetime) -> OnDuty:
    """Who is there, and if nobody, who said they would be back when."""
    with store.read() as db:
        rota = shifts.of_inspection(db, inspection.id, now)
        names = {
            each.id: each.called for each in staff.of_inspection(db, inspection.id)
        }
    who = on_duty(rota, now)
    starts = [span.start for span in covered(rota) if span.start > now]
    back = None if who or not starts else min(starts)
    return OnDuty(who, tuple(names.get(each, "") for each in who), back)


def people_of(
    db: Connection, inspection: Inspection, vault: VaultId, since: datetime
) -> People:
    """Everybody whom the clock of a flag may call.

    "Everybody" are those who can open it: to call others would only frighten them.
    """
    members = staff.of_inspection(db, inspection.id)
    holders = staff.holders(db, vault)
    inspectors = tuple(each.id for each in members if each.role is Role.DUTY)
    return People(
        shifts.of_inspection(db, inspection.id, since - _BEFORE),
        tuple(each.id for each in members if each.role is Role.LEAD),
        tuple(each for each in inspectors if each in holders) or inspectors,
    )


@cache
def scottish_holidays() -> holidays.HolidayBase:
    return holidays.country_holidays("GB", subdiv="SCT")
