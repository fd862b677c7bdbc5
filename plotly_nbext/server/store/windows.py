"""Counts that end: how often something was done since its window began.

They may be lost with a crash of PostgreSQL: the table is UNLOGGED, so that nobody waits for the
disk. Whoever needs it makes it, so that it is there only where it is used.
"""

from __future__ import annotations

import time
from typing import TYPE_CHECKING, Final
from zlib import crc32

from sqlalchemy import text

if TYPE_CHECKING:
    from sqlalchemy import Connection

__all__ = ["count", "forget", "prepare", "window"]

CLEARING: Final = 1_000
"""One of so many counts clears away the windows that have ended."""

_TABLE: Final = """
    DO $$ BEGIN
        PERFORM pg_advisory_xact_lock(7350148);
        CREATE UNLOGGED TABLE IF NOT EXISTS rate_windows_1 (
            key text PRIMARY KEY,
            count bigint NOT NULL,
            ends double precision NOT NULL
        ) WITH (fillfactor = 50);
    END $$
"""
# the database's clock, for the servers' may differ
_NOW: Final = "extract(epoch FROM clock_timestamp())"
# also if the clock was set back since it began
_ENDED: Final = f"known.ends <= {_NOW} OR known.ends > {_NOW} + :seconds"
_COUNT: Final = text(f"""
    INSERT INTO rate_windows_1 AS known (key, count, ends)
    VALUES (:key, :amount, {_NOW} + :seconds)
    ON CONFLICT (key) DO UPDATE SET
        count = CASE WHEN {_ENDED} THEN 0 ELSE known.count END + :amount,
        ends = CASE WHEN {_ENDED} THEN excluded.ends ELSE known.ends END
    RETURNING count
""")  # noqa: S608 - of constants
_WINDOW: Final = text(
    f"SELECT count, ends - {_NOW} AS left FROM rate_windows_1 WHERE key = :key AND ends > {_NOW}"  # noqa: S608
)
_CLEAR: Final = text(f"DELETE FROM rate_windows_1 WHERE ends <= {_NOW}")  # noqa: S608
_FORGET: Final = text("DELETE FROM rate_windows_1 WHERE CAST(:key AS text) IS NULL OR key = :key")


def prepare(connection: Connection) -> None:
    """Make the table, if it is not there."""
    connection.exec_driver_sql(_TABLE)


def count(connection: Connection, key: str, seconds: float, amount: int) -> int:
    """Count what was done, in a window of so many seconds; give all that was done in it."""
    counted = int(
        connection.execute(_COUNT, {"key": key, "amount": amount, "seconds": seconds}).scalar_one()
    )
    if crc32(f"{key} {counted}".encode()) % CLEARING == 0:
        connection.execute(_CLEAR)
    return counted


def window(connection: Connection, key: str) -> tuple[int, float]:
    """Tell what was counted in a window, and when it ends: now, if there is none."""
    row = connection.execute(_WINDOW, {"key": key}).first()
    return (0, time.time()) if row is None else (row[0], time.time() + row[1])


def forget(connection: Connection, key: str | None = None) -> int:
    """Forget a window, or all."""
    return connection.execute(_FORGET, {"key": key}).rowcount
