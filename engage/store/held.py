"""What is passed on if a check-in is never answered: sealed, and not a flag yet."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, Row, bindparam, delete, insert, select, update

from engage.core.people import InspectionId, VaultId
from engage.core.safeguarding.concerns import Level
from engage.store.desk_tables import held_note


@dataclass(frozen=True, slots=True, kw_only=True)
class HeldNote:
    """One part of a flag. `number` and `reference` are bound into its envelope."""

    tag: str
    """`flag_tag` of the talk's key."""
    inspection: InspectionId
    vault: VaultId
    reference: str
    number: int
    level: Level
    envelope: bytes
    for_duty: bytes | None
    for_child: bytes | None
    """The key of its thread, if it would be the talk's first flag."""
    release_at: datetime | None
    """`None`: it was passed on."""


_columns = held_note.c
_moment = _columns.release_at.type
_now = bindparam("now", type_=_moment)
_tag = _columns.tag == bindparam("of_tag")
_ADD = insert(held_note)
_OF_TAG = select(held_note).where(_tag)
_DUE = (
    select(held_note)
    .where(_columns.release_at <= _now)
    .order_by(_columns.release_at)
    .limit(bindparam("most"))
)
_VAULTS = select(_columns.vault_id).where(
    _columns.inspection_id == bindparam("of"), _columns.release_at.is_not(None)
)
_LET_GO = delete(held_note).where(_tag)
_PASSED_ON = (
    update(held_note).where(_tag, _columns.release_at <= _now).values(release_at=None)
)
_REFERENCE = select(_columns.number).where(_columns.reference == bindparam("reference"))


def hold(db: Connection, note: HeldNote) -> None:
    """In place of what was held for this talk before."""
    let_go(db, note.tag)
    row = {
        "tag": note.tag,
        "inspection_id": note.inspection,
        "vault_id": note.vault,
        "reference": note.reference,
        "number": note.number,
        "level": note.level.value,
        "envelope": note.envelope,
        "for_duty": note.for_duty,
        "for_child": note.for_child,
        "release_at": note.release_at,
    }
    db.execute(_ADD, row)


def of_tag(db: Connection, tag: str) -> HeldNote | None:
    row = db.execute(_OF_TAG, {"of_tag": tag}).first()
    return None if row is None else _note(row)


def due(db: Connection, now: datetime, most: int) -> tuple[HeldNote, ...]:
    """What has waited for an answer long enough."""
    rows = db.execute(_DUE, {"now": now, "most": most})
    return tuple(_note(row) for row in rows)


def let_go(db: Connection, tag: str) -> None:
    """It was answered."""
    db.execute(_LET_GO, {"of_tag": tag})


def passed_on(db: Connection, tag: str, now: datetime) -> bool:
    """Whether it was still to be passed on: for whoever is first."""
    return db.execute(_PASSED_ON, {"of_tag": tag, "now": now}).rowcount == 1


def vaults(db: Connection, inspection_id: InspectionId) -> frozenset[VaultId]:
    """Those that open what is held: whoever comes on duty may soon need them."""
    rows = db.execute(_VAULTS, {"of": inspection_id}).scalars()
    return frozenset(VaultId(number) for number in rows)


def has_reference(db: Connection, reference: str) -> bool:
    return db.execute(_REFERENCE, {"reference": reference}).first() is not None


def _note(row: Row[*tuple[Any, ...]]) -> HeldNote:
    return HeldNote(
        tag=row.tag,
        inspection=InspectionId(row.inspection_id),
        vault=VaultId(row.vault_id),
        reference=row.reference,
        number=row.number,
        level=Level(row.level),
        envelope=row.envelope,
        for_duty=row.for_duty,
        for_child=row.for_child,
        release_at=row.release_at,
    )
