"""The dtype of a column that comes without a schema: what holds all of its values unchanged."""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd
import pyarrow as pa

from plotly_nbext.columns import datetimes, numeric, text, wire
from plotly_nbext.columns.schema import Spec

__all__ = ["infer"]

_NO_SPEC = Spec(dtype="")
_TEXT = pd.Series([""]).dtype  # `str` or, before pandas 3, `object`


def infer(array: pa.Array) -> pd.Series[Any]:
    """Make a column.

    Parameters
    ----------
    array : pyarrow.Array
        The column on the wire.

    Returns
    -------
    Series
        Booleans, integers, floats, strings and timestamps get pandas' own dtypes, and stay exact:
        integers and booleans beside null are nullable, and numbers that no one dtype holds stay
        objects, as anything else does. Text is never taken for dates.
    """
    kind = array.type
    if pa.types.is_boolean(kind) or pa.types.is_integer(kind) or pa.types.is_floating(kind):
        dtype = np.dtype(kind.to_pandas_dtype())
        exact = array.null_count == 0 or dtype.kind == "f"
        return numeric.decode(array, dtype if exact else numeric.nullable(dtype), _NO_SPEC)
    if pa.types.is_timestamp(kind):
        return datetimes.decode(array, datetimes.dtype_of(kind), _NO_SPEC)
    if pa.types.is_string(kind) and isinstance(_TEXT, pd.StringDtype):
        return text.decode(array, _TEXT, _NO_SPEC)
    values = wire.to_values(array)
    if set(map(type, values)) - {type(None)} == {int, float}:
        return _floats(values)
    return pd.Series(values, dtype=object)


def _floats(values: list[Any]) -> pd.Series[Any]:
    try:
        data = np.array(values, dtype=np.float64)
    except OverflowError:
        return pd.Series(values, dtype=object)
    exact = all(float(value) == value for value in values if type(value) is int)
    return pd.Series(data) if exact else pd.Series(values, dtype=object)
