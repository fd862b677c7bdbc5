"""One database: SQLite by default, with one writer at a time and readers on a snapshot."""

from __future__ import annotations

import threading
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any

from sqlalchemy import Connection, Engine, create_engine, event, inspect, text
from sqlalchemy.engine import make_url
from sqlalchemy.exc import DatabaseError

from plotly_nbext.errors import ServiceError
from plotly_nbext.server.store import schema

if TYPE_CHECKING:
    from collections.abc import Iterator

__all__ = ["Database"]

BUSY_MILLISECONDS = 30_000

# any number, so long as it is always the same one
_MIGRATIONS = 7_350_145


class Database:
    """Connections to the database of a server.

    Parameters
    ----------
    location : Path or str
        The folder of an SQLite database (``grids.db`` in it), or a SQLAlchemy URL.
    """

    def __init__(self, location: Path | str) -> None:
        if isinstance(location, Path):
            location = f"sqlite:///{location / 'grids.db'}"
        url = make_url(location)
        try:
            self._engine = create_engine(
                url,
                pool_pre_ping=url.get_backend_name() != "sqlite",
                # a download holds a connection for as long as its reader takes
                max_overflow=-1,
                # an error that quotes what was written would tell it to the log
                hide_parameters=True,
            )
        except ModuleNotFoundError as error:
            raise ServiceError(
                f"The database {url.get_backend_name()} needs {error.name}.",
                hint='For PostgreSQL: `pip install "plotly_nbext[postgres]"`.',
            ) from None
        self._reader = self._engine
        if url.get_backend_name() == "sqlite":
            _tune_sqlite(self._engine)
        else:
            self._reader = self._engine.execution_options(isolation_level="REPEATABLE READ")
        # SQLite's own waiting is unfair (a writer waited 4 s): writers of this process queue here
        self._writer = threading.Lock()
        try:
            with self.write() as connection:
                _migrate(connection)
        except DatabaseError as error:
            raise ServiceError(
                f"The database {url.render_as_string()} can't be used: {error.orig}.",
                hint="Restore it from a copy, or name another folder.",
            ) from None

    @contextmanager
    def read(self) -> Iterator[Connection]:
        """Open a transaction that sees one state of the database from start to end."""
        with self._reader.begin() as connection:
            yield connection

    @contextmanager
    def write(self) -> Iterator[Connection]:
        """Open a transaction that writes: committed at the end, undone by an exception."""
        with (
            self._writer,
            self._engine.connect().execution_options(writes=True) as connection,
            connection.begin(),
        ):
            yield connection

    def close(self) -> None:
        """Close all connections."""
        self._engine.dispose()


def _migrate(connection: Connection) -> None:
    """Make the tables, or make those of an earlier version what they are now."""
    if connection.dialect.name == "postgresql":  # where others may start at the same moment
        connection.execute(text("SELECT pg_advisory_xact_lock(:lock)"), {"lock": _MIGRATIONS})
    if inspect(connection).has_table("alembic_version"):
        found = connection.execute(text("SELECT version_num FROM alembic_version")).scalar()
        if found == schema.REVISION:
            return
        if found is not None and found > schema.REVISION:
            raise ServiceError(
                f"The database was written by a newer plotly_nbext: its tables are those of "
                f"revision {found}, and this version knows them up to {schema.REVISION}.",
                hint="Upgrade plotly_nbext, or name another folder.",
            )
    # alembic takes longer to import than all else that a server needs to start
    from plotly_nbext.server.store.migrations import upgrade

    upgrade(connection)


def _tune_sqlite(engine: Engine) -> None:
    """Take transactions into our own hands: WAL, durable commits, writers that say so at once."""

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
        writes = connection.get_execution_options().get("writes", False)
        connection.exec_driver_sql("BEGIN IMMEDIATE" if writes else "BEGIN")


def _lower(text: str | None) -> str | None:
    return None if text is None else text.lower()
