"""Values into the chunks of columns."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, TypeAlias

import pyarrow as pa
from sqlalchemy import bindparam, select, update

from plotly_nbext.columns import json, wire
from plotly_nbext.columns.preview import PREVIEW_ROWS, preview
from plotly_nbext.server.store import traffic
from plotly_nbext.server.store.bulk import insert_chunks
from plotly_nbext.server.store.chunks import Chunk, pack
from plotly_nbext.server.store.grids.chunk_rows import chunk_of, chunk_row
from plotly_nbext.server.store.grids.spooled import SpooledValues
from plotly_nbext.server.store.schema import CHUNK_ROWS, chunks, columns

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from sqlalchemy import Connection

    from plotly_nbext.server.store.files import FileHead
    from plotly_nbext.server.store.grids.records import ColumnRecord

__all__ = [
    "NewValues",
    "Values",
    "extend",
    "head",
    "packed",
    "recut",
    "replace_chunks",
]

Values: TypeAlias = "pa.Array | pa.ChunkedArray | list[Any]"
"""An array of a wire type, or JSON values."""

NewValues: TypeAlias = "Values | SpooledValues"
"""The values of a new column, which may be packed already."""

COLUMNS_AT_ONCE = 50


def packed(values: NewValues) -> Iterator[Chunk]:
    """Pack all values of a column."""
    if isinstance(values, SpooledValues):
        yield from values.chunks()
    elif isinstance(values, pa.ChunkedArray):
        table = pa.Table.from_arrays([values], names=[""])
        yield from (pack(batch.column(0)) for batch in recut(table.to_batches(), CHUNK_ROWS))
    else:
        for place in range(0, len(values), CHUNK_ROWS):
            yield pack(values[place : place + CHUNK_ROWS])


def recut(batches: Iterable[pa.RecordBatch], room: int) -> Iterator[pa.RecordBatch]:
    """Cut a stream anew: after the first ``room`` rows, and then whenever a chunk is full."""
    waiting: list[pa.RecordBatch] = []
    for batch in batches:
        place = 0
        while place < batch.num_rows:
            waiting.append(batch.slice(place, room))
            length = waiting[-1].num_rows
            place += length
            room -= length
            if room == 0:
                yield _in_one(waiting)
                waiting, room = [], CHUNK_ROWS
        del batch  # or it would stay until the next one is there
    if waiting:
        yield _in_one(waiting)


def _in_one(batches: list[pa.RecordBatch]) -> pa.RecordBatch:
    if len(batches) == 1:
        return batches[0]
    return pa.Table.from_batches(batches).combine_chunks().to_batches()[0]


def head(values: NewValues) -> list[str]:
    """Write the first values as short texts."""
    if isinstance(values, SpooledValues):
        return values.head
    first = values[:PREVIEW_ROWS]
    if isinstance(first, pa.ChunkedArray):
        return preview(value for part in first.chunks for value in wire.to_values(part))
    return preview(wire.to_values(first) if isinstance(first, pa.Array) else first)


def extend(
    connection: Connection, grid: FileHead, added: Sequence[tuple[ColumnRecord, Values]]
) -> None:
    """Append values to columns: the last chunk of each is filled up, then new ones follow."""
    for place in range(0, len(added), COLUMNS_AT_ONCE):
        _extend_some(connection, grid, added[place : place + COLUMNS_AT_ONCE])


def _extend_some(
    connection: Connection, grid: FileHead, added: Sequence[tuple[ColumnRecord, Values]]
) -> None:
    last = _last_chunks(connection, grid, [column for column, _ in added])
    grown: list[dict[str, Any]] = []
    new: list[dict[str, Any]] = []
    lengths: list[dict[str, Any]] = []
    for column, values in added:
        chunk = last.get(column.uid)
        filled = column.stored % CHUNK_ROWS
        room = CHUNK_ROWS - filled if filled else 0
        if chunk is not None and room and len(values):
            joined = chunk.joined(values[:room])
            grown.append(chunk_row(grid, column.uid, column.stored - filled, joined))
        for place in range(room, len(values), CHUNK_ROWS):
            part = pack(values[place : place + CHUNK_ROWS], chunk.type if chunk else "json")
            new.append(chunk_row(grid, column.uid, column.stored + place, part))
        lengths.append(
            {
                "column_uid": column.uid,
                "length": column.stored + len(values),
                "preview": json.dumps((column.preview + head(values))[:PREVIEW_ROWS]).decode(),
            }
        )
    if grown:
        replace_chunks(connection, grown)
    insert_chunks(connection, new)
    connection.execute(
        update(columns)
        .where(columns.c.file_id == grid.id, columns.c.uid == bindparam("column_uid"))
        .values(fingerprint=None),
        lengths,
    )


def _last_chunks(
    connection: Connection, grid: FileHead, of: Sequence[ColumnRecord]
) -> dict[str, Chunk]:
    """Read the last chunk of each of some columns, by its uid."""
    starts = {
        column.uid: (column.stored - 1) // CHUNK_ROWS * CHUNK_ROWS for column in of if column.stored
    }
    rows = connection.execute(
        select(chunks).where(
            chunks.c.file_id == grid.id,
            chunks.c.uid.in_(starts),
            chunks.c.start.in_(set(starts.values())),
        )
    )
    return {row.uid: chunk_of(grid, row) for row in rows if row.start == starts[row.uid]}


def replace_chunks(connection: Connection, rows: list[dict[str, Any]]) -> None:
    """Write chunks in place of those at the same rows."""
    traffic.written(connection, rows)
    key = ("file_id", "uid", "start")
    connection.execute(
        update(chunks).where(*(chunks.c[name] == bindparam(f"its_{name}") for name in key)),
        [
            {f"its_{name}" if name in key else name: value for name, value in row.items()}
            for row in rows
        ],
    )
