"""Set up an inspection: its people, its vaults, and who holds them."""

import secrets
from collections.abc import Iterable
from datetime import datetime

from engage.core.people import InspectionId, Role, StaffId
from engage.core.sealing.envelope import KEY_BYTES, NONCE_BYTES
from engage.core.sealing.keys import SALT_BYTES, Holder, key_pair, wrap_private
from engage.services import granting, opening
from engage.services.opening import NotReady as NotReady
from engage.store import inspections, staff
from engage.store.engine import Store
from engage.store.inspections import NewInspection, Vault
from engage.store.staff import NewStaff


def add_staff(
    store: Store, name: str, password: str, *, called: str, role: Role
) -> StaffId:
    """Somebody who can sign in.

    Raises:
        NameTaken: somebody else signs in with this name.
    """
    new = new_staff(name, password, called=called, role=role)
    with store.begin() as db:
        return staff.add(db, new)


def new_staff(name: str, password: str, *, called: str, role: Role) -> NewStaff:
    """Their keys, which only the password opens. Slow, as it must be."""
    pair = key_pair(secrets.token_bytes(KEY_BYTES))
    wrapped = wrap_private(
        pair.private,
        password,
        secrets.token_bytes(SALT_BYTES),
        secrets.token_bytes(NONCE_BYTES),
    )
    return NewStaff(
        name=name, called=called, role=role, public=pair.public, wrapped=wrapped
    )


def found(
    store: Store,
    new: NewInspection,
    people: Iterable[StaffId],
    now: datetime | None = None,
) -> InspectionId:
    """An inspection with its two vaults, granted to those whose role may hold them.

    With `now`, each grant is written into the journal.

    Nobody else ever has their private halves: not even this function, once it is done.

    Raises:
        NotReady: it is to be open, and what a hand-over needs is not known.
    """
    lacks = opening.missing(new.local)
    if new.open and lacks:
        raise NotReady(lacks)
    people = tuple(people)
    with store.begin() as db:
        inspection = inspections.add(db, new)
        for each in people:
            inspections.assign(db, inspection, each)
    for holder in granting.HELD_BY:
        _add_vault(store, inspection, holder, people, now)
    return inspection


def _add_vault(
    store: Store,
    inspection: InspectionId,
    holder: Holder,
    people: Iterable[StaffId],
    now: datetime | None,
) -> None:
    pair = key_pair(secrets.token_bytes(KEY_BYTES))
    with store.begin() as db:
        number = inspections.add_vault(db, inspection, holder, 1, pair.public)
        roles = {each: staff.get(db, each) for each in people}
    vault = Vault(number, inspection, holder, 1, pair.public)
    for each, member in roles.items():
        if member is not None and member.role in granting.HELD_BY[holder]:
            granting.grant(store, vault, pair.private, each, now=now)
