"""What makes a frame's column fit a grid's: a conversion that was tried, or replacing all."""

from __future__ import annotations

import warnings
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd
import pyarrow as pa

from plotly_nbext.columns import arrow, kinds

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from plotly_nbext.columns.schema import Spec

    Fits = Callable[[pa.Array, Spec], bool]

__all__ = ["remedy"]

REPLACE = 'Push all rows anew with mode="replace", which may give the column another type.'


def remedy(grid: Spec, frame: Spec, array: pa.Array, fits: Fits) -> str:
    """Say how a frame's column becomes one that fits a grid's.

    Parameters
    ----------
    grid, frame : Spec
        The types of both.
    array : pyarrow.Array
        The frame's column.
    fits : callable
        Tells whether a column and its type do.

    Returns
    -------
    str
        A conversion that does it, and changes no value; where none of those that were tried does,
        how all rows are written anew.
    """
    try:
        if frame.arrow:
            return _cast(grid, frame, array, fits)
        return _converted(grid, kinds.decode(array, frame), fits)
    except kinds.BROKEN:
        return REPLACE


def _converted(grid: Spec, series: pd.Series[Any], fits: Fits) -> str:
    """Try what pandas has."""
    for words, convert in _conversions(grid, series):
        try:
            with warnings.catch_warnings(action="error"):
                found = convert()
            if _is_same(series, found) and fits(*kinds.encode(found)):
                return f"Convert the frame's column first, with {words}."
        except (Warning, *kinds.BROKEN):  # what pandas warns of is no way out
            continue
    return REPLACE


def _conversions(
    grid: Spec, series: pd.Series[Any]
) -> Iterator[tuple[str, Callable[[], pd.Series[Any]]]]:
    dtype = kinds.dtype_of(grid)
    zone = getattr(dtype, "tz", None)
    if series.dtype.kind == "M" and dtype.kind == "M":
        method = "tz_convert" if zone and getattr(series.dtype, "tz", None) else "tz_localize"
        name = None if zone is None else str(zone)
        yield f".dt.{method}({name!r})", lambda: getattr(series.dt, method)(name)
    if grid.item == "date" and series.dtype.kind == "M":
        yield ".dt.date", lambda: series.dt.date
    text: Any = "str" if grid.item == "json" else str(dtype)
    if text != "object":
        yield f".astype({text!r})", lambda: series.astype(text)


def _is_same(before: pd.Series[Any], after: pd.Series[Any]) -> bool:
    """Tell whether a conversion, which pandas knows of, keeps what the values say."""
    there = before.notna().to_numpy()
    if not np.array_equal(there, after.notna().to_numpy()):
        return False
    kind = after.dtype.kind
    if kind in "mM":
        return before.dtype.kind not in "iufb"
    if kind not in "iufb" or (_is_text(before) and kind != "b"):
        return True
    return bool(before[there].tolist() == after[there].tolist())


def _is_text(series: pd.Series[Any]) -> bool:
    return isinstance(series.dtype, pd.StringDtype)


def _cast(grid: Spec, frame: Spec, array: pa.Array, fits: Fits) -> str:
    """Try what Arrow has, for whatever library the frame is of."""
    values = arrow.decode(array, frame)
    target = arrow.dtype_of(grid).pyarrow_dtype if grid.arrow else kinds.wire_type_of(grid)
    if target is None and grid.item == "json":
        target = pa.string()
    if target is not None:
        try:
            if fits(*arrow.encode(values.cast(target))):
                return f"Cast the frame's column to the Arrow type {target} first."
        except kinds.BROKEN:
            pass
    return REPLACE
