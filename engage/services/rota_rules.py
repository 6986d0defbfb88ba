"""What a lead sets for an inspection: office hours, limits, and whether talks wait."""

from collections.abc import Mapping
from datetime import datetime, timedelta

from engage.core.duty.clock import Limits
from engage.core.duty.journal import Verb
from engage.core.safeguarding.clock import Cover
from engage.core.safeguarding.concerns import Level
from engage.services.rota_changing import Entry, change, lead
from engage.services.signing_in import SignedIn
from engage.store import inspections
from engage.store.engine import Connection, Store
from engage.store.inspections import Inspection

TIMED = (Level.NOW, Level.CONCERN)
"""Levels that have limits of their own; a check has those of a concern."""
LONGEST_LIMIT = timedelta(days=3)
_MINUTE = timedelta(minutes=1)


class BadLimits(Exception):
    """A limit is none or too long, or a concern has a shorter one than `now`."""


def set_hours(
    store: Store, me: SignedIn, slug: str, office: Cover, now: datetime
) -> None:
    """When somebody should be on duty. Raises `NotTheirs` for all but a lead."""
    days = sorted(set(office.days))
    opens, closes = (f"{each:%H:%M}" for each in (office.opens, office.closes))

    def make(db: Connection, inspection: Inspection) -> list[Entry]:
        cover = {"days": days, "opens": opens, "closes": closes}
        inspections.set_cover(db, inspection.id, {**inspection.cover, **cover})
        on = "".join(map(str, days))
        said = {"days": on, "opens": opens, "closes": closes}
        return [(Verb.LIMITS_CHANGED, said)]

    change(store, lead(me), slug, now, make)


def set_limits(
    store: Store, me: SignedIn, slug: str, limits: Limits, now: datetime
) -> None:
    """How long each thing may take.

    Raises:
        NotTheirs, BadLimits: see there.
    """
    minutes = {
        "acknowledge": _minutes(limits.acknowledge),
        "hand-over": _minutes(limits.hand_over),
    }

    def make(db: Connection, inspection: Inspection) -> list[Entry]:
        inspections.set_limits(db, inspection.id, {**inspection.limits, **minutes})
        said = {
            f"{what} {level}": count
            for what, each in minutes.items()
            for level, count in each.items()
        }
        return [(Verb.LIMITS_CHANGED, said)]

    change(store, lead(me), slug, now, make)


def set_pauses(
    store: Store, me: SignedIn, slug: str, pauses: bool, now: datetime
) -> None:
    """Whether no talk begins while nobody is on duty. Raises as `set_hours` does."""

    def make(db: Connection, inspection: Inspection) -> list[Entry]:
        inspections.set_pauses(db, inspection.id, pauses)
        return [(Verb.PAUSED, {"while": "nobody on duty" if pauses else "never"})]

    change(store, lead(me), slug, now, make)


def _minutes(limits: Mapping[Level, timedelta]) -> dict[str, int]:
    """Raises `BadLimits`; see there."""
    given = [limits[level] for level in TIMED]
    if given != sorted(given) or not _MINUTE <= given[0] <= given[-1] <= LONGEST_LIMIT:
        raise BadLimits
    return {level.value: limits[level] // _MINUTE for level in TIMED}
