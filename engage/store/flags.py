"""Flags and their sealed parts."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, Row, bindparam, func, select

from engage.core.people import FlagId, InspectionId, StaffId, VaultId
from engage.core.safeguarding.concerns import Level
from engage.core.safeguarding.flags import OPEN, WAITING, Flag, Origin, Stage
from engage.store.flag_moves import AlreadyMoved as AlreadyMoved
from engage.store.flag_moves import move as move
from engage.store.flag_moves import raise_level as raise_level
from engage.store.flag_moves import rank, theirs
from engage.store.inserting import InsertUnlessThere
from engage.store.tables import flag, flag_part


class ReferenceTaken(Exception):
    """Another flag has this reference: choose again. The transaction stands."""


class AlreadyRaised(Exception):
    """This talk has a flag (see `by_tag`): join that one. The transaction stands."""


class PartTaken(Exception):
    """This flag already has a part with this number. The transaction stands."""


@dataclass(frozen=True, slots=True, kw_only=True)
class NewFlag:
    """A flag that is raised. `tag`: `flag_tag` of the talk's key, if there is one.

    The clock looks at it at once.
    """

    inspection: InspectionId
    reference: str
    level: Level
    raised_at: datetime
    due_at: datetime | None
    vault: VaultId
    tag: str | None = None
    origin: Origin = Origin.TALK


@dataclass(frozen=True, slots=True)
class SealedPart:
    number: int
    at: datetime
    envelope: bytes


WHOLE = select(
    flag.c.id,
    flag.c.inspection_id,
    flag.c.reference,
    flag.c.level,
    flag.c.stage,
    flag.c.raised_at,
    flag.c.due_at,
    flag.c.vault_id,
    flag.c.opened_by,
    flag.c.opened_at,
    flag.c.acknowledged_by,
    flag.c.acknowledged_at,
    flag.c.taken_by,
    flag.c.taken_at,
    flag.c.origin,
    flag.c.since,
    flag.c.turns,
    flag.c.step,
    flag.c.called_at,
    flag.c.next_at,
)
_ADD = InsertUnlessThere(flag, returning="id")
_ADD_PART = InsertUnlessThere(flag_part)
_BY_TAG = WHOLE.where(flag.c.tag == bindparam("tag"))
_NUMBER_OF = select(flag.c.id).where(flag.c.reference == bindparam("reference"))
_GET = WHOLE.where(flag.c.id == bindparam("flag"), theirs)
_WAITING = WHOLE.where(flag.c.stage.in_([s.value for s in WAITING]), theirs).order_by(
    rank.desc(), flag.c.raised_at.desc(), flag.c.id.desc()
)
_DESK = WHOLE.where(flag.c.stage.in_([s.value for s in OPEN]), theirs).order_by(
    rank.desc(), flag.c.raised_at.desc(), flag.c.id.desc()
)
_CLOSED = (
    WHOLE.where(flag.c.stage == Stage.CLOSED.value, theirs)
    .order_by(flag.c.raised_at.desc(), flag.c.id.desc())
    .limit(bindparam("most"))
)
_PARTS = (
    select(flag_part.c.number, flag_part.c.at, flag_part.c.envelope)
    .where(flag_part.c.flag_id == bindparam("flag"))
    .order_by(flag_part.c.number)
)
_LAST_PART = select(func.coalesce(func.max(flag_part.c.number), 0)).where(
    flag_part.c.flag_id == bindparam("flag")
)


def add(db: Connection, new: NewFlag) -> FlagId:
    """Raise a flag.

    Raises:
        AlreadyRaised: see there.
        ReferenceTaken: see there.
    """
    row = {
        "inspection_id": new.inspection,
        "reference": new.reference,
        "level": new.level.value,
        "stage": Stage.RAISED.value,
        "raised_at": new.raised_at,
        "due_at": new.due_at,
        "tag": new.tag,
        "vault_id": new.vault,
        "origin": new.origin.value,
        "since": new.raised_at,
        "next_at": new.raised_at,
    }
    number = _ADD.key(db, row)
    if number is not None:
        return FlagId(number)
    if new.tag is not None and by_tag(db, new.tag):
        raise AlreadyRaised
    raise ReferenceTaken


def by_tag(db: Connection, tag: str) -> Flag | None:
    """The flag of the talk whose key has this `flag_tag`."""
    row = db.execute(_BY_TAG, {"tag": tag}).first()
    return None if row is None else flag_of(row)


def number_of(db: Connection, reference: str) -> FlagId | None:
    """Which flag is called this, whoever asks. It says nothing else about it."""
    number = db.execute(_NUMBER_OF, {"reference": reference}).scalar()
    return None if number is None else FlagId(number)


def get(db: Connection, flag_id: FlagId, staff_id: StaffId) -> Flag | None:
    """A flag, if it is of an inspection that this person works on."""
    row = db.execute(_GET, {"flag": flag_id, "staff": staff_id}).first()
    return None if row is None else flag_of(row)


def waiting(db: Connection, staff_id: StaffId) -> tuple[Flag, ...]:
    """What nobody has acknowledged in this person's inspections: worst, then newest."""
    return tuple(flag_of(row) for row in db.execute(_WAITING, {"staff": staff_id}))


def on_desk(db: Connection, staff_id: StaffId) -> tuple[Flag, ...]:
    """All that is not closed in this person's inspections: worst, then newest."""
    return tuple(flag_of(row) for row in db.execute(_DESK, {"staff": staff_id}))


def closed(db: Connection, staff_id: StaffId, most: int) -> tuple[Flag, ...]:
    """The newest of those that are closed."""
    rows = db.execute(_CLOSED, {"staff": staff_id, "most": most})
    return tuple(flag_of(row) for row in rows)


def parts(db: Connection, flag_id: FlagId) -> tuple[SealedPart, ...]:
    """The sealed parts of a flag, in order. Ask `get` first whether they may look."""
    rows = db.execute(_PARTS, {"flag": flag_id})
    return tuple(SealedPart(number, at, envelope) for number, at, envelope in rows)


def last_part(db: Connection, flag_id: FlagId) -> int:
    """The highest number of its parts, 0 if it has none.

    The next part is sealed for the number after it.
    """
    number: int = db.execute(_LAST_PART, {"flag": flag_id}).scalar_one()
    return number


def add_part(
    db: Connection, flag_id: FlagId, number: int, at: datetime, envelope: bytes
) -> None:
    """Add to what a flag says.

    Raises:
        PartTaken: see there.
    """
    row = {"flag_id": flag_id, "number": number, "at": at, "envelope": envelope}
    if not _ADD_PART.added(db, row):
        raise PartTaken


def flag_of(row: Row[*tuple[Any, ...]]) -> Flag:
    return Flag(
        id=FlagId(row.id),
        inspection=InspectionId(row.inspection_id),
        reference=row.reference,
        level=Level(row.level),
        stage=Stage(row.stage),
        raised_at=row.raised_at,
        due_at=row.due_at,
        vault=VaultId(row.vault_id),
        opened_by=row.opened_by,
        opened_at=row.opened_at,
        acknowledged_by=row.acknowledged_by,
        acknowledged_at=row.acknowledged_at,
        taken_by=row.taken_by,
        taken_at=row.taken_at,
        origin=Origin(row.origin),
        since=row.since,
        turns=row.turns,
        step=row.step,
        called_at=row.called_at,
        next_at=row.next_at,
    )
