"""Rows that are put into a grid by their key: in place of those that have it, or after the rest."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from plotly_nbext.client.content import arrays_of
from plotly_nbext.client.matching import joined, matches
from plotly_nbext.columns import EncodedColumn, Table
from plotly_nbext.columns.schema import NOTED

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    import numpy.typing as npt

    from plotly_nbext.client.content import Content

    Rows = npt.NDArray[np.int64]

__all__ = ["upserted"]


def upserted(
    content: Content, table: Table, key: Sequence[str], schema: dict[str, Any] | None
) -> Table:
    """Make of a grid's rows and of those of a table what the grid holds afterwards.

    Parameters
    ----------
    content : Content
        All that the grid holds.
    table : Table
        Rows with the same columns.
    key : sequence of str
        The columns that tell rows apart; without any, all rows are new.
    schema : dict, optional
        The types of the grid's rows with the table's after them.
    """
    there = content.arrays()
    given = arrays_of(table)
    count = content.row_count
    row_of = matches(there, given, key) if key else np.full(count, -1)
    new = np.setdiff1d(np.arange(table.row_count), row_of)
    rows = np.concatenate([np.where(row_of < 0, np.arange(count), count + row_of), count + new])
    types = {} if schema is None else schema["columns"]
    columns = []
    for name in there:
        # integers that were given the type of floats may become some; Python's own stay
        numbers = name in types and types[name]["dtype"] != "object"
        both = joined(there[name], given[name], numbers=numbers)
        columns.append(EncodedColumn(name, both.take(rows)))
    return Table(columns, {} if schema is None else _moved(schema, rows), len(rows))


def _moved(schema: dict[str, Any], rows: Rows) -> dict[str, Any]:
    """Say of the rows that were taken what a schema says of single rows."""
    columns = {name: _moved_spec(spec, rows) for name, spec in schema["columns"].items()}
    return schema | {"columns": columns, "row_count": len(rows)}


def _moved_spec(spec: Mapping[str, Any], rows: Rows) -> dict[str, Any]:
    moved = {what: value for what, value in spec.items() if what not in NOTED}
    for what in NOTED:
        if found := np.flatnonzero(np.isin(rows, spec.get(what, []))).tolist():
            moved[what] = found
    if "of" in moved:
        moved["of"] = _moved_spec(moved["of"], rows)
    return moved
