"""Many chunks at once, by the fastest way that the database has."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from sqlalchemy import insert
from sqlalchemy.exc import DBAPIError

from plotly_nbext.server.store import traffic
from plotly_nbext.server.store.schema import chunks

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from sqlalchemy import Connection

__all__ = ["insert_chunks"]

BYTES_AT_ONCE: Final = 4_000_000
CHUNK_OVERHEAD: Final = 1_000

_COPIED: Final = {
    "file_id": "int4",
    "uid": "varchar",
    "start": "int4",
    "length": "int4",
    "type": "text",
    "size": "int4",
    "checksum": "int8",
    "data": "bytea",
}
_COPY: Final = f"COPY chunks ({', '.join(_COPIED)}) FROM STDIN (FORMAT BINARY)"


def insert_chunks(connection: Connection, rows: Iterable[dict[str, Any]]) -> None:
    """Write chunks, many small ones or a few large ones at once.

    Parameters
    ----------
    rows : iterable of dict
        Their rows of the table; what makes them may read from the same connection.
    """
    waiting: list[dict[str, Any]] = []
    size = 0
    for row in rows:
        waiting.append(row)
        size += len(row["data"]) + CHUNK_OVERHEAD
        if size >= BYTES_AT_ONCE:
            _write(connection, waiting)
            waiting, size = [], 0
    if waiting:
        _write(connection, waiting)


def _write(connection: Connection, rows: Sequence[dict[str, Any]]) -> None:
    if connection.dialect.name == "postgresql":
        _copy(connection, rows)
    else:
        connection.execute(insert(chunks), rows)
    traffic.written(connection, rows)


def _copy(connection: Connection, rows: Sequence[dict[str, Any]]) -> None:
    dialect = connection.dialect
    cursor: Any = connection.connection.cursor()
    # as before each statement of SQLAlchemy's: whoever waits for it may have gone
    for before in connection.dispatch.before_cursor_execute:
        before(connection, cursor, _COPY, None, None, False)
    try:
        with cursor.copy(_COPY) as copy:
            copy.set_types([*_COPIED.values()])
            for row in rows:
                copy.write_row([row[name] for name in _COPIED])
    except dialect.loaded_dbapi.Error as error:
        raise DBAPIError.instance(
            _COPY, None, error, dialect.loaded_dbapi.Error, dialect=dialect
        ) from None
    finally:
        cursor.close()
