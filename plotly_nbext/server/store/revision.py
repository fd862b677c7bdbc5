"""Which migration has made the tables of a database."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sqlalchemy import text

if TYPE_CHECKING:
    from sqlalchemy import Connection

__all__ = ["revision"]

_FOUND = text("SELECT version_num FROM alembic_version")


def revision(connection: Connection) -> str | None:
    """Return the name of the last migration."""
    found: str | None = connection.execute(_FOUND).scalar()
    return found
