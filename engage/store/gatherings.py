"""Gatherings and their join codes; cards by the hash of their number."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import Connection, Row, bindparam, select

from engage.core.people import GatheringId, InspectionId
from engage.store.inserting import InsertUnlessThere
from engage.store.tables import card, gathering


class JoinCodeTaken(Exception):
    """Another gathering has this join code: choose again. The transaction stands."""


@dataclass(frozen=True, slots=True, kw_only=True)
class NewGathering:
    """`adult` and `phone`: who is in the room, and how to reach them there."""

    inspection: InspectionId
    join_code: str
    place: str
    adult: str
    phone: str
    day: date
    closes_at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Gathering:
    id: GatheringId
    inspection: InspectionId
    join_code: str
    place: str
    adult: str
    phone: str
    day: date
    closes_at: datetime


_ADD = InsertUnlessThere(gathering, returning="id")
_GET = select(gathering).where(gathering.c.id == bindparam("id"))
_BY_CODE = select(gathering).where(gathering.c.join_code == bindparam("join_code"))
_OF_INSPECTION = (
    select(gathering)
    .where(gathering.c.inspection_id == bindparam("inspection"))
    .order_by(gathering.c.day, gathering.c.place, gathering.c.id)
)
_ADD_CARDS = InsertUnlessThere(card)
_CARD = select(card.c.inspection_id).where(
    card.c.inspection_id == bindparam("inspection"),
    card.c.number_hash == bindparam("number_hash"),
)


def add(db: Connection, new: NewGathering) -> GatheringId:
    """Raises `JoinCodeTaken`; see there."""
    number = _ADD.key(
        db,
        {
            "inspection_id": new.inspection,
            "join_code": new.join_code,
            "place": new.place,
            "adult": new.adult,
            "phone": new.phone,
            "day": new.day,
            "closes_at": new.closes_at,
        },
    )
    if number is None:
        raise JoinCodeTaken
    return GatheringId(number)


def get(db: Connection, gathering_id: GatheringId) -> Gathering | None:
    row = db.execute(_GET, {"id": gathering_id}).first()
    return None if row is None else _gathering(row)


def by_join_code(db: Connection, join_code: str) -> Gathering | None:
    """The gathering with this code, closed or not: compare `closes_at`."""
    row = db.execute(_BY_CODE, {"join_code": join_code}).first()
    return None if row is None else _gathering(row)


def of_inspection(db: Connection, inspection_id: InspectionId) -> tuple[Gathering, ...]:
    """By day and place."""
    rows = db.execute(_OF_INSPECTION, {"inspection": inspection_id})
    return tuple(_gathering(row) for row in rows)


def add_cards(
    db: Connection, inspection_id: InspectionId, number_hashes: Iterable[str]
) -> None:
    """Cards that were printed. One that is there already is no matter."""
    _ADD_CARDS.many(
        db,
        [
            {"inspection_id": inspection_id, "number_hash": number_hash}
            for number_hash in number_hashes
        ],
    )


def is_card(db: Connection, inspection_id: InspectionId, number_hash: str) -> bool:
    """Whether a card with this number was printed for this inspection."""
    values = {"inspection": inspection_id, "number_hash": number_hash}
    return db.execute(_CARD, values).first() is not None


def _gathering(row: Row[*tuple[Any, ...]]) -> Gathering:
    return Gathering(
        id=GatheringId(row.id),
        inspection=InspectionId(row.inspection_id),
        join_code=row.join_code,
        place=row.place,
        adult=row.adult,
        phone=row.phone,
        day=row.day,
        closes_at=row.closes_at,
    )
