"""A drill: does a flag reach somebody, and how long does it take them (anchors C25)?"""

from dataclasses import dataclass
from datetime import datetime, timedelta

from engage.core.duty.clock import Limits
from engage.core.people import FlagId, InspectionId, StaffId
from engage.core.safeguarding.concerns import Level
from engage.core.safeguarding.flags import Flag
from engage.services import covering, raising
from engage.store import clocks, inspections, notices, staff
from engage.store.engine import Store
from engage.store.notices import Told


class NoInspection(Exception):
    """No inspection has this slug."""


@dataclass(frozen=True, slots=True)
class Drill:
    """How far a drill has come."""

    reference: str
    raised_at: datetime
    told: tuple[Told, ...]
    opened: tuple[str, datetime] | None
    """By whom, and when."""
    acknowledged: tuple[str, datetime] | None
    limit: timedelta

    @property
    def took(self) -> timedelta | None:
        return self.acknowledged[1] - self.raised_at if self.acknowledged else None

    @property
    def in_time(self) -> bool:
        return self.took is not None and self.took <= self.limit


def start(store: Store, slug: str, level: Level, now: datetime) -> InspectionId:
    """Raise a flag that is none. Raises `NoInspection`."""
    with store.read() as db:
        inspection = inspections.by_slug(db, slug)
    if inspection is None:
        raise NoInspection
    raising.drill(store, inspection, level, now)
    return inspection.id


def last(store: Store, number: InspectionId) -> Drill | None:
    """The newest drill of an inspection."""
    with store.read() as db:
        flag = clocks.last_drill(db, number)
        inspection = inspections.get(db, number)
        if flag is None or inspection is None:
            return None
        names = {each.id: each.called for each in staff.of_inspection(db, number)}
        told = notices.told(db, FlagId(flag.id))
    return Drill(
        flag.reference,
        flag.raised_at,
        told,
        _by(flag.opened_by, flag.opened_at, names),
        _by(flag.acknowledged_by, flag.acknowledged_at, names),
        _limit(flag, covering.limits_of(inspection)),
    )


def _limit(flag: Flag, limits: Limits) -> timedelta:
    return limits.acknowledge[flag.level]


def _by(
    who: StaffId | None, at: datetime | None, names: dict[StaffId, str]
) -> tuple[str, datetime] | None:
    return None if who is None or at is None else (names.get(who, ""), at)
