"""One database: SQLite by default, with one writer at a time and readers on a snapshot."""

from __future__ import annotations

import threading
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar

from sqlalchemy import URL, Connection, create_engine, inspect, text
from sqlalchemy.engine import make_url
from sqlalchemy.exc import DatabaseError

from plotly_nbext.errors import ServiceError
from plotly_nbext.server.store import schema, sqlite, traffic
from plotly_nbext.server.store.binary import take_binary
from plotly_nbext.server.store.grids.records import MOST_CELLS
from plotly_nbext.server.store.outages import passes, reason
from plotly_nbext.server.store.pool import CONNECTIONS, pool_options
from plotly_nbext.server.store.scratch import keep_names

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

    from sqlalchemy.engine.interfaces import DBAPICursor

__all__ = ["Database"]

T = TypeVar("T")

# any number, so long as it is always the same one
_MIGRATIONS = 7_350_145


class Database:
    """Connections to the database of a server.

    Parameters
    ----------
    location : Path or str
        The folder of an SQLite database (``grids.db`` in it), or a SQLAlchemy URL of PostgreSQL.
    connections : int
        How many there are at most to PostgreSQL; a download holds one for as long as its reader
        takes. Who gets none within ten seconds is told so by a TimeoutError of SQLAlchemy's.
    most_cells : int, optional
        How many a grid may have.
    upgrades : bool
        Whether tables are made, or made what they are now; else they have to be that already. A
        server of an earlier version may be at work with them.

    Attributes
    ----------
    one_writer : bool
        Whether all else waits while something is written.
    traffic : Traffic
        Who is told of the chunks that are read and written.
    """

    def __init__(
        self,
        location: Path | str,
        connections: int = CONNECTIONS,
        *,
        most_cells: int | None = None,
        upgrades: bool = True,
    ) -> None:
        new_in: Path | None = None
        if isinstance(location, Path):
            file = location / "grids.db"
            new_in = None if file.exists() else location
            url = URL.create("sqlite", database=str(file))
        else:
            url = make_url(location)
        self.one_writer = url.get_backend_name() == "sqlite"
        self.traffic = traffic.Traffic()
        # of SQLite, a download may hold as many as it likes
        options: dict[str, Any] = {"max_overflow": -1, **sqlite.OPTIONS}
        if not self.one_writer:
            options = pool_options(url, connections)
        try:
            self._engine = create_engine(
                url,
                # an error that quotes what was written would tell it to the log
                hide_parameters=True,
                execution_options={traffic.OPTION: self.traffic, MOST_CELLS: most_cells},
                **options,
            )
        except ModuleNotFoundError as error:
            raise ServiceError(
                f"The database {url.get_backend_name()} needs {error.name}.",
                hint='For PostgreSQL: `pip install "plotly_nbext[postgres]"`.',
            ) from None
        self._reader = self._engine
        if self.one_writer:
            sqlite.tune(self._engine, Database.writes)
        else:
            self._reader = self._engine.execution_options(isolation_level="REPEATABLE READ")
        self._writing = self._engine.execution_options(writes=True)
        # SQLite's own waiting is unfair (a writer waited 4 s): writers of this process queue here
        self._turn = threading.Lock()
        self._writer: Connection | None = None
        try:
            if upgrades:
                with self.write() as connection:
                    _migrate(connection)
            else:
                with self.read() as connection:
                    _check_revision(connection)
        except (DatabaseError, UnicodeError) as error:
            mend = "See that it runs and takes this user, or name another by --database-url."
            if self.one_writer:
                mend = (
                    "See that its disk works, has room and can be written, or name another folder."
                    if passes(error)
                    else "Restore it from a copy, or name another folder."
                )
            why = reason(error).rstrip(".")
            # a password may be in the query too
            raise ServiceError(
                f"The database {url.set(query={}).render_as_string()} can't be used: {why}.",
                hint=mend,
            ) from None

        if new_in is not None:
            keep_names(new_in)  # SQLite syncs what is in the innermost folder
        # not before: what SQLAlchemy asks of the tables themselves, it takes as text
        if self._engine.driver == "psycopg":
            take_binary(self._engine)

    @contextmanager
    def read(self) -> Iterator[Connection]:
        """Open a transaction that sees one state of the database from start to end."""
        with self._reader.connect() as connection:
            connection.begin()
            yield connection  # and no commit, which SQLite refuses after it has met damage

    @contextmanager
    def write(self) -> Iterator[Connection]:
        """Open a transaction that writes: committed at the end, undone by an exception.

        Where there may be several writers, what it goes by it has to lock: see
        :func:`.users.lock` and :func:`.files.locked_head`, in this order.
        """
        if not self.one_writer:
            with self._writing.begin() as connection:
                yield connection
            return
        with self._turn:
            if self._writer is None:
                # for good: to take it from the pool and to put it back is a tenth of an append
                self._writer = self._writing.connect()
            try:
                with self._writer.begin():
                    yield self._writer
            except BaseException:
                # the pool ends what a commit that failed has left open
                self._writer.close()
                self._writer = None
                raise

    @contextmanager
    def alone(self) -> Iterator[Connection]:
        """Give a connection to PostgreSQL of which each statement is a transaction of its own."""
        with self._engine.connect() as connection:
            yield connection.execution_options(isolation_level="AUTOCOMMIT")

    @staticmethod
    def writes(connection: Connection) -> bool:
        """Tell whether a transaction is one of :meth:`write`."""
        return bool(connection.get_execution_options().get("writes", False))

    def write_each(self, changes: Sequence[Callable[[Connection], T]]) -> list[T | Exception]:
        """Make changes in one transaction, each of them whole or not at all.

        Returns
        -------
        list
            What each returned, or the exception that undid it, and it alone.
        """
        with self.write() as connection:
            cursor = connection.connection.cursor()
            return [_attempt(connection, cursor, change) for change in changes]

    @property
    def in_use(self) -> int:
        """How many connections are in use."""
        pool: Any = self._engine.pool
        return int(pool.checkedout())

    def close(self) -> None:
        """Close all connections but those in use: what is read or written is not broken off."""
        if self._turn.acquire(blocking=False):
            if self._writer is not None:
                self._writer.close()
                self._writer = None
            self._turn.release()
        self._engine.dispose()


