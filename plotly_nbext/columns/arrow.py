"""Arrow-backed columns, by way of the pandas column that holds the same values.

It is imported only where there is such a column: pyarrow takes its time.
"""

from __future__ import annotations

import base64
from typing import Any

import numpy as np
import pandas as pd
import pyarrow as pa

from plotly_nbext.columns.refusal import Refusal

__all__ = ["from_plain", "to_plain", "type_from_text", "type_to_text"]


def type_to_text(dtype: pd.ArrowDtype) -> str:
    """Write an Arrow type with all of its parameters: an IPC schema message in base64."""
    message = pa.schema([pa.field("", dtype.pyarrow_dtype)]).serialize()
    return base64.b64encode(message.to_pybytes()).decode()


def type_from_text(text: str) -> pd.ArrowDtype:
    """Read what :func:`type_to_text` wrote."""
    return pd.ArrowDtype(pa.ipc.read_schema(pa.py_buffer(base64.b64decode(text))).field(0).type)


def to_plain(series: pd.Series[Any]) -> pd.Series[Any]:
    """Make the column of nullable, datetime, timedelta or object dtype with the same values.

    Raises
    ------
    Refusal
        If there is none (times of day with nanoseconds).
    """
    array = _array(series)
    kind = array.type
    if pa.types.is_boolean(kind):
        return _masked(series, pd.arrays.BooleanArray, np.bool_)
    if pa.types.is_integer(kind):
        return _masked(series, pd.arrays.IntegerArray, kind.to_pandas_dtype())
    if pa.types.is_floating(kind):
        if pa.types.is_float16(kind):  # pandas has no nullable one
            series = series.astype(pd.ArrowDtype(pa.float32()))
        narrow = not pa.types.is_float64(kind)
        return _masked(series, pd.arrays.FloatingArray, np.float32 if narrow else np.float64)
    if pa.types.is_timestamp(kind) or pa.types.is_duration(kind):
        plain: pd.Series[Any] = pd.Series(array.to_numpy())
        zone = getattr(kind, "tz", None)
        return plain.dt.tz_localize("UTC").dt.tz_convert(zone) if zone else plain
    plain = pd.Series(array.to_pylist(), dtype=object)
    try:
        kept = _decoded(_array(from_plain(plain, series.dtype))).equals(_decoded(array))
    except NotImplementedError:
        kept = False
    if not kept:
        raise Refusal(f"dtype {series.dtype} holds values that Python's own types can't")
    return plain


def from_plain(plain: pd.Series[Any], dtype: Any) -> pd.Series[Any]:
    """Make the Arrow-backed column again."""
    return plain.astype(dtype)


def _array(series: pd.Series[Any]) -> Any:
    backing: Any = series.array
    return backing.__arrow_array__()


def _masked(series: pd.Series[Any], array: Any, kind: Any) -> pd.Series[Any]:
    data = series.to_numpy(dtype=kind, na_value=kind(0))
    return pd.Series(array(data, series.isna().to_numpy()))


def _decoded(array: Any) -> Any:
    """Compare dictionaries by what they stand for."""
    is_dictionary = pa.types.is_dictionary(array.type)
    return array.cast(array.type.value_type) if is_dictionary else array
