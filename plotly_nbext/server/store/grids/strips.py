"""The chunks of a grid beside each other, a strip of rows at a time.

A strip of a wide grid is cut from all chunks of its rows. Each of them is unpacked once and its
parts wait in a file, so that a wide grid takes as much memory as a narrow one.
"""

from __future__ import annotations

import tempfile
from collections import defaultdict
from dataclasses import dataclass
from typing import TYPE_CHECKING

from sqlalchemy import func, select

from plotly_nbext.server.store import traffic
from plotly_nbext.server.store.chunks import Chunk
from plotly_nbext.server.store.grids.chunk_rows import chunk_of, missing
from plotly_nbext.server.store.schema import CHUNK_ROWS, chunks

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator, Mapping, Sequence

    from sqlalchemy import ColumnElement, Connection

    from plotly_nbext.server.store.files import FileRecord
    from plotly_nbext.server.store.grids.records import ColumnRecord

__all__ = ["Strip", "strips"]

CHUNKS_AT_ONCE = 10


@dataclass(frozen=True)
class Strip:
    """The rows ``start`` … ``stop`` - 1.

    Attributes
    ----------
    first : int
        The row that the chunks begin at; they hold these rows, and may hold others.
    chunks : mapping of Chunk
        By the uids of the columns; a column that has none there isn't in it.
    """

    start: int
    stop: int
    first: int
    chunks: Mapping[str, Chunk]


def strips(
    connection: Connection,
    grid: FileRecord,
    columns: Sequence[ColumnRecord],
    start: int,
    stop: int,
    *,
    cells: int,
    size: int,
) -> Iterator[Strip]:
    """Read the rows ``start`` … ``stop`` - 1 of some columns.

    Parameters
    ----------
    cells, size : int
        About how many values, and how many bytes of unpacked chunks, a strip may have; it has one
        row at least.
    """
    if start >= stop or not columns:
        return
    for first in range(start - start % CHUNK_ROWS, stop, CHUNK_ROWS):
        begin, end = max(start, first), min(stop, first + CHUNK_ROWS)
        here = (
            (chunks.c.file_id == grid.id)
            & chunks.c.uid.in_([column.uid for column in columns])
            & (chunks.c.start == first)
        )
        step = max(min(cells // len(columns), _rows_of(connection, here, size)), 1)
        if step >= end - begin:
            found = dict(_chunks(connection, grid, here))
            _check(grid, columns, begin, found)
            yield Strip(begin, end, first, found)
        else:
            places = range(begin, end, step)
            ranges = [(place, min(place + step, end)) for place in places]
            yield from _cut(connection, grid, columns, here, first=first, ranges=ranges)


def _check(
    grid: FileRecord, columns: Sequence[ColumnRecord], begin: int, found: Collection[str]
) -> None:
    """See that each column has a chunk that must have one: nulls would stand in its place."""
    if any(column.stored > begin and column.uid not in found for column in columns):
        raise missing(grid)


def _rows_of(connection: Connection, here: ColumnElement[bool], size: int) -> int:
    """Tell how many rows of some chunks take so many bytes."""
    rows, unpacked = connection.execute(
        select(
            func.coalesce(func.max(chunks.c.length), 0), func.coalesce(func.sum(chunks.c.size), 0)
        ).where(here)
    ).one()
    return CHUNK_ROWS if unpacked <= size else rows * size // int(unpacked)


def _chunks(
    connection: Connection, grid: FileRecord, here: ColumnElement[bool]
) -> Iterator[tuple[str, Chunk]]:
    rows = connection.execute(
        select(chunks).where(here).execution_options(yield_per=CHUNKS_AT_ONCE)
    )
    for row in traffic.read(connection, rows):
        yield row.uid, chunk_of(grid, row)


def _cut(
    connection: Connection,
    grid: FileRecord,
    columns: Sequence[ColumnRecord],
    here: ColumnElement[bool],
    *,
    first: int,
    ranges: Sequence[tuple[int, int]],
) -> Iterator[Strip]:
    with tempfile.TemporaryFile() as file:
        waiting: dict[int, list[tuple[str, str, int, int, int, int]]] = defaultdict(list)
        cut = set()
        for uid, chunk in _chunks(connection, grid, here):
            cut.add(uid)
            parts = chunk.cut((start - first, stop - first) for start, stop in ranges)
            for (start, _), part in zip(ranges, parts, strict=True):
                place = file.tell()
                file.write(part.data)
                waiting[start].append(
                    (uid, part.type, part.length, part.size, place, len(part.data))
                )
        _check(grid, columns, ranges[0][0], cut)
        for start, stop in ranges:
            found = {}
            for uid, kind, length, size, place, packed in waiting.pop(start, ()):
                file.seek(place)
                found[uid] = Chunk(kind, length, size, file.read(packed))
            yield Strip(start, stop, start, found)
