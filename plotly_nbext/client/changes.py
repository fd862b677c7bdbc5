"""What is to be written into a grid, so that it holds what a frame says."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pyarrow as pa

from plotly_nbext.client.comparing import differing
from plotly_nbext.client.content import Content
from plotly_nbext.client.file import SCHEMA_KEY
from plotly_nbext.client.fingerprints import fingerprints
from plotly_nbext.client.fitting import (
    appended_schema,
    columns_schema,
    same_length,
)
from plotly_nbext.client.forms import COLUMNS_A_REQUEST, Change
from plotly_nbext.client.upsert import upserted
from plotly_nbext.columns import Table
from plotly_nbext.columns.encode import check_same_columns
from plotly_nbext.errors import Conflict

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from plotly_nbext.client.grid import Grid

__all__ = [
    "appending",
    "changes_nothing",
    "content_beside",
    "replacing",
    "rows_put",
    "upserting",
    "writing_columns",
]


def replacing(
    grid: Grid, table: Table, metadata: Mapping[str, Any] | None, *, strict: bool
) -> Change:
    """Make a grid hold a table, of which the columns are written that the server has not already.

    Not ``strict`` is for a grid that others never leave alone: all columns are written, whatever it
    has become.
    """
    same = _known(grid, table) if strict else set()
    facts = grid.metadata if metadata is None else metadata
    return Change(
        _without(table, same),
        [column.name for column in table.columns],
        [column.uid for column in grid.columns if column.name in same],
        {**facts, SCHEMA_KEY: table.schema},
        grid.revision if strict else None,
    )


def writing_columns(grid: Grid, table: Table) -> Change:
    """Write the columns of a table in place of those of the same names, or after the others."""
    same_length(grid, table)
    names = [column.name for column in grid.columns]
    given = [column.name for column in table.columns]
    return Change(
        table,
        names + [name for name in given if name not in names],
        [column.uid for column in grid.columns if column.name not in given],
        _with_schema(grid.all_metadata, columns_schema(grid.all_metadata, table)),
        grid.revision,
    )


def appending(
    grid: Grid, table: Table, metadata: Mapping[str, Any] | None, *, strict: bool
) -> Change:
    """Write the rows of a table after the others.

    Not ``strict`` is for a grid that others never leave alone: rows that change nothing of its
    metadata are appended to whatever it has become, which the server does in one piece too.
    """
    names = [column.name for column in grid.columns]
    check_same_columns(grid=names, frame=[column.name for column in table.columns])
    stored = grid.all_metadata.get(SCHEMA_KEY)
    # some servers count no rows: they are not read where nothing is to be noted of them
    row_count = grid.row_count if stored else 0
    schema = appended_schema(stored, table, names, row_count)
    # how many rows there are is kept for grids without columns only
    same = schema and stored and names and schema | {"row_count": 0} == stored | {"row_count": 0}
    if same and metadata is None:
        return Change(table, names, [], None, grid.revision if strict else None)
    attached = _with_schema(grid.all_metadata, schema, metadata)
    return Change(table, names, [], attached, grid.revision)


def upserting(
    grid: Grid,
    content: Content,
    table: Table,
    key: Sequence[str],
    metadata: Mapping[str, Any] | None,
) -> Change:
    """Put the rows of a table in place of those with the same key, or after the others."""
    after = rows_put(content, table, key)
    same: set[str] = set()
    if after.row_count == content.row_count:
        there = content.arrays()
        same = {
            column.name
            for column in after.columns
            if not differing(there[column.name], column.array).any()
        }
    return Change(
        _without(after, same),
        [column.name for column in after.columns],
        [column.uid for column in grid.columns if column.name in same],
        _with_schema(content.metadata, after.schema or None, metadata),
        content.revision,
    )


def rows_put(content: Content, table: Table, key: Sequence[str]) -> Table:
    """Tell what a grid holds when rows are put in place of those with the same key, or after them.

    Without a key, all of them are.
    """
    names = [name for name, _ in content.columns]
    check_same_columns(grid=names, frame=[column.name for column in table.columns])
    schema = appended_schema(content.schema, table, names, content.row_count)
    return upserted(content, table, key, schema)


def content_beside(grid: Grid, table: Table) -> Content:
    """Read what a grid holds, but for what the server is known to have as a table has it."""
    same = _known(grid, table)
    unknown = [column.uid for column in grid.columns if column.name not in same]
    query = {"cols": ",".join(unknown)} if len(unknown) <= COLUMNS_A_REQUEST else {}
    values: dict[str, Any] = dict(grid.content(**query).columns) if unknown else {}
    values |= {
        column.name: pa.chunked_array([column.array])
        for column in table.columns
        if column.name in same
    }
    if not values.keys() >= {column.name for column in grid.columns}:
        raise Conflict(
            f"Someone else changes {grid.name!r} at the same time.",
            hint="Run the cell again when they are done.",
        )
    columns = [(column.name, values[column.name]) for column in grid.columns]
    return Content(columns, grid.all_metadata, grid.revision)


def changes_nothing(grid: Grid, change: Change) -> bool:
    """Tell whether a grid is what it would be made."""
    return (
        not change.table.columns
        and change.order == [column.name for column in grid.columns]
        and change.metadata in (None, grid.all_metadata)
    )


def _known(grid: Grid, table: Table) -> set[str]:
    """Name the columns of a table whose values are those that the server has."""
    there = {column.name: column.fingerprint for column in grid.columns if column.fingerprint}
    columns = [column for column in table.columns if column.name in there]
    if not columns:
        return set()
    given = fingerprints(columns)
    return {name for name, fingerprint in given.items() if fingerprint == there[name]}


def _without(table: Table, names: set[str]) -> Table:
    columns = [column for column in table.columns if column.name not in names]
    return Table(columns, table.schema, table.row_count)


def _with_schema(
    there: Mapping[str, Any],
    schema: dict[str, Any] | None,
    metadata: Mapping[str, Any] | None = None,
) -> dict[str, Any] | None:
    """Put facts, if any are given, and types, if any are kept, in place of those there."""
    if metadata is None:
        return None if schema is None else {**there, SCHEMA_KEY: schema}
    return {**metadata} if schema is None else {**metadata, SCHEMA_KEY: schema}
