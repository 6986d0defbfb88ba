"""Open an inspection, once it is known to whom a flag would be handed over."""

from collections.abc import Mapping
from datetime import datetime
from types import MappingProxyType
from typing import Any

from engage.core.duty.journal import Verb
from engage.core.people import InspectionId, StaffId
from engage.store import inspections, journal
from engage.store.engine import Store

NEEDED: Mapping[str, str] = MappingProxyType(
    {
        "name": "local lead",
        "phone": "local day phone",
        "out_of_hours": "out-of-hours number",
    }
)
"""Keys of an inspection's `local` without which it must not be open, and their names.

They are asked for at the worst moment there is: nobody must have to look for them.
"""


class NotReady(Exception):
    """An inspection cannot be open as it is. `missing`: names of what it lacks."""

    def __init__(self, missing: tuple[str, ...]) -> None:
        super().__init__(", ".join(missing))
        self.missing = missing


class NoInspection(Exception):
    """There is no such inspection."""


def missing(local: Mapping[str, Any]) -> tuple[str, ...]:
    """Names of what is not known about the local lead. Empty: it may be open."""
    return tuple(
        called
        for key, called in NEEDED.items()
        if not str(local.get(key) or "").strip()
    )


def open_(
    store: Store, inspection: InspectionId, now: datetime, *, by: StaffId | None = None
) -> None:
    """Talks can begin in it. If it is open already, that is no matter.

    Raises:
        NoInspection, NotReady: see there.
    """
    with store.begin() as db:
        found = inspections.get(db, inspection)
        if found is None:
            raise NoInspection
        lacks = missing(found.local)
        if lacks:
            raise NotReady(lacks)
        if found.open:
            return
        inspections.open_(db, inspection)
        journal.write(
            db, Verb.OPENED_INSPECTION, at=now, staff=by, inspection=inspection
        )
