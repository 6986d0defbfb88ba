"""Staff, what they hold of the vaults, and their signed-in sessions."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, Row, bindparam, insert, select
from sqlalchemy import delete as delete_from

from engage.core.people import InspectionId, Role, StaffId, VaultId
from engage.core.sealing.keys import Holder
from engage.store.inserting import InsertUnlessThere
from engage.store.tables import (
    inspection_staff,
    staff,
    staff_session,
    vault,
    vault_grant,
)


class NameTaken(Exception):
    """Somebody else signs in with this name. The transaction stands."""


@dataclass(frozen=True, slots=True)
class StaffMember:
    """`wrapped`: the private half of `public`, under their password."""

    id: StaffId
    name: str
    called: str
    role: Role
    public: bytes
    wrapped: bytes


@dataclass(frozen=True, slots=True, kw_only=True)
class NewStaff:
    name: str
    called: str
    role: Role
    public: bytes
    wrapped: bytes


@dataclass(frozen=True, slots=True)
class Grant:
    """A vault's private half, sealed to one person. Enough to open it with."""

    vault: VaultId
    inspection: InspectionId
    holder: Holder
    version: int
    envelope: bytes


@dataclass(frozen=True, slots=True)
class StaffSession:
    """`envelope`: their private key, under a key that only their cookie holds."""

    staff: StaffMember
    envelope: bytes
    expires_at: datetime


_MEMBER = (
    staff.c.id,
    staff.c.name,
    staff.c.called,
    staff.c.role,
    staff.c.public,
    staff.c.wrapped,
)
_ADD = InsertUnlessThere(staff, returning="id")
_BY_NAME = select(*_MEMBER).where(staff.c.name == bindparam("name"))
_GET = select(*_MEMBER).where(staff.c.id == bindparam("id"))
_OF = (
    select(*_MEMBER)
    .join_from(staff, inspection_staff)
    .where(inspection_staff.c.inspection_id == bindparam("of"))
    .order_by(staff.c.id)
)
_GRANT = InsertUnlessThere(vault_grant)
_REVOKE = delete_from(vault_grant).where(
    vault_grant.c.vault_id == bindparam("vault"),
    vault_grant.c.staff_id == bindparam("staff"),
)
_GRANTS = (
    select(
        vault.c.id,
        vault.c.inspection_id,
        vault.c.holder,
        vault.c.version,
        vault_grant.c.envelope,
    )
    .join_from(vault_grant, vault)
    .where(vault_grant.c.staff_id == bindparam("staff"))
    .order_by(vault.c.id)
)
_HOLDERS = select(vault_grant.c.staff_id).where(
    vault_grant.c.vault_id == bindparam("vault")
)
_SIGN_IN = insert(staff_session)
_SESSION = (
    select(*_MEMBER, staff_session.c.envelope, staff_session.c.expires_at)
    .join_from(staff_session, staff)
    .where(
        staff_session.c.token_hash == bindparam("token_hash"),
        staff_session.c.expires_at
        > bindparam("now", type_=staff_session.c.expires_at.type),
    )
)
_SIGN_OUT = delete_from(staff_session).where(
    staff_session.c.token_hash == bindparam("token")
)
_EXPIRE = delete_from(staff_session).where(
    staff_session.c.expires_at
    <= bindparam("now", type_=staff_session.c.expires_at.type)
)


def add(db: Connection, new: NewStaff) -> StaffId:
    """Raises `NameTaken`; see there."""
    number = _ADD.key(
        db,
        {
            "name": new.name,
            "called": new.called,
            "role": new.role.value,
            "public": new.public,
            "wrapped": new.wrapped,
        },
    )
    if number is None:
        raise NameTaken
    return StaffId(number)


def by_name(db: Connection, name: str) -> StaffMember | None:
    """Whoever signs in with this name."""
    row = db.execute(_BY_NAME, {"name": name}).first()
    return None if row is None else _member(row)


def get(db: Connection, staff_id: StaffId) -> StaffMember | None:
    row = db.execute(_GET, {"id": staff_id}).first()
    return None if row is None else _member(row)


def of_inspection(
    db: Connection, inspection_id: InspectionId
) -> tuple[StaffMember, ...]:
    """Everybody who works on an inspection."""
    return tuple(_member(row) for row in db.execute(_OF, {"of": inspection_id}))


def grant(
    db: Connection, vault_id: VaultId, staff_id: StaffId, envelope: bytes
) -> None:
    """Give a person a vault, sealed to their public key. A second time is no matter."""
    row = {"vault_id": vault_id, "staff_id": staff_id, "envelope": envelope}
    _GRANT.added(db, row)


def revoke(db: Connection, vault_id: VaultId, staff_id: StaffId) -> None:
    """Take the grant away. What they opened they may have kept: change the vault."""
    db.execute(_REVOKE, {"vault": vault_id, "staff": staff_id})


def grants(db: Connection, staff_id: StaffId) -> tuple[Grant, ...]:
    """Every vault that this person can open."""
    rows = db.execute(_GRANTS, {"staff": staff_id})
    return tuple(
        Grant(VaultId(number), InspectionId(of), Holder(holder), version, envelope)
        for number, of, holder, version, envelope in rows
    )


def holders(db: Connection, vault_id: VaultId) -> frozenset[StaffId]:
    """Everybody who can open what is sealed to this vault."""
    rows = db.execute(_HOLDERS, {"vault": vault_id}).scalars()
    return frozenset(StaffId(each) for each in rows)


def sign_in(
    db: Connection,
    token_hash: str,
    staff_id: StaffId,
    *,
    envelope: bytes,
    expires_at: datetime,
) -> None:
    db.execute(
        _SIGN_IN,
        {
            "token_hash": token_hash,
            "staff_id": staff_id,
            "envelope": envelope,
            "expires_at": expires_at,
        },
    )


def session(db: Connection, token_hash: str, now: datetime) -> StaffSession | None:
    """The session, if it has not run out: one statement."""
    row = db.execute(_SESSION, {"token_hash": token_hash, "now": now}).first()
    if row is None:
        return None
    return StaffSession(_member(row), row.envelope, row.expires_at)


def sign_out(db: Connection, token_hash: str) -> None:
    db.execute(_SIGN_OUT, {"token": token_hash})


def forget_expired(db: Connection, now: datetime) -> int:
    """Delete the sessions that have run out. How many there were."""
    return db.execute(_EXPIRE, {"now": now}).rowcount


def _member(row: Row[*tuple[Any, ...]]) -> StaffMember:
    return StaffMember(
        StaffId(row.id), row.name, row.called, Role(row.role), row.public, row.wrapped
    )
