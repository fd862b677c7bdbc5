"""What several servers of one database share: nothing yet."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"


def upgrade() -> None:
    """Make the tables."""
    op.create_table(
        "push_parts",
        sa.Column(
            "owner",
            sa.String(100),
            sa.ForeignKey("users.username", ondelete="CASCADE"),
            primary_key=True,
        ),
        sa.Column("push", sa.String(32), primary_key=True),
        sa.Column("part", sa.String(32), primary_key=True),
        sa.Column("place", sa.Integer, primary_key=True),
        sa.Column("length", sa.Integer, nullable=False),
        sa.Column("data", sa.LargeBinary, nullable=False),
        sa.Column("at", sa.DateTime, nullable=False),
    )
    op.create_index("push_parts_by_age", "push_parts", ["at"])
    if op.get_bind().dialect.name == "postgresql":
        # it is compressed already
        op.execute("ALTER TABLE push_parts ALTER COLUMN data SET STORAGE EXTERNAL")


def downgrade() -> None:
    """Nothing goes back."""
    raise NotImplementedError
