"""Examine the values of a grid: every chunk, and every row of the log."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

import pyarrow as pa
from sqlalchemy import select

from plotly_nbext.columns import json
from plotly_nbext.server.store.checksums import is_whole
from plotly_nbext.server.store.chunks import Chunk
from plotly_nbext.server.store.schema import CHUNK_ROWS, chunks, columns, row_log

if TYPE_CHECKING:
    from sqlalchemy import Row

    from plotly_nbext.server.store.damage.examination import Examination

__all__ = ["examine_grid"]

CHUNKS_AT_ONCE: Final = 10
LOGGED_AT_ONCE: Final = 100


def examine_grid(examination: Examination, where: str, grid: Row[Any]) -> None:
    """Find what is wrong with a grid.

    Parameters
    ----------
    where : str
        What it is called.
    grid : Row
        Its row of the table of files.
    """
    of_grid = select(columns).where(columns.c.file_id == grid.id).order_by(columns.c.position)
    found = [*examination.rows(f"{where}, columns", of_grid)]
    if [row.position for row in found] != [*range(grid.width)]:
        examination.note(where, f"it has {len(found)} columns, not {grid.width} one after another")
    for column in found:
        its = f"{where}, column {column.name!r} ({column.uid})"
        with examination.part(its):
            _examine_column(examination, its, column)
    stored = grid.row_count - grid.logged
    longest = max((row.length for row in found), default=0)
    if longest != stored:
        examination.note(where, f"its longest column has {longest} rows in chunks, not {stored}")
    _examine_log(examination, f"{where}, rows last appended", grid)


def _examine_column(examination: Examination, where: str, column: Row[Any]) -> None:
    its = (chunks.c.file_id == column.file_id) & (chunks.c.uid == column.uid)
    found = select(chunks).where(its).order_by(chunks.c.start)
    stop = 0
    for row in examination.rows(where, found, CHUNKS_AT_ONCE):
        rows = f"{where}, rows {row.start} to {row.start + row.length - 1}"
        if row.start != stop or row.start % CHUNK_ROWS or row.length > CHUNK_ROWS:
            examination.note(rows, f"they don't follow the {stop} rows before them")
        stop = row.start + row.length
        if why := _why_damaged(row):
            examination.note(rows, why)
    if stop != column.length:
        examination.note(where, f"{column.length} values were written, and {stop} are there")


def _why_damaged(row: Row[Any]) -> str | None:
    chunk = Chunk(row.type, row.length, row.size, row.data)
    if not chunk.is_whole(row.checksum):
        return "the values are not as they were written"
    try:
        length = len(chunk.array())
    except (pa.ArrowException, ValueError, KeyError, OSError) as error:
        return f"the values can't be unpacked: {error}"
    return None if length == row.length else f"{length} values are there, not {row.length}"


def _examine_log(examination: Examination, where: str, grid: Row[Any]) -> None:
    of_grid = select(row_log).where(row_log.c.file_id == grid.id).order_by(row_log.c.start)
    stop = grid.row_count - grid.logged
    size = 0
    for entry in examination.rows(where, of_grid, LOGGED_AT_ONCE):
        rows = f"{where}, rows {entry.start} to {entry.start + entry.length - 1}"
        if entry.start != stop:
            examination.note(rows, f"they don't follow the {stop} rows before them")
        stop = entry.start + entry.length
        size += len(entry.data)
        if not is_whole(entry.data, entry.checksum, entry.length):
            examination.note(rows, "they are not as they were written")
        elif len(json.loads(entry.data, max_depth=json.MAX_DEPTH + 2)) != entry.length:
            examination.note(rows, "they are not as many as was written")
    if (stop, size) != (grid.row_count, grid.logged_bytes):
        examination.note(where, f"they end at {stop}, not {grid.row_count}")
