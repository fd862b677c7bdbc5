"""Booleans, integers and floats, of numpy and of pandas' nullable dtypes.

orjson writes a numpy array at about a gigabyte a second, with the shortest digits that give the
same float back (a float32 of 0.1 is written ``0.1``).
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
import orjson
import pandas as pd

from plotly_nbext.columns import json
from plotly_nbext.columns.refusal import Refusal
from plotly_nbext.columns.schema import Spec

if TYPE_CHECKING:
    from collections.abc import Iterator

__all__ = ["NULLABLE", "decode", "encode", "positions", "unwritten"]

NULLABLE = (
    pd.BooleanDtype,
    *(pd.Int8Dtype, pd.Int16Dtype, pd.Int32Dtype, pd.Int64Dtype),
    *(pd.UInt8Dtype, pd.UInt16Dtype, pd.UInt32Dtype, pd.UInt64Dtype),
    *(pd.Float32Dtype, pd.Float64Dtype),
)
# the one float32 whose shortest digits, read as a float64, round to its neighbour (all were tried)
_DIGITS, _FLOAT32 = 7.038531e-26, np.array(0x15AE43FD, dtype=np.uint32).view(np.float32)
_WIDEST_IN_JSON = 8  # bytes of a float


def encode(series: pd.Series[Any], dtype: Any) -> tuple[bytes, Spec]:
    """Write numbers or booleans; null where one is missing, NaN or infinite."""
    spec = Spec(dtype=str(dtype))
    if isinstance(dtype, np.dtype):
        data = series.to_numpy()
        missing = np.zeros(1, dtype=bool)
    else:
        data = series.to_numpy(dtype=dtype.numpy_dtype, na_value=0)
        missing = series.isna().to_numpy()
    if data.dtype.kind == "f":
        data = _as_written(data)
        if missing.any():
            data = np.where(missing, np.nan, data)
        spec.inf, spec.minus_inf = positions(np.isposinf(data)), positions(np.isneginf(data))
        if not isinstance(dtype, np.dtype):
            spec.nan = positions(np.isnan(data) & ~missing)
    elif missing.any():
        boxed = data.astype(object)
        boxed[missing] = None
        return json.dumps(boxed.tolist()), spec
    native = np.ascontiguousarray(data, dtype=data.dtype.newbyteorder("="))
    return orjson.dumps(native, option=orjson.OPT_SERIALIZE_NUMPY), spec


def decode(values: list[Any], dtype: Any, spec: Spec) -> pd.Series[Any]:
    """Read numbers or booleans back."""
    if isinstance(dtype, np.dtype):
        if dtype.kind != "f":
            return pd.Series(np.array(values, dtype=dtype))
        data = np.array(values, dtype=np.float64)
        for row, number in unwritten(values, spec):
            data[row] = number
        return pd.Series(_narrowed(data, dtype))
    missing = np.array([value is None for value in values], dtype=bool)
    present = [0 if value is None else value for value in values]
    kind = dtype.numpy_dtype.kind
    if kind == "f":
        data = np.array(present, dtype=np.float64)
        for row, number in unwritten(values, spec):
            data[row] = number
        missing &= np.isfinite(data)
        return pd.Series(pd.arrays.FloatingArray(_narrowed(data, dtype.numpy_dtype), missing))
    array = pd.arrays.BooleanArray if kind == "b" else pd.arrays.IntegerArray
    return pd.Series(array(np.array(present, dtype=dtype.numpy_dtype), missing))


def positions(mask: np.ndarray[Any, Any]) -> list[int]:
    """List the rows where a mask is true."""
    rows: list[int] = np.flatnonzero(mask).tolist()
    return rows


def unwritten(values: list[Any], spec: Spec) -> Iterator[tuple[int, float]]:
    """Give NaN and the infinities with their rows, where the wire has such a row and null in it."""
    for rows, number in ((spec.nan, np.nan), (spec.inf, np.inf), (spec.minus_inf, -np.inf)):
        for row in rows:
            if 0 <= row < len(values) and values[row] is None:
                yield row, number


def _narrowed(data: np.ndarray[Any, Any], dtype: Any) -> np.ndarray[Any, Any]:
    with np.errstate(over="ignore"):  # of what another program wrote; it won't be written the same
        narrow = data.astype(dtype)
    if dtype.itemsize == _FLOAT32.itemsize:
        tied = np.abs(data) == _DIGITS
        narrow[tied] = np.copysign(_FLOAT32, data[tied])
    return narrow


def _as_written(data: np.ndarray[Any, Any]) -> np.ndarray[Any, Any]:
    """Narrow a long double, which JSON's readers would do anyway, if that loses nothing."""
    if data.dtype.itemsize <= _WIDEST_IN_JSON:
        return data
    with np.errstate(over="ignore"):
        narrow = data.astype(np.float64)
    lost = np.flatnonzero((narrow != data) & ~np.isnan(data))
    if lost.size:
        row = int(lost[0])
        raise Refusal.of_value(data[row], row, "is more precise than a 64-bit float")
    return narrow
