"""The tables. A column that is not sealed holds no words, no choices, no language.

Tables with a random key have no row number in SQLite: it would put every answer
of every talk in the order in which they were given, and answers carry no clock.
"""

from datetime import UTC, datetime

from sqlalchemy import (
    Boolean,
    Column,
    Date,
    DateTime,
    ForeignKey,
    Index,
    Integer,
    LargeBinary,
    MetaData,
    String,
    Table,
    Text,
    TypeDecorator,
    UniqueConstraint,
    false,
)
from sqlalchemy.engine import Dialect

metadata = MetaData(
    naming_convention={
        "ix": "ix_%(table_name)s_%(column_0_N_name)s",
        "uq": "uq_%(table_name)s_%(column_0_N_name)s",
        "ck": "ck_%(table_name)s_%(constraint_name)s",
        "fk": "fk_%(table_name)s_%(column_0_N_name)s_%(referred_table_name)s",
        "pk": "pk_%(table_name)s",
    }
)


class Moment(TypeDecorator[datetime]):
    """A time with its zone: UTC in, UTC out, on both databases."""

    impl = DateTime(timezone=True)
    cache_ok = True

    def process_bind_param(
        self, value: datetime | None, dialect: Dialect
    ) -> datetime | None:
        if value is None:
            return None
        if value.tzinfo is None:
            raise ValueError("a moment needs its time zone")
        return value.astimezone(UTC)

    def process_result_value(
        self, value: datetime | None, dialect: Dialect
    ) -> datetime | None:
        if value is None:
            return None
        if value.tzinfo is None:  # SQLite keeps no zone
            return value.replace(tzinfo=UTC)
        return value.astimezone(UTC)


def _id() -> Column[int]:
    return Column("id", Integer, primary_key=True)


def _to(
    name: str, target: str, *, key: bool = False, gone: str | None = None
) -> Column[int]:
    """A foreign key that must be there. `gone`: what happens when its target goes."""
    # In a composite key SQLAlchemy would number the first column by itself.
    return Column(
        name,
        ForeignKey(target, ondelete=gone),
        primary_key=key,
        nullable=False,
        autoincrement=False,
    )


inspection = Table(
    "inspection",
    metadata,
    _id(),
    Column("slug", String(80), nullable=False, unique=True),
    Column("programme", String(80), nullable=False),
    Column("area", String(200), nullable=False),
    Column("script_id", String(200), nullable=False),
    Column("cover", Text, nullable=False),
    Column("local", Text, nullable=False),
    Column("limits", Text, nullable=False, server_default="{}"),
    Column("pauses", Boolean, nullable=False, server_default=false()),
    Column("open", Boolean, nullable=False),
)

vault = Table(
    "vault",
    metadata,
    _id(),
    _to("inspection_id", "inspection.id"),
    Column("holder", String(20), nullable=False),
    Column("version", Integer, nullable=False),
    Column("public", LargeBinary, nullable=False),
    UniqueConstraint("inspection_id", "holder", "version"),
)

staff = Table(
    "staff",
    metadata,
    _id(),
    Column("name", String(120), nullable=False, unique=True),
    Column("called", String(120), nullable=False),
    Column("role", String(40), nullable=False),
    Column("public", LargeBinary, nullable=False),
    Column("wrapped", LargeBinary, nullable=False),
)

vault_grant = Table(
    "vault_grant",
    metadata,
    _to("vault_id", "vault.id", key=True, gone="CASCADE"),
    _to("staff_id", "staff.id", key=True, gone="CASCADE"),
    Column("envelope", LargeBinary, nullable=False),
    Index(None, "staff_id"),
)

inspection_staff = Table(
    "inspection_staff",
    metadata,
    _to("inspection_id", "inspection.id", key=True, gone="CASCADE"),
    _to("staff_id", "staff.id", key=True, gone="CASCADE"),
    Index(None, "staff_id"),
)

staff_session = Table(
    "staff_session",
    metadata,
    Column("token_hash", String(64), primary_key=True),
    _to("staff_id", "staff.id", gone="CASCADE"),
    Column("envelope", LargeBinary, nullable=False),
    Column("expires_at", Moment, nullable=False),
    Index(None, "staff_id"),
    Index(None, "expires_at"),
)

gathering = Table(
    "gathering",
    metadata,
    _id(),
    _to("inspection_id", "inspection.id"),
    Column("join_code", String(40), nullable=False, unique=True),
    Column("place", String(200), nullable=False),
    Column("adult", String(120), nullable=False),
    Column("phone", String(40), nullable=False),
    Column("day", Date, nullable=False),
    Column("closes_at", Moment, nullable=False),
    Index(None, "inspection_id", "day"),
)

card = Table(
    "card",
    metadata,
    _to("inspection_id", "inspection.id", key=True),
    Column("number_hash", String(64), primary_key=True),
    sqlite_with_rowid=False,
)

script = Table(
    "script",
    metadata,
    Column("digest", String(64), primary_key=True),
    Column("files", Text, nullable=False),
)

talk = Table(
    "talk",
    metadata,
    Column("id", String(32), primary_key=True),
    _to("inspection_id", "inspection.id"),
    Column("day", Date, nullable=False),
    Column("digest", ForeignKey("script.digest"), nullable=False),
    Column("gathering_id", ForeignKey("gathering.id", ondelete="SET NULL")),
    Column("key_hash", String(64), nullable=False, unique=True),
    Column("head", LargeBinary, nullable=False),
    Index(None, "inspection_id"),
    Index(None, "gathering_id"),
    sqlite_with_rowid=False,
)

talk_key = Table(
    "talk_key",
    metadata,
    _to("talk_id", "talk.id", key=True, gone="CASCADE"),
    _to("vault_id", "vault.id", key=True, gone="CASCADE"),
    Column("envelope", LargeBinary, nullable=False),
    Index(None, "vault_id"),
    sqlite_with_rowid=False,
)

answer = Table(
    "answer",
    metadata,
    _to("talk_id", "talk.id", key=True, gone="CASCADE"),
    Column("number", Integer, primary_key=True, autoincrement=False),
    Column("envelope", LargeBinary, nullable=False),
    sqlite_with_rowid=False,
)

flag = Table(
    "flag",
    metadata,
    _id(),
    _to("inspection_id", "inspection.id"),
    Column("reference", String(20), nullable=False, unique=True),
    Column("level", String(20), nullable=False),
    Column("stage", String(20), nullable=False),
    Column("raised_at", Moment, nullable=False),
    Column("due_at", Moment),
    Column("tag", String(64), unique=True),
    _to("vault_id", "vault.id"),
    Column("opened_by", ForeignKey("staff.id")),
    Column("opened_at", Moment),
    Column("acknowledged_by", ForeignKey("staff.id")),
    Column("acknowledged_at", Moment),
    Column("taken_by", ForeignKey("staff.id")),
    Column("taken_at", Moment),
    Column("origin", String(20), nullable=False, server_default="talk"),
    # The clock: `core.duty.clock.Watch`. Empty `next_at`: nothing is awaited.
    Column("since", Moment),
    Column("turns", Integer, nullable=False, server_default="0"),
    Column("step", String(20)),
    Column("called_at", Moment),
    Column("next_at", Moment),
    Index(None, "inspection_id", "stage"),
    Index(None, "next_at"),
)

flag_part = Table(
    "flag_part",
    metadata,
    _to("flag_id", "flag.id", key=True, gone="CASCADE"),
    Column("number", Integer, primary_key=True, autoincrement=False),
    Column("at", Moment, nullable=False),
    Column("envelope", LargeBinary, nullable=False),
)
