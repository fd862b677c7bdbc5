"""A frame beside a grid that is there: whether it fits, and what the grid's types become."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pandas as pd
import pyarrow as pa

from plotly_nbext.client.file import SCHEMA_KEY
from plotly_nbext.columns import encode_frame, merge_schemas
from plotly_nbext.columns.row_index import is_default
from plotly_nbext.columns.schema import is_readable
from plotly_nbext.errors import ValidationError

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from plotly_nbext.client.grid import Grid
    from plotly_nbext.columns import Table
    from plotly_nbext.columns.encode import ArrowStream

    Frame = pd.DataFrame | ArrowStream

__all__ = [
    "appended_schema",
    "columns_schema",
    "held",
    "key_names",
    "same_length",
    "same_names",
    "table_of_columns",
    "table_of_rows",
]


def held(frame: Frame) -> Frame:
    """Take what an Arrow stream gives into memory: it gives it once, and it may be needed twice.

    Raises
    ------
    ValidationError
        It gives no table.
    """
    if isinstance(frame, pd.DataFrame | pd.Series) or not hasattr(frame, "__arrow_c_stream__"):
        return frame
    try:
        table: ArrowStream = pa.table(frame)
    except pa.ArrowInvalid:
        raise ValidationError(
            f"frame must be a table, not {type(frame).__name__}.",
            field="frame",
            hint="Call its .to_frame()." if hasattr(frame, "to_frame") else None,
        ) from None
    return table


def key_names(key: str | Sequence[str]) -> list[str]:
    """Read the names of the columns that tell rows apart.

    Raises
    ------
    ValidationError
        There are none, or one is no name.
    """
    names = [key] if isinstance(key, str) else list(key)
    if not names or not all(isinstance(name, str) for name in names):
        raise ValidationError(
            f"key must be the name of a column, or a list of names, not {key!r}.", field="key"
        )
    return names


def table_of_columns(frame: Frame) -> Table:
    """Encode columns for a grid that is there; its rows are theirs by position."""
    if isinstance(frame, pd.DataFrame):
        if not is_default(frame.index):
            raise ValidationError(
                "The frame has row labels, which columns of a grid that is there can't keep.",
                field="index",
                hint="Put its rows in the grid's order, then call .reset_index(drop=True).",
            )
        for label in frame.columns:
            if not isinstance(label, str):
                raise ValidationError(
                    f"The column label {label!r} is not a string.",
                    field=str(label),
                    hint="Rename the column: frame.rename(columns=str).",
                )
    return encode_frame(frame, index=False)


def table_of_rows(frame: Frame, metadata: Mapping[str, Any]) -> Table:
    """Encode rows for a grid of which the metadata is known.

    The row labels are data where the grid keeps them, or where they are more than mere numbers.
    """
    if not isinstance(frame, pd.DataFrame):
        return encode_frame(frame, index=False)
    schema = metadata.get(SCHEMA_KEY)
    index = frame.index
    kept = is_readable(schema) and bool(schema.get("index"))
    more = index.name is not None or index.nlevels > 1 or index.dtype.kind not in "iu"
    return encode_frame(frame, index=kept or more)


def appended_schema(
    stored: dict[str, Any] | None, table: Table, names: Sequence[str], row_count: int
) -> dict[str, Any] | None:
    """Join the types of a grid and those of rows after its own; None where none were kept.

    Parameters
    ----------
    stored : dict or None
        The grid's.
    table : Table
        The rows.
    names : sequence of str
        The grid's columns.
    row_count : int
        How many rows the grid has.

    Raises
    ------
    ValidationError
        No type holds both; it names the column.
    """
    if not stored:
        return None
    if is_readable(stored):
        # a column that another client made has the frame's type
        columns = table.schema["columns"] | stored["columns"]
        stored = stored | {"columns": {name: columns[name] for name in names}}
    return merge_schemas(stored, table.schema, row_count=row_count)


def columns_schema(metadata: Mapping[str, Any], table: Table) -> dict[str, Any] | None:
    """Note the types of columns that were written into a grid; a column keeps its label."""
    stored = metadata.get(SCHEMA_KEY)
    if not is_readable(stored):
        return stored
    columns = dict(stored["columns"])
    for name, spec in table.schema["columns"].items():
        there = columns.get(name, {})
        columns[name] = spec | ({"label": there["label"]} if "label" in there else {})
    return stored | {"columns": columns}


def same_length(grid: Grid, table: Table) -> None:
    """Refuse columns that other columns of the grid would be longer or shorter than.

    Raises
    ------
    ValidationError
        They are.
    """
    given = {column.name for column in table.columns}
    others = [column for column in grid.columns if column.name not in given]
    if others and table.row_count != grid.row_count:
        raise ValidationError(
            f"The frame has {table.row_count} rows, and {grid!r} other columns of "
            f"{grid.row_count}.",
            field="frame",
        )


def same_names(grid: Grid, there: Sequence[str], given: Sequence[str]) -> None:
    """Refuse rows to append that have not the grid's columns.

    Raises
    ------
    ValidationError
        They lack one, or have another one.
    """
    for what, names in (
        ("lacks", [name for name in there if name not in given]),
        ("has, beyond the grid's,", [name for name in given if name not in there]),
    ):
        if names:
            raise ValidationError(
                f"The frame to append to {grid!r} {what} {', '.join(map(repr, names))}.",
                field=names[0],
            )
