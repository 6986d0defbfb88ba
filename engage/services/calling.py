"""The clocks of flags go round: whoever is to be called is put into the outbox.

Safe to run in several processes at once, and to be killed at any moment: one
transaction looks at a few flags, writes down whom to call, and says when to look again.
"""

from collections.abc import Callable
from datetime import datetime, timedelta
from functools import partial

from engage.core.duty.clock import Call, Look, look
from engage.core.duty.journal import Verb
from engage.core.people import InspectionId, StaffId
from engage.core.safeguarding.concerns import Level
from engage.core.safeguarding.flags import Flag
from engage.services import covering
from engage.store import clocks, inspections, journal, notices, reaching
from engage.store.engine import Connection, Store
from engage.store.inspections import Inspection
from engage.store.notices import NewNotice

AT_ONCE = 25
"""Flags that one transaction looks at."""
NEXT_ADDRESS_AFTER = timedelta(minutes=2)
"""For a concern: how long one address has, until the person's next one is tried."""


def call(store: Store, now: datetime) -> int:
    """Look at the flags that are due. How many there were."""
    with store.begin() as db:
        due = clocks.due(db, now, AT_ONCE)
        barred = clocks.barred_from(db, [flag.id for flag in due])
        known: dict[InspectionId, Inspection | None] = {}
        steps: list[Callable[[], None]] = []
        for flag in due:
            if flag.inspection not in known:
                known[flag.inspection] = inspections.get(db, flag.inspection)
            inspection = known[flag.inspection]
            if inspection is not None:
                away = frozenset(map(StaffId, barred.get(flag.id, ())))
                steps += _look(db, flag, inspection, away, now)
        # Last, since the journal is then held until the end of the transaction.
        for write in steps:
            write()
    return len(due)


def _look(
    db: Connection,
    flag: Flag,
    inspection: Inspection,
    barred: frozenset[StaffId],
    now: datetime,
) -> list[Callable[[], None]]:
    since = min(flag.called_at or flag.since or now, now)
    people = covering.people_of(db, inspection, flag.vault, since).without(barred)
    found: Look = look(flag, people, covering.limits_of(inspection), now)
    if found.call is None:
        clocks.look_again(db, flag.id, found.next_at)
        return []
    clocks.called(db, flag.id, found.call.step, now, found.next_at)
    addresses = put_out(db, flag, flag.turns + 1, found.call, now)
    return [partial(note_down, db, flag, found.call, addresses, now)]


def note_down(
    db: Connection, flag: Flag, made: Call, addresses: int, now: datetime
) -> None:
    """In the journal: who was called, not by name, and at how many addresses."""
    said = {"step": made.step.value, "called": len(made.who), "addresses": addresses}
    journal.write(
        db,
        Verb.STEP,
        at=now,
        inspection=flag.inspection,
        flag=flag.id,
        detail=said,
    )


def put_out(db: Connection, flag: Flag, turn: int, made: Call, now: datetime) -> int:
    """Put a call into the outbox, under its number. At how many addresses."""
    addresses = reaching.reach(db, flag.inspection, made.who)
    at_once = flag.level is Level.NOW
    before: dict[StaffId | None, int] = {}
    new = []
    for each in addresses:
        place = before.get(each.staff, 0)
        before[each.staff] = place + 1
        waits = timedelta(0) if at_once or each.staff is None else NEXT_ADDRESS_AFTER
        new.append(
            NewNotice(
                flag=flag.id,
                turn=turn,
                step=made.step.value,
                staff=each.staff,
                contact=each.contact,
                channel=each.channel,
                created_at=now,
                try_at=now + place * waits,
            )
        )
    notices.add(db, new)
    return len(new)
