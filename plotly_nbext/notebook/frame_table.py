"""A DataFrame, read as a grid view reads a grid."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, NamedTuple

import pandas as pd

from plotly_nbext.columns import encode_frame, json
from plotly_nbext.columns.row_index import is_default

if TYPE_CHECKING:
    import polars as pl

    from plotly_nbext.columns import Table

__all__ = ["FrameTable"]


class _Column(NamedTuple):
    name: str


class FrameTable:
    """The rows of a DataFrame as the JSON values that they would have in a grid.

    Rows are encoded when they are looked at, so a large frame is shown as fast as a small one.

    Parameters
    ----------
    frame : pandas.DataFrame or polars.DataFrame
        The frame; what is done to it later is seen after a refresh of the view.
    """

    path = "DataFrame"

    def __init__(self, frame: pd.DataFrame | pl.DataFrame) -> None:
        self._frame = frame

    def __repr__(self) -> str:
        return f"DataFrame({self.row_count:,} rows × {len(self._frame.columns)} columns)"

    @property
    def columns(self) -> list[_Column]:
        """The columns, with the index's levels before them where ``push`` would keep it."""
        return [_Column(column.name) for column in self._encode(0, 0).columns]

    @property
    def row_count(self) -> int:
        """The number of rows."""
        return len(self._frame)

    def window(self, start: int, stop: int) -> list[list[Any]]:
        """Read the rows ``start`` … ``stop`` - 1, one list a column."""
        return [json.loads(column.data) for column in self._encode(start, stop).columns]

    def refresh(self) -> FrameTable:
        """Do nothing: the rows are read from the frame itself."""
        return self

    def _encode(self, start: int, stop: int) -> Table:
        if not isinstance(self._frame, pd.DataFrame):
            return encode_frame(self._frame[start:stop])
        # Decided on the whole frame: the labels of its later rows never are 0, 1, 2, …
        index = not is_default(self._frame.index)
        return encode_frame(self._frame.iloc[start:stop], index=index)
