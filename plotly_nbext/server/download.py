"""A grid's values as a stream of bytes: JSON, CSV or Arrow, never whole in memory."""

from __future__ import annotations

import csv
import io
from ipaddress import ip_address
from itertools import zip_longest
from typing import TYPE_CHECKING, Any, Final

import pyarrow as pa

from plotly_nbext.columns import json
from plotly_nbext.errors import ValidationError
from plotly_nbext.server.arrow_body import ARROW, FIELDS_KEY
from plotly_nbext.server.bodies import as_int, bad_request
from plotly_nbext.server.representation import column_meta
from plotly_nbext.server.store import grids, rows
from plotly_nbext.server.streaming import Pieces

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence

    from _typeshed import ReadableBuffer
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
        packed = not _is_near(request)
        pieces = grid_arrow(connection, grid, columns, start, stop, packed=packed)
        return Pieces(pieces, ARROW, f'W/"{version}-{"lz4" if packed else "arrow"}"', vary)
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
    *,
    packed: bool,
) -> Iterator[bytes]:
    """Write an Arrow stream; columns that end before others do so in nulls.

    Parameters
    ----------
    packed : bool
        Whether it is packed, by LZ4: for who is further away than the memory is wide.
    """
    told = {
        "revision": grid.revision,
        "row_count": grid.row_count,
        "uids": [column.uid for column in columns],
        "metadata": grid.metadata,
    }
    schema = grids.arrow_schema(connection, grid, columns)
    schema = schema.with_metadata({FIELDS_KEY: json.dumps(told)})
    sink = _Sink()
    options = pa.ipc.IpcWriteOptions(compression="lz4" if packed else None)
    with pa.ipc.new_stream(sink, schema, options=options) as writer:
        for batch in grids.arrow_batches(connection, grid, columns, schema, start=start, stop=stop):
            writer.write_batch(batch)
            yield sink.take()
    yield sink.take()


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
        Whether texts that a spreadsheet would take for formulas get a ``'`` before them.
    """
    text = _inert if for_spreadsheets else str
    yield _csv([[text(column.name) for column in columns]])
    end = grid.row_count if stop is None else min(stop, grid.row_count)
    for block in rows.blocks(connection, grid, columns, start, end):
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


def _is_near(request: Request) -> bool:
    """Tell whether whoever asks is on this machine, as far as is known."""
    try:
        return request.client is not None and ip_address(request.client.host).is_loopback
    except ValueError:
        return False


class _Sink(io.RawIOBase):
    """A file that gives what is written into it, and keeps none of it."""

    def __init__(self) -> None:
        super().__init__()
        self._pieces: list[bytes] = []

    def writable(self) -> bool:
        """Be a file for writing."""
        return True

    def write(self, data: ReadableBuffer) -> int:
        """Keep a piece until it is taken."""
        piece = bytes(data)
        self._pieces.append(piece)
        return len(piece)

    def take(self) -> bytes:
        """Give what was written since the last time."""
        pieces, self._pieces = self._pieces, []
        return b"".join(pieces)
