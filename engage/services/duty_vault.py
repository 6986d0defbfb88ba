"""Keep the duty vault with the people of the rota: who joins, and who leaves.

Its newest version is held by everybody who has a shift now or later, and by the leads.
When those are others than before, there is a new version, so that whoever has left
opens nothing that is raised from now on. Whoever has come opens what waits, too: the
older versions that open flags still use are sealed to them anew by whoever makes the
change, if they hold them.
"""

import secrets
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime

from engage.core.duty.journal import Verb
from engage.core.people import InspectionId, Role, StaffId, VaultId
from engage.core.sealing.envelope import KEY_BYTES, Context, open_with, seal_to
from engage.core.sealing.keys import Carried, Holder, key_pair
from engage.services.granting import HELD_BY
from engage.services.signing_in import SignedIn
from engage.store import flags, held, inspections, journal, shifts, staff
from engage.store.engine import Connection
from engage.store.staff import StaffMember


@dataclass(frozen=True, slots=True)
class Change:
    """Somebody changes who holds what, in a transaction that holds the inspection."""

    db: Connection
    inspection: InspectionId
    by: SignedIn
    at: datetime


def follow(
    db: Connection, inspection: InspectionId, me: SignedIn, now: datetime
) -> None:
    """Give the vault to whom the rota says, in the transaction that changed the rota.

    Hold the inspection (`inspections.hold`) from the beginning of the transaction on.
    The last statements write the journal.
    """
    change = Change(db, inspection, me, now)
    members = staff.of_inspection(db, inspection)
    wanted = should_hold(change, members)
    if not wanted:
        return  # a vault that nobody holds would lose what is sealed to it
    holds = {each.id: held_by(change, each.id) for each in members}
    granted = _hand_on(change, wanted, holds)
    newest = inspections.current_vaults(db, inspection)[Holder.DUTY]
    if set(wanted) != {each for each, vaults in holds.items() if newest.id in vaults}:
        granted += _renew(change, wanted, newest.version + 1)
    write_granted(change, granted)


def should_hold(
    change: Change, members: Iterable[StaffMember]
) -> dict[StaffId, StaffMember]:
    """Who holds the newest version from now on: the rota, and the leads."""
    rota = shifts.of_inspection(change.db, change.inspection, change.at)
    on_rota = {each.staff for each in rota}
    return {
        each.id: each
        for each in members
        if each.role in HELD_BY[Holder.DUTY]
        and (each.role is Role.LEAD or each.id in on_rota)
    }


def held_by(change: Change, of: StaffId) -> frozenset[VaultId]:
    """Every vault of which this person has a grant."""
    return frozenset(each.vault for each in staff.grants(change.db, of))


def _hand_on(
    change: Change,
    wanted: Mapping[StaffId, StaffMember],
    holds: Mapping[StaffId, frozenset[VaultId]],
) -> list[tuple[VaultId, StaffId]]:
    """Seal to each what they lack for the open flags that they may see."""
    mine = keys(change)
    granted = []
    for member in wanted.values():
        lacks = _in_use(change, member.id) - holds[member.id]
        for vault in sorted(lacks & set(mine)):
            grant(change, vault, mine[vault], member)
            granted.append((vault, member.id))
    return granted


def _in_use(change: Change, of: StaffId) -> frozenset[VaultId]:
    """The vaults of the open flags that this person may see, and of what is held."""
    held_ready = held.vaults(change.db, change.inspection)
    return held_ready | {
        each.vault
        for each in flags.on_desk(change.db, of)
        if each.inspection == change.inspection
    }


def keys(change: Change) -> dict[VaultId, bytes]:
    """The duty vaults of this inspection that whoever makes the change can open."""
    if not change.by.private:
        return {}
    return {
        each.vault: open_with(
            change.by.private, each.envelope, _context(change, each.vault)
        )
        for each in staff.grants(change.db, change.by.id)
        if each.holder is Holder.DUTY and each.inspection == change.inspection
    }


def _renew(
    change: Change, wanted: Mapping[StaffId, StaffMember], version: int
) -> list[tuple[VaultId, StaffId]]:
    pair = key_pair(secrets.token_bytes(KEY_BYTES))
    number = inspections.add_vault(
        change.db, change.inspection, Holder.DUTY, version, pair.public
    )
    for member in wanted.values():
        grant(change, number, pair.private, member)
    _write(change, Verb.VAULT_CHANGED, {"vault": number, "version": version})
    return [(number, each) for each in wanted]


def grant(change: Change, vault: VaultId, private: bytes, to: StaffMember) -> None:
    """A copy of a vault for one person. Write it down last, with `write_granted`."""
    envelope = seal_to(to.public, private, _context(change, vault))
    staff.grant(change.db, vault, to.id, envelope)


def _context(change: Change, vault: VaultId) -> Context:
    """The same as `granting` seals a grant with: who holds one need not know whose."""
    return Context(Carried.GRANT, change.inspection, number=vault)


def write_granted(change: Change, granted: Iterable[tuple[VaultId, StaffId]]) -> None:
    for vault, to in granted:
        _write(change, Verb.GRANTED, {"to": to, "vault": vault, "holder": "duty"})


def _write(change: Change, verb: Verb, detail: Mapping[str, str | int]) -> None:
    journal.write(
        change.db,
        verb,
        at=change.at,
        staff=change.by.id,
        inspection=change.inspection,
        detail=detail,
    )
