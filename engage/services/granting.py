"""Who holds the private half of a vault: each has a copy sealed to their own key."""

from datetime import datetime

from engage.core.duty.journal import Verb
from engage.core.people import Role, StaffId, VaultId
from engage.core.sealing.envelope import Context, open_with, seal_to
from engage.core.sealing.keys import Carried, Holder
from engage.services.signing_in import SignedIn
from engage.store import journal, staff
from engage.store.engine import Store
from engage.store.inspections import Vault

HELD_BY: dict[Holder, frozenset[Role]] = {
    Holder.DUTY: frozenset({Role.DUTY, Role.LEAD}),
    Holder.EVIDENCE: frozenset({Role.EVIDENCE}),
}
"""Whose staff may be given which vault. An administrator may be given none."""


class NotTheirs(Exception):
    """This role may not hold this vault, or this person does not hold it."""


def grant(
    store: Store,
    vault: Vault,
    private: bytes,
    to: StaffId,
    *,
    by: StaffId | None = None,
    now: datetime | None = None,
) -> None:
    """Give one person a vault; with `now`, into the journal. `by`: nobody at founding.

    Raises:
        NotTheirs: see there.
    """
    with store.read() as db:
        member = staff.get(db, to)
    if member is None or member.role not in HELD_BY[vault.holder]:
        raise NotTheirs
    envelope = seal_to(member.public, private, _context(vault.inspection, vault.id))
    with store.begin() as db:
        staff.grant(db, vault.id, to, envelope)
        if now is not None:
            journal.write(
                db,
                Verb.GRANTED,
                at=now,
                staff=by,
                inspection=vault.inspection,
                detail={"to": to, "vault": vault.id, "holder": vault.holder.value},
            )


def vault_keys(store: Store, me: SignedIn, holder: Holder) -> dict[VaultId, bytes]:
    """The private half of every vault of this kind that `me` holds."""
    with store.read() as db:
        grants = staff.grants(db, me.id)
    return {
        each.vault: open_with(
            me.private, each.envelope, _context(each.inspection, each.vault)
        )
        for each in grants
        if each.holder is holder
    }


def _context(inspection: int, vault: int) -> Context:
    return Context(Carried.GRANT, inspection, number=vault)
