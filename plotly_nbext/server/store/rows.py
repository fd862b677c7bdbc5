"""The rows of a grid, a block at a time: as much memory for a wide grid as for a narrow one."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from sqlalchemy import func, select

from plotly_nbext.columns import json
from plotly_nbext.server.store.schema import CHUNK_ROWS, chunks, columns

if TYPE_CHECKING:
    from collections.abc import Iterator

    from sqlalchemy import Connection, Subquery

    from plotly_nbext.server.store.files import FileRecord

__all__ = ["blocks"]

BLOCK_CELLS = 500_000
BLOCK_BYTES = 16_000_000


def blocks(
    connection: Connection, grid: FileRecord, start: int, stop: int
) -> Iterator[list[list[Any]]]:
    """Read the rows ``start`` … ``stop`` - 1.

    Yields
    ------
    list of list
        The values of some rows: a list a column, by the columns' order. A column that ends before
        others has fewer.
    """
    for first in range(start - start % CHUNK_ROWS, stop, CHUNK_ROWS):
        source = _chunks_at(grid, first)
        begin, end = max(start - first, 0), min(stop - first, CHUNK_ROWS)
        step = _rows_at_once(connection, source)
        # a chunk is decoded anew for each of its blocks: its values, or its text, would be too much
        # to keep of all the columns that a wide grid has
        for place in range(begin, end, step):
            yield _read(connection, source, place, min(place + step, end))


def _chunks_at(grid: FileRecord, first: int) -> Subquery:
    """Select the chunks that begin at a row, one of each column that is so long."""
    return (
        select(columns.c.position, chunks.c.length, chunks.c.data)
        .select_from(
            columns.outerjoin(
                chunks,
                (chunks.c.file_id == columns.c.file_id)
                & (chunks.c.uid == columns.c.uid)
                & (chunks.c.start == first),
            )
        )
        .where(columns.c.file_id == grid.id)
        .subquery()
    )


def _rows_at_once(connection: Connection, source: Subquery) -> int:
    width, rows, size = connection.execute(
        select(
            func.count(source.c.position),
            func.coalesce(func.max(source.c.length), 0),
            func.coalesce(func.sum(func.length(source.c.data)), 0),
        )
    ).one()
    parts = max(width * rows / BLOCK_CELLS, size / BLOCK_BYTES, 1)
    return max(int(rows / parts), 1)


def _read(connection: Connection, source: Subquery, start: int, stop: int) -> list[list[Any]]:
    rows = connection.execute(
        select(source.c.position, source.c.data).execution_options(yield_per=10)
    )
    # sorted here, since a database would carry the chunks along
    read = {
        row.position: json.loads(row.data)[start:stop] if row.data is not None else []
        for row in rows
    }
    return [read[position] for position in sorted(read)]
