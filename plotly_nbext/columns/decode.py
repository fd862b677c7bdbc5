"""The columns of a grid → a DataFrame."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pandas as pd

from plotly_nbext.columns import kinds
from plotly_nbext.columns.infer import infer
from plotly_nbext.columns.labels import read_labels
from plotly_nbext.columns.row_index import make_index
from plotly_nbext.columns.schema import (
    VERSION,
    Column,
    Labels,
    RowIndex,
    Schema,
    Spec,
    read,
)

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
    known = read(schema) or _NOTHING_KNOWN
    height = max((len(values) for _, values in columns), default=known.row_count)
    series = [(name, _column(values, height, known.columns.get(name))) for name, values in columns]
    index = _index(dict(series), known.index)
    if known.index and index is not None:
        series = [(name, column) for name, column in series if name not in known.index.columns]
    frame = pd.DataFrame(
        dict(enumerate(column for _, column in series)), index=pd.RangeIndex(height)
    )
    frame.columns = _labels([name for name, _ in series], known)
    if index is not None:
        frame.index = index
    return frame


_NOTHING_KNOWN = Schema(VERSION, 0, {}, Labels([Spec(dtype="str")], [None]))


def _column(values: list[Any], height: int, spec: Column | None) -> pd.Series[Any]:
    padded = values + [None] * (height - len(values))
    if spec is None:
        return infer(padded)
    try:
        return kinds.decode(padded, spec)
    except kinds.BROKEN:  # another program changed the column, or its type can't be had here
        return infer(padded)


def _index(columns: dict[str, pd.Series[Any]], kept: RowIndex | None) -> pd.Index[Any] | None:
    """Make the index of those of its columns that are there."""
    levels = {name: columns[name] for name in kept.columns if name in columns} if kept else {}
    if kept is None or not levels:
        return None
    try:
        return make_index(levels, kept)
    except kinds.BROKEN:
        return None


def _labels(names: list[str], known: Schema) -> pd.Index[Any]:
    try:
        return read_labels(names, known)
    except kinds.BROKEN:
        return pd.Index(names)
