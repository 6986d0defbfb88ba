"""What is passed on if a check-in is never answered."""

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "held_note",
        sa.Column("tag", sa.String(64), primary_key=True),
        _to("inspection_id", "inspection.id"),
        _to("vault_id", "vault.id"),
        sa.Column("reference", sa.String(10), nullable=False, unique=True),
        sa.Column("number", sa.Integer, nullable=False),
        sa.Column("level", sa.String(10), nullable=False),
        sa.Column("envelope", sa.LargeBinary, nullable=False),
        sa.Column("for_duty", sa.LargeBinary),
        sa.Column("for_child", sa.LargeBinary),
        sa.Column("release_at", sa.DateTime(timezone=True)),
        sa.Index(None, "inspection_id"),
        sa.Index(None, "release_at"),
        sa.Index(None, "vault_id"),
    )


def _to(name: str, target: str) -> sa.Column[int]:
    return sa.Column(
        name,
        sa.Integer,
        sa.ForeignKey(target, ondelete="CASCADE"),
        nullable=False,
        autoincrement=False,
    )
