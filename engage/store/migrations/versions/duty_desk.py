"""The duty desk: rota, clock, notices, threads and the journal."""

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None

_MOMENT = sa.DateTime(timezone=True)


def upgrade() -> None:
    _inspections()
    _flags()
    _cover()
    _notices()
    _around_a_flag()
    _threads()
    _journal()


def _id() -> sa.Column[int]:
    return sa.Column("id", sa.Integer, primary_key=True)


def _to(name: str, target: str, *, key: bool = False) -> sa.Column[int]:
    return sa.Column(
        name,
        sa.Integer,
        sa.ForeignKey(target, ondelete="CASCADE"),
        primary_key=key,
        nullable=False,
        autoincrement=False,
    )


def _perhaps(name: str, target: str, gone: str) -> sa.Column[int]:
    return sa.Column(name, sa.Integer, sa.ForeignKey(target, ondelete=gone))


def _inspections() -> None:
    with op.batch_alter_table("inspection") as table:
        table.add_column(
            sa.Column("limits", sa.Text, nullable=False, server_default="{}")
        )
        table.add_column(
            sa.Column("pauses", sa.Boolean, nullable=False, server_default=sa.false())
        )


def _flags() -> None:
    with op.batch_alter_table("flag") as table:
        table.add_column(
            sa.Column(
                "taken_by",
                sa.Integer,
                sa.ForeignKey("staff.id", name="fk_flag_taken_by_staff"),
            )
        )
        table.add_column(sa.Column("taken_at", _MOMENT))
        table.add_column(
            sa.Column("origin", sa.String(20), nullable=False, server_default="talk")
        )
        table.add_column(sa.Column("since", _MOMENT))
        table.add_column(
            sa.Column("turns", sa.Integer, nullable=False, server_default="0")
        )
        table.add_column(sa.Column("step", sa.String(20)))
        table.add_column(sa.Column("called_at", _MOMENT))
        table.add_column(sa.Column("next_at", _MOMENT))
        table.create_index("ix_flag_next_at", ["next_at"])
    # Whatever waits already must be told to somebody by the first clock that runs.
    op.execute(
        "UPDATE flag SET since = raised_at, next_at = raised_at "
        "WHERE stage IN ('raised', 'opened', 'acknowledged')"
    )


def _cover() -> None:
    op.create_table(
        "shift",
        _id(),
        _to("inspection_id", "inspection.id"),
        _to("staff_id", "staff.id"),
        sa.Column("starts_at", _MOMENT, nullable=False),
        sa.Column("ends_at", _MOMENT, nullable=False),
        sa.Column("place", sa.Integer, nullable=False),
        sa.Index(None, "inspection_id", "ends_at"),
        sa.Index(None, "staff_id"),
    )
    op.create_table(
        "contact",
        _id(),
        _perhaps("staff_id", "staff.id", "CASCADE"),
        _perhaps("inspection_id", "inspection.id", "CASCADE"),
        sa.Column("channel", sa.String(20), nullable=False),
        sa.Column("address", sa.Text, nullable=False),
        sa.Column("keys", sa.Text, nullable=False, server_default="{}"),
        sa.Column("place", sa.Integer, nullable=False),
        sa.Column("refused_at", _MOMENT),
        sa.Column("refused_why", sa.String(200)),
        sa.UniqueConstraint("staff_id", "channel", "address"),
        sa.UniqueConstraint("inspection_id", "channel", "address"),
        sa.CheckConstraint(
            "(staff_id IS NULL) <> (inspection_id IS NULL)", name="whose"
        ),
        sa.Index(None, "staff_id"),
        sa.Index(None, "inspection_id"),
    )


def _notices() -> None:
    op.create_table(
        "notice",
        _id(),
        _to("flag_id", "flag.id"),
        sa.Column("turn", sa.Integer, nullable=False),
        sa.Column("step", sa.String(20), nullable=False),
        _perhaps("staff_id", "staff.id", "CASCADE"),
        _perhaps("contact_id", "contact.id", "SET NULL"),
        sa.Column("channel", sa.String(20), nullable=False),
        sa.Column("created_at", _MOMENT, nullable=False),
        sa.Column("tries", sa.Integer, nullable=False),
        sa.Column("try_at", _MOMENT),
        sa.Column("sent_at", _MOMENT),
        sa.UniqueConstraint("flag_id", "turn", "contact_id"),
        sa.Index(None, "try_at"),
        sa.Index(None, "contact_id"),
    )
    op.create_table(
        "notice_try",
        _to("notice_id", "notice.id", key=True),
        sa.Column("number", sa.Integer, primary_key=True, autoincrement=False),
        sa.Column("at", _MOMENT, nullable=False),
        sa.Column("outcome", sa.String(20), nullable=False),
        sa.Column("why", sa.String(200), nullable=False),
    )
    op.create_table(
        "heartbeat",
        sa.Column("name", sa.String(80), primary_key=True),
        sa.Column("at", _MOMENT, nullable=False),
    )


def _around_a_flag() -> None:
    for name, when in (("presence", "seen_at"), ("barred", "at")):
        op.create_table(
            name,
            _to("flag_id", "flag.id", key=True),
            _to("staff_id", "staff.id", key=True),
            sa.Column(when, _MOMENT, nullable=False),
            sa.Index(None, "staff_id"),
        )


def _threads() -> None:
    op.create_table(
        "thread",
        _to("flag_id", "flag.id", key=True),
        sa.Column("for_duty", sa.LargeBinary, nullable=False),
        sa.Column("for_child", sa.LargeBinary, nullable=False),
        sa.Column("closed_by", sa.String(10)),
        sa.Column("closed_at", _MOMENT),
    )
    op.create_table(
        "message",
        _to("flag_id", "flag.id", key=True),
        sa.Column("number", sa.Integer, primary_key=True, autoincrement=False),
        sa.Column("sender", sa.String(10), nullable=False),
        _perhaps("staff_id", "staff.id", "SET NULL"),
        sa.Column("at", _MOMENT, nullable=False),
        sa.Column("seen_at", _MOMENT),
        sa.Column("envelope", sa.LargeBinary, nullable=False),
        sa.Index(None, "staff_id"),
    )


def _journal() -> None:
    op.create_table(
        "journal",
        sa.Column("number", sa.Integer, primary_key=True, autoincrement=False),
        sa.Column("at", sa.String(40), nullable=False),
        sa.Column("verb", sa.String(40), nullable=False),
        sa.Column("staff_id", sa.Integer),
        sa.Column("inspection_id", sa.Integer),
        sa.Column("flag_id", sa.Integer),
        sa.Column("detail", sa.Text, nullable=False),
        sa.Column("previous", sa.String(64), nullable=False),
        sa.Column("hash", sa.String(64), nullable=False),
        sa.Index(None, "flag_id"),
        sa.Index(None, "inspection_id"),
    )
    op.create_table(
        "journal_head",
        sa.Column("id", sa.Integer, primary_key=True, autoincrement=False),
        sa.Column("number", sa.Integer, nullable=False),
        sa.Column("hash", sa.String(64), nullable=False),
    )
