"""A pandas column ⇄ its Arrow array on the wire: which code writes and reads which dtype.

:func:`encode` and :func:`decode` are each other's inverse: a column fits its spec if writing it
again gives the values that were read, and only then is it given out.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, NamedTuple

import msgspec
import numpy as np
import pandas as pd
import pyarrow as pa

from plotly_nbext.columns import (
    arrow,
    datetimes,
    durations,
    moments,
    numeric,
    objects,
    text,
    wire,
)
from plotly_nbext.columns.refusal import Refusal
from plotly_nbext.columns.schema import Spec, Typed

if TYPE_CHECKING:
    from collections.abc import Callable

__all__ = ["BROKEN", "decode", "dtype_of", "encode", "make_typed", "read_typed", "wire_type_of"]

# what a spec that another program changed, or a library that is missing here, may raise
BROKEN = (
    *(ArithmeticError, AttributeError, ImportError, LookupError, NotImplementedError),
    *(RecursionError, TypeError, ValueError, msgspec.ValidationError, pa.ArrowException),
)


class _Kind(NamedTuple):
    """How the columns of some dtypes are written and read."""

    encode: Callable[[pd.Series[Any], Any], tuple[pa.Array, Spec]]
    decode: Callable[[pa.Array, Any, Spec], pd.Series[Any]]
    wire_type: Callable[[Any], pa.DataType | None] = lambda _: None
    """Of which columns can be decoded without a look at what came of it."""
    is_sure: bool = False
    """Whether that look is taken by what decodes the columns."""


def encode(series: pd.Series[Any]) -> tuple[pa.Array, Spec]:
    """Write a column.

    Returns
    -------
    pyarrow.Array
        The column on the wire.
    Spec
        What brings the column back from it.

    Raises
    ------
    Refusal
        If a value, or the dtype, would not come back.
    """
    kind = _kind_of(series.dtype)
    if kind is not None:
        return kind.encode(series, series.dtype)
    why = f"can't be kept: no grid holds dtype {series.dtype}"
    raise Refusal(why) if series.empty else Refusal.of_value(series.iloc[0], 0, why)


def decode(column: list[Any] | pa.Array, spec: Spec) -> pd.Series[Any]:
    """Read a column.

    Parameters
    ----------
    column : list or pyarrow.Array
        Its JSON values, or the same on the wire.
    spec : Spec
        What :func:`encode` said of it.

    Raises
    ------
    Exception
        One of :data:`BROKEN`, if the values are not, or no longer, of the spec's type.
    """
    dtype = dtype_of(spec)
    kind = _kind_of(dtype)
    if kind is None:
        raise TypeError(f"no grid holds values of dtype {dtype}")
    own_type = kind.wire_type(dtype)
    array = _as_type(column, own_type)
    series = kind.decode(array, dtype, spec)
    if kind.is_sure or array.type == own_type:
        return series
    again = encode(series)[0]
    if wire.alike(again, array):
        return series
    if series.dtype.kind == "M":
        texts = wire.to_values(again), wire.to_values(array)
        if all(map(moments.same, *texts)):
            return series
    raise ValueError(f"the values are not of dtype {series.dtype}")


def dtype_of(spec: Spec) -> Any:
    """Make the dtype that a spec names."""
    match spec:
        case Spec(dtype="category", categories=Typed() as categories):
            return pd.CategoricalDtype(read_typed(categories), ordered=spec.ordered)
        case Spec(dtype="Sparse", of=Spec() as of, fill=Typed() as fill):
            subtype = dtype_of(of)
            return pd.SparseDtype(subtype, read_typed(fill).astype(object)[0])
        case Spec(arrow=str()):
            return arrow.dtype_of(spec)
        case Spec(dtype="str" | "string"):
            return text.dtype_of(spec)
        case Spec(dtype=name) if name.startswith("datetime64[") and ", " in name:
            return datetimes.aware_dtype(name)
    return pd.api.types.pandas_dtype(spec.dtype)


def wire_type_of(spec: Spec) -> pa.DataType | None:
    """Name the type that a column has on the wire, where it is always the same and tells all."""
    if spec.arrow:
        return arrow.wire_type_of(spec)
    dtype = dtype_of(spec)
    kind = _kind_of(dtype)
    return None if kind is None else kind.wire_type(dtype)


def make_typed(values: pd.Series[Any]) -> Typed:
    """Write a few values that belong into a schema."""
    array, spec = encode(values)
    return Typed(spec, wire.to_values(array))


def read_typed(typed: Typed) -> pd.Index[Any]:
    """Read what :func:`make_typed` wrote."""
    series = decode(typed.wire, typed.type)
    return pd.Index(series.array, dtype=series.dtype, tupleize_cols=False)


def _kind_of(dtype: Any) -> _Kind | None:
    match dtype:
        case np.dtype(kind="b" | "i" | "u" | "f"):
            return _NUMERIC
        case np.dtype(kind="M") | pd.DatetimeTZDtype():
            return _Kind(datetimes.encode, datetimes.decode, datetimes.wire_type)
        case np.dtype(kind="m"):
            return _Kind(durations.encode, durations.decode)
        case np.dtype(kind="O"):
            return _Kind(objects.encode, objects.decode, is_sure=True)
        case pd.PeriodDtype():
            return _Kind(durations.encode_periods, durations.decode_periods)
        case pd.StringDtype():
            return _Kind(text.encode, text.decode, lambda _: pa.string())
        case pd.CategoricalDtype():
            return _Kind(_encode_category, _decode_category)
        case pd.SparseDtype():
            return _Kind(_encode_sparse, _decode_sparse, is_sure=True)
        case pd.ArrowDtype():
            return _Kind(_encode_arrow, _decode_arrow, is_sure=True)
    return _NUMERIC if isinstance(dtype, numeric.NULLABLE) else None


_NUMERIC = _Kind(numeric.encode, numeric.decode, numeric.wire_type)


def _as_type(column: list[Any] | pa.Array, kind: pa.DataType | None) -> pa.Array:
    """Give a column its own type, where that changes no JSON value."""
    if isinstance(column, list):
        fitted = None if kind is None else wire.fit(column, kind)
        return wire.from_values(column) if fitted is None else fitted
    try:
        return column if kind is None else wire.cast(column, kind)
    except ValueError:
        return column


def _encode_category(series: pd.Series[Any], dtype: pd.CategoricalDtype) -> tuple[pa.Array, Spec]:
    """Write the category of each row; an infinite one is null, as any infinity is."""
    categories, kind = encode(pd.Series(dtype.categories.array, dtype=dtype.categories.dtype))
    codes = series.cat.codes.to_numpy()
    spec = Spec(
        dtype="category",
        categories=Typed(kind, wire.to_values(categories)),
        ordered=bool(dtype.ordered),
        inf=numeric.positions(np.isin(codes, kind.inf)),
        minus_inf=numeric.positions(np.isin(codes, kind.minus_inf)),
    )
    return categories.take(pa.array(codes, mask=codes < 0)), spec


def _decode_category(array: pa.Array, dtype: Any, spec: Spec) -> pd.Series[Any]:
    categories = encode(pd.Series(dtype.categories.array, dtype=dtype.categories.dtype))[0]
    cells = wire.cast(array, categories.type)
    places = np.array(wire.codes(cells, categories).fill_null(-1))
    for rows, number in numeric.unwritten(places < 0, spec):
        places[rows] = dtype.categories.get_loc(number)
    return pd.Series(pd.Categorical.from_codes(places, dtype=dtype))


def _encode_sparse(series: pd.Series[Any], dtype: Any) -> tuple[pa.Array, Spec]:
    array, of = encode(pd.Series(np.asarray(series.array), dtype=dtype.subtype))
    fill = make_typed(pd.Series([dtype.fill_value], dtype=dtype.subtype))
    return array, Spec(dtype="Sparse", of=of, fill=fill)


def _decode_sparse(array: pa.Array, dtype: Any, spec: Spec) -> pd.Series[Any]:
    if spec.of is None:
        raise ValueError("Sparse without the type of its values")
    return pd.Series(pd.arrays.SparseArray(decode(array, spec.of), dtype=dtype))


def _encode_arrow(series: pd.Series[Any], _dtype: pd.ArrowDtype) -> tuple[pa.Array, Spec]:
    return arrow.encode(pa.array(series.array))


def _decode_arrow(array: pa.Array, dtype: Any, spec: Spec) -> pd.Series[Any]:
    cells = arrow.decode(array, spec).cast(dtype.pyarrow_dtype)
    return pd.Series(pd.arrays.ArrowExtensionArray(cells))
