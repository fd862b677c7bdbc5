"""What several servers of one database share: nothing yet."""

from __future__ import annotations

revision = "0002"
down_revision = "0001"


def upgrade() -> None:
    """Make the tables."""


def downgrade() -> None:
    """Nothing goes back."""
    raise NotImplementedError
