"""The dtype of a column that comes without a schema: what holds all of its values unchanged."""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd

__all__ = ["infer"]

_INTEGERS = (np.iinfo(np.int64), np.iinfo(np.uint64))


def infer(values: list[Any]) -> pd.Series[Any]:
    """Make a column of JSON values.

    Parameters
    ----------
    values : list
        JSON values.

    Returns
    -------
    Series
        Booleans, integers, floats and strings get pandas' own dtypes, and stay exact: integers and
        booleans beside null are nullable, and numbers that no one dtype holds stay objects, as
        anything else does. Text is never taken for dates.
    """
    kinds = set(map(type, values))
    has_null = type(None) in kinds
    match sorted(kind.__name__ for kind in kinds - {type(None)}):
        case ["bool"]:
            return pd.Series(values, dtype="boolean" if has_null else "bool")
        case ["int"]:
            return _integers(values, has_null=has_null)
        case ["float"] | ["float", "int"]:
            return _floats(values)
        case ["str"]:
            return pd.Series(values)  # `str` or, before pandas 3, `object`
    return pd.Series(values, dtype=object)


def _integers(values: list[Any], *, has_null: bool) -> pd.Series[Any]:
    present = [0 if value is None else value for value in values]
    low, high = min(present), max(present)
    for limits in _INTEGERS:
        if limits.min <= low and high <= limits.max:
            data = np.array(present, dtype=limits.dtype)
            missing = np.array([value is None for value in values], dtype=bool)
            return pd.Series(pd.arrays.IntegerArray(data, missing) if has_null else data)
    return pd.Series(values, dtype=object)


def _floats(values: list[Any]) -> pd.Series[Any]:
    try:
        data = np.array(values, dtype=np.float64)
    except OverflowError:
        return pd.Series(values, dtype=object)
    exact = all(float(value) == value for value in values if type(value) is int)
    return pd.Series(data) if exact else pd.Series(values, dtype=object)