def _attempt(
    connection: Connection, cursor: DBAPICursor, change: Callable[[Connection], T]
) -> T | Exception:
    cursor.execute("SAVEPOINT change")
    try:
        return change(connection)
    except Exception as error:  # noqa: BLE001 - whose it is will raise it
        # which fails if the database has undone the whole transaction
        cursor.execute("ROLLBACK TO change")
        return error
    finally:
        cursor.execute("RELEASE change")


def _migrate(connection: Connection) -> None:
    """Make the tables, or make those of an earlier version what they are now."""
    if connection.dialect.name == "postgresql":  # where others may start at the same moment
        connection.execute(text("SELECT pg_advisory_xact_lock(:lock)"), {"lock": _MIGRATIONS})
    if (found := _revision(connection)) is not None:
        if found == schema.REVISION:
            return
        if found > schema.REVISION:
            raise ServiceError(
                f"The database was written by a newer plotly_nbext: its tables are those of "
                f"revision {found}, and this version knows them up to {schema.REVISION}.",
                hint="Upgrade plotly_nbext, or name another folder.",
            )
    # alembic takes longer to import than all else that a server needs to start
    from plotly_nbext.server.store.migrations import upgrade

    upgrade(connection)


def _check_revision(connection: Connection) -> None:
    found = _revision(connection)
    if found is None:
        raise ServiceError("There are no tables in the database.", hint="Name another one.")
    if found != schema.REVISION:
        raise ServiceError(
            f"The database's tables are those of revision {found}, and this version's of "
            f"{schema.REVISION}.",
            hint="Use the plotly_nbext that its server runs with. Tables that are older are "
            "upgraded when `plotly-nbext serve` of this version starts.",
        )


def _revision(connection: Connection) -> str | None:
    """Name the migration that made the tables, if there are some."""
    tables = inspect(connection)
    if not tables.has_table("alembic_version"):
        if connection.dialect.name == "sqlite" and tables.has_table(schema.BACKUP):
            raise ServiceError(
                "The database is a backup, which no server writes to.",
                hint="Make a database of it: plotly-nbext restore FILE --data FOLDER",
            )
        return None
    found: str | None = connection.execute(text("SELECT version_num FROM alembic_version")).scalar()
    return found
