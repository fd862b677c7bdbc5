"""What is known of columns without their values: their names, their order, how long they are."""

from __future__ import annotations

import secrets
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

from sqlalchemy import bindparam, func, select, update

from plotly_nbext.columns import json
from plotly_nbext.columns.names import why_no_name
from plotly_nbext.columns.preview import PREVIEW_ROWS, preview
from plotly_nbext.errors import ValidationError
from plotly_nbext.server.store import files
from plotly_nbext.server.store.prepared import Prepared
from plotly_nbext.server.store.schema import MAX_COLUMNS, columns
from plotly_nbext.server.store.schema import files as file_table

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Sequence

    from sqlalchemy import Connection

    from plotly_nbext.server.store.files import FileHead, FileRecord

__all__ = [
    "MOST_CELLS",
    "ColumnRecord",
    "check_cells",
    "check_names",
    "list_columns",
    "new_uids",
    "pick_columns",
    "renumber",
    "settle",
    "stored_columns",
]

MOST_CELLS = "most_cells"
"""By what name a connection knows how many cells a grid may have."""

_COUNTED = Prepared(
    select(file_table.c.row_count, file_table.c.logged).where(
        file_table.c.id == bindparam("file_id")
    )
)
_COLUMNS = Prepared(
    select(columns).where(columns.c.file_id == bindparam("grid_id")).order_by(columns.c.position)
)


@dataclass(frozen=True)
class ColumnRecord:
    """One column.

    Attributes
    ----------
    uid, name : str
        Its id, unique in its grid, and its name.
    position : int
        Its place among the grid's columns.
    length : int
        How many values it has.
    preview : list of str
        The first ten of them as short texts.
    stored : int
        How many of them lie in chunks. After these, rows that are before the row log are null.
    fingerprint : str or None
        What its writer called these values.
    """

    uid: str
    name: str
    position: int
    length: int
    preview: list[str]
    stored: int
    fingerprint: str | None


def list_columns(connection: Connection, grid: FileHead) -> list[ColumnRecord]:
    """List a grid's columns by their order."""
    [counted] = _COUNTED(connection, file_id=grid.id)
    there = stored_columns(connection, grid)
    if not counted.logged:
        return there
    # a row in the log has a value of each column; the log is begun where there are ten before it
    return [
        replace(
            column,
            length=counted.row_count,
            preview=column.preview + preview([None] * (PREVIEW_ROWS - len(column.preview))),
            fingerprint=None,
        )
        for column in there
    ]


def stored_columns(connection: Connection, grid: FileHead) -> list[ColumnRecord]:
    """List a grid's columns by their order, as if its row log were empty."""
    return [
        ColumnRecord(
            row.uid,
            row.name,
            row.position,
            row.length,
            json.loads(row.preview),
            row.length,
            row.fingerprint,
        )
        for row in _COLUMNS(connection, grid_id=grid.id)
    ]


def pick_columns(connection: Connection, grid: FileHead, uids: Iterable[str]) -> list[ColumnRecord]:
    """Return columns in the order of the uids that are asked for.

    Raises
    ------
    ValidationError
        The grid has no column with one of the uids.
    """
    wanted = [*uids]
    by_uid = {column.uid: column for column in list_columns(connection, grid)}
    unknown = [uid for uid in wanted if uid not in by_uid]
    if unknown:
        raise ValidationError(
            f"The grid {grid.fid} has no column with uid {', '.join(map(repr, unknown))}.",
            status_code=400,
            field="uid",
        )
    return [by_uid[uid] for uid in wanted]


def new_uids(taken: Collection[str], count: int) -> list[str]:
    """Make uids that no column of a grid has."""
    made: dict[str, None] = {}
    while len(made) < count:
        uid = secrets.token_hex(3)
        if uid not in taken:
            made[uid] = None
    return [*made]


def check_names(grid: FileHead, names: Sequence[str]) -> None:
    """Refuse names that a grid's columns can't have.

    Raises
    ------
    ValidationError
        They are too many, two are equal, or one can't be the name of a column anywhere.
    """
    if len(names) > MAX_COLUMNS:
        raise ValidationError(
            f"The grid {grid.fid} would have {len(names):,} columns; {MAX_COLUMNS:,} are the most.",
            status_code=400,
            field="cols",
        )
    seen: set[str] = set()
    for name in names:
        if name in seen:
            wrong = f"would have two columns named {name!r}"
        elif why := why_no_name(name):
            wrong = f"can't have a column named {name!r}: {why}"
        else:
            seen.add(name)
            continue
        raise ValidationError(f"The grid {grid.fid} {wrong}.", status_code=400, field="cols")


def check_cells(connection: Connection, grid: FileHead, rows: int, width: int) -> None:
    """Refuse a grid that has more cells than the operator lets it have.

    Raises
    ------
    ValidationError
        It would have.
    """
    most = connection.get_execution_options().get(MOST_CELLS)
    if most is not None and rows * width > most:
        raise ValidationError(
            f"The grid {grid.fid} would have {rows:,} rows of {width:,} columns; on this server "
            f"{most:,} cells are the most.",
            status_code=400,
            field="data",
        )


def renumber(connection: Connection, grid: FileHead, order: Sequence[str]) -> None:
    """Give the columns with some uids, which are all of them, their places."""
    if order:
        connection.execute(
            update(columns).where(
                columns.c.file_id == grid.id, columns.c.uid == bindparam("column_uid")
            ),
            [{"column_uid": uid, "position": place} for place, uid in enumerate(order)],
        )


def settle(connection: Connection, grid: FileHead, **values: Any) -> FileRecord:
    """Note how many rows and columns a grid has now, and that it changed; all is in chunks.

    ``values`` are fields of the file that are written with it.
    """
    longest, width = connection.execute(
        select(func.coalesce(func.max(columns.c.length), 0), func.count()).where(
            columns.c.file_id == grid.id
        )
    ).one()
    check_cells(connection, grid, longest, width)
    counted = {"row_count": longest, "width": width, "logged": 0, "logged_bytes": 0}
    return files.change(connection, grid, **counted, **values)
