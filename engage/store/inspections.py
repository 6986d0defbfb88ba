"""Inspections, who works on them, and their vaults."""

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from sqlalchemy import Connection, Row, bindparam, select, update
from sqlalchemy import delete as delete_from

from engage.core.people import InspectionId, StaffId, VaultId
from engage.core.sealing.keys import Holder
from engage.store.inserting import InsertUnlessThere
from engage.store.tables import inspection, inspection_staff, vault


class SlugTaken(Exception):
    """Another inspection has this slug. The transaction stands."""


class VaultTaken(Exception):
    """There is a vault of this holder and version. The transaction stands."""


@dataclass(frozen=True, slots=True, kw_only=True)
class NewInspection:
    """JSON: `cover` office hours, `local` the local lead, `limits` of the clock.

    `pauses`: no talk begins while nobody is on duty.
    """

    slug: str
    programme: str
    area: str
    script_id: str
    cover: Mapping[str, Any]
    local: Mapping[str, Any]
    open: bool = True
    limits: Mapping[str, Any] = field(default_factory=dict)
    pauses: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Inspection:
    id: InspectionId
    slug: str
    programme: str
    area: str
    script_id: str
    cover: Mapping[str, Any]
    local: Mapping[str, Any]
    open: bool
    limits: Mapping[str, Any] = field(default_factory=dict)
    pauses: bool = False


@dataclass(frozen=True, slots=True)
class Vault:
    id: VaultId
    inspection: InspectionId
    holder: Holder
    version: int
    public: bytes


_WHOLE = select(
    inspection.c.id,
    inspection.c.slug,
    inspection.c.programme,
    inspection.c.area,
    inspection.c.script_id,
    inspection.c.cover,
    inspection.c.local,
    inspection.c.open,
    inspection.c.limits,
    inspection.c.pauses,
)
_ADD = InsertUnlessThere(inspection, returning="id")
_GET = _WHOLE.where(inspection.c.id == bindparam("id"))
_BY_SLUG = _WHOLE.where(inspection.c.slug == bindparam("slug"))
_ALL = _WHOLE.order_by(inspection.c.slug)
_OF_STAFF = (
    _WHOLE.join_from(inspection, inspection_staff)
    .where(inspection_staff.c.staff_id == bindparam("staff"))
    .order_by(inspection.c.slug)
)
_CLOSE = update(inspection).where(inspection.c.id == bindparam("of")).values(open=False)
_OPEN = update(inspection).where(inspection.c.id == bindparam("of")).values(open=True)
# Not so firmly that whoever raises a flag in it would have to wait.
_HOLD = (
    select(inspection.c.id)
    .where(inspection.c.id == bindparam("of"))
    .with_for_update(key_share=True)
)
_SET_LIMITS = (
    update(inspection)
    .where(inspection.c.id == bindparam("of"))
    .values(limits=bindparam("minutes"))
)
_SET_PAUSES = (
    update(inspection)
    .where(inspection.c.id == bindparam("of"))
    .values(pauses=bindparam("whether"))
)
_SET_COVER = (
    update(inspection)
    .where(inspection.c.id == bindparam("of"))
    .values(cover=bindparam("rota"))
)
_SET_LOCAL = (
    update(inspection)
    .where(inspection.c.id == bindparam("of"))
    .values(local=bindparam("whom"))
)
_ASSIGN = InsertUnlessThere(inspection_staff)
_RELIEVE = delete_from(inspection_staff).where(
    inspection_staff.c.inspection_id == bindparam("of"),
    inspection_staff.c.staff_id == bindparam("staff"),
)
_STAFF_OF = (
    select(inspection_staff.c.staff_id)
    .where(inspection_staff.c.inspection_id == bindparam("of"))
    .order_by(inspection_staff.c.staff_id)
)
_ADD_VAULT = InsertUnlessThere(vault, returning="id")
_VAULTS = (
    select(
        vault.c.id,
        vault.c.inspection_id,
        vault.c.holder,
        vault.c.version,
        vault.c.public,
    )
    .where(vault.c.inspection_id == bindparam("of"))
    .order_by(vault.c.holder, vault.c.version)
)
_VAULT = select(
    vault.c.id, vault.c.inspection_id, vault.c.holder, vault.c.version, vault.c.public
).where(vault.c.id == bindparam("id"))


def add(db: Connection, new: NewInspection) -> InspectionId:
    """Raises `SlugTaken`; see there."""
    number = _ADD.key(
        db,
        {
            "slug": new.slug,
            "programme": new.programme,
            "area": new.area,
            "script_id": new.script_id,
            "cover": _json(new.cover),
            "local": _json(new.local),
            "open": new.open,
            "limits": _json(new.limits),
            "pauses": new.pauses,
        },
    )
    if number is None:
        raise SlugTaken
    return InspectionId(number)


