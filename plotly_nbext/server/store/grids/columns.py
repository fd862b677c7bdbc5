"""Columns come, change and go."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from sqlalchemy import delete, insert, select, update

from plotly_nbext.columns import json
from plotly_nbext.server.store import files
from plotly_nbext.server.store.bulk import insert_chunks
from plotly_nbext.server.store.chunks import Chunk
from plotly_nbext.server.store.grids.chunk_rows import chunk_row
from plotly_nbext.server.store.grids.records import (
    ColumnRecord,
    check_names,
    list_columns,
    new_uids,
    pick_columns,
    renumber,
    settle,
)
from plotly_nbext.server.store.grids.row_log import fold
from plotly_nbext.server.store.grids.writing import head, packed
from plotly_nbext.server.store.schema import CHUNK_ROWS, chunks, columns
from plotly_nbext.server.store.schema import files as file_table

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Sequence

    import pyarrow as pa
    from sqlalchemy import Connection

    from plotly_nbext.server.store.files import FileHead, FileRecord
    from plotly_nbext.server.store.grids.writing import NewValues

__all__ = [
    "ColumnArrays",
    "ColumnChange",
    "add_columns",
    "column_row",
    "delete_columns",
    "forget_fingerprints",
    "has_fingerprints",
    "load_columns",
    "remove",
    "replace_columns",
    "write",
]


@dataclass(frozen=True)
class ColumnChange:
    """What a request says of a column; None leaves a thing as it is (or to the server).

    Attributes
    ----------
    name : str or None
        Its name.
    values : list, pyarrow.Array, pyarrow.ChunkedArray, SpooledValues or None
        Its values: JSON values, an array of a wire type, or chunks.
    order : int or None
        Its place among the others.
    fingerprint : str or None
        What the values are to be known by.
    """

    name: str | None = None
    values: NewValues | None = None
    order: int | None = None
    fingerprint: str | None = None


@dataclass(frozen=True)
class ColumnArrays:
    """A new column of any length.

    Attributes
    ----------
    name : str
        Its name.
    length : int
        How many values it has.
    preview : list of str
        Its first values as short texts, ten if there are as many.
    chunks : iterable of pyarrow.Array
        Arrays of wire types, of ``CHUNK_ROWS`` values each, the last one of the rest; read once.
    """

    name: str
    length: int
    preview: list[str]
    chunks: Iterable[pa.Array]


def add_columns(
    connection: Connection, grid: FileRecord, new: Sequence[ColumnChange]
) -> list[ColumnRecord]:
    """Add columns, each at its ``order`` or last, and return them in the order of the request.

    Raises
    ------
    ValidationError
        A name is another column's.
    """
    fold(connection, grid)
    there = list_columns(connection, grid)
    names = [column.name for column in there] + [change.name or "" for change in new]
    check_names(grid, names)
    uids = new_uids({column.uid for column in there}, len(new))
    rows = []
    for uid, change in zip(uids, new, strict=True):
        data = [] if change.values is None else change.values
        rows.append(
            column_row(
                grid, uid, change.name or "", len(data), head(data), fingerprint=change.fingerprint
            )
        )
        write(connection, grid, uid, packed(data))
    if rows:
        connection.execute(insert(columns), rows)
    _arrange(
        connection,
        grid,
        order=[column.uid for column in there],
        moved=[
            (uid, len(there) + index if change.order is None else change.order)
            for index, (uid, change) in enumerate(zip(uids, new, strict=True))
        ],
    )
    return pick_columns(connection, grid, uids)


def load_columns(connection: Connection, grid: FileRecord, new: Sequence[ColumnArrays]) -> None:
    """Load columns of any length into a grid that has none, a few chunks at a time in memory.

    Raises
    ------
    ValidationError
        Two columns have the same name.
    """
    check_names(grid, [column.name for column in new])
    uids = new_uids(set(), len(new))
    rows = [
        column_row(grid, uid, column.name, column.length, column.preview, position=place)
        for place, (uid, column) in enumerate(zip(uids, new, strict=True))
    ]
    if rows:
        connection.execute(insert(columns), rows)
    for uid, column in zip(uids, new, strict=True):
        write(connection, grid, uid, map(Chunk.of_array, column.chunks))
    settle(connection, grid)


def replace_columns(
    connection: Connection, grid: FileRecord, uids: Sequence[str], new: Sequence[ColumnChange]
) -> list[ColumnRecord]:
    """Change the columns with some uids, one change each, and return them.

    Raises
    ------
    ValidationError
        A uid is unknown or named twice, or a name is another column's.
    """
    fold(connection, grid)
    there = list_columns(connection, grid)
    pick_columns(connection, grid, uids)
    names = {column.uid: column.name for column in there}
    names |= {uid: each.name for uid, each in zip(uids, new, strict=True) if each.name is not None}
    check_names(grid, [*names.values()])
    for uid, change in zip(uids, new, strict=True):
        written: dict[str, Any] = {}
        if change.name is not None:
            written["name"] = change.name
        if change.values is not None:
            written |= {
                "length": len(change.values),
                "preview": json.dumps(head(change.values)).decode(),
                "fingerprint": change.fingerprint,
            }
            connection.execute(
                delete(chunks).where(chunks.c.file_id == grid.id, chunks.c.uid == uid)
            )
            write(connection, grid, uid, packed(change.values))
        if written:
            connection.execute(
                update(columns)
                .where(columns.c.file_id == grid.id, columns.c.uid == uid)
                .values(written)
            )
    moved = [
        (uid, change.order)
        for uid, change in zip(uids, new, strict=True)
        if change.order is not None
    ]
    leaving = {uid for uid, _ in moved}
    _arrange(
        connection,
        grid,
        order=[column.uid for column in there if column.uid not in leaving],
        moved=moved,
    )
    return pick_columns(connection, grid, uids)


def delete_columns(connection: Connection, grid: FileRecord, uids: Collection[str]) -> None:
    """Delete columns with their values.

    Raises
    ------
    ValidationError
        A uid is unknown.
    """
    fold(connection, grid)
    there = list_columns(connection, grid)
    pick_columns(connection, grid, uids)
    remove(connection, grid, uids)
    order = [column.uid for column in there if column.uid not in uids]
    _arrange(connection, grid, order=order, moved=[])


def remove(connection: Connection, grid: FileHead, uids: Collection[str]) -> None:
    """Delete what there is of some columns, and leave the others where they are."""
    for table in (columns, chunks):
        connection.execute(delete(table).where(table.c.file_id == grid.id, table.c.uid.in_(uids)))


def forget_fingerprints(connection: Connection, fid: str) -> None:
    """Know the columns of a grid by no fingerprint, if there is one: a client sends all of them.

    A damaged column still has that of the values that were written. Whoever is writing the grid is
    not waited for.
    """
    if not has_fingerprints(connection, fid):
        return
    owner, _, idlocal = fid.partition(":")
    its = (file_table.c.owner == owner) & (file_table.c.idlocal == int(idlocal))
    locked = select(file_table.c.id).where(its).with_for_update(key_share=True, skip_locked=True)
    connection.execute(
        update(columns)
        .where(columns.c.file_id.in_([*connection.scalars(locked)]))
        .values(fingerprint=None)
    )


def has_fingerprints(connection: Connection, fid: str) -> bool:
    """Tell whether there is a grid of which a column is known by its fingerprint."""
    grid = files.head(connection, fid)
    if grid is None:
        return False
    known = (columns.c.file_id == grid.id) & columns.c.fingerprint.is_not(None)
    return connection.scalar(select(columns.c.uid).where(known).limit(1)) is not None


def column_row(
    grid: FileHead,
    uid: str,
    name: str,
    length: int,
    preview: list[str],
    *,
    position: int = -1,
    fingerprint: str | None = None,
) -> dict[str, Any]:
    """Make the row of a column; it may have no place among the others yet."""
    return {
        "file_id": grid.id,
        "uid": uid,
        "name": name,
        "position": position,
        "length": length,
        "preview": json.dumps(preview).decode(),
        "fingerprint": fingerprint,
    }


def _arrange(
    connection: Connection, grid: FileRecord, *, order: list[str], moved: list[tuple[str, int]]
) -> None:
    """Put the moved columns at their places among the others, and count what there is."""
    for uid, place in sorted(moved, key=lambda item: item[1]):
        order.insert(place, uid)
    renumber(connection, grid, order)
    settle(connection, grid)


def write(
    connection: Connection, grid: FileHead, uid: str, new: Iterable[Chunk], start: int = 0
) -> None:
    """Write full chunks, and one of the rest, into a column from some row on, where it has none."""
    rows = (
        chunk_row(grid, uid, start + place * CHUNK_ROWS, chunk) for place, chunk in enumerate(new)
    )
    insert_chunks(connection, rows)
