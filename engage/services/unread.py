"""Somebody is told of what children wrote back that nobody has read.

Like the clocks of flags: safe in several processes, and to be killed at any moment.
"""

from collections.abc import Callable
from datetime import datetime
from functools import partial

from engage.core.duty.unread import Unread, whom
from engage.core.people import StaffId
from engage.core.safeguarding.flags import Flag
from engage.services import calling, covering
from engage.store import clocks, inspections, unread
from engage.store.engine import Connection, Store


def tell(store: Store, now: datetime) -> int:
    """Put whoever is to be told into the outbox. About how many flags."""
    with store.read() as db:
        wrote = unread.wrote(db)
    if not wrote:
        return 0
    with store.begin() as db:
        held = unread.hold(db, sorted(wrote))
        # Asked again, now that no other dispatcher can be at them.
        found, away = _found(db, held), clocks.barred_from(db, [f.id for f in held])
        notes: list[Callable[[], None]] = []
        for flag, each in found:
            notes += _tell(db, flag, each, frozenset(away.get(flag.id, ())), now)
        # Last, since the journal is then held until the end of the transaction.
        for note in notes:
            note()
    return len(notes)


def _found(db: Connection, held: tuple[Flag, ...]) -> list[tuple[Flag, Unread]]:
    wrote = unread.wrote(db)
    before = unread.called(db, [flag.id for flag in held])
    found = []
    for flag in held:
        if flag.id in wrote:
            called_at, step = before.get(flag.id, (None, None))
            holder = flag.taken_by or flag.acknowledged_by
            found.append((flag, Unread(holder, wrote[flag.id], called_at, step)))
    return found


def _tell(
    db: Connection, flag: Flag, found: Unread, away: frozenset[int], now: datetime
) -> list[Callable[[], None]]:
    inspection = inspections.get(db, flag.inspection)
    if inspection is None:
        return []
    barred = frozenset(map(StaffId, away))
    people = covering.people_of(db, inspection, flag.vault, now).without(barred)
    made = whom(found, people, now)
    if made is None:
        return []
    addresses = calling.put_out(db, flag, flag.turns + 1, made, now)
    if not addresses:
        return []
    unread.next_turn(db, flag.id)
    return [partial(calling.note_down, db, flag, made, addresses, now)]
