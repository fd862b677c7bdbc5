"""The values of columns: as Python has them, as JSON text, as Arrow."""

from __future__ import annotations

from collections import defaultdict
from contextlib import suppress
from itertools import chain
from typing import TYPE_CHECKING, Any

import pyarrow as pa
from sqlalchemy import func, select

from plotly_nbext.columns import json, wire
from plotly_nbext.server.store import traffic
from plotly_nbext.server.store.checksums import Damaged
from plotly_nbext.server.store.chunks import json_bytes, type_named
from plotly_nbext.server.store.grids.chunk_rows import chunk_of, missing
from plotly_nbext.server.store.grids.row_log import Tail
from plotly_nbext.server.store.grids.strips import strips
from plotly_nbext.server.store.ipc_messages import END, joined
from plotly_nbext.server.store.schema import CHUNK_ROWS, chunks

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from sqlalchemy import Connection, Row

    from plotly_nbext.server.store.files import FileRecord
    from plotly_nbext.server.store.grids.records import ColumnRecord
    from plotly_nbext.server.store.grids.strips import Strip

__all__ = ["arrow_schema", "arrow_stream", "json_runs", "json_size", "json_texts", "values"]

CELLS_AT_ONCE = 200_000
FEW_CHUNKS = 20
BYTES_AT_ONCE = 64_000_000
JSON_BYTES_OF_A_LOGGED_VALUE = 20


def values(
    connection: Connection,
    grid: FileRecord,
    column: ColumnRecord,
    start: int = 0,
    stop: int | None = None,
) -> list[Any]:
    """Read the values of rows ``start`` … ``stop`` - 1 of a column; fewer where it ends."""
    stop = _end([column], stop)
    found: list[Any] = []
    for row in _stored(connection, grid, [column], start, stop):
        found += chunk_of(grid, row).values(max(start - row.start, 0), stop - row.start)
    if tail := _tail(connection, grid, [column], start, stop):
        found += tail.values(column, start, stop)
    return found


def json_runs(
    connection: Connection,
    grid: FileRecord,
    column: ColumnRecord,
    start: int = 0,
    stop: int | None = None,
) -> Iterator[bytes]:
    """Read rows of a column as pieces of JSON text, which follow each other in ``[`` and ``]``."""
    for _, runs in json_texts(connection, grid, [column], start, stop):
        yield from runs


