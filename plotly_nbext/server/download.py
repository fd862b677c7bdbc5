"""A grid's values as a stream of bytes: JSON or CSV, never whole in memory."""

from __future__ import annotations

import csv
import io
from itertools import zip_longest
from typing import TYPE_CHECKING, Any

from plotly_nbext.columns import json
from plotly_nbext.server.bodies import as_int, bad_request
from plotly_nbext.server.store import grids, rows

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Mapping

    from sqlalchemy import Connection

    from plotly_nbext.server.store.files import FileRecord

__all__ = ["grid_csv", "grid_json", "window"]

FORMULA_STARTS = ("=", "+", "-", "@", "\t", "\r")


def window(query: Mapping[str, str]) -> tuple[int, int | None]:
    """Read ``start`` and ``stop``, which ask for the rows ``start`` … ``stop`` - 1 only.

    Raises
    ------
    ValidationError
        400: one is not a row, or they are the wrong way round.
    """
    start = _row(query.get("start", "0"), "start")
    stop = _row(query["stop"], "stop") if "stop" in query else None
    if stop is not None and stop < start:
        raise bad_request(f"stop must not be less than start, {start}, as {stop} is.", "stop")
    return start, stop


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
    connection: Connection,
    grid: FileRecord,
    start: int = 0,
    stop: int | None = None,
    *,
    for_spreadsheets: bool = False,
) -> Iterator[bytes]:
    """Write a header and rows; a null is an empty cell, what CSV has no form for is JSON.

    Parameters
    ----------
    for_spreadsheets : bool
        Whether texts that a spreadsheet would take for formulas get a ``'`` before them.
    """
    text = _inert if for_spreadsheets else str
    columns = grids.list_columns(connection, grid)
    yield _csv([[text(column.name) for column in columns]])
    end = grid.row_count if stop is None else min(stop, grid.row_count)
    for block in rows.blocks(connection, grid, start, end):
        yield _csv([_cell(value, text) for value in row] for row in zip_longest(*block))


def _cell(value: Any, text: Callable[[str], str]) -> str:
    if value is None:
        return ""
    return text(value) if isinstance(value, str) else json.dumps(value).decode()


def _inert(text: str) -> str:
    return f"'{text}" if text.startswith(FORMULA_STARTS) else text


def _csv(table: Iterable[list[str]]) -> bytes:
    text = io.StringIO()
    # RFC 4180's line ends; with any other, a "\r" in a text would not be quoted
    csv.writer(text, lineterminator="\r\n").writerows(table)
    return text.getvalue().encode()


def _row(value: str, field: str) -> int:
    row = as_int(value, field)
    if row < 0:
        raise bad_request(f"{field} must be 0 or more, not {row}.", field)
    return row
