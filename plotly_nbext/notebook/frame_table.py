"""A DataFrame, read as a grid view reads a grid."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final, NamedTuple

import pandas as pd
import pyarrow as pa

from plotly_nbext.client.content import Content
from plotly_nbext.client.file import SCHEMA_KEY
from plotly_nbext.columns import encode_frame
from plotly_nbext.columns.encode import as_frame
from plotly_nbext.columns.row_index import is_default

if TYPE_CHECKING:
    from plotly_nbext.columns import Table
    from plotly_nbext.columns.encode import Frame

__all__ = ["FrameTable"]

# from so many rows the types of columns are told that their dtypes do not tell
HEAD_ROWS: Final = 100


class _Column(NamedTuple):
    name: str
    uid: str


class FrameTable:
    """The rows of a DataFrame as the values that they would have in a grid.

    Rows are encoded when they are looked at, so a large frame is shown as fast as a small one.

    Parameters
    ----------
    frame : DataFrame or Series, of pandas or polars
        The frame; what is done to it later is seen after a refresh of the view.
    """

    path = "DataFrame"
    revision = None

    def __init__(self, frame: Frame) -> None:
        self._frame: Any = as_frame(frame)

    def __repr__(self) -> str:
        return f"DataFrame({self.told_rows:,} rows × {len(self._frame.columns)} columns)"

    @property
    def columns(self) -> list[_Column]:
        """The columns, with the index's levels before them where ``push`` would keep it."""
        names = [column.name for column in self._encode(0, 0).columns]
        return [_Column(name, str(place)) for place, name in enumerate(names)]

    @property
    def told_rows(self) -> int:
        """The number of rows."""
        return len(self._frame)

    @property
    def all_metadata(self) -> dict[str, Any]:
        """The types of the columns, as a grid keeps them."""
        return {SCHEMA_KEY: self._encode(0, HEAD_ROWS).schema}

    def content(self, **query: str) -> Content:
        """Read values: all, the rows ``start`` … ``stop`` - 1, the columns ``cols``."""
        start, stop = int(query.get("start", 0)), int(query.get("stop", len(self._frame)))
        table = self._encode(start, stop)
        places = range(len(table.columns))
        wanted = [int(uid) for uid in query["cols"].split(",")] if "cols" in query else places
        columns = [table.columns[place] for place in wanted]
        arrays = [(column.name, pa.chunked_array([column.array])) for column in columns]
        return Content(arrays, {SCHEMA_KEY: table.schema})

    def refresh(self) -> FrameTable:
        """Do nothing: the rows are read from the frame itself."""
        return self

    def _encode(self, start: int, stop: int) -> Table:
        if not isinstance(self._frame, pd.DataFrame):
            return encode_frame(self._frame[start:stop])
        # Decided on the whole frame: the labels of its later rows never are 0, 1, 2, …
        index = not is_default(self._frame.index)
        return encode_frame(self._frame.iloc[start:stop], index=index)
