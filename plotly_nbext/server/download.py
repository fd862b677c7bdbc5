"""A grid's values as a stream of bytes: JSON or CSV, never whole in memory."""

from __future__ import annotations

import csv
import io
from itertools import zip_longest
from typing import TYPE_CHECKING, Any

from plotly_nbext.columns import json
from plotly_nbext.server.store import grids
from plotly_nbext.server.store.schema import CHUNK_ROWS

if TYPE_CHECKING:
    from collections.abc import Iterator

    from sqlalchemy import Connection

    from plotly_nbext.server.store.files import FileRecord

__all__ = ["grid_csv", "grid_json"]


def grid_json(
    connection: Connection, grid: FileRecord, start: int = 0, stop: int | None = None
) -> Iterator[bytes]:
    """Write ``{"cols": {name: {"data": […], "order": n, "uid": …}}}`` for some rows."""
    yield b'{"cols":{'
    for column in grids.list_columns(connection, grid):
        yield b"," if column.position else b""
        yield json.dumps(column.name) + b':{"data":['
        if start == 0 and stop is None:
            yield from grids.json_runs(connection, grid, column)
        else:
            yield json.dumps(grids.values(connection, grid, column, start, stop))[1:-1]
        yield b'],"order":%d,"uid":"%b"}' % (column.position, column.uid.encode())
    yield b"}}"


def grid_csv(
    connection: Connection, grid: FileRecord, start: int = 0, stop: int | None = None
) -> Iterator[bytes]:
    """Write a header and rows; a null is an empty cell, what CSV has no form for is JSON."""
    columns = grids.list_columns(connection, grid)
    yield _csv([[column.name for column in columns]])
    end = grid.row_count if stop is None else min(stop, grid.row_count)
    for begin in range(start, end, CHUNK_ROWS):
        run = [
            grids.values(connection, grid, column, begin, min(begin + CHUNK_ROWS, end))
            for column in columns
        ]
        yield _csv([_cell(value) for value in row] for row in zip_longest(*run))


def _cell(value: Any) -> Any:
    if value is None:
        return ""
    return value if isinstance(value, str) else json.dumps(value).decode()


def _csv(rows: Any) -> bytes:
    text = io.StringIO()
    csv.writer(text, lineterminator="\n").writerows(rows)
    return text.getvalue().encode()
