"""A frame beside a grid that is there: whether it fits, and what is sent of it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from plotly_nbext.columns import encode_frame, json
from plotly_nbext.columns.row_index import is_default
from plotly_nbext.errors import ValidationError

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    import pandas as pd

    from plotly_nbext.client.grid import Grid
    from plotly_nbext.columns import Table

__all__ = ["encoded_columns", "json_columns", "same_length", "same_names", "table_of_columns"]


def table_of_columns(frame: pd.DataFrame) -> Table:
    """Encode columns for a grid that is there; its rows are theirs by position."""
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


def json_columns(table: Table, *, with_name: bool = True) -> list[bytes]:
    """Write the columns of a table as the items of ``cols``."""
    return [
        b'{"data":'
        + column.data
        + (b',"name":' + json.dumps(column.name) if with_name else b"")
        + b"}"
        for column in table.columns
    ]


def encoded_columns(columns: Iterable[bytes]) -> bytes:
    """Write ``cols`` as a JSON-encoded string: the one form that all servers take."""
    return json.dumps({"cols": (b"[" + b",".join(columns) + b"]").decode()})


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
    """Refuse rows to append that have not the grid's columns."""
    for what, names in (
        ("lacks", [name for name in there if name not in given]),
        ("has, beyond the grid's,", [name for name in given if name not in there]),
    ):
        if names:
            raise ValidationError(
                f"The frame to append to {grid!r} {what} {', '.join(map(repr, names))}.",
                field=names[0],
            )
