"""The rows of a grid, a block at a time: as much memory for a wide grid as for a narrow one."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from plotly_nbext.server.store.grids.row_log import Tail
from plotly_nbext.server.store.grids.strips import strips

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from sqlalchemy import Connection

    from plotly_nbext.server.store.files import FileRecord
    from plotly_nbext.server.store.grids.records import ColumnRecord

__all__ = ["blocks"]

BLOCK_CELLS = 100_000
BLOCK_BYTES = 4_000_000


def blocks(
    connection: Connection,
    grid: FileRecord,
    columns: Sequence[ColumnRecord],
    start: int,
    stop: int,
) -> Iterator[list[list[Any]]]:
    """Read the rows ``start`` … ``stop`` - 1 of some columns.

    Yields
    ------
    list of list
        The values of some rows: a list a column, in their order. A column that ends before others
        has fewer.
    """
    logged = any(column.length > column.stored for column in columns)
    tail = Tail(connection, grid, start, stop) if logged else None
    limits = {"cells": BLOCK_CELLS, "size": BLOCK_BYTES}
    for strip in strips(connection, grid, columns, start, stop, **limits):
        block = []
        for column in columns:
            values: list[Any] = []
            if chunk := strip.chunks.get(column.uid):
                values += chunk.values(strip.start - strip.first, strip.stop - strip.first)
            if tail and strip.stop > column.stored:
                values += tail.values(column, strip.start, min(strip.stop, column.length))
            block.append(values)
        yield block
