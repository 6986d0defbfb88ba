"""Where people are told: addresses of staff, and the hub of an inspection."""

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, Row, bindparam, func, select, update
from sqlalchemy import delete as delete_from

from engage.core.people import InspectionId, StaffId
from engage.store.desk_tables import contact
from engage.store.inserting import InsertUnlessThere


class AlreadyThere(Exception):
    """They have this address already. The transaction stands."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Contact:
    """`place`: 1 is tried first. Either `staff` or `inspection` has it."""

    id: int
    staff: StaffId | None
    inspection: InspectionId | None
    channel: str
    address: str
    keys: Mapping[str, str]
    place: int
    refused_at: datetime | None
    refused_why: str


@dataclass(frozen=True, slots=True, kw_only=True)
class NewContact:
    channel: str
    address: str
    staff: StaffId | None = None
    inspection: InspectionId | None = None
    keys: Mapping[str, str] = field(default_factory=dict)


_ALL = select(contact).order_by(contact.c.place, contact.c.id)
_whose = (contact.c.staff_id == bindparam("staff")) | (
    contact.c.inspection_id == bindparam("inspection")
)
_OF = _ALL.where(_whose)
_ADD = InsertUnlessThere(contact, returning="id")
_LAST = select(func.coalesce(func.max(contact.c.place), 0)).where(_whose)
_REMOVE = delete_from(contact).where(contact.c.id == bindparam("of"))
_PLACE = (
    update(contact).where(contact.c.id == bindparam("of")).values(place=bindparam("to"))
)
_REFUSED = (
    update(contact)
    .where(contact.c.id == bindparam("of"))
    .values(
        refused_at=bindparam("at", type_=contact.c.refused_at.type),
        refused_why=bindparam("why"),
    )
)


def add(db: Connection, new: NewContact) -> int:
    """Add it as the last to be tried. Raises `AlreadyThere`; see there."""
    whose = {"staff": new.staff, "inspection": new.inspection}
    last: int = db.execute(_LAST, whose).scalar_one()
    number = _ADD.key(
        db,
        {
            "staff_id": new.staff,
            "inspection_id": new.inspection,
            "channel": new.channel,
            "address": new.address,
            "keys": json.dumps(dict(new.keys)),
            "place": last + 1,
        },
    )
    if number is None:
        raise AlreadyThere
    return number


def of_staff(db: Connection, staff_id: StaffId) -> tuple[Contact, ...]:
    rows = db.execute(_OF, {"staff": staff_id, "inspection": None})
    return tuple(_contact(row) for row in rows)


def of_inspection(db: Connection, inspection_id: InspectionId) -> tuple[Contact, ...]:
    """Its hubs."""
    rows = db.execute(_OF, {"staff": None, "inspection": inspection_id})
    return tuple(_contact(row) for row in rows)


def remove(db: Connection, number: int) -> None:
    db.execute(_REMOVE, {"of": number})


def put_at(db: Connection, number: int, place: int) -> None:
    db.execute(_PLACE, {"of": number, "to": place})


def refused(db: Connection, number: int, at: datetime | None, why: str) -> None:
    """This address takes nothing any more (or, with `None`, does again)."""
    values = {"of": number, "at": at, "why": why[:200] if at else None}
    db.execute(_REFUSED, values)


def _contact(row: Row[*tuple[Any, ...]]) -> Contact:
    held = row._mapping
    return Contact(
        id=held["id"],
        staff=held["staff_id"],
        inspection=held["inspection_id"],
        channel=held["channel"],
        address=held["address"],
        keys=json.loads(held["keys"]),
        place=held["place"],
        refused_at=held["refused_at"],
        refused_why=held["refused_why"] or "",
    )
