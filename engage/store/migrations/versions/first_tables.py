"""The first tables. Constraints get their names from the metadata's convention."""

import sqlalchemy as sa
from alembic import op

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None

_MOMENT = sa.DateTime(timezone=True)


def upgrade() -> None:
    _people()
    _talks()
    _flags()


def _id() -> sa.Column[int]:
    return sa.Column("id", sa.Integer, primary_key=True)


def _to(
    name: str, target: str, *, key: bool = False, gone: str | None = None
) -> sa.Column[int]:
    return sa.Column(
        name,
        sa.Integer,
        sa.ForeignKey(target, ondelete=gone),
        primary_key=key,
        nullable=False,
        autoincrement=False,
    )


def _talk() -> sa.Column[str]:
    return sa.Column(
        "talk_id",
        sa.String(32),
        sa.ForeignKey("talk.id", ondelete="CASCADE"),
        primary_key=True,
    )


def _people() -> None:
    op.create_table(
        "inspection",
        _id(),
        sa.Column("slug", sa.String(80), nullable=False, unique=True),
        sa.Column("programme", sa.String(80), nullable=False),
        sa.Column("area", sa.String(200), nullable=False),
        sa.Column("script_id", sa.String(200), nullable=False),
        sa.Column("cover", sa.Text, nullable=False),
        sa.Column("local", sa.Text, nullable=False),
        sa.Column("open", sa.Boolean, nullable=False),
    )
    op.create_table(
        "vault",
        _id(),
        _to("inspection_id", "inspection.id"),
        sa.Column("holder", sa.String(20), nullable=False),
        sa.Column("version", sa.Integer, nullable=False),
        sa.Column("public", sa.LargeBinary, nullable=False),
        sa.UniqueConstraint("inspection_id", "holder", "version"),
    )
    op.create_table(
        "staff",
        _id(),
        sa.Column("name", sa.String(120), nullable=False, unique=True),
        sa.Column("called", sa.String(120), nullable=False),
        sa.Column("role", sa.String(40), nullable=False),
        sa.Column("public", sa.LargeBinary, nullable=False),
        sa.Column("wrapped", sa.LargeBinary, nullable=False),
    )
    op.create_table(
        "vault_grant",
        _to("vault_id", "vault.id", key=True, gone="CASCADE"),
        _to("staff_id", "staff.id", key=True, gone="CASCADE"),
        sa.Column("envelope", sa.LargeBinary, nullable=False),
        sa.Index(None, "staff_id"),
    )
    op.create_table(
        "inspection_staff",
        _to("inspection_id", "inspection.id", key=True, gone="CASCADE"),
        _to("staff_id", "staff.id", key=True, gone="CASCADE"),
        sa.Index(None, "staff_id"),
    )
    op.create_table(
        "staff_session",
        sa.Column("token_hash", sa.String(64), primary_key=True),
        _to("staff_id", "staff.id", gone="CASCADE"),
        sa.Column("envelope", sa.LargeBinary, nullable=False),
        sa.Column("expires_at", _MOMENT, nullable=False),
        sa.Index(None, "staff_id"),
        sa.Index(None, "expires_at"),
    )


def _talks() -> None:
    op.create_table(
        "gathering",
        _id(),
        _to("inspection_id", "inspection.id"),
        sa.Column("join_code", sa.String(40), nullable=False, unique=True),
        sa.Column("place", sa.String(200), nullable=False),
        sa.Column("adult", sa.String(120), nullable=False),
        sa.Column("phone", sa.String(40), nullable=False),
        sa.Column("day", sa.Date, nullable=False),
        sa.Column("closes_at", _MOMENT, nullable=False),
        sa.Index(None, "inspection_id", "day"),
    )
    op.create_table(
        "card",
        _to("inspection_id", "inspection.id", key=True),
        sa.Column("number_hash", sa.String(64), primary_key=True),
        sqlite_with_rowid=False,
    )
    op.create_table(
        "script",
        sa.Column("digest", sa.String(64), primary_key=True),
        sa.Column("files", sa.Text, nullable=False),
    )
    op.create_table(
        "talk",
        sa.Column("id", sa.String(32), primary_key=True),
        _to("inspection_id", "inspection.id"),
        sa.Column("day", sa.Date, nullable=False),
        sa.Column(
            "digest", sa.String(64), sa.ForeignKey("script.digest"), nullable=False
        ),
        sa.Column(
            "gathering_id",
            sa.Integer,
            sa.ForeignKey("gathering.id", ondelete="SET NULL"),
        ),
        sa.Column("key_hash", sa.String(64), nullable=False, unique=True),
        sa.Column("head", sa.LargeBinary, nullable=False),
        sa.Index(None, "inspection_id"),
        sa.Index(None, "gathering_id"),
        sqlite_with_rowid=False,
    )
    op.create_table(
        "talk_key",
        _talk(),
        _to("vault_id", "vault.id", key=True, gone="CASCADE"),
        sa.Column("envelope", sa.LargeBinary, nullable=False),
        sa.Index(None, "vault_id"),
        sqlite_with_rowid=False,
    )
    op.create_table(
        "answer",
        _talk(),
        sa.Column("number", sa.Integer, primary_key=True, autoincrement=False),
        sa.Column("envelope", sa.LargeBinary, nullable=False),
        sqlite_with_rowid=False,
    )


def _flags() -> None:
    op.create_table(
        "flag",
        _id(),
        _to("inspection_id", "inspection.id"),
        sa.Column("reference", sa.String(20), nullable=False, unique=True),
        sa.Column("level", sa.String(20), nullable=False),
        sa.Column("stage", sa.String(20), nullable=False),
        sa.Column("raised_at", _MOMENT, nullable=False),
        sa.Column("due_at", _MOMENT),
        sa.Column("tag", sa.String(64), unique=True),
        _to("vault_id", "vault.id"),
        sa.Column("opened_by", sa.Integer, sa.ForeignKey("staff.id")),
        sa.Column("opened_at", _MOMENT),
        sa.Column("acknowledged_by", sa.Integer, sa.ForeignKey("staff.id")),
        sa.Column("acknowledged_at", _MOMENT),
        sa.Index(None, "inspection_id", "stage"),
    )
    op.create_table(
        "flag_part",
        _to("flag_id", "flag.id", key=True, gone="CASCADE"),
        sa.Column("number", sa.Integer, primary_key=True, autoincrement=False),
        sa.Column("at", _MOMENT, nullable=False),
        sa.Column("envelope", sa.LargeBinary, nullable=False),
    )
