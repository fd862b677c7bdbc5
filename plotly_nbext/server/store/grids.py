"""The columns and values of grids.

Columns are ordered 0…n-1 and may differ in length; the grid's ``row_count`` is the longest one's.
Every function leaves a grid whole: it runs in the caller's transaction, and an exception undoes
what was written before it.
"""

from __future__ import annotations

import secrets
from dataclasses import dataclass
from itertools import chain
from typing import TYPE_CHECKING, Any

from sqlalchemy import bindparam, delete, func, insert, select, update

from plotly_nbext.columns import json
from plotly_nbext.columns.preview import PREVIEW_ROWS, preview
from plotly_nbext.errors import ValidationError
from plotly_nbext.server.store import files
from plotly_nbext.server.store.schema import CHUNK_ROWS, chunks, columns

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from sqlalchemy import Connection

    from plotly_nbext.server.store.files import FileRecord

__all__ = [
    "ColumnChange",
    "ColumnRecord",
    "ColumnText",
    "add_columns",
    "append_rows",
    "delete_columns",
    "json_runs",
    "json_size",
    "list_columns",
    "load_columns",
    "pick_columns",
    "replace_columns",
    "values",
]

BYTES_AT_ONCE = 4_000_000
CHUNK_OVERHEAD = 1_000


@dataclass(frozen=True)
class ColumnRecord:
    """One column: its place, its length, and its first ten values as short texts."""

    uid: str
    name: str
    position: int
    length: int
    preview: list[str]


@dataclass(frozen=True)
class ColumnChange:
    """What a request says of a column; None leaves a thing as it is (or to the server)."""

    name: str | None = None
    values: list[Any] | None = None
    order: int | None = None


@dataclass(frozen=True)
class ColumnText:
    """A new column whose values are JSON text already.

    Attributes
    ----------
    name : str
        Its name.
    length : int
        How many values it has.
    preview : list of str
        Its first values as short texts, ten if there are as many.
    chunks : iterable of bytes
        JSON arrays of ``CHUNK_ROWS`` values each, the last one of the rest; read once.
    """

    name: str | None
    length: int
    preview: list[str]
    chunks: Iterable[bytes]


def list_columns(connection: Connection, grid: FileRecord) -> list[ColumnRecord]:
    """List a grid's columns by their order."""
    rows = connection.execute(
        select(columns).where(columns.c.file_id == grid.id).order_by(columns.c.position)
    )
    return [
        ColumnRecord(row.uid, row.name, row.position, row.length, json.loads(row.preview))
        for row in rows
    ]


def pick_columns(
    connection: Connection, grid: FileRecord, uids: Sequence[str]
) -> list[ColumnRecord]:
    """Return columns in the order of the uids that are asked for.

    Raises
    ------
    ValidationError
        The grid has no column with one of the uids.
    """
    by_uid = {column.uid: column for column in list_columns(connection, grid)}
    unknown = [uid for uid in uids if uid not in by_uid]
    if unknown:
        raise ValidationError(
            f"The grid {grid.fid} has no column with uid {', '.join(map(repr, unknown))}.",
            status_code=400,
            field="uid",
        )
    return [by_uid[uid] for uid in uids]


def add_columns(
    connection: Connection, grid: FileRecord, new: Sequence[ColumnChange]
) -> list[ColumnRecord]:
    """Add columns, each at its ``order`` or last, and return them in the order of the request.

    Raises
    ------
    ValidationError
        A name is missing or is another column's.
    """
    there = list_columns(connection, grid)
    uids = _new_uids({column.uid for column in there}, len(new))
    _insert_columns(connection, grid, uids, [_as_text(change) for change in new])
    _settle(
        connection,
        grid,
        order=[column.uid for column in there],
        moved=[
            (uid, len(there) + index if change.order is None else change.order)
            for index, (uid, change) in enumerate(zip(uids, new, strict=True))
        ],
    )
    return pick_columns(connection, grid, uids)


def load_columns(connection: Connection, grid: FileRecord, new: Sequence[ColumnText]) -> None:
    """Load columns of any length into a grid that has none, a few chunks at a time in memory.

    Raises
    ------
    ValidationError
        Two columns have the same name.
    """
    uids = _new_uids(set(), len(new))
    _insert_columns(connection, grid, uids, new)
    _settle(connection, grid, order=uids, moved=[])


