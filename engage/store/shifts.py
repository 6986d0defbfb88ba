"""Shifts: who is on duty, from when until when."""

from collections.abc import Iterable
from datetime import datetime

from sqlalchemy import Connection, and_, bindparam, insert, select, update
from sqlalchemy import delete as delete_from

from engage.core.duty.rota import Shift, Span
from engage.core.people import InspectionId, StaffId
from engage.store.desk_tables import shift
from engage.store.tables import inspection_staff

_ADD = insert(shift)
_SAME = select(shift.c.id).where(
    shift.c.inspection_id == bindparam("of"),
    shift.c.staff_id == bindparam("staff"),
    shift.c.starts_at == bindparam("starts", type_=shift.c.starts_at.type),
    shift.c.ends_at == bindparam("ends", type_=shift.c.ends_at.type),
    shift.c.place == bindparam("as_place"),
)
_CUT = (
    update(shift)
    .where(shift.c.id == bindparam("number"), shift.c.inspection_id == bindparam("of"))
    .values(ends_at=bindparam("ends", type_=shift.c.ends_at.type))
)
_REMOVE = delete_from(shift).where(
    shift.c.id == bindparam("id"), shift.c.inspection_id == bindparam("of")
)
_OF = (
    select(
        shift.c.id, shift.c.staff_id, shift.c.starts_at, shift.c.ends_at, shift.c.place
    )
    # Whoever has been taken off the inspection covers nothing: they see no flag.
    .join_from(
        shift,
        inspection_staff,
        and_(
            inspection_staff.c.inspection_id == shift.c.inspection_id,
            inspection_staff.c.staff_id == shift.c.staff_id,
        ),
    )
    .where(
        shift.c.inspection_id == bindparam("of"),
        shift.c.ends_at > bindparam("since", type_=shift.c.ends_at.type),
    )
    .order_by(shift.c.starts_at, shift.c.place, shift.c.id)
)


def add_many(
    db: Connection, inspection_id: InspectionId, shifts: Iterable[Shift]
) -> None:
    rows = [
        {
            "inspection_id": inspection_id,
            "staff_id": each.staff,
            "starts_at": each.span.start,
            "ends_at": each.span.end,
            "place": each.place,
        }
        for each in shifts
    ]
    if rows:
        db.execute(_ADD, rows)


def add(db: Connection, inspection_id: InspectionId, new: Shift) -> bool:
    """Whether it is new: the same person, span and place twice is one shift.

    Hold the inspection (`inspections.hold`), or two at once may both be new.
    """
    same = {
        "of": inspection_id,
        "staff": new.staff,
        "starts": new.span.start,
        "ends": new.span.end,
        "as_place": new.place,
    }
    if db.execute(_SAME, same).first() is not None:
        return False
    add_many(db, inspection_id, [new])
    return True


def cut(
    db: Connection, inspection_id: InspectionId, number: int, ends_at: datetime
) -> None:
    """Let a shift that has begun end sooner. That it was there stays on record."""
    db.execute(_CUT, {"number": number, "of": inspection_id, "ends": ends_at})


def remove(db: Connection, inspection_id: InspectionId, number: int) -> bool:
    """Whether it was there."""
    return db.execute(_REMOVE, {"id": number, "of": inspection_id}).rowcount == 1


def of_inspection(
    db: Connection, inspection_id: InspectionId, since: datetime
) -> tuple[Shift, ...]:
    """Those that end after `since`, of people still on the inspection, in order."""
    rows = db.execute(_OF, {"of": inspection_id, "since": since})
    return tuple(
        Shift(
            StaffId(row.staff_id), Span(row.starts_at, row.ends_at), row.place, row.id
        )
        for row in rows
    )
