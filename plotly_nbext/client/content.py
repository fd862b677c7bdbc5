"""What a grid holds, as it came from the server: in JSON or in Arrow, which mean the same."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, TypeAlias

import pyarrow as pa

from plotly_nbext.client.file import SCHEMA_KEY
from plotly_nbext.columns import decode_arrow, decode_frame, wire

if TYPE_CHECKING:
    from collections.abc import Mapping

    import pandas as pd

    from plotly_nbext.columns import Table

__all__ = ["Content", "arrays_of"]


Values: TypeAlias = "list[Any] | pa.ChunkedArray"


@dataclass(frozen=True)
class Content:
    """The values of a grid's columns at one moment, or those of some rows.

    Parameters
    ----------
    columns : list of (str, list or pyarrow.ChunkedArray)
        The name and the values of each column, in the grid's order.
    metadata : mapping
        The grid's metadata, the types of the columns with it.
    revision : int, optional
        Which state of the grid this is; not every server tells.
    """

    columns: list[tuple[str, Values]]
    metadata: Mapping[str, Any]
    revision: int | None = None

    @property
    def schema(self) -> dict[str, Any] | None:
        """What was kept of the columns' types."""
        return self.metadata.get(SCHEMA_KEY)

    @property
    def row_count(self) -> int:
        """The length of the longest column."""
        return max((len(values) for _, values in self.columns), default=0)

    def frame(self) -> pd.DataFrame:
        """Make the DataFrame that was pushed."""
        return decode_frame(self.columns, self.schema)

    def arrow(self) -> pa.Table:
        """Make a table of the Arrow types that were pushed, or that hold the values."""
        return decode_arrow(self.columns, self.schema)

    def arrays(self) -> dict[str, pa.Array]:
        """Give the values of each column as an array of a wire type, all of one length."""
        return {name: _array(values, self.row_count) for name, values in self.columns}

    def values(self) -> list[list[Any]]:
        """Give the JSON values of each column, all of one length."""
        return [_values(values, self.row_count) for _, values in self.columns]


def arrays_of(table: Table) -> dict[str, pa.Array]:
    """Give the values of each column of a table."""
    return {column.name: column.array for column in table.columns}


def _array(values: Values, length: int) -> pa.Array:
    if isinstance(values, list):
        return wire.from_values(_values(values, length))
    chunks = [*values.chunks, pa.nulls(length - len(values), values.type)]
    return pa.concat_arrays([chunk for chunk in chunks if len(chunk)] or chunks)


def _values(values: Values, length: int) -> list[Any]:
    if isinstance(values, list):
        return values + [None] * (length - len(values))
    return [value for chunk in values.chunks for value in wire.to_values(chunk)]
