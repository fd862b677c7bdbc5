"""Values that take the place of others in chunks, and rows that make others move.

Written are the chunks that hold something else afterwards: those of the cells, and where rows come
or go, all from the first one of these on.
"""

from __future__ import annotations

from collections import defaultdict
from itertools import islice
from tempfile import SpooledTemporaryFile
from typing import TYPE_CHECKING, Any, BinaryIO, Final, TypeAlias, cast

import numpy as np
import pyarrow as pa
from sqlalchemy import delete, select, tuple_

from plotly_nbext.columns import wire
from plotly_nbext.columns.splicing import concatenated, extended, order_of, with_values
from plotly_nbext.server.store.chunks import Chunk
from plotly_nbext.server.store.grids.chunk_rows import chunk_of, chunk_row
from plotly_nbext.server.store.grids.columns import write
from plotly_nbext.server.store.grids.spooled import SpooledValues
from plotly_nbext.server.store.grids.writing import head, replace_chunks
from plotly_nbext.server.store.schema import CHUNK_ROWS, chunks

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence

    from numpy.typing import NDArray
    from sqlalchemy import Connection, Row

    from plotly_nbext.server.store.files import FileHead
    from plotly_nbext.server.store.grids.records import ColumnRecord

    Rows = Sequence[list[Any]]
    Piece = tuple[int, NDArray[np.intp] | None, list[list[Any]]]

__all__ = ["Cells", "Moves", "by_chunks", "write_cells", "write_moved"]

CHUNKS_AT_ONCE: Final = 10
BYTES_IN_MEMORY: Final = 16_000_000

Cells: TypeAlias = "dict[tuple[str, int], tuple[list[int], list[Any]]]"
"""By a column's uid and the first row of a chunk: places in the chunk, and their values."""

Previews: TypeAlias = "dict[str, list[str] | None]"
"""The first values of columns that were written, by their uids; None where they are the same."""


class Moves:
    """Which rows come and go, and so make those behind them move.

    Parameters
    ----------
    deleted : sequence of (int, int)
        Ranges of rows, ascending, which have no row in common.
    inserted : sequence of (int, sequence of list)
        The row before which rows come, ascending, and those: values of the columns by their order.
    row_count : int
        How many rows there are.

    Attributes
    ----------
    first : int
        The first row of the chunks that hold other rows afterwards.
    count_after : int
        How many rows there are then.
    """

    def __init__(
        self,
        deleted: Sequence[tuple[int, int]],
        inserted: Sequence[tuple[int, Rows]],
        row_count: int,
    ) -> None:
        self.first = _chunk_of(min(start for start, _ in (*deleted, *inserted)))
        self._count = row_count
        self._is_kept = np.ones(row_count - self.first, np.bool_)
        for start, stop in deleted:
            self._is_kept[start - self.first : stop - self.first] = False
        self._inserted: dict[int, list[tuple[int, Rows]]] = defaultdict(list)
        for before, rows in inserted:
            self._inserted[_chunk_of(before)].append((before, rows))
        kept = self.first + int(np.count_nonzero(self._is_kept))
        self.count_after = kept + sum(len(rows) for _, rows in inserted)

    def pieces(self) -> Iterator[Piece]:
        """Tell chunk by chunk what becomes of its rows.

        Yields
        ------
        tuple
            The first of them; which of them and of the new ones, which are counted on, are there
            afterwards, or None for just the old ones; and the new ones.
        """
        # behind a last chunk that is full, rows come into one that isn't there yet
        for start in range(self.first, self._count + 1, CHUNK_ROWS):
            is_kept = self._is_kept[start - self.first : start - self.first + CHUNK_ROWS]
            inserted = self._inserted.get(start, [])
            if is_kept.all() and not inserted:
                yield start, None, []
                continue
            new = [row for _, rows in inserted for row in rows]
            counts = [(before - start, len(rows)) for before, rows in inserted]
            yield start, order_of(is_kept, counts), new


