"""Let somebody in: give them the older versions of the duty vault that you can open.

Who puts themselves on the rota opens what is raised from then on. What waits already
was sealed before they came, and somebody who holds its key must hand it on.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from engage.core.people import StaffId, VaultId
from engage.services import duty_vault
from engage.services.duty_vault import Change
from engage.services.rota_changing import NotTheirs as NotTheirs
from engage.services.rota_changing import inspection_of
from engage.services.signing_in import SignedIn
from engage.store import flags, inspections, staff
from engage.store.engine import Store
from engage.store.staff import StaffMember


@dataclass(frozen=True, slots=True)
class Outside:
    """Somebody on the rota who cannot open all that is open."""

    who: StaffId
    called: str
    flags: int
    """How many, of those that they may see."""
    by_me: bool
    """Whether the person who looks can let them in."""
    others: tuple[str, ...]
    """Who else can."""


def outside(
    store: Store, me: SignedIn, slug: str, now: datetime
) -> tuple[Outside, ...]:
    """Everybody on the rota who waits to be let in. Raises `NotTheirs`; see there."""
    with store.read() as db:
        change = Change(db, inspection_of(db, me, slug).id, me, now)
        members = staff.of_inspection(db, change.inspection)
        there = duty_vault.should_hold(change, members)
        found = [_outside(change, each, members) for each in there.values()]
    return tuple(each for each in found if each.flags)


def let_in(store: Store, me: SignedIn, slug: str, who: StaffId, now: datetime) -> int:
    """How many versions they have been given: all that `me` holds and they do not.

    None: they hold them all already.

    Raises:
        NotTheirs: also of somebody who is not on the rota.
    """
    with store.begin() as db:
        change = Change(db, inspection_of(db, me, slug).id, me, now)
        inspections.hold(db, change.inspection)
        there = duty_vault.should_hold(
            change, staff.of_inspection(db, change.inspection)
        )
        if who not in there:
            raise NotTheirs
        lacks = _lacks(change, who)
        for vault, private in lacks.items():
            duty_vault.grant(change, vault, private, there[who])
        duty_vault.write_granted(change, [(vault, who) for vault in lacks])
    return len(lacks)


def _lacks(change: Change, who: StaffId) -> dict[VaultId, bytes]:
    """What `me` could give them."""
    held = duty_vault.held_by(change, who)
    mine = duty_vault.keys(change)
    return {vault: key for vault, key in mine.items() if vault not in held}


def _outside(
    change: Change, member: StaffMember, members: Iterable[StaffMember]
) -> Outside:
    held = duty_vault.held_by(change, member.id)
    shut = [
        each
        for each in flags.on_desk(change.db, member.id)
        if each.inspection == change.inspection and each.vault not in held
    ]
    can = {
        holder
        for vault in {each.vault for each in shut}
        for holder in staff.holders(change.db, vault)
    }
    return Outside(
        member.id,
        member.called,
        len(shut),
        change.by.id in can,
        tuple(each.called for each in members if each.id in can - {change.by.id}),
    )
