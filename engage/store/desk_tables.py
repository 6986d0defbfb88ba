"""The tables of the duty desk: who is on duty, who is told, and the proof of it.

Nothing here holds a word of a child's, except the sealed envelopes of a thread.
"""

from sqlalchemy import (
    CheckConstraint,
    Column,
    ForeignKey,
    Index,
    Integer,
    LargeBinary,
    String,
    Table,
    Text,
    UniqueConstraint,
)

from engage.store.tables import Moment, metadata


def _id() -> Column[int]:
    return Column("id", Integer, primary_key=True)


def _to(
    name: str, target: str, *, key: bool = False, gone: str | None = "CASCADE"
) -> Column[int]:
    return Column(
        name,
        ForeignKey(target, ondelete=gone),
        primary_key=key,
        nullable=False,
        autoincrement=False,
    )


shift = Table(
    "shift",
    metadata,
    _id(),
    _to("inspection_id", "inspection.id"),
    _to("staff_id", "staff.id"),
    Column("starts_at", Moment, nullable=False),
    Column("ends_at", Moment, nullable=False),
    Column("place", Integer, nullable=False),
    Index(None, "inspection_id", "ends_at"),
    Index(None, "staff_id"),
)

# Where somebody, or a whole inspection (its hub), is told. `keys`: Web Push only.
contact = Table(
    "contact",
    metadata,
    _id(),
    Column("staff_id", ForeignKey("staff.id", ondelete="CASCADE")),
    Column("inspection_id", ForeignKey("inspection.id", ondelete="CASCADE")),
    Column("channel", String(20), nullable=False),
    Column("address", Text, nullable=False),
    Column("keys", Text, nullable=False, server_default="{}"),
    Column("place", Integer, nullable=False),
    Column("refused_at", Moment),
    Column("refused_why", String(200)),
    UniqueConstraint("staff_id", "channel", "address"),
    UniqueConstraint("inspection_id", "channel", "address"),
    CheckConstraint("(staff_id IS NULL) <> (inspection_id IS NULL)", name="whose"),
    Index(None, "staff_id"),
    Index(None, "inspection_id"),
)

# One person to be told of one step of a flag, at one address.
notice = Table(
    "notice",
    metadata,
    _id(),
    _to("flag_id", "flag.id"),
    Column("turn", Integer, nullable=False),
    Column("step", String(20), nullable=False),
    Column("staff_id", ForeignKey("staff.id", ondelete="CASCADE")),
    Column("contact_id", ForeignKey("contact.id", ondelete="SET NULL")),
    Column("channel", String(20), nullable=False),
    Column("created_at", Moment, nullable=False),
    Column("tries", Integer, nullable=False),
    Column("try_at", Moment),
    Column("sent_at", Moment),
    UniqueConstraint("flag_id", "turn", "contact_id"),
    Index(None, "try_at"),
    Index(None, "contact_id"),
)

notice_try = Table(
    "notice_try",
    metadata,
    _to("notice_id", "notice.id", key=True),
    Column("number", Integer, primary_key=True, autoincrement=False),
    Column("at", Moment, nullable=False),
    Column("outcome", String(20), nullable=False),
    Column("why", String(200), nullable=False),
)

heartbeat = Table(
    "heartbeat",
    metadata,
    Column("name", String(80), primary_key=True),
    Column("at", Moment, nullable=False),
)

# Who looks at a flag at this moment, so that two people see each other.
presence = Table(
    "presence",
    metadata,
    _to("flag_id", "flag.id", key=True),
    _to("staff_id", "staff.id", key=True),
    Column("seen_at", Moment, nullable=False),
    Index(None, "staff_id"),
)

# Who must not see a flag, because it may be about them or somebody they know.
barred = Table(
    "barred",
    metadata,
    _to("flag_id", "flag.id", key=True),
    _to("staff_id", "staff.id", key=True),
    Column("at", Moment, nullable=False),
    Index(None, "staff_id"),
)

# What is passed on if a check-in is never answered: sealed when it is asked. By the
# talk's tag, like a flag. `release_at`: None once it was passed on.
held_note = Table(
    "held_note",
    metadata,
    Column("tag", String(64), primary_key=True),
    _to("inspection_id", "inspection.id"),
    _to("vault_id", "vault.id"),
    Column("reference", String(10), nullable=False, unique=True),
    Column("number", Integer, nullable=False),
    Column("level", String(10), nullable=False),
    Column("envelope", LargeBinary, nullable=False),
    Column("for_duty", LargeBinary),
    Column("for_child", LargeBinary),
    Column("release_at", Moment),
    Index(None, "inspection_id"),
    Index(None, "release_at"),
    Index(None, "vault_id"),
)

# The key of the messages between duty inspector and child, once for each of them.
thread = Table(
    "thread",
    metadata,
    _to("flag_id", "flag.id", key=True),
    Column("for_duty", LargeBinary, nullable=False),
    Column("for_child", LargeBinary, nullable=False),
    Column("closed_by", String(10)),
    Column("closed_at", Moment),
)

message = Table(
    "message",
    metadata,
    _to("flag_id", "flag.id", key=True),
    Column("number", Integer, primary_key=True, autoincrement=False),
    Column("sender", String(10), nullable=False),
    Column("staff_id", ForeignKey("staff.id", ondelete="SET NULL")),
    Column("at", Moment, nullable=False),
    Column("seen_at", Moment),
    Column("envelope", LargeBinary, nullable=False),
    Index(None, "staff_id"),
)

# No foreign keys: what is proved must outlive what it is about.
journal = Table(
    "journal",
    metadata,
    Column("number", Integer, primary_key=True, autoincrement=False),
    Column("at", String(40), nullable=False),
    Column("verb", String(40), nullable=False),
    Column("staff_id", Integer),
    Column("inspection_id", Integer),
    Column("flag_id", Integer),
    Column("detail", Text, nullable=False),
    Column("previous", String(64), nullable=False),
    Column("hash", String(64), nullable=False),
    Index(None, "flag_id"),
    Index(None, "inspection_id"),
)

journal_head = Table(
    "journal_head",
    metadata,
    Column("id", Integer, primary_key=True, autoincrement=False),
    Column("number", Integer, nullable=False),
    Column("hash", String(64), nullable=False),
)
