"""Which code writes and reads which dtype, and the dtypes that are made of others.

:func:`encode` and :func:`decode` are each other's inverse: a column fits its spec if writing it
again gives the values that were read, and only then is it given out.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, NamedTuple

import msgspec
import numpy as np
import pandas as pd

from plotly_nbext.columns import durations, json, moments, numeric, objects, text
from plotly_nbext.columns.refusal import Refusal
from plotly_nbext.columns.schema import Spec, Typed

if TYPE_CHECKING:
    from collections.abc import Callable

__all__ = ["BROKEN", "decode", "dtype_of", "encode", "make_typed", "read_typed"]

# what a spec that another program changed, or a library that is missing here, may raise
BROKEN = (
    *(ArithmeticError, AttributeError, ImportError, LookupError, NotImplementedError),
    *(RecursionError, TypeError, ValueError, msgspec.ValidationError),
)

# wire values that a dtype takes as they are, so that there is nothing to check
_NULL = type(None)
_EXACT: dict[str, set[type]] = {
    "bool": {bool},
    "int64": {int},
    "float64": {float, _NULL},
    "boolean": {bool, _NULL},
    "Int64": {int, _NULL},
    "str": {str, _NULL},
    "string": {str, _NULL},
}


class _Kind(NamedTuple):
    """How the columns of some dtypes are written and read."""

    encode: Callable[[pd.Series[Any], Any], tuple[bytes, Spec]]
    decode: Callable[[list[Any], Any, Spec], pd.Series[Any]]


def encode(series: pd.Series[Any]) -> tuple[bytes, Spec]:
    """Write a column.

    Returns
    -------
    bytes
        The JSON array of Chart Studio's wire values.
    Spec
        What brings the column back from them.

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


def decode(wire: list[Any], spec: Spec) -> pd.Series[Any]:
    """Read a column.

    Parameters
    ----------
    wire : list
        Its JSON values.
    spec : Spec
        What :func:`encode` said of it.

    Raises
    ------
    Exception
        One of :data:`BROKEN`, if the values are not, or no longer, of the spec's type.
    """
    series = _decode(wire, spec)
    if set(map(type, wire)) <= _EXACT.get(str(series.dtype), set()):
        return series
    again = json.loads(encode(series)[0])
    if _same(again, wire):
        return series
    if series.dtype.kind == "M" and all(map(moments.same, again, wire)):
        return series
    raise ValueError(f"the values are not of dtype {series.dtype}")


def dtype_of(spec: Spec) -> Any:
    """Make the dtype that a spec names."""
    match spec:
        case Spec(dtype="category", categories=Typed() as categories):
            return pd.CategoricalDtype(read_typed(categories), ordered=spec.ordered)
        case Spec(dtype="Sparse", of=Spec() as of, fill=Typed() as fill):
            return pd.SparseDtype(dtype_of(of), read_typed(fill)[0])
        case Spec(dtype="str" | "string"):
            return text.dtype_of(spec)
        case Spec(arrow=str(message)):
            return _arrow().type_from_text(message)
        case Spec(dtype=name) if name.startswith("datetime64[") and ", " in name:
            return moments.aware_dtype(name)
    return pd.api.types.pandas_dtype(spec.dtype)


def make_typed(values: pd.Series[Any]) -> Typed:
    """Write a few values that belong into a schema."""
    data, spec = encode(values)
    return Typed(spec, json.loads(data))


def read_typed(typed: Typed) -> pd.Index[Any]:
    """Read what :func:`make_typed` wrote."""
    series = decode(typed.wire, typed.type)
    return pd.Index(series.array, dtype=series.dtype, tupleize_cols=False)