def by_chunks(cells: Mapping[str, tuple[Sequence[int], list[Any]]], uids: Collection[str]) -> Cells:
    """Sort the cells of some columns by the chunks that they are in."""
    found: Cells = {}
    for uid in uids & cells.keys():
        for row, value in zip(*cells[uid], strict=True):
            start = _chunk_of(row)
            places, values = found.setdefault((uid, start), ([], []))
            places.append(row - start)
            values.append(value)
    return found


def write_cells(connection: Connection, grid: FileHead, cells: Cells) -> Previews:
    """Write cells into their chunks."""
    previews: Previews = {}
    keys = iter(cells)
    while some := [*islice(keys, CHUNKS_AT_ONCE)]:
        found = connection.execute(
            select(chunks).where(
                chunks.c.file_id == grid.id, tuple_(chunks.c.uid, chunks.c.start).in_(some)
            )
        )
        changed = []
        for row in found.all():
            array = with_values(_array(grid, row), *cells[row.uid, row.start])
            changed.append(chunk_row(grid, row.uid, row.start, _pack(array)))
            if row.start == 0:
                previews[row.uid] = head(array)
            else:
                previews.setdefault(row.uid, None)
        replace_chunks(connection, changed)
    return previews


def write_moved(
    connection: Connection, grid: FileHead, column: ColumnRecord, cells: Cells, moves: Moves
) -> Previews:
    """Write all chunks of a column that hold other rows than they did, with cells that change."""
    here = (
        (chunks.c.file_id == grid.id)
        & (chunks.c.uid == column.uid)
        & (chunks.c.start >= moves.first)
    )
    query = select(chunks).where(here).order_by(chunks.c.start).execution_options(yield_per=1)
    with SpooledTemporaryFile(max_size=BYTES_IN_MEMORY) as file:
        after = SpooledValues(cast("BinaryIO", file))
        # all is read before anything is written in its place
        with connection.execute(query) as stored:
            for array in _recut(_moved(grid, stored, column, cells, moves)):
                after.head = after.head or head(array)
                after.add(_pack(array))
        connection.execute(delete(chunks).where(here))
        write(connection, grid, column.uid, after.chunks(), moves.first)
    return {column.uid: None if moves.first else after.head}


def _moved(
    grid: FileHead, stored: Iterable[Row[Any]], column: ColumnRecord, cells: Cells, moves: Moves
) -> Iterator[pa.Array]:
    """Give the values of a column as they follow each other then."""
    chunk = iter(stored)
    place = column.position
    for start, order, new in moves.pieces():
        row = next(chunk, None)
        array = pa.nulls(0) if row is None else _array(grid, row)
        if changed := cells.get((column.uid, start)):
            array = with_values(array, *changed)
        if order is not None:
            values = [each[place] if place < len(each) else None for each in new]
            array = extended(array, values).take(pa.array(order))
        yield array


def _recut(arrays: Iterable[pa.Array]) -> Iterator[pa.Array]:
    """Cut arrays anew, into full chunks and the rest."""
    waiting: list[pa.Array] = []
    room = CHUNK_ROWS
    for array in arrays:
        place = 0
        while place < len(array):
            waiting.append(array.slice(place, room))
            place += len(waiting[-1])
            room -= len(waiting[-1])
            if room == 0:
                yield concatenated(waiting)
                waiting, room = [], CHUNK_ROWS
    if waiting:
        yield concatenated(waiting)


def _array(grid: FileHead, row: Row[Any]) -> pa.Array:
    return chunk_of(grid, row).array()


def _pack(array: pa.Array) -> Chunk:
    if array.type == wire.JSON:
        return Chunk.of_json(wire.to_json(array), len(array))
    return Chunk.of_array(array)


def _chunk_of(row: int) -> int:
    return row - row % CHUNK_ROWS
