"""All rows of all tables from one database to another, summed up on the way."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from sqlalchemy import LargeBinary, insert, select

from plotly_nbext.server.store import schema
from plotly_nbext.server.store.backups.file import Sum, tables
from plotly_nbext.server.store.bulk import insert_chunks

if TYPE_CHECKING:
    from sqlalchemy import Connection, Table

__all__ = ["copy_rows"]

ROWS_AT_ONCE: Final = 1_000
LONG_ROWS_AT_ONCE: Final = 10


def copy_rows(source: Connection, target: Connection) -> dict[str, Sum]:
    """Copy all rows as they are; give what they sum up to, by the name of the table."""
    return {table.name: _copy(table, source, target) for table in tables}


def _copy(table: Table, source: Connection, target: Connection) -> Sum:
    copied = Sum()
    is_long = any(isinstance(column.type, LargeBinary) for column in table.c)
    at_once = LONG_ROWS_AT_ONCE if is_long else ROWS_AT_ONCE
    with source.execute(select(table).execution_options(yield_per=at_once)) as found:
        for rows in found.partitions():
            for row in rows:
                copied.add(row)
            values = [row._asdict() for row in rows]
            if table is schema.chunks:
                insert_chunks(target, values)
            else:
                target.execute(insert(table), values)
    return copied
