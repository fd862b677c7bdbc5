"""A grid's values as a stream of bytes: JSON, CSV or Arrow, never whole in memory."""

from __future__ import annotations

import csv
import io
import string
import unicodedata
from itertools import zip_longest
from typing import TYPE_CHECKING, Any, Final, Literal

from plotly_nbext.columns import json
from plotly_nbext.errors import ValidationError
from plotly_nbext.server.arrow_body import ARROW, FIELDS_KEY
from plotly_nbext.server.bodies import as_int, bad_request
from plotly_nbext.server.representation import column_meta
from plotly_nbext.server.store import grids, rows
from plotly_nbext.server.streaming import Pieces

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence

    from sqlalchemy import Connection
    from starlette.requests import Request

    from plotly_nbext.server.store.files import FileRecord
    from plotly_nbext.server.store.grids import ColumnRecord

__all__ = [
    "CSV",
    "JSON",
    "chosen",
    "columns_json",
    "content_of",
    "grid_csv",
    "grid_json",
    "window",
]

JSON: Final = "application/json"
CSV: Final = "text/csv"

CSV_ROWS: Final = 1000
"""As many are one text at a time, which takes four bytes a character while it is written."""
FORMULA_STARTS = ("=", "+", "-", "@", "\t", "\r")
BLANKS = string.whitespace + "\u00a0\u200b\ufeff"


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


def content_of(connection: Connection, grid: FileRecord, request: Request) -> Pieces:
    """Give what a request asks for of a grid's values, in the form that it accepts.

    Raises
    ------
    ValidationError
        400: it asks for rows or columns that can't be.
    """
    start, stop = window(request.query_params)
    columns = chosen(connection, grid, request.query_params)
    accepted = request.headers.get("accept", "")
    version, vary = grid.revision, {"Vary": "Accept"}
    if ARROW in accepted:
        pieces = grid_arrow(connection, grid, columns, start, stop)
        return Pieces(pieces, ARROW, f'W/"{version}-arrow"', vary)
    if CSV in accepted and JSON not in accepted:
        pieces = grid_csv(connection, grid, columns, start, stop)
        return Pieces(pieces, CSV, f'"{version}-csv"', vary)
    return Pieces(grid_json(connection, grid, columns, start, stop), JSON, f'"{version}"', vary)


def chosen(
    connection: Connection, grid: FileRecord, query: Mapping[str, str]
) -> list[ColumnRecord]:
    """Find the columns that ``cols`` asks for by their uids, in that order; all if it is not there.

    Raises
    ------
    ValidationError
        400: a uid is unknown or named twice.
    """
    if "cols" not in query:
        return grids.list_columns(connection, grid)
    uids = query["cols"].split(",")
    if len(set(uids)) != len(uids):
        raise bad_request(f"cols names a column twice: {query['cols']}.", "cols")
    try:
        return grids.pick_columns(connection, grid, uids)
    except ValidationError as error:
        raise bad_request(error.message, "cols") from None


def grid_json(
    connection: Connection,
    grid: FileRecord,
    columns: Sequence[ColumnRecord],
    start: int = 0,
    stop: int | None = None,
) -> Iterator[bytes]:
    """Write ``{"cols": {name: {"data": […], "order": n, "uid": …}}}`` for some rows."""
    yield b'{"cols":{'
    texts = grids.json_texts(connection, grid, columns, start, stop)
    for index, (column, runs) in enumerate(texts):
        yield (b"," if index else b"") + json.dumps(column.name) + b':{"data":['
        yield from runs
        yield b'],"order":%d,"uid":"%b"}' % (column.position, column.uid.encode())
    yield b"}}"


def columns_json(
    connection: Connection, grid: FileRecord, columns: Sequence[ColumnRecord]
) -> Iterator[bytes]:
    """Write ``{"cols": [{"name": …, "uid": …, "order": n, "data": […]}]}``."""
    yield b'{"cols":['
    for index, (column, runs) in enumerate(grids.json_texts(connection, grid, columns)):
        meta = column_meta(column) | {"order": column.position}
        yield (b"," if index else b"") + json.dumps(meta)[:-1] + b',"data":['
        yield from runs
        yield b"]}"
    yield b"]}"


def grid_arrow(
    connection: Connection,
    grid: FileRecord,
    columns: Sequence[ColumnRecord],
    start: int = 0,
    stop: int | None = None,
) -> Iterator[bytes]:
    """Write an Arrow stream; columns that end before others do so in nulls."""
    told = {
        "revision": grid.revision,
        "row_count": grid.row_count,
        "uids": [column.uid for column in columns],
        "metadata": grid.metadata,
    }
    schema = grids.arrow_schema(connection, grid, columns)
    schema = schema.with_metadata({FIELDS_KEY: json.dumps(told)})
    yield from grids.arrow_stream(connection, grid, columns, schema, start=start, stop=stop)


def grid_csv(
    connection: Connection,
    grid: FileRecord,
    columns: Sequence[ColumnRecord],
    start: int = 0,
    stop: int | None = None,
    *,
    for_spreadsheets: bool = False,
) -> Iterator[bytes]:
    """Write a header and rows; a null is an empty cell, what CSV has no form for is JSON.

    Parameters
    ----------
    for_spreadsheets : bool
        Whether texts that a spreadsheet would take for formulas get a ``'`` before them, and each
        cell is quoted: some part cells at semicolons and tabs, too.
    """
    text = _inert if for_spreadsheets else str
    quoting: Literal[0, 1] = csv.QUOTE_ALL if for_spreadsheets else csv.QUOTE_MINIMAL
    yield _csv([[text(column.name) for column in columns]], quoting)
    end = grid.row_count if stop is None else min(stop, grid.row_count)
    for block in rows.blocks(connection, grid, columns, start, end):
        for first in range(0, max(map(len, block), default=0), CSV_ROWS):
            cells = [_cells(values[first : first + CSV_ROWS], text) for values in block]
            yield _csv(zip_longest(*cells, fillvalue=""), quoting)


def _cells(values: list[Any], text: Callable[[str], str]) -> list[str]:
    """Write some values of a column, those that are no texts as JSON in one go."""
    lines = json.dumps_lines(values).decode().split("\n")
    return [
        "" if value is None else text(value) if isinstance(value, str) else line
        for value, line in zip(values, lines, strict=False)
    ]


def _inert(text: str) -> str:
    # blanks are skipped by some, and the full-width forms of the signs are read as the signs
    start = unicodedata.normalize("NFKC", text.lstrip(BLANKS)[:1])
    is_formula = text.startswith(FORMULA_STARTS) or start.startswith(FORMULA_STARTS)
    return f"'{text}" if is_formula else text


def _csv(table: Iterable[Iterable[str]], quoting: Literal[0, 1]) -> bytes:
    text = io.StringIO()
    # RFC 4180's line ends; with any other, a "\r" in a text would not be quoted
    csv.writer(text, lineterminator="\r\n", quoting=quoting).writerows(table)
    return text.getvalue().encode()


def _row(value: str, field: str) -> int:
    row = as_int(value, field)
    if row < 0:
        raise bad_request(f"{field} must be 0 or more, not {row}.", field)
    return row
