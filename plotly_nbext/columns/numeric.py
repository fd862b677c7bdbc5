"""Booleans, integers and floats, of numpy and of pandas' nullable dtypes."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd
import pyarrow as pa

from plotly_nbext.columns import wire
from plotly_nbext.columns.refusal import Refusal
from plotly_nbext.columns.schema import Spec

if TYPE_CHECKING:
    from collections.abc import Iterator

__all__ = [
    "NULLABLE",
    "decode",
    "encode",
    "nullable",
    "positions",
    "take_out",
    "unwritten",
    "wire_type",
]

NULLABLE = (
    pd.BooleanDtype,
    *(pd.Int8Dtype, pd.Int16Dtype, pd.Int32Dtype, pd.Int64Dtype),
    *(pd.UInt8Dtype, pd.UInt16Dtype, pd.UInt32Dtype, pd.UInt64Dtype),
    *(pd.Float32Dtype, pd.Float64Dtype),
)
_WIDEST_IN_JSON = 8  # bytes of a float


def encode(series: pd.Series[Any], dtype: Any) -> tuple[pa.Array, Spec]:
    """Write numbers or booleans; null where one is missing, NaN or infinite."""
    spec = Spec(dtype=str(dtype))
    if not isinstance(dtype, np.dtype):
        # what an array has under its NA is nobody's business
        shown = series.to_numpy(dtype=dtype.numpy_dtype, na_value=0)
        array = pa.array(shown, mask=np.array(series.isna()))
        return take_out(array, spec, nan=True), spec
    data = series.to_numpy()
    if dtype.kind == "f":
        data = _as_written(data)
    native = np.ascontiguousarray(data, dtype=data.dtype.newbyteorder("="))
    return take_out(pa.array(native), spec, nan=False), spec


def wire_type(dtype: Any) -> pa.DataType:
    """Name the type that the column has on the wire."""
    native = np.dtype(getattr(dtype, "numpy_dtype", dtype)).newbyteorder("=")
    wide = native.kind == "f" and native.itemsize > _WIDEST_IN_JSON
    return pa.float64() if wide else pa.from_numpy_dtype(native)


def decode(array: pa.Array, dtype: Any, spec: Spec) -> pd.Series[Any]:
    """Read numbers or booleans back.

    Raises
    ------
    ValueError
        If the dtype can't hold them.
    """
    if array.type != wire_type(dtype):
        array = _whole_floats(array, dtype)
    missing = np.array(array.is_null())
    if isinstance(dtype, np.dtype):
        if dtype.kind != "f" and array.null_count:
            raise ValueError(f"dtype {dtype} knows no null")
        # one that may be written to, unlike Arrow's
        data = array.to_numpy(zero_copy_only=False).astype(dtype)
        for rows, number in unwritten(missing, spec):
            data[rows] = number
        return pd.Series(data)
    data = np.array(array.fill_null(pa.scalar(0).cast(array.type)))
    if dtype.kind == "b":
        return pd.Series(pd.arrays.BooleanArray(data, missing))
    if dtype.kind != "f":
        return pd.Series(pd.arrays.IntegerArray(data, missing))
    for rows, number in unwritten(missing.copy(), spec):
        data[rows], missing[rows] = number, False
    return pd.Series(pd.arrays.FloatingArray(data, missing))


def nullable(dtype: np.dtype[Any]) -> Any:
    """Make the dtype that has the same values as one of numpy's booleans or integers, and NA."""
    name = dtype.name.replace("bool", "boolean").replace("int", "Int").replace("u", "U")
    return pd.api.types.pandas_dtype(name)


def positions(mask: np.ndarray[Any, Any]) -> list[int]:
    """List the rows where a mask is true."""
    rows: list[int] = np.flatnonzero(mask).tolist()
    return rows


def take_out(array: pa.Array, spec: Spec, *, nan: bool) -> pa.Array:
    """Put null for NaN, ∞ and -∞, and keep the rows of these (of NaN if *nan*) in a spec."""
    if not pa.types.is_floating(array.type):
        return array
    data = array.to_numpy(zero_copy_only=False)
    odd = ~np.isfinite(data)
    if np.count_nonzero(odd) == array.null_count:
        return array
    spec.inf, spec.minus_inf = positions(np.isposinf(data)), positions(np.isneginf(data))
    if nan:
        spec.nan = positions(np.isnan(data) & ~array.is_null().to_numpy(zero_copy_only=False))
    return pa.array(data, mask=odd)


def unwritten(
    missing: np.ndarray[Any, Any], spec: Spec
) -> Iterator[tuple[np.ndarray[Any, Any], float]]:
    """Give NaN, ∞ and -∞ with those of their rows that the column has, with null in them."""
    for kept, number in ((spec.nan, np.nan), (spec.inf, np.inf), (spec.minus_inf, -np.inf)):
        if kept:
            rows = np.array([row for row in kept if 0 <= row < len(missing)], dtype=np.intp)
            yield rows[missing[rows]], number


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


def _whole_floats(array: pa.Array, dtype: Any) -> pa.Array:
    """Read floats of which another program wrote some as integers."""
    if dtype.kind == "f":
        values = [value if value is None else float(value) for value in wire.to_values(array)]
        floats = wire.fit(values, wire_type(dtype))
        if floats is not None:
            return floats
    raise ValueError(f"the values are not of dtype {dtype}")
