"""Where people can be told: their addresses, and the hub of an inspection."""

from collections.abc import Iterable
from dataclasses import dataclass

from sqlalchemy import Connection, bindparam, or_, select

from engage.core.people import InspectionId, StaffId
from engage.store.desk_tables import contact


@dataclass(frozen=True, slots=True)
class Address:
    """`staff` is `None` for a hub. `place`: 1 is tried first."""

    contact: int
    staff: StaffId | None
    channel: str
    place: int


_REACH = (
    select(contact.c.id, contact.c.staff_id, contact.c.channel, contact.c.place)
    .where(
        contact.c.refused_at.is_(None),
        or_(
            contact.c.staff_id.in_(bindparam("staff", expanding=True)),
            contact.c.inspection_id == bindparam("of"),
        ),
    )
    .order_by(contact.c.staff_id, contact.c.place, contact.c.id)
)


def reach(
    db: Connection, inspection_id: InspectionId, people: Iterable[StaffId]
) -> tuple[Address, ...]:
    """Every address that has not refused, in the order in which they are tried."""
    rows = db.execute(_REACH, {"staff": list(people), "of": inspection_id})
    return tuple(Address(*row) for row in rows)