def _kind_of(dtype: Any) -> _Kind | None:
    match dtype:
        case np.dtype(kind="b" | "i" | "u" | "f"):
            return _Kind(numeric.encode, numeric.decode)
        case np.dtype(kind="M") | pd.DatetimeTZDtype():
            return _Kind(moments.encode, moments.decode)
        case np.dtype(kind="m"):
            return _Kind(durations.encode, durations.decode)
        case np.dtype(kind="O"):
            return _Kind(objects.encode, objects.decode)
        case pd.PeriodDtype():
            return _Kind(durations.encode_periods, durations.decode_periods)
        case pd.StringDtype():
            return _Kind(text.encode, text.decode)
        case pd.CategoricalDtype():
            return _Kind(_encode_category, _decode_category)
        case pd.SparseDtype():
            return _Kind(_encode_sparse, _decode_sparse)
        case pd.ArrowDtype():
            return _Kind(_encode_arrow, _decode_arrow)
    return _Kind(numeric.encode, numeric.decode) if isinstance(dtype, numeric.NULLABLE) else None


def _decode(wire: list[Any], spec: Spec) -> pd.Series[Any]:
    dtype = dtype_of(spec)
    kind = _kind_of(dtype)
    if kind is None:
        raise TypeError(f"no grid holds values of dtype {dtype}")
    return kind.decode(wire, dtype, spec)


def _same(ours: list[Any], theirs: list[Any]) -> bool:
    """Compare wire values; True is not 1, but a whole float may be written as an integer."""
    if ours != theirs:
        return False
    types = set(map(type, ours))
    return set(map(type, theirs)) - types <= ({int} if float in types else set())


def _encode_category(series: pd.Series[Any], dtype: pd.CategoricalDtype) -> tuple[bytes, Spec]:
    """Write the category of each row; an infinite one is null, as any infinity is."""
    categories = make_typed(pd.Series(dtype.categories.array, dtype=dtype.categories.dtype))
    codes = series.cat.codes.to_numpy()
    spec = Spec(dtype="category", categories=categories, ordered=bool(dtype.ordered))
    spec.inf = numeric.positions(np.isin(codes, categories.type.inf))
    spec.minus_inf = numeric.positions(np.isin(codes, categories.type.minus_inf))
    wire = np.array([*categories.wire, None], dtype=object)
    return json.dumps(wire[codes].tolist()), spec


def _decode_category(wire: list[Any], dtype: Any, spec: Spec) -> pd.Series[Any]:
    categories = spec.categories.wire if spec.categories else []
    code_of = {value: code for code, value in enumerate(categories) if value is not None}
    code_of[None] = -1
    codes = np.array([code_of[value] for value in wire], dtype=np.int64)
    for row, number in numeric.unwritten(wire, spec):
        codes[row] = dtype.categories.get_loc(number)
    return pd.Series(pd.Categorical.from_codes(codes, dtype=dtype))


def _encode_sparse(series: pd.Series[Any], dtype: Any) -> tuple[bytes, Spec]:
    data, of = encode(pd.Series(np.asarray(series.array), dtype=dtype.subtype))
    fill = make_typed(pd.Series([dtype.fill_value], dtype=dtype.subtype))
    return data, Spec(dtype="Sparse", of=of, fill=fill)


def _decode_sparse(wire: list[Any], dtype: Any, spec: Spec) -> pd.Series[Any]:
    return pd.Series(pd.arrays.SparseArray(_decode(wire, _inner(spec)), dtype=dtype))


def _encode_arrow(series: pd.Series[Any], dtype: pd.ArrowDtype) -> tuple[bytes, Spec]:
    data, of = encode(_arrow().to_plain(series))
    return data, Spec(dtype=str(dtype), arrow=_arrow().type_to_text(dtype), of=of)


def _decode_arrow(wire: list[Any], dtype: Any, spec: Spec) -> pd.Series[Any]:
    return pd.Series(_arrow().from_plain(_decode(wire, _inner(spec)), dtype))


def _inner(spec: Spec) -> Spec:
    if spec.of is None:
        raise ValueError(f"{spec.dtype} without the type of its values")
    return spec.of


def _arrow() -> Any:
    from plotly_nbext.columns import arrow  # pyarrow is slow to import

    return arrow
