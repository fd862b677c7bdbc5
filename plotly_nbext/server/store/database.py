"""One database: SQLite by default, with one writer at a time and readers on a snapshot."""

from __future__ import annotations

import threading
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any

from sqlalchemy import Connection, Engine, create_engine, event
from sqlalchemy.engine import make_url
from sqlalchemy.exc import DatabaseError

from plotly_nbext.errors import ServiceError
from plotly_nbext.server.store import schema

if TYPE_CHECKING:
    from collections.abc import Iterator

__all__ = ["Database"]

BUSY_MILLISECONDS = 30_000


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
        if url.get_backend_name() == "sqlite":
            _tune_sqlite(self._engine)
        # SQLite's own waiting is unfair (a writer waited 4 s): writers of this process queue here
        self._writer = threading.Lock()
        try:
            with self.write() as connection:
                schema.metadata.create_all(connection)
                # which makes none for the tables that an earlier version has made
                for table in schema.metadata.sorted_tables:
                    for index in table.indexes:
                        index.create(connection, checkfirst=True)
        except DatabaseError as error:
            raise ServiceError(
                f"The database {url.render_as_string()} can't be used: {error.orig}.",
                hint="Restore it from a copy, or name another folder.",
            ) from None

    @contextmanager
    def read(self) -> Iterator[Connection]:
        """Open a transaction that sees one state of the database from start to end."""
        with self._engine.begin() as connection:
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
