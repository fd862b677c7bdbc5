"""The columns of a grid → a DataFrame."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pandas as pd

from plotly_nbext.columns import kinds
from plotly_nbext.columns.infer import infer
from plotly_nbext.columns.labels import read_labels
from plotly_nbext.columns.row_index import make_index
from plotly_nbext.columns.schema import Column, Schema, read

if TYPE_CHECKING:
    from collections.abc import Sequence

__all__ = ["decode_frame"]


def decode_frame(
    columns: Sequence[tuple[str, list[Any]]], schema: dict[str, Any] | None
) -> pd.DataFrame:
    """Make a DataFrame of a grid's columns.

    Parameters
    ----------
    columns : sequence of (str, list)
        Name and JSON values of each column, in the grid's order. Columns may differ in length: the
        shorter ones are filled up with null.
    schema : dict or None
        What :func:`encode_frame` said of the frame, as it is in the grid's metadata.

    Returns
    -------
    DataFrame
        Equal to the frame that was written. A column that is not in the schema, or no longer of the
        type that it says, has the dtype that holds its values unchanged; so have all columns if
        there is no schema, or none that this version reads.
    """
    known = read(schema)
    height = max((len(values) for _, values in columns), default=known.row_count if known else 0)
    specs = known.columns if known else {}
    series = [(name, _column(values, height, specs.get(name))) for name, values in columns]
    level_names = known.index.columns if known and known.index else []
    levels = {name: column for name, column in series if name in level_names}
    rest = [(name, column) for name, column in series if name not in levels]

    frame = pd.DataFrame(dict(enumerate(column for _, column in rest)), index=pd.RangeIndex(height))
    frame.columns = _labels([name for name, _ in rest], known)
    if known and known.index and levels:
        ordered = {name: levels[name] for name in known.index.columns if name in levels}
        frame.index = make_index(ordered, known.index)
    return frame


def _column(values: list[Any], height: int, spec: Column | None) -> pd.Series[Any]:
    padded = values + [None] * (height - len(values))
    if spec is not None:
        try:
            return kinds.decode(padded, spec)
        except kinds.BROKEN:  # another program changed the column, or its type can't be had here
            pass
    return infer(padded)


def _labels(names: list[str], known: Schema | None) -> pd.Index[Any]:
    if known is not None:
        try:
            return read_labels(names, known)
        except kinds.BROKEN:
            pass
    return pd.Index(names) if names else pd.DataFrame(columns=[""]).columns[:0]
