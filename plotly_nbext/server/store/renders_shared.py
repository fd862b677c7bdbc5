"""The images of all servers of one PostgreSQL database, in a table that may be lost.

It is made by whoever needs it, not by a migration: an operator may drop it at any time, and a
change of what images are is never a reason to hold up a server's start. It is UNLOGGED: what is
written goes neither through the log of the database nor to its standbys, which would carry each
image as if it were data. After a crash of PostgreSQL, or on another that takes over, it is empty.
"""

from __future__ import annotations

import time
from typing import TYPE_CHECKING, Any, Final, TypeVar

from sqlalchemy import create_engine, event, text

from plotly_nbext.server.store.binary import take_binary
from plotly_nbext.server.store.renders import Renders

if TYPE_CHECKING:
    from collections.abc import Callable

    from sqlalchemy import Connection
    from sqlalchemy.exc import SQLAlchemyError

__all__ = ["SharedRenders"]

T = TypeVar("T")

PAUSE = 5.0
"""Seconds without a look after trouble: nobody waits for the same again and again."""

CONNECTIONS = 2
"""Of each server, beside those to its data: for what is looked for, and for what is written."""

STEP = 1 / 64
"""The share of the limit that a server writes before it looks whether there is room."""

ROOM = 1 / 32
"""The share of the limit that is free once room was made, so that it is not made all the time."""

_REACHING: Final = {"connect_timeout": 2, "tcp_user_timeout": 2_000}
_SHORT: Final = "SET statement_timeout = '1s'"
_TUNING: Final = f"""
    {_SHORT};
    SET lock_timeout = '200ms';
    SET synchronous_commit = off;
"""

# the number is that of what its columns are: another version of the program may have another
_TABLE: Final = """
    DO $$ BEGIN
        PERFORM pg_advisory_xact_lock(7350146);
        CREATE UNLOGGED TABLE IF NOT EXISTS renders_1 (
            key text PRIMARY KEY,
            image bytea NOT NULL,
            warnings text NOT NULL,
            checksum bigint NOT NULL,
            size bigint NOT NULL,
            used double precision NOT NULL
        ) WITH (
            fillfactor = 70,
            autovacuum_vacuum_scale_factor = 0.05,
            toast.autovacuum_vacuum_scale_factor = 0.05
        );
        -- images are compressed already
        ALTER TABLE renders_1 ALTER COLUMN image SET STORAGE EXTERNAL;
    END $$
"""
_IS_THERE: Final = text("SELECT to_regclass('renders_1') IS NOT NULL")

_FOUND: Final = text("SELECT image, warnings, checksum FROM renders_1 WHERE key = :key")
_KEEP: Final = text("""
    INSERT INTO renders_1 (key, image, warnings, checksum, size, used)
    VALUES (:key, :image, :warnings, :checksum, :size, extract(epoch FROM clock_timestamp()))
    ON CONFLICT (key) DO UPDATE
    SET image = excluded.image, warnings = excluded.warnings, checksum = excluded.checksum,
        size = excluded.size, used = excluded.used
""")
# the servers' clocks differ, so they tell how long ago it was; nobody waits for another's turn
_USED: Final = text("""
    UPDATE renders_1 AS kept
    SET used = greatest(kept.used, extract(epoch FROM clock_timestamp()) - noted.ago)
    FROM unnest(CAST(:keys AS text[]), CAST(:ago AS float8[])) AS noted (key, ago)
    WHERE kept.key = noted.key AND kept.key IN (
        SELECT key FROM renders_1 WHERE key = ANY(CAST(:keys AS text[])) FOR UPDATE SKIP LOCKED
    )
""")
_SIZE: Final = text("SELECT coalesce(sum(size), 0)::bigint FROM renders_1")
# by one server at a time: another would delete as much once more
_MAKE_ROOM: Final = text("""
    DELETE FROM renders_1 WHERE (SELECT pg_try_advisory_xact_lock(7350147)) AND key IN (
        SELECT key FROM renders_1 WHERE key IN (
            SELECT key FROM (
                SELECT key, sum(size) OVER (ORDER BY used DESC, key) AS up_to FROM renders_1
            ) AS by_use
            WHERE up_to > :least
        ) FOR UPDATE SKIP LOCKED
    )
""")

_ROW_BYTES: Final = 300
"""What an image takes beside its own bytes, about."""

_NO_TABLE: Final = "42P01"


class SharedRenders(Renders):
    """Images in a table.

    Each statement is a transaction of its own, and none waits for another server for long.

    Parameters
    ----------
    url : str
        The database.
    limit : int
        Bytes that the images of all servers may have; the least, if servers say different ones.
    """

    tier = "shared"

    def __init__(self, url: str, limit: int) -> None:
        engine = create_engine(
            url,
            isolation_level="AUTOCOMMIT",
            pool_size=CONNECTIONS,
            max_overflow=0,
            pool_timeout=0.2,
            connect_args=_REACHING,
            hide_parameters=True,
        )
        event.listen(engine, "connect", _tune)
        take_binary(engine)
        super().__init__(engine, limit)
        self._unchecked = limit * STEP
        self._paused_until = 0.0

    def miss(self, trouble: str, kind: str | None = None) -> None:
        """Log trouble, and look for nothing for a while."""
        self._paused_until = time.monotonic() + PAUSE
        super().miss(trouble, kind)

    def _run(self, work: Callable[[Connection], T]) -> T | None:
        return None if time.monotonic() < self._paused_until else super()._run(work)

    @property
    def _place(self) -> str:
        return "the database"  # whose address may hold a password

    def _prepare(self, connection: Connection) -> None:
        # who may make no tables may have been given this one
        if not connection.execute(_IS_THERE).scalar_one():
            connection.exec_driver_sql(_TABLE)

    def _find(self, connection: Connection, key: str) -> Any:
        return connection.execute(_FOUND, {"key": key}).first()

    def _keep(self, connection: Connection, row: dict[str, Any]) -> None:
        size = len(row["image"]) + len(row["warnings"]) + _ROW_BYTES
        connection.execute(_KEEP, row | {"size": size})
        self._unchecked += size
        if self._unchecked >= self._limit * STEP:
            self._unchecked = 0
            self._make_room(connection)

    def _make_room(self, connection: Connection) -> None:
        """Delete the least recently used where the limit is passed; nobody waits for that."""
        connection.exec_driver_sql("SET statement_timeout = '20s'")  # many images take a while
        try:
            if connection.execute(_SIZE).scalar_one() > self._limit:
                connection.execute(_MAKE_ROOM, {"least": int(self._limit * (1 - ROOM))})
        finally:
            connection.exec_driver_sql(_SHORT)

    def _note(self, connection: Connection, used: dict[str, float]) -> None:
        now = time.time()
        ago = [max(0.0, now - at) for at in used.values()]
        connection.execute(_USED, {"keys": [*used], "ago": ago})

    def _mend(self, error: SQLAlchemyError) -> None:
        cause = getattr(error, "orig", None) or error
        kind = getattr(cause, "sqlstate", None) or type(cause).__name__
        # whoever dropped the table finds it made anew
        tell = super().miss if kind == _NO_TABLE else self.miss
        tell(str(cause).partition("\n")[0], kind)


def _tune(connection: Any, _record: Any) -> None:
    with connection.cursor() as cursor:
        cursor.execute(_TUNING)
    connection.commit()
