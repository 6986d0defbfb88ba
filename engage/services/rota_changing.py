"""Changes to an inspection's rota, one after another, with all that follows."""

from collections.abc import Callable, Mapping
from datetime import datetime

from engage.core.duty.journal import Verb
from engage.core.people import Role, StaffId
from engage.services import duty_vault
from engage.services.signing_in import SignedIn
from engage.store import clocks, inspections, journal
from engage.store.engine import Connection, Store
from engage.store.inspections import Inspection

ON_ROTA = (Role.DUTY, Role.LEAD)
Entry = tuple[Verb, Mapping[str, str | int]]
"""For the journal: what was done, and its detail."""


class NotTheirs(Exception):
    """No such inspection or shift, or this person may not change it."""


def change(
    store: Store,
    me: SignedIn,
    slug: str,
    now: datetime,
    make: Callable[[Connection, Inspection], list[Entry]],
) -> int:
    """How many entries it took. One change of an inspection's rota after another."""
    with store.begin() as db:
        inspections.hold(db, inspection_of(db, me, slug).id)
        inspection = inspection_of(db, me, slug)
        entries = make(db, inspection)
        if entries:
            clocks.wake(db, inspection.id, now)
        for verb, detail in entries:
            journal.write(
                db,
                verb,
                at=now,
                staff=me.id,
                inspection=inspection.id,
                detail=detail,
            )
        if entries:
            duty_vault.follow(db, inspection.id, me, now)
    return len(entries)


def inspection_of(db: Connection, me: SignedIn, slug: str) -> Inspection:
    found = next((i for i in inspections.of_staff(db, me.id) if i.slug == slug), None)
    if found is None or me.role not in ON_ROTA:
        raise NotTheirs
    return found


def lead(me: SignedIn) -> SignedIn:
    if me.role is not Role.LEAD:
        raise NotTheirs
    return me


def may_change(me: SignedIn, whose: StaffId) -> bool:
    return me.role is Role.LEAD or whose == me.id
