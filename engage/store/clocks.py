"""The clocks of flags: which are due, and what was called. One dispatcher each."""

from datetime import datetime

from sqlalchemy import Connection, bindparam, func, select, update

from engage.core.people import FlagId, InspectionId
from engage.core.safeguarding.flags import Flag, Origin
from engage.store.desk_tables import barred, heartbeat
from engage.store.flags import WHOLE, flag_of
from engage.store.inserting import InsertUnlessThere
from engage.store.tables import flag

_NAME = "dispatcher"
_now = bindparam("now", type_=flag.c.next_at.type)
_DUE = (
    WHOLE.where(flag.c.next_at <= _now)
    .order_by(flag.c.next_at, flag.c.id)
    .limit(bindparam("most"))
    # Another dispatcher's are left to it. SQLite has one writer, and needs no lock.
    .with_for_update(skip_locked=True)
)
_LATE = select(func.count()).where(flag.c.next_at <= _now)
_CALL = (
    update(flag)
    .where(flag.c.id == bindparam("of"))
    .values(
        step=bindparam("as_step"),
        called_at=bindparam("called", type_=flag.c.called_at.type),
        next_at=bindparam("later", type_=flag.c.next_at.type),
        turns=flag.c.turns + 1,
    )
)
_LATER = (
    update(flag)
    .where(flag.c.id == bindparam("of"))
    .values(next_at=bindparam("later", type_=flag.c.next_at.type))
)
_WAKE = (
    update(flag)
    .where(flag.c.inspection_id == bindparam("of"), flag.c.next_at.is_not(None))
    .values(next_at=_now)
)
_LAST_DRILL = (
    WHOLE.where(
        flag.c.inspection_id == bindparam("of"), flag.c.origin == Origin.DRILL.value
    )
    .order_by(flag.c.raised_at.desc(), flag.c.id.desc())
    .limit(1)
)
_BARRED = select(barred.c.flag_id, barred.c.staff_id).where(
    barred.c.flag_id.in_(bindparam("flags", expanding=True))
)
_FIRST_BEAT = InsertUnlessThere(heartbeat)
_BEAT = (
    update(heartbeat)
    .where(heartbeat.c.name == _NAME)
    .values(at=bindparam("moment", type_=heartbeat.c.at.type))
)
_LAST_BEAT = select(heartbeat.c.at).where(heartbeat.c.name == _NAME)


def due(db: Connection, now: datetime, most: int) -> tuple[Flag, ...]:
    """Flags that the clock must look at, held until the transaction ends."""
    rows = db.execute(_DUE, {"now": now, "most": most})
    return tuple(flag_of(row) for row in rows)


def late(db: Connection, before: datetime) -> int:
    """How many flags should have been looked at before this moment, and were not."""
    number: int = db.execute(_LATE, {"now": before}).scalar_one()
    return number


def called(
    db: Connection, flag_id: FlagId, step: str, at: datetime, next_at: datetime | None
) -> None:
    values = {"of": flag_id, "as_step": step, "called": at, "later": next_at}
    db.execute(_CALL, values)


def look_again(db: Connection, flag_id: FlagId, next_at: datetime | None) -> None:
    db.execute(_LATER, {"of": flag_id, "later": next_at})


def wake(db: Connection, inspection_id: InspectionId, now: datetime) -> None:
    """The rota has changed: look at every clock of this inspection at once."""
    db.execute(_WAKE, {"of": inspection_id, "now": now})


def last_drill(db: Connection, inspection_id: InspectionId) -> Flag | None:
    """The newest drill of an inspection."""
    row = db.execute(_LAST_DRILL, {"of": inspection_id}).first()
    return None if row is None else flag_of(row)


def barred_from(db: Connection, flags: list[FlagId]) -> dict[int, set[int]]:
    """Who must not be told of which flag."""
    found: dict[int, set[int]] = {}
    if flags:
        for of, who in db.execute(_BARRED, {"flags": flags}):
            found.setdefault(of, set()).add(who)
    return found


def beat(db: Connection, at: datetime) -> None:
    """A dispatcher is at work."""
    if db.execute(_BEAT, {"moment": at}).rowcount == 0:
        _FIRST_BEAT.added(db, {"name": _NAME, "at": at})


def last_beat(db: Connection) -> datetime | None:
    found: datetime | None = db.execute(_LAST_BEAT).scalar()
    return found