def get(db: Connection, inspection_id: InspectionId) -> Inspection | None:
    row = db.execute(_GET, {"id": inspection_id}).first()
    return None if row is None else _inspection(row)


def by_slug(db: Connection, slug: str) -> Inspection | None:
    row = db.execute(_BY_SLUG, {"slug": slug}).first()
    return None if row is None else _inspection(row)


def every(db: Connection) -> tuple[Inspection, ...]:
    """All of them, by slug."""
    return tuple(_inspection(row) for row in db.execute(_ALL))


def of_staff(db: Connection, staff_id: StaffId) -> tuple[Inspection, ...]:
    """Those that this person works on, by slug."""
    return tuple(_inspection(row) for row in db.execute(_OF_STAFF, {"staff": staff_id}))


def close(db: Connection, inspection_id: InspectionId) -> None:
    """Nobody can begin a talk in it any more."""
    db.execute(_CLOSE, {"of": inspection_id})


def open_(db: Connection, inspection_id: InspectionId) -> None:
    """Talks can begin in it again. Ask `services.opening` first whether they may."""
    db.execute(_OPEN, {"of": inspection_id})


def hold(db: Connection, inspection_id: InspectionId) -> None:
    """Until the transaction ends: anybody else who holds it waits their turn."""
    db.execute(_HOLD, {"of": inspection_id})


def set_cover(
    db: Connection, inspection_id: InspectionId, cover: Mapping[str, Any]
) -> None:
    db.execute(_SET_COVER, {"of": inspection_id, "rota": _json(cover)})


def set_limits(
    db: Connection, inspection_id: InspectionId, limits: Mapping[str, Any]
) -> None:
    db.execute(_SET_LIMITS, {"of": inspection_id, "minutes": _json(limits)})


def set_pauses(db: Connection, inspection_id: InspectionId, pauses: bool) -> None:
    db.execute(_SET_PAUSES, {"of": inspection_id, "whether": pauses})


def set_local(
    db: Connection, inspection_id: InspectionId, local: Mapping[str, Any]
) -> None:
    db.execute(_SET_LOCAL, {"of": inspection_id, "whom": _json(local)})


def assign(db: Connection, inspection_id: InspectionId, staff_id: StaffId) -> None:
    """Put a person on an inspection. A second time is no matter."""
    _ASSIGN.added(db, {"inspection_id": inspection_id, "staff_id": staff_id})


def relieve(db: Connection, inspection_id: InspectionId, staff_id: StaffId) -> None:
    """Take a person off an inspection: they see none of its flags from now on."""
    db.execute(_RELIEVE, {"of": inspection_id, "staff": staff_id})


def staff_of(db: Connection, inspection_id: InspectionId) -> tuple[StaffId, ...]:
    rows = db.execute(_STAFF_OF, {"of": inspection_id}).scalars()
    return tuple(StaffId(number) for number in rows)


def add_vault(
    db: Connection,
    inspection_id: InspectionId,
    holder: Holder,
    version: int,
    public: bytes,
) -> VaultId:
    """Raises `VaultTaken`; see there."""
    row = {
        "inspection_id": inspection_id,
        "holder": holder.value,
        "version": version,
        "public": public,
    }
    number = _ADD_VAULT.key(db, row)
    if number is None:
        raise VaultTaken
    return VaultId(number)


def vaults(db: Connection, inspection_id: InspectionId) -> tuple[Vault, ...]:
    """Every vault of an inspection, by holder, older versions first."""
    rows = db.execute(_VAULTS, {"of": inspection_id})
    return tuple(_vault(row) for row in rows)


def current_vaults(db: Connection, inspection_id: InspectionId) -> dict[Holder, Vault]:
    """The vaults to seal to now: the newest of each holder. One statement."""
    return {each.holder: each for each in vaults(db, inspection_id)}


def vault_of(db: Connection, vault_id: VaultId) -> Vault | None:
    row = db.execute(_VAULT, {"id": vault_id}).first()
    return None if row is None else _vault(row)


def _json(value: Mapping[str, Any]) -> str:
    return json.dumps(dict(value), ensure_ascii=False, sort_keys=True)


def _inspection(row: Row[*tuple[Any, ...]]) -> Inspection:
    return Inspection(
        id=InspectionId(row.id),
        slug=row.slug,
        programme=row.programme,
        area=row.area,
        script_id=row.script_id,
        cover=json.loads(row.cover),
        local=json.loads(row.local),
        open=row.open,
        limits=json.loads(row.limits),
        pauses=row.pauses,
    )


def _vault(row: Row[*tuple[Any, ...]]) -> Vault:
    return Vault(
        VaultId(row.id),
        InspectionId(row.inspection_id),
        Holder(row.holder),
        row.version,
        row.public,
    )
