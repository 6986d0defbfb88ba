"""Messages between the duty inspector and a child: a thread for each flag of a talk."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, Row, bindparam, func, select, update

from engage.core.duty.messages import Ended, Side
from engage.core.people import FlagId, InspectionId, StaffId, VaultId
from engage.store.desk_tables import message, thread
from engage.store.flag_moves import theirs
from engage.store.inserting import InsertUnlessThere
from engage.store.tables import flag


class NumberTaken(Exception):
    """Another message has this number. The transaction stands."""


@dataclass(frozen=True, slots=True)
class NewThread:
    """The thread's key, once for each side. Neither row says which talk it is of."""

    for_duty: bytes
    for_child: bytes


@dataclass(frozen=True, slots=True, kw_only=True)
class NewMessage:
    flag: FlagId
    number: int
    sender: Side
    at: datetime
    envelope: bytes
    staff: StaffId | None = None


@dataclass(frozen=True, slots=True)
class SealedMessage:
    """`seen_at`: when the other side had it on their screen."""

    number: int
    sender: Side
    at: datetime
    seen_at: datetime | None
    envelope: bytes


@dataclass(frozen=True, slots=True, kw_only=True)
class SealedThread:
    """A thread as it is stored, with its messages in the order of their numbers."""

    flag: FlagId
    inspection: InspectionId
    reference: str
    vault: VaultId
    for_duty: bytes
    for_child: bytes
    ended: Ended | None
    ended_at: datetime | None
    messages: tuple[SealedMessage, ...]

    @property
    def last(self) -> int:
        """The number of the newest message; 0 if there is none."""
        return self.messages[-1].number if self.messages else 0


_WHOLE = (
    select(
        flag.c.id,
        flag.c.inspection_id,
        flag.c.reference,
        flag.c.vault_id,
        thread.c.for_duty,
        thread.c.for_child,
        thread.c.closed_by,
        thread.c.closed_at,
        message.c.number,
        message.c.sender,
        message.c.at,
        message.c.seen_at,
        message.c.envelope,
    )
    .select_from(
        thread.join(flag, flag.c.id == thread.c.flag_id).outerjoin(
            message, message.c.flag_id == thread.c.flag_id
        )
    )
    .order_by(message.c.number)
)
_OF_FLAG = _WHOLE.where(thread.c.flag_id == bindparam("flag"))
_BY_TAG = _WHOLE.where(flag.c.tag == bindparam("tag"))
_ADD = InsertUnlessThere(thread)
_ADD_MESSAGE = InsertUnlessThere(message)
_moment = bindparam("moment", type_=thread.c.closed_at.type)
_SEEN = (
    update(message)
    .where(
        message.c.flag_id == bindparam("of"),
        message.c.sender == bindparam("from"),
        message.c.number <= bindparam("upto"),
        message.c.seen_at.is_(None),
    )
    .values(seen_at=_moment)
)
_this = thread.c.flag_id == bindparam("of")
_END = (
    update(thread)
    .where(_this, thread.c.closed_by.is_(None))
    .values(closed_by=bindparam("by"), closed_at=_moment)
)
_REOPEN = (
    update(thread)
    .where(_this, thread.c.closed_by == bindparam("by"))
    .values(closed_by=None, closed_at=None)
)
_DELETED = (
    update(thread)
    .where(
        thread.c.flag_id.in_(select(flag.c.id).where(flag.c.tag == bindparam("of_tag")))
    )
    .values(closed_by=Ended.DELETED.value, closed_at=_moment, for_child=b"")
)
_UNREAD = (
    select(message.c.flag_id, func.count())
    .join_from(message, flag, flag.c.id == message.c.flag_id)
    .where(message.c.sender == Side.CHILD.value, message.c.seen_at.is_(None), theirs)
    .group_by(message.c.flag_id)
)


def add(db: Connection, flag_id: FlagId, new: NewThread) -> None:
    """The thread of a flag. A second time is no matter: the first one stands."""
    row = {"flag_id": flag_id, "for_duty": new.for_duty, "for_child": new.for_child}
    _ADD.added(db, row)


def of_flag(db: Connection, flag_id: FlagId) -> SealedThread | None:
    """The thread of a flag; one raised by hand has none. One statement."""
    return _thread(db.execute(_OF_FLAG, {"flag": flag_id}).all())


def by_tag(db: Connection, tag: str) -> SealedThread | None:
    """The thread for who holds the talk key with this `flag_tag`. One statement."""
    return _thread(db.execute(_BY_TAG, {"tag": tag}).all())


def add_message(db: Connection, new: NewMessage) -> None:
    """Add one message.

    Raises:
        NumberTaken: see there.
    """
    row = {
        "flag_id": new.flag,
        "number": new.number,
        "sender": new.sender.value,
        "staff_id": new.staff,
        "at": new.at,
        "envelope": new.envelope,
    }
    if not _ADD_MESSAGE.added(db, row):
        raise NumberTaken


def mark_seen(
    db: Connection, flag_id: FlagId, sender: Side, upto: int, at: datetime
) -> int:
    """What this side wrote, up to a number, is seen. How many were not before."""
    values = {"of": flag_id, "from": sender.value, "upto": upto, "moment": at}
    return db.execute(_SEEN, values).rowcount


def end(db: Connection, flag_id: FlagId, by: Ended, at: datetime) -> bool:
    """Close a thread. False: it was closed already, and stays so."""
    values = {"of": flag_id, "by": by.value, "moment": at}
    return db.execute(_END, values).rowcount == 1


def reopen(db: Connection, flag_id: FlagId, by: Ended) -> bool:
    """Open a thread again that `by` had closed. False: it was not."""
    return db.execute(_REOPEN, {"of": flag_id, "by": by.value}).rowcount == 1


def end_of_talk(db: Connection, tag: str, at: datetime) -> None:
    """The talk with this `flag_tag` is deleted: nobody can read on its side now."""
    db.execute(_DELETED, {"of_tag": tag, "moment": at})


def unread(db: Connection, staff_id: StaffId) -> dict[FlagId, int]:
    """How many messages of children nobody has seen, by flag of this person's."""
    rows = db.execute(_UNREAD, {"staff": staff_id})
    return {FlagId(number): count for number, count in rows}


def _thread(rows: Sequence[Row[*tuple[Any, ...]]]) -> SealedThread | None:
    if not rows:
        return None
    first = rows[0]
    return SealedThread(
        flag=FlagId(first.id),
        inspection=InspectionId(first.inspection_id),
        reference=first.reference,
        vault=VaultId(first.vault_id),
        for_duty=first.for_duty,
        for_child=first.for_child,
        ended=None if first.closed_by is None else Ended(first.closed_by),
        ended_at=first.closed_at,
        messages=tuple(_message(row) for row in rows if row.number is not None),
    )


def _message(row: Row[*tuple[Any, ...]]) -> SealedMessage:
    return SealedMessage(
        row.number, Side(row.sender), row.at, row.seen_at, row.envelope
    )
