"""Streams of Arrow record batches into grids, a few chunks at a time in memory."""

from __future__ import annotations

from itertools import chain
from typing import TYPE_CHECKING, Any

import pyarrow as pa
from sqlalchemy import insert, update

from plotly_nbext.errors import ValidationError
from plotly_nbext.server.store.bulk import insert_chunks
from plotly_nbext.server.store.chunks import Chunk
from plotly_nbext.server.store.grids.chunk_rows import chunk_row
from plotly_nbext.server.store.grids.columns import column_row, remove
from plotly_nbext.server.store.grids.records import (
    check_names,
    list_columns,
    new_uids,
    pick_columns,
    renumber,
    settle,
)
from plotly_nbext.server.store.grids.row_log import clear, fold, lock
from plotly_nbext.server.store.grids.writing import extend, head, recut
from plotly_nbext.server.store.schema import CHUNK_ROWS, columns

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence

    from sqlalchemy import Connection

    from plotly_nbext.server.store.files import FileRecord

__all__ = ["append_batches", "load_batches", "replace_content"]

_NONE: Mapping[str, str] = {}


def load_batches(
    connection: Connection,
    grid: FileRecord,
    schema: pa.Schema,
    batches: Iterable[pa.RecordBatch],
    fingerprints: Mapping[str, str] = _NONE,
) -> FileRecord:
    """Load columns into a grid that has none.

    Parameters
    ----------
    schema : pyarrow.Schema
        The names of the columns, and their types, which are wire types.
    batches : iterable of pyarrow.RecordBatch
        Their values; read once.
    fingerprints : mapping of str
        What the values of columns are to be known by, by their names.

    Raises
    ------
    ValidationError
        Two columns have the same name, or one has a NUL character in it.
    """
    return replace_content(connection, grid, schema, batches, fingerprints=fingerprints)


def replace_content(
    connection: Connection,
    grid: FileRecord,
    schema: pa.Schema,
    batches: Iterable[pa.RecordBatch],
    *,
    order: Sequence[str] | None = None,
    kept: Collection[str] = (),
    fingerprints: Mapping[str, str] = _NONE,
) -> FileRecord:
    """Put columns in the place of all that a grid has, but for some that stay as they are.

    A column keeps the uid of the one that had its name.

    Parameters
    ----------
    schema, batches, fingerprints
        As in :func:`load_batches`.
    order : sequence of str, optional
        The names of all columns that there will be. By default those that stay are the first, by
        their order, and those of the stream follow.
    kept : collection of str
        The uids of the columns that stay.

    Raises
    ------
    ValidationError
        A uid is unknown, two columns would have the same name, or the order isn't one of the
        columns that there will be.
    """
    if kept:
        fold(connection, grid)
    else:
        clear(connection, grid)
    staying = sorted(pick_columns(connection, grid, kept), key=lambda column: column.position)
    going = [column for column in list_columns(connection, grid) if column.uid not in kept]
    names = [column.name for column in staying] + schema.names
    check_names(grid, names)
    if order is not None and sorted(order) != sorted(names):
        raise ValidationError(
            f"The order {list(order)} must name each of the columns {names} once.",
            status_code=400,
            field="order",
        )
    known = {column.name: column.uid for column in going}
    fresh = iter(new_uids({column.uid for column in chain(staying, going)}, len(schema)))
    uids = [known.get(name) or next(fresh) for name in schema.names]
    remove(connection, grid, [column.uid for column in going])
    stream = _Stream(grid, uids)
    insert_chunks(connection, stream.chunks(recut(batches, CHUNK_ROWS), 0))
    if uids:
        connection.execute(
            insert(columns),
            [
                column_row(grid, uid, name, stream.length, head, fingerprint=fingerprints.get(name))
                for uid, name, head in zip(uids, schema.names, stream.heads, strict=True)
            ],
        )
    uid_of = {column.name: column.uid for column in staying} | dict(
        zip(schema.names, uids, strict=True)
    )
    renumber(connection, grid, [uid_of[name] for name in (names if order is None else order)])
    return settle(connection, grid)


def append_batches(
    connection: Connection,
    grid: FileRecord,
    schema: pa.Schema,
    batches: Iterable[pa.RecordBatch],
) -> FileRecord:
    """Append rows whose values go to the columns of their names, or are null where there is none.

    Raises
    ------
    ValidationError
        The grid has no column of some name.
    """
    fold(connection, grid)
    row_count, _ = lock(connection, grid)
    check_names(grid, schema.names)
    there = list_columns(connection, grid)
    unknown = sorted(set(schema.names) - {column.name for column in there})
    if unknown:
        raise ValidationError(
            f"The grid {grid.fid} has no column named {', '.join(map(repr, unknown))}.",
            status_code=400,
            field="rows",
        )
    places = [schema.get_field_index(column.name) for column in there]

    def by_columns(batch: pa.RecordBatch) -> pa.RecordBatch:
        arrays = [
            pa.nulls(batch.num_rows) if place < 0 else batch.column(place) for place in places
        ]
        return pa.record_batch(arrays, names=[column.name for column in there])

    parts = recut(map(by_columns, batches) if there else (), CHUNK_ROWS - row_count % CHUNK_ROWS)
    first = next(parts, None)
    if first is None:
        return settle(connection, grid)
    _pad(connection, grid, row_count)
    extend(connection, grid, [*zip(list_columns(connection, grid), first.columns, strict=True)])
    stream = _Stream(grid, [column.uid for column in there])
    length = row_count + first.num_rows
    insert_chunks(connection, stream.chunks(parts, length))
    connection.execute(
        update(columns).where(columns.c.file_id == grid.id).values(length=length + stream.length)
    )
    return settle(connection, grid)


def _pad(connection: Connection, grid: FileRecord, length: int) -> None:
    """Fill columns that are shorter up with nulls."""
    short = [each for each in list_columns(connection, grid) if each.length < length]
    extend(connection, grid, [(each, pa.nulls(length - each.length)) for each in short])


class _Stream:
    """What is known of a stream once it is written.

    Attributes
    ----------
    length : int
        How many rows there were.
    heads : list of list of str
        The first values of each column as short texts.
    """

    def __init__(self, grid: FileRecord, uids: Sequence[str]) -> None:
        self._grid = grid
        self._uids = uids
        self.length = 0
        self.heads: list[list[str]] = [[] for _ in uids]

    def chunks(self, batches: Iterable[pa.RecordBatch], start: int) -> Iterator[dict[str, Any]]:
        """Make the rows of its chunks, the first of which begins at some row."""
        for batch in batches:
            if self.length == 0:
                self.heads = [head(array) for array in batch.columns]
            for uid, array in zip(self._uids, batch.columns, strict=True):
                yield chunk_row(self._grid, uid, start + self.length, Chunk.of_array(array))
            self.length += batch.num_rows
            del batch, array  # or all of it would stay until the next one is there
