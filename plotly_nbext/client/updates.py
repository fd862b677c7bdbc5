"""Grids that are changed, each change made to the grid as it is by then, or not at all."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final, Literal

from plotly_nbext.client.changes import (
    appending,
    changes_nothing,
    content_beside,
    replacing,
    rows_put,
    upserting,
    writing_columns,
)
from plotly_nbext.client.comparing import compared
from plotly_nbext.client.content import arrays_of
from plotly_nbext.client.facts import check_metadata
from plotly_nbext.client.fitting import (
    key_labels,
    key_names,
    key_of,
    table_of_columns,
    table_of_rows,
)
from plotly_nbext.client.insisting import insist
from plotly_nbext.client.losses import tell_lost_columns
from plotly_nbext.client.matching import check_key, matches
from plotly_nbext.client.paths import check_mode
from plotly_nbext.columns import encode_frame
from plotly_nbext.columns.encode import held
from plotly_nbext.errors import Conflict, ValidationError

if TYPE_CHECKING:
    from collections.abc import Mapping

    from plotly_nbext.client.column import GridColumn
    from plotly_nbext.client.difference import Difference
    from plotly_nbext.client.fitting import Key
    from plotly_nbext.client.forms import Change
    from plotly_nbext.client.grid import Grid
    from plotly_nbext.columns import Table
    from plotly_nbext.columns.encode import Frame

    Index = Literal["auto"] | bool

__all__ = ["add_columns", "append", "difference", "replace_columns", "update_to", "upsert"]

# after so many, a grid is one that others never leave alone
STRICT_TRIES: Final = 4


def append(
    grid: Grid,
    frame: Frame,
    index: Index,
    metadata: Mapping[str, Any] | None,
    *,
    progress: bool,
) -> None:
    """Append rows; see :meth:`Grid.append`."""
    rows = held(frame)
    check_metadata(metadata or {})

    def attempt(tried: int) -> None:
        is_fresh = tried > 0 or grid.revision is None
        if is_fresh:
            grid.refresh()
        try:
            table = table_of_rows(rows, grid.all_metadata, index)
            change = appending(grid, table, metadata, strict=tried < STRICT_TRIES)
        except ValidationError as error:
            if is_fresh:
                raise
            raise Conflict("They may fit what the grid is by now.") from error
        _append(grid, change, metadata, progress=progress)

    insist(attempt)


def upsert(
    grid: Grid,
    frame: Frame,
    key: Key,
    index: Index,
    metadata: Mapping[str, Any] | None,
    *,
    progress: bool,
) -> None:
    """Put rows in place of those with the same key; see :meth:`Grid.upsert`."""
    rows = held(frame)
    labels = key_labels(key, rows)
    check_metadata(metadata or {})

    def attempt(_: int) -> None:
        table = table_of_rows(rows, grid.refresh().all_metadata, index)
        names = key_names(labels, table, rows)
        check_key(table, names)
        change = appending(grid, table, metadata, strict=True)
        keys = grid.content(cols=",".join(grid[name].uid for name in names)).arrays()
        if (matches(arrays_of(table), keys, names) < 0).all():
            _append(grid, change, metadata, progress=progress)
        else:
            change = upserting(grid, grid.content(), table, names, metadata)
            _write(grid, change, progress=progress)

    insist(attempt)


def add_columns(grid: Grid, frame: Frame, *, progress: bool) -> None:
    """Add columns; see :meth:`Grid.add_columns`."""
    table = table_of_columns(held(frame))

    def attempt(_: int) -> None:
        there = {column.name for column in grid.refresh().columns}
        if taken := [column.name for column in table.columns if column.name in there]:
            raise ValidationError(
                f"{grid!r} has a column {taken[0]!r} already.",
                field=taken[0],
                hint="replace_columns() writes other values into it.",
            )
        _write(grid, writing_columns(grid, table), progress=progress)

    insist(attempt)


def replace_columns(grid: Grid, frame: Frame, *, progress: bool) -> None:
    """Replace columns; see :meth:`Grid.replace_columns`."""
    table = table_of_columns(held(frame))

    def attempt(_: int) -> None:
        grid.refresh()
        for column in table.columns:
            grid[column.name]  # or it says which ones there are
        _write(grid, writing_columns(grid, table), progress=progress)

    insist(attempt)


def update_to(
    grid: Grid, table: Table, metadata: Mapping[str, Any] | None, *, progress: bool
) -> None:
    """Make a grid hold a table; see :meth:`Grid.update_to`."""
    check_metadata(metadata or {})
    kept = {column.name for column in table.columns}
    lost: list[GridColumn] = []
    plots: list[str] = []

    def attempt(tried: int) -> None:
        grid.refresh()
        lost[:] = [column for column in grid.columns if column.name not in kept]
        plots[:] = grid.referencers
        change = replacing(grid, table, metadata, strict=tried < STRICT_TRIES)
        _write(grid, change, progress=progress)

    insist(attempt)
    tell_lost_columns(grid, lost, plots)


def difference(
    grid: Grid,
    frame: Frame,
    mode: str,
    key: Key | None,
    index: Index,
) -> Difference:
    """Tell what a push would change; see :meth:`Grid.diff`."""
    check_mode(mode, "replace", "append", "upsert")
    rows = held(frame)
    labels = key_of(mode, key, rows, dry_run=True)
    grid.refresh()
    if mode == "replace":
        table = encode_frame(rows, index=index)
    else:
        table = table_of_rows(rows, grid.all_metadata, index)
    names = key_names(labels, table, rows)
    if names:
        check_key(table, names)
    if mode == "replace":
        return compared(grid.path, content_beside(grid, table), table, names)
    content = grid.content()
    return compared(grid.path, content, rows_put(content, table, names))


def _append(
    grid: Grid, change: Change, metadata: Mapping[str, Any] | None, *, progress: bool
) -> None:
    if change.table.row_count:
        answer = grid.found(lambda: grid.form.append(grid.place, change, progress=progress))
        grid.take(answer)
    elif metadata is not None:
        grid.set_metadata(metadata)


def _write(grid: Grid, change: Change, *, progress: bool) -> None:
    if not changes_nothing(grid, change):
        answer = grid.found(lambda: grid.form.write(grid.place, change, progress=progress))
        grid.take(answer)
