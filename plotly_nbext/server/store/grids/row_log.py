"""The row log: where rows that are appended lie until they are folded into chunks.

To append writes the row alone, however long the grid is. Whoever reads sees the chunks and then the
log, in which a row has a value for each column of the grid, in their order: whatever changes the
columns folds first.
"""

from __future__ import annotations

from dataclasses import replace
from itertools import zip_longest
from typing import TYPE_CHECKING, Any

from sqlalchemy import bindparam, delete, insert, select, update

from plotly_nbext.columns import json
from plotly_nbext.columns.preview import PREVIEW_ROWS
from plotly_nbext.errors import ValidationError
from plotly_nbext.server.store import files
from plotly_nbext.server.store.checksums import Damaged, checksum, is_whole
from plotly_nbext.server.store.grids.records import check_cells, settle, stored_columns
from plotly_nbext.server.store.grids.writing import extend
from plotly_nbext.server.store.prepared import Prepared
from plotly_nbext.server.store.schema import files as file_table
from plotly_nbext.server.store.schema import row_log

if TYPE_CHECKING:
    from collections.abc import Sequence

    from sqlalchemy import Connection

    from plotly_nbext.server.store.files import FileHead
    from plotly_nbext.server.store.grids.records import ColumnRecord

__all__ = ["Tail", "append_rows", "clear", "fold", "lock", "wants_fold"]

MAX_LOGGED = 1_024
MAX_LOGGED_BYTES = 1_000_000

_NOTE = Prepared(
    update(file_table)
    .where(file_table.c.id == bindparam("file_id"))
    .values(
        row_count=file_table.c.row_count + bindparam("rows"),
        logged=file_table.c.logged + bindparam("rows"),
        logged_bytes=file_table.c.logged_bytes + bindparam("bytes"),
        revision=file_table.c.revision + 1,
        modified=bindparam("now"),
    )
    .returning(
        file_table.c.row_count,
        file_table.c.logged,
        file_table.c.logged_bytes,
        file_table.c.revision,
        file_table.c.width,
    )
)
_INSERT = Prepared(insert(row_log))


def append_rows(connection: Connection, grid: FileHead, rows: Sequence[Sequence[Any]]) -> FileHead:
    """Append rows; shorter rows, and shorter columns before them, are filled with nulls.

    Raises
    ------
    ValidationError
        A row has more values than the grid has columns.
    """
    if len(rows) >= MAX_LOGGED:
        return _append_at_once(connection, grid, rows)
    text = json.dumps(rows) if rows else b""
    now = files.now()
    # the row of the grid is locked from here: appends of others follow this one
    found = _NOTE(connection, file_id=grid.id, rows=len(rows), bytes=len(text), now=now)
    if not found:
        raise files.not_found()
    noted = found[0]
    _check_widths(rows, noted.width)
    check_cells(connection, grid, noted.row_count, noted.width)
    if noted.width == 0:
        return settle(connection, grid)
    if rows:
        count = len(rows)
        _INSERT(
            connection,
            file_id=grid.id,
            start=noted.row_count - count,
            length=count,
            checksum=checksum(text, count),
            data=text,
        )
    grid = replace(
        grid,
        row_count=noted.row_count,
        logged=noted.logged,
        logged_bytes=noted.logged_bytes,
        revision=noted.revision,
        modified=now,
    )
    if grid.row_count - grid.logged >= PREVIEW_ROWS:
        return grid
    # what is shown of columns is in the chunks
    fold(connection, grid)
    return replace(grid, logged=0, logged_bytes=0)


def wants_fold(grid: FileHead) -> bool:
    """Tell whether so much is in the log that it is time to fold it."""
    return grid.logged >= MAX_LOGGED or grid.logged_bytes >= MAX_LOGGED_BYTES


def fold(connection: Connection, grid: FileHead) -> None:
    """Move the row log into chunks, if there is anything in it; the values stay what they are."""
    row_count, logged = lock(connection, grid)
    if not logged:
        return
    log = Tail(connection, grid, row_count - logged, row_count)
    there = stored_columns(connection, grid)
    extend(
        connection,
        grid,
        [(column, log.values(column, column.stored, row_count)) for column in there],
    )
    _empty(connection, grid)


def clear(connection: Connection, grid: FileHead) -> None:
    """Drop the row log, which nobody reads: whatever it holds, another content takes its place."""
    lock(connection, grid)
    _empty(connection, grid)


def _empty(connection: Connection, grid: FileHead) -> None:
    connection.execute(delete(row_log).where(row_log.c.file_id == grid.id))
    connection.execute(
        update(file_table).where(file_table.c.id == grid.id).values(logged=0, logged_bytes=0)
    )


def lock(connection: Connection, grid: FileHead) -> tuple[int, int]:
    """Keep others from changing a grid; tell its rows, and how many of them are in the log.

    Raises
    ------
    NotFoundError
        It was deleted meanwhile.
    """
    row = connection.execute(
        select(file_table.c.row_count, file_table.c.logged)
        .where(file_table.c.id == grid.id)
        .with_for_update(key_share=True)
    ).first()
    if row is None:
        raise files.not_found()
    return row.row_count, row.logged


class Tail:
    """The rows of the log between two rows of a grid, by columns.

    Attributes
    ----------
    first : int
        The first of them.
    """

    def __init__(self, connection: Connection, grid: FileHead, start: int, stop: int) -> None:
        entries = connection.execute(
            select(row_log)
            .where(
                row_log.c.file_id == grid.id,
                row_log.c.start < stop,
                row_log.c.start + row_log.c.length > start,
            )
            .order_by(row_log.c.start)
        ).all()
        self.first = entries[0].start if entries else stop
        rows: list[list[Any]] = []
        for entry in entries:
            if not is_whole(entry.data, entry.checksum, entry.length):
                where = f"Row {entry.start:,} of the grid {grid.fid}, or one of the next,"
                raise Damaged(where, grid.fid)
            # two levels more than a value may have
            rows += json.loads(entry.data, max_depth=json.MAX_DEPTH + 2)
        self._length = len(rows)
        self._columns = [*zip_longest(*rows)]

    def values(self, column: ColumnRecord, start: int, stop: int) -> list[Any]:
        """Give the values of rows ``start`` … ``stop`` - 1 that are in no chunk of a column."""
        start = max(start, column.stored)
        before = [None] * (min(stop, self.first) - start)
        begin, end = max(start - self.first, 0), max(stop - self.first, 0)
        if column.position < len(self._columns):
            return [*before, *self._columns[column.position][begin:end]]
        return before + [None] * (min(end, self._length) - begin)


def _append_at_once(
    connection: Connection, grid: FileHead, rows: Sequence[Sequence[Any]]
) -> FileHead:
    fold(connection, grid)
    row_count, _ = lock(connection, grid)
    there = stored_columns(connection, grid)
    _check_widths(rows, len(there))
    extend(
        connection,
        grid,
        [
            (
                column,
                [None] * (row_count - column.stored)
                + [row[place] if place < len(row) else None for row in rows],
            )
            for place, column in enumerate(there)
        ],
    )
    return settle(connection, grid)


def _check_widths(rows: Sequence[Sequence[Any]], width: int) -> None:
    for index, row in enumerate(rows):
        if len(row) > width:
            raise ValidationError(
                f"Row {index} has {len(row)} values, but the grid has {width} columns.",
                status_code=400,
                field="rows",
            )
