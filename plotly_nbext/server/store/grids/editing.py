"""Edits of a grid: cells, rows and columns, as one change."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import pyarrow as pa
from sqlalchemy import bindparam, insert, update

from plotly_nbext.columns import json, wire
from plotly_nbext.errors import ValidationError
from plotly_nbext.server.store.grids.columns import column_row, remove, write
from plotly_nbext.server.store.grids.moving import Moves, by_chunks, write_cells, write_moved
from plotly_nbext.server.store.grids.records import (
    check_names,
    new_uids,
    renumber,
    settle,
    stored_columns,
)
from plotly_nbext.server.store.grids.row_log import fold, lock
from plotly_nbext.server.store.grids.writing import extend, head, packed
from plotly_nbext.server.store.schema import columns

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from sqlalchemy import Connection

    from plotly_nbext.server.store.files import FileHead, FileRecord
    from plotly_nbext.server.store.grids.moving import Previews
    from plotly_nbext.server.store.grids.records import ColumnRecord

__all__ = ["EditedColumn", "Edits", "edit"]


@dataclass(frozen=True)
class EditedColumn:
    """A column of an edited grid.

    Attributes
    ----------
    uid : str or None
        None for a new one.
    name : str
        Its name.
    values : list or None
        JSON values of a new one, one a row afterwards; None for nulls.
    """

    uid: str | None
    name: str
    values: list[Any] | None = None


@dataclass(frozen=True)
class Edits:
    """How a grid shall differ from what is stored; rows have the numbers that they have there.

    Attributes
    ----------
    cells : mapping of (sequence of int, list)
        By the columns' uids: rows, ascending, and their values.
    deleted : sequence of (int, int)
        Ranges of rows, ascending, which have no row in common.
    inserted : sequence of (int, sequence of list)
        The row before which rows come, ascending (the row count: the end), and those rows: values
        of the stored columns by their order.
    columns : sequence of EditedColumn or None
        All columns, by their order; None if they stay as they are.
    """

    cells: Mapping[str, tuple[Sequence[int], list[Any]]]
    deleted: Sequence[tuple[int, int]] = ()
    inserted: Sequence[tuple[int, Sequence[list[Any]]]] = ()
    columns: Sequence[EditedColumn] | None = None


def edit(connection: Connection, grid: FileHead, edits: Edits, **values: Any) -> FileRecord:
    """Edit a grid, whose revision is one higher then.

    Columns that are shorter than others are filled up with nulls where rows come or go, or where a
    cell behind their end is set. A chunk keeps its type if that holds its new values too, else it
    takes a wider one, which at last is JSON.

    Parameters
    ----------
    values
        Fields of the file to write with it, as for :func:`plotly_nbext.server.store.files.change`.

    Raises
    ------
    ValidationError
        A row or a uid is not there, a row has too many values, a new column has not one a row, or
        columns can't have their names.
    """
    fold(connection, grid)
    row_count, _ = lock(connection, grid)
    there = stored_columns(connection, grid)
    _check_cells(grid, edits, {column.uid for column in there}, row_count)
    _check_rows(edits, row_count, len(there))
    moves = None
    if edits.deleted or edits.inserted:
        moves = Moves(edits.deleted, edits.inserted, row_count)
    row_count_after = moves.count_after if moves else row_count
    staying = there
    if edits.columns is not None:
        _check_columns(grid, edits.columns, there, row_count_after)
        kept = {column.uid for column in edits.columns}
        staying = [column for column in there if column.uid in kept]
        remove(connection, grid, [column.uid for column in there if column.uid not in kept])
    _pad(connection, grid, edits, staying, row_count if moves else 0)
    cells = by_chunks(edits.cells, {column.uid for column in staying})
    if moves is None:
        _note(connection, grid, write_cells(connection, grid, cells))
    else:
        before = {key: of_chunk for key, of_chunk in cells.items() if key[1] < moves.first}
        previews = write_cells(connection, grid, before)
        for column in staying:
            moved = write_moved(connection, grid, column, cells, moves)
            previews = moved | previews  # of the first chunk, if either has written it
        _note(connection, grid, previews, length=row_count_after)
    if edits.columns is not None:
        _write_columns(connection, grid, edits.columns, there, row_count_after)
    return settle(connection, grid, **values)


def _pad(
    connection: Connection,
    grid: FileHead,
    edits: Edits,
    there: Sequence[ColumnRecord],
    row_count: int,
) -> None:
    """Fill columns up with nulls to so many rows, and to the last cell of each."""
    short = []
    for column in there:
        rows, _ = edits.cells.get(column.uid, ((), []))
        missing = max(row_count, rows[-1] + 1 if rows else 0) - column.length
        if missing > 0:
            short.append((column, pa.nulls(missing)))
    extend(connection, grid, short)


def _note(connection: Connection, grid: FileHead, previews: Previews, **written: Any) -> None:
    """Note what is known of columns whose values were written."""
    known: list[dict[str, Any]] = [
        {"column_uid": uid, "preview": json.dumps(preview).decode()}
        for uid, preview in previews.items()
        if preview is not None
    ]
    same = [{"column_uid": uid} for uid, preview in previews.items() if preview is None]
    for rows in filter(None, (known, same)):
        connection.execute(
            update(columns)
            .where(columns.c.file_id == grid.id, columns.c.uid == bindparam("column_uid"))
            .values(fingerprint=None, **written),
            rows,
        )


def _write_columns(
    connection: Connection,
    grid: FileHead,
    after: Sequence[EditedColumn],
    there: Sequence[ColumnRecord],
    row_count: int,
) -> None:
    """Name and order columns, and make the new ones."""
    names = {column.uid: column.name for column in there}
    renamed = [
        {"column_uid": column.uid, "name": column.name}
        for column in after
        if column.uid is not None and column.name != names[column.uid]
    ]
    if renamed:
        connection.execute(
            update(columns).where(
                columns.c.file_id == grid.id, columns.c.uid == bindparam("column_uid")
            ),
            renamed,
        )
    new = [column for column in after if column.uid is None]
    given = [len(column.values) for column in new if column.values is not None]
    if given and len(new) == len(after):  # then they say how many rows there are
        row_count = max(given)
    uids = new_uids(names, len(new))
    rows = []
    for uid, column in zip(uids, new, strict=True):
        data = pa.nulls(row_count) if column.values is None else wire.from_values(column.values)
        rows.append(column_row(grid, uid, column.name, len(data), head(data)))
        write(connection, grid, uid, packed(data))
    if rows:
        connection.execute(insert(columns), rows)
    fresh = iter(uids)
    renumber(connection, grid, [column.uid or next(fresh) for column in after])


def _check_cells(grid: FileHead, edits: Edits, uids: set[str], row_count: int) -> None:
    for uid, (rows, _) in edits.cells.items():
        if uid not in uids:
            raise _no_column(grid, uid, "cells")
        if rows and rows[-1] >= row_count:
            raise _no_row(rows[-1], row_count, f"cells[{uid!r}].rows")


def _check_rows(edits: Edits, row_count: int, width: int) -> None:
    for index, (_, stop) in enumerate(edits.deleted):
        if stop > row_count:
            raise _no_row(stop - 1, row_count, f"delete[{index}]")
    for index, (before, rows) in enumerate(edits.inserted):
        if before > row_count:
            raise _no_row(before, row_count, f"insert[{index}].before")
        for number, row in enumerate(rows):
            if len(row) > width:
                raise _refusal(
                    f"The row has {len(row)} values, but the grid has {width} columns.",
                    f"insert[{index}].rows[{number}]",
                )


def _check_columns(
    grid: FileHead,
    after: Sequence[EditedColumn],
    there: Sequence[ColumnRecord],
    row_count: int,
) -> None:
    check_names(grid, [column.name for column in after])
    uids = {column.uid for column in there}
    named: set[str] = set()
    for index, column in enumerate(after):
        if column.uid is None:
            continue
        if column.uid not in uids:
            raise _no_column(grid, column.uid, f"cols[{index}].uid")
        if column.uid in named:
            raise _refusal(f"The column {column.uid!r} is named twice.", f"cols[{index}].uid")
        named.add(column.uid)
    for index, column in enumerate(after):
        # where no column stays, nothing says how many rows there are
        if named and column.values is not None and len(column.values) != row_count:
            raise _refusal(
                f"The column {column.name!r} has {len(column.values):,} values, but there are "
                f"{row_count:,} rows afterwards.",
                f"cols[{index}].data",
            )


def _no_column(grid: FileHead, uid: str, field: str) -> ValidationError:
    return _refusal(f"The grid {grid.fid} has no column with uid {uid!r}.", field)


def _no_row(row: int, row_count: int, field: str) -> ValidationError:
    return _refusal(f"There is no row {row:,}: the grid has {row_count:,} rows.", field)


def _refusal(message: str, field: str) -> ValidationError:
    return ValidationError(message, status_code=400, field=field)
