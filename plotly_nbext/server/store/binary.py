"""Values that cross to PostgreSQL and back as they are: bytes would be spelled in twice as many."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from sqlalchemy import event

if TYPE_CHECKING:
    from sqlalchemy import Connection, Engine

__all__ = ["take_binary"]


def take_binary(engine: Engine) -> None:
    """Have psycopg ask for values in binary."""
    from psycopg.pq import Format

    @event.listens_for(engine, "before_cursor_execute")
    def _(_connection: Connection, cursor: Any, *_: Any) -> None:
        cursor.format = Format.BINARY
