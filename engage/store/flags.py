"""Flags and their sealed parts, and the moves that only one person can make first."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import (
    Column,
    Connection,
    Row,
    Update,
    bindparam,
    case,
    func,
    or_,
    select,
    update,
)

from engage.core.people import FlagId, InspectionId, StaffId, VaultId
from engage.core.safeguarding.concerns import Level
from engage.core.safeguarding.flags import BEFORE, WAITING, Flag, Stage
from engage.store.inserting import InsertUnlessThere
from engage.store.tables import flag, flag_part, inspection_staff


class AlreadyMoved(Exception):
    """Somebody else made this move first, or it is not the flag's next one."""


class ReferenceTaken(Exception):
    """Another flag has this reference: choose again. The transaction stands."""


class AlreadyRaised(Exception):
    """This talk has a flag (see `by_tag`): join that one. The transaction stands."""


class PartTaken(Exception):
    """This flag already has a part with this number. The transaction stands."""


@dataclass(frozen=True, slots=True, kw_only=True)
class NewFlag:
    """A flag that is raised. `tag`: `flag_tag` of the talk's key, if there is one."""

    inspection: InspectionId
    reference: str
    level: Level
    raised_at: datetime
    due_at: datetime | None
    vault: VaultId
    tag: str | None = None


@dataclass(frozen=True, slots=True)
class SealedPart:
    number: int
    at: datetime
    envelope: bytes


_rank = case({level.value: level.rank for level in Level}, value=flag.c.level)
_WHOLE = select(
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
)
_theirs = flag.c.inspection_id.in_(
    select(inspection_staff.c.inspection_id).where(
        inspection_staff.c.staff_id == bindparam("staff")
    )
)
_ADD = InsertUnlessThere(flag, returning="id")
_ADD_PART = InsertUnlessThere(flag_part)
_BY_TAG = _WHOLE.where(flag.c.tag == bindparam("tag"))
_GET = _WHOLE.where(flag.c.id == bindparam("flag"), _theirs)
_WAITING = _WHOLE.where(flag.c.stage.in_([s.value for s in WAITING]), _theirs).order_by(
    _rank.desc(), flag.c.raised_at.desc(), flag.c.id.desc()
)
_PARTS = (
    select(flag_part.c.number, flag_part.c.at, flag_part.c.envelope)
    .where(flag_part.c.flag_id == bindparam("flag"))
    .order_by(flag_part.c.number)
)
_LAST_PART = select(func.coalesce(func.max(flag_part.c.number), 0)).where(
    flag_part.c.flag_id == bindparam("flag")
)
_due = bindparam("due", type_=flag.c.due_at.type)
_RAISE = (
    update(flag)
    .where(flag.c.id == bindparam("of"))
    .values(
        stage=Stage.RAISED.value,
        level=case(
            (_rank < bindparam("rank"), bindparam("higher")), else_=flag.c.level
        ),
        due_at=case(
            (flag.c.stage == Stage.ACKNOWLEDGED.value, _due),
            (or_(flag.c.due_at.is_(None), flag.c.due_at > _due), _due),
            else_=flag.c.due_at,
        ),
    )
)


def _move(to: Stage, by: Column[int], at: Column[datetime]) -> Update:
    return (
        update(flag)
        .where(
            flag.c.id == bindparam("of"),
            flag.c.stage == BEFORE[to].value,
            _theirs,
        )
        .values(
            {
                flag.c.stage: to.value,
                by: bindparam("staff"),
                at: bindparam("moment", type_=at.type),
            }
        )
    )


_OPEN = _move(Stage.OPENED, flag.c.opened_by, flag.c.opened_at)
_ACKNOWLEDGE = _move(Stage.ACKNOWLEDGED, flag.c.acknowledged_by, flag.c.acknowledged_at)


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
    return None if row is None else _flag(row)


def get(db: Connection, flag_id: FlagId, staff_id: StaffId) -> Flag | None:
    """A flag, if it is of an inspection that this person works on."""
    row = db.execute(_GET, {"flag": flag_id, "staff": staff_id}).first()
    return None if row is None else _flag(row)


def waiting(db: Connection, staff_id: StaffId) -> tuple[Flag, ...]:
    """What nobody has acknowledged in this person's inspections: worst, then newest."""
    return tuple(_flag(row) for row in db.execute(_WAITING, {"staff": staff_id}))


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


def raise_level(
    db: Connection, flag_id: FlagId, level: Level, due_at: datetime | None
) -> None:
    """Another concern has joined this flag: `core.safeguarding.flags.joined`."""
    values = {"of": flag_id, "rank": level.rank, "higher": level.value, "due": due_at}
    db.execute(_RAISE, values)


def open_(db: Connection, flag_id: FlagId, *, by: StaffId, at: datetime) -> None:
    """Raises `AlreadyMoved` unless the flag is theirs, and raised."""
    _make(db, _OPEN, {"of": flag_id, "staff": by, "moment": at})


def acknowledge(db: Connection, flag_id: FlagId, *, by: StaffId, at: datetime) -> None:
    """Raises `AlreadyMoved` unless the flag is theirs, and opened."""
    _make(db, _ACKNOWLEDGE, {"of": flag_id, "staff": by, "moment": at})


def _make(db: Connection, move: Update, values: Mapping[str, Any]) -> None:
    if db.execute(move, values).rowcount != 1:
        raise AlreadyMoved


def _flag(row: Row[*tuple[Any, ...]]) -> Flag:
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
    )
