"""SQLite as a server wants it: WAL, durable commits, and transactions that end when they end."""

from __future__ import annotations

import sqlite3
from typing import TYPE_CHECKING, Any
from weakref import WeakSet

from sqlalchemy import event

if TYPE_CHECKING:
    from collections.abc import Callable

    from sqlalchemy import Connection, Engine

__all__ = ["OPTIONS", "tune"]

BUSY_MILLISECONDS = 30_000


class _Connection(sqlite3.Connection):
    """Knows its cursors, to close those that are left open.

    A statement that has not come to its end holds on to the state that it sees, beyond the end of
    its transaction, and so would all that the connection reads afterwards. An exception keeps the
    cursors of the frames that it has come through.
    """

    def __init__(self, *arguments: Any, **options: Any) -> None:
        self._cursors: WeakSet[sqlite3.Cursor] = WeakSet()
        super().__init__(*arguments, **options)

    def cursor(self, *arguments: Any) -> Any:
        cursor = super().cursor(*arguments)
        self._cursors.add(cursor)
        return cursor

    def close_cursors(self) -> None:
        """End what is still read."""
        for cursor in [*self._cursors]:
            cursor.close()
        self._cursors.clear()


OPTIONS = {"connect_args": {"factory": _Connection}}
"""What an engine is made with, beside the URL."""


def tune(engine: Engine, writes: Callable[[Connection], bool]) -> None:
    """Take transactions into our own hands.

    Parameters
    ----------
    writes : callable
        Tells whether a transaction will write: it says so at once, and waits for its turn then.
    """

    @event.listens_for(engine, "connect")
    def _(connection: Any, _record: Any) -> None:
        connection.isolation_level = None
        # SQLite's own knows the letters of ASCII only
        connection.create_function("lower", 1, _lower, deterministic=True)
        for pragma in (
            "journal_mode = WAL",
            "synchronous = FULL",
            "foreign_keys = ON",
            f"busy_timeout = {BUSY_MILLISECONDS}",
        ):
            connection.execute(f"PRAGMA {pragma}")

    @event.listens_for(engine, "begin")
    def _(connection: Connection) -> None:
        connection.exec_driver_sql("BEGIN IMMEDIATE" if writes(connection) else "BEGIN")

    # the writer's connection stays, and others go back to the pool
    @event.listens_for(engine, "commit")
    def _(connection: Connection) -> None:
        _close_cursors(connection.connection.dbapi_connection)

    @event.listens_for(engine, "reset")
    def _(connection: Any, *_: Any) -> None:
        _close_cursors(connection)


def _close_cursors(connection: Any) -> None:
    connection.close_cursors()


def _lower(text: str | None) -> str | None:
    return None if text is None else text.lower()
