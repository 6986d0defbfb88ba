"""A check-in that a child leaves without an answer.

They are told before they are asked (`if-left` of the first response). What would be
passed on if they skipped it is sealed at once, for the server cannot read it later, and
passed on when nobody has answered for as long as the policy says (detection 2.12).
"""

from datetime import datetime, timedelta

from engage.core.duty.journal import Verb
from engage.core.safeguarding.notes import Note
from engage.services import covering, flagging
from engage.services.flagging import Child, Raising
from engage.store import flags, held, inspections
from engage.store.engine import Connection, Store
from engage.store.flags import NewFlag
from engage.store.held import HeldNote
from engage.store.threads import NewThread

AT_ONCE = 25
let_go = held.let_go
hold = held.hold


def prepare(
    store: Store,
    child: Child,
    note: Note,
    now: datetime,
    wait: timedelta,
    ahead: Raising | None = None,
) -> HeldNote:
    """Sealed, nothing written yet. `ahead`: what the same turn raises."""
    ready = flagging.prepare(store, child, [note], now, ahead)
    assert ready.vault is not None  # noqa: S101 - `prepare` has sealed it to one
    ((number, envelope),) = ready.parts
    return HeldNote(
        tag=ready.tag,
        inspection=child.inspection.id,
        vault=ready.vault,
        reference=ready.reference,
        number=number,
        level=ready.level,
        envelope=envelope,
        for_duty=ready.thread.for_duty if ready.thread else None,
        for_child=ready.thread.for_child if ready.thread else None,
        release_at=now + wait,
    )


def was_passed_on(store: Store, tag: str) -> bool:
    """Whether nobody answered in time, and it was passed on meanwhile."""
    with store.read() as db:
        note = held.of_tag(db, tag)
    return note is not None and note.release_at is None


def pass_on(store: Store, now: datetime) -> int:
    """Pass on what has waited long enough. How many there were."""
    with store.read() as db:
        due = held.due(db, now, AT_ONCE)
    number = 0
    for note in due:
        try:
            with store.begin() as db:
                number += _pass_on(db, note, now)
        except flagging.Overtaken:
            continue  # the next round finds the flag that was raised meanwhile
    return number


def _pass_on(db: Connection, note: HeldNote, now: datetime) -> int:
    inspection = inspections.get(db, note.inspection)
    if inspection is None or not held.passed_on(db, note.tag, now):
        return 0
    due = covering.promised_in(db, inspection, note.level, now).by
    standing = flags.by_tag(db, note.tag)
    new = NewFlag(
        inspection=note.inspection,
        reference=note.reference,
        level=note.level,
        raised_at=now,
        due_at=due,
        vault=note.vault,
        tag=note.tag,
    )
    raising = Raising(
        None if standing else new,
        standing.id if standing else None,
        note.level,
        due,
        now,
        ((note.number, note.envelope),),
        _thread(note),
        Verb.RAISED_AGAIN if standing else Verb.RAISED,
        note.inspection,
        note.tag,
        note.vault,
        note.reference,
    )
    flagging.carry_out(db, raising)
    return 1


def _thread(note: HeldNote) -> NewThread | None:
    if note.for_duty is None or note.for_child is None:
        return None
    return NewThread(note.for_duty, note.for_child)