def json_texts(
    connection: Connection,
    grid: FileRecord,
    columns: Sequence[ColumnRecord],
    start: int = 0,
    stop: int | None = None,
) -> Iterator[tuple[ColumnRecord, Iterator[bytes]]]:
    """Read rows of columns, each as :func:`json_runs` does; take its pieces before the next one.

    Columns of a few rows are read together, those of many a chunk at a time.
    """
    stop = _end(columns, stop)
    tail = _tail(connection, grid, columns, start, stop)
    step = max(CELLS_AT_ONCE // max(stop - start, 1), 1)
    for place in range(0, len(columns), step):
        some = columns[place : place + step]
        rows = _stored(connection, grid, some, start, stop)
        if step > 1:
            parts: dict[str, list[tuple[int, bytes]]] = defaultdict(list)
            for row in rows:
                parts[row.uid].append((row.start, _text(grid, row, start, stop)))
            for column in some:
                texts = (text for _, text in sorted(parts[column.uid]))
                yield column, _runs(texts, tail, column, start, stop)
        else:
            texts = (_text(grid, row, start, stop) for row in rows)
            yield some[0], _runs(texts, tail, some[0], start, stop)


def json_size(connection: Connection, grid: FileRecord, column: ColumnRecord) -> int:
    """Tell about how many bytes :func:`json_runs` gives, without reading them."""
    sizes = connection.execute(
        select(chunks.c.type, func.sum(chunks.c.length), func.sum(chunks.c.size))
        .where(chunks.c.file_id == grid.id, chunks.c.uid == column.uid)
        .group_by(chunks.c.type)
    )
    stored = sum(json_bytes(kind, int(length), int(size)) for kind, length, size in sizes)
    return stored + (column.length - column.stored) * JSON_BYTES_OF_A_LOGGED_VALUE


def arrow_schema(
    connection: Connection, grid: FileRecord, columns: Sequence[ColumnRecord]
) -> pa.Schema:
    """Tell the types that :func:`arrow_stream` gives columns: such as all of their chunks fit."""
    rows = connection.execute(
        select(chunks.c.uid, chunks.c.type)
        .distinct()
        .where(chunks.c.file_id == grid.id, chunks.c.uid.in_([column.uid for column in columns]))
    )
    found = defaultdict(list)
    for row in rows:
        found[row.uid].append(type_named(row.type))
    types = [wire.common_type(found[column.uid]) for column in columns]
    stop = _end(columns, None)
    tail = None
    with suppress(Damaged):  # who reads these rows is told, and others may go on
        tail = _tail(connection, grid, columns, 0, stop)
    if tail:
        for place, column in enumerate(columns):
            if wire.fit(tail.values(column, tail.first, stop), types[place]) is None:
                types[place] = wire.JSON
    return pa.schema(zip([column.name for column in columns], types, strict=True))


def arrow_stream(
    connection: Connection,
    grid: FileRecord,
    columns: Sequence[ColumnRecord],
    schema: pa.Schema,
    *,
    start: int = 0,
    stop: int | None = None,
) -> Iterator[bytes]:
    """Read rows as an Arrow stream, a chunk of each column at a time; short columns end in nulls.

    Whole chunks are packed in it as they are kept, and parts of some are not.

    Parameters
    ----------
    schema : pyarrow.Schema
        What :func:`arrow_schema` gave for these columns, with any metadata.
    """
    yield schema.serialize().to_pybytes()
    stop = _end(columns, stop)
    tail = _tail(connection, grid, columns, start, stop)
    limits = {"cells": stop * len(columns), "size": BYTES_AT_ONCE}
    for strip in strips(connection, grid, columns, start, stop, **limits):
        here = [strip.chunks.get(column.uid) for column in columns]
        is_whole = strip.start == strip.first
        if is_whole and all(chunk and chunk.length == strip.stop - strip.start for chunk in here):
            kinds = zip(here, schema.types, strict=True)
            yield joined(chunk.packed(kind) for chunk, kind in kinds if chunk)
        else:
            yield _batch(grid, strip, columns, schema, tail).serialize().to_pybytes()
        del strip, here  # or all of it would stay until the next one is there
    yield END


def _batch(
    grid: FileRecord,
    strip: Strip,
    columns: Sequence[ColumnRecord],
    schema: pa.Schema,
    tail: Tail | None,
) -> pa.RecordBatch:
    """Make a record batch of the rows of a strip."""
    arrays = []
    for column, kind in zip(columns, schema.types, strict=True):
        parts = []
        if chunk := strip.chunks.get(column.uid):
            part = chunk.array(strip.start - strip.first, strip.stop - strip.first)
            parts.append(wire.cast(part, kind))
        if tail and strip.stop > max(strip.start, column.stored):
            logged = wire.fit(tail.values(column, strip.start, strip.stop), kind)
            if logged is None:  # its type was told without the log, of which a part is damaged
                raise Damaged(f"A row that was appended to the grid {grid.fid}", grid.fid)
            parts.append(logged)
        missing = strip.stop - strip.start - sum(map(len, parts))
        if missing:
            parts.append(pa.nulls(missing, kind))
        arrays.append(parts[0] if len(parts) == 1 else pa.concat_arrays(parts))
    return pa.RecordBatch.from_arrays(arrays, schema=schema)


def _end(columns: Sequence[ColumnRecord], stop: int | None) -> int:
    longest = max((column.length for column in columns), default=0)
    return longest if stop is None else min(stop, longest)


def _tail(
    connection: Connection,
    grid: FileRecord,
    columns: Sequence[ColumnRecord],
    start: int,
    stop: int,
) -> Tail | None:
    """Read what is logged of the rows ``start`` … ``stop`` - 1, if anything is logged at all."""
    if not any(column.stored < min(stop, column.length) for column in columns):
        return None
    return Tail(connection, grid, start, stop)


def _stored(
    connection: Connection,
    grid: FileRecord,
    columns: Sequence[ColumnRecord],
    start: int,
    stop: int,
) -> Iterator[Row[Any]]:
    """Read the chunks that have some of these rows; those of a single column in order."""
    query = select(chunks).where(
        chunks.c.file_id == grid.id,
        chunks.c.uid.in_([column.uid for column in columns]),
        chunks.c.start > start - CHUNK_ROWS,
        chunks.c.start + chunks.c.length > start,
        chunks.c.start < stop,
    )
    if len(columns) == 1:  # a database would sort the chunks of several with all that is in them
        query = query.order_by(chunks.c.start)
    # a cursor of PostgreSQL's is asked several times, and reads no more of a few chunks at once
    if len(columns) * ((stop - start) // CHUNK_ROWS + 2) > FEW_CHUNKS:
        query = query.execution_options(yield_per=1 if len(columns) == 1 else 10)
    count = 0
    for row in traffic.read(connection, connection.execute(query)):
        yield row
        count += 1
    first = start - start % CHUNK_ROWS
    there = [column.stored for column in columns if column.stored > start]
    if count < sum(len(range(first, min(stop, stored), CHUNK_ROWS)) for stored in there):
        raise missing(grid)


def _text(grid: FileRecord, row: Row[Any], start: int, stop: int) -> bytes:
    return chunk_of(grid, row).json(max(start - row.start, 0), stop - row.start)


def _runs(
    texts: Iterator[bytes], tail: Tail | None, column: ColumnRecord, start: int, stop: int
) -> Iterator[bytes]:
    comma = b""
    for text in chain(texts, _tail_texts(tail, column, start, stop)):
        if len(text) > len(b"[]"):
            yield comma + text[1:-1]
            comma = b","


def _tail_texts(tail: Tail | None, column: ColumnRecord, start: int, stop: int) -> Iterator[bytes]:
    if tail is None:
        return
    for place in range(max(start, column.stored), stop, CHUNK_ROWS):
        yield json.dumps(tail.values(column, place, min(place + CHUNK_ROWS, stop)))
