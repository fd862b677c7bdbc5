"""A frame's ``index`` ⇄ columns of the grid."""

from __future__ import annotations

from typing import Any

import pandas as pd

from plotly_nbext.columns.frequency import frequency_name, with_frequency
from plotly_nbext.columns.labels import label_from_json, label_to_json
from plotly_nbext.columns.schema import RowIndex

__all__ = ["is_default", "level_labels", "levels_of", "make_index", "write_index"]


def is_default(index: pd.Index[Any]) -> bool:
    """Tell whether an index says no more than the position of each row."""
    return (
        not isinstance(index, pd.MultiIndex)
        and index.name is None
        and index.dtype == "int64"
        and index.equals(pd.RangeIndex(len(index)))
    )


def levels_of(index: pd.Index[Any]) -> list[pd.Series[Any]]:
    """Give the values of each level."""
    levels = (index.get_level_values(level) for level in range(index.nlevels))
    return [pd.Series(level.array, dtype=level.dtype) for level in levels]


def level_labels(index: pd.Index[Any]) -> list[Any]:
    """Give the levels' names, or in place of None those that ``reset_index`` gives."""
    if not isinstance(index, pd.MultiIndex):
        return ["index" if index.name is None else index.name]
    return [f"level_{level}" if name is None else name for level, name in enumerate(index.names)]


def write_index(index: pd.Index[Any], columns: list[str]) -> RowIndex:
    """Keep what is known of an index beside its values, which are in *columns*."""
    names = [label_to_json(name) for name in index.names]
    return RowIndex(
        columns, names, multi=isinstance(index, pd.MultiIndex), freq=frequency_name(index)
    )


def make_index(levels: dict[str, pd.Series[Any]], kept: RowIndex) -> pd.Index[Any]:
    """Make an index of those of its columns that are there; at least one is."""
    arrays = [pd.Index(level.array, dtype=level.dtype) for level in levels.values()]
    name_of = dict(zip(kept.columns, kept.names, strict=True))
    names = [label_from_json(name_of[column]) for column in levels]
    if len(arrays) > 1 or (kept.multi and len(kept.columns) == 1):
        return pd.MultiIndex.from_arrays(arrays, names=names)
    return with_frequency(arrays[0], kept.freq).rename(names[0])