def replace_columns(
    connection: Connection, grid: FileRecord, uids: Sequence[str], new: Sequence[ColumnChange]
) -> list[ColumnRecord]:
    """Change the columns with some uids, one change each, and return them.

    Raises
    ------
    ValidationError
        A uid is unknown or named twice, or a name is another column's.
    """
    there = list_columns(connection, grid)
    pick_columns(connection, grid, uids)
    for uid, change in zip(uids, new, strict=True):
        written: dict[str, Any] = {}
        if change.name is not None:
            written["name"] = change.name
        if change.values is not None:
            head = preview(change.values[:PREVIEW_ROWS])
            written |= {"length": len(change.values), "preview": json.dumps(head).decode()}
            connection.execute(
                delete(chunks).where(chunks.c.file_id == grid.id, chunks.c.uid == uid)
            )
            _write_values(connection, grid, uid, 0, change.values)
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
    _settle(
        connection,
        grid,
        order=[column.uid for column in there if column.uid not in leaving],
        moved=moved,
    )
    return pick_columns(connection, grid, uids)


def delete_columns(connection: Connection, grid: FileRecord, uids: Sequence[str]) -> None:
    """Delete columns with their values.

    Raises
    ------
    ValidationError
        A uid is unknown.
    """
    there = list_columns(connection, grid)
    pick_columns(connection, grid, uids)
    for table in (columns, chunks):
        connection.execute(delete(table).where(table.c.file_id == grid.id, table.c.uid.in_(uids)))
    order = [column.uid for column in there if column.uid not in uids]
    _settle(connection, grid, order=order, moved=[])


def append_rows(
    connection: Connection, grid: FileRecord, rows: Sequence[Sequence[Any]]
) -> FileRecord:
    """Append rows; shorter rows, and shorter columns before them, are filled with nulls.

    Raises
    ------
    ValidationError
        A row has more values than the grid has columns.
    """
    there = list_columns(connection, grid)
    for index, row in enumerate(rows):
        if len(row) > len(there):
            raise ValidationError(
                f"Row {index} has {len(row)} values, but the grid has {len(there)} columns.",
                status_code=400,
                field="rows",
            )
    for place, column in enumerate(there):
        added: list[Any] = [None] * (grid.row_count - column.length)
        added += [row[place] if place < len(row) else None for row in rows]
        _extend(connection, grid, column, added)
    return files.touch(connection, grid, row_count=grid.row_count + (len(rows) if there else 0))


def values(
    connection: Connection,
    grid: FileRecord,
    column: ColumnRecord,
    start: int = 0,
    stop: int | None = None,
) -> list[Any]:
    """Read the values of rows ``start`` … ``stop`` - 1 of a column; fewer where it ends."""
    stop = column.length if stop is None else min(stop, column.length)
    rows = connection.execute(
        select(chunks.c.start, chunks.c.data)
        .where(
            chunks.c.file_id == grid.id,
            chunks.c.uid == column.uid,
            chunks.c.start > start - CHUNK_ROWS,
            chunks.c.start < stop,
        )
        .order_by(chunks.c.start)
    )
    found: list[Any] = []
    for row in rows:
        found += json.loads(row.data)[max(start - row.start, 0) : max(stop - row.start, 0)]
    return found


def json_runs(connection: Connection, grid: FileRecord, column: ColumnRecord) -> Iterator[bytes]:
    """Read a whole column as pieces of JSON text that follow each other within ``[`` and ``]``."""
    rows = connection.execute(
        select(chunks.c.data)
        .where(chunks.c.file_id == grid.id, chunks.c.uid == column.uid)
        .order_by(chunks.c.start)
        .execution_options(yield_per=1)
    )
    for index, row in enumerate(rows):
        yield (b"," if index else b"") + row.data[1:-1]


def json_size(connection: Connection, grid: FileRecord, column: ColumnRecord) -> int:
    """Tell about how many bytes :func:`json_runs` gives, without reading them."""
    size: int = connection.execute(
        select(func.coalesce(func.sum(func.length(chunks.c.data)), 0)).where(
            chunks.c.file_id == grid.id, chunks.c.uid == column.uid
        )
    ).scalar_one()
    return size


def _settle(
    connection: Connection,
    grid: FileRecord,
    *,
    order: list[str],
    moved: list[tuple[str, int]],
) -> None:
    """Put the moved columns at their places among the others, renumber, check names, count rows."""
    for uid, place in sorted(moved, key=lambda item: item[1]):
        order.insert(place, uid)
    if order:
        connection.execute(
            update(columns).where(
                columns.c.file_id == grid.id, columns.c.uid == bindparam("column_uid")
            ),
            [{"column_uid": uid, "position": place} for place, uid in enumerate(order)],
        )
    there = list_columns(connection, grid)
    _check_names(grid, [column.name for column in there])
    files.touch(connection, grid, row_count=max((column.length for column in there), default=0))


def _check_names(grid: FileRecord, names: list[str]) -> None:
    seen: set[str] = set()
    for name in names:
        if name in seen:
            raise ValidationError(
                f"The grid {grid.fid} would have two columns named {name!r}.",
                status_code=400,
                field="cols",
            )
        seen.add(name)


def _extend(
    connection: Connection, grid: FileRecord, column: ColumnRecord, added: list[Any]
) -> None:
    """Append values to a column: the last chunk is filled up, then new ones follow."""
    room = -column.length % CHUNK_ROWS
    if room and added:
        last = (
            (chunks.c.file_id == grid.id)
            & (chunks.c.uid == column.uid)
            & (chunks.c.start == column.length - column.length % CHUNK_ROWS)
        )
        text = connection.execute(select(chunks.c.data).where(last)).scalar_one()
        head = added[:room]
        connection.execute(
            update(chunks)
            .where(last)
            .values(
                # both are JSON arrays with something in them: no need to read the values
                data=text[:-1] + b"," + json.dumps(head)[1:],
                length=column.length % CHUNK_ROWS + len(head),
            )
        )
    else:
        room = 0
    _write_values(connection, grid, column.uid, column.length + room, added[room:])
    head = column.preview + preview(added[: PREVIEW_ROWS - len(column.preview)])
    connection.execute(
        update(columns)
        .where(columns.c.file_id == grid.id, columns.c.uid == column.uid)
        .values(length=column.length + len(added), preview=json.dumps(head).decode())
    )


def _new_uids(taken: set[str], count: int) -> list[str]:
    made: list[str] = []
    while len(made) < count:
        uid = secrets.token_hex(3)
        if uid not in taken:
            taken.add(uid)
            made.append(uid)
    return made


def _insert_columns(
    connection: Connection, grid: FileRecord, uids: Sequence[str], new: Sequence[ColumnText]
) -> None:
    """Write columns; they have no place among the others until :func:`_settle` gives them one."""
    rows = [
        {
            "file_id": grid.id,
            "uid": uid,
            "name": column.name,
            "position": -1,
            "length": column.length,
            "preview": json.dumps(column.preview).decode(),
        }
        for uid, column in zip(uids, new, strict=True)
    ]
    if rows:
        connection.execute(insert(columns), rows)
    _insert_chunks(
        connection,
        chain.from_iterable(
            _chunks(grid, uid, 0, column.length, column.chunks)
            for uid, column in zip(uids, new, strict=True)
        ),
    )


def _write_values(
    connection: Connection, grid: FileRecord, uid: str, start: int, data: list[Any]
) -> None:
    _insert_chunks(connection, _chunks(grid, uid, start, start + len(data), _texts(data)))


def _as_text(change: ColumnChange) -> ColumnText:
    data = change.values or []
    return ColumnText(change.name, len(data), preview(data[:PREVIEW_ROWS]), _texts(data))


def _texts(data: list[Any]) -> Iterator[bytes]:
    for place in range(0, len(data), CHUNK_ROWS):
        yield json.dumps(data[place : place + CHUNK_ROWS])


def _chunks(
    grid: FileRecord, uid: str, start: int, stop: int, texts: Iterable[bytes]
) -> Iterator[dict[str, Any]]:
    """Make the rows of chunks that hold the values ``start`` … ``stop`` - 1 of a column."""
    for place, text in zip(range(start, stop, CHUNK_ROWS), texts, strict=True):
        length = min(CHUNK_ROWS, stop - place)
        yield {"file_id": grid.id, "uid": uid, "start": place, "length": length, "data": text}


def _insert_chunks(connection: Connection, rows: Iterable[dict[str, Any]]) -> None:
    """Write chunks, many small ones or a few large ones at once."""
    waiting: list[dict[str, Any]] = []
    size = 0
    for row in rows:
        waiting.append(row)
        size += len(row["data"]) + CHUNK_OVERHEAD
        if size >= BYTES_AT_ONCE:
            connection.execute(insert(chunks), waiting)
            waiting, size = [], 0
    if waiting:
        connection.execute(insert(chunks), waiting)
