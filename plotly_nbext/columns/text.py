"""Columns of pandas' string dtypes, ``str`` and ``string``."""

from __future__ import annotations

from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd
import pyarrow as pa

from plotly_nbext.columns import json, wire
from plotly_nbext.columns.refusal import Refusal
from plotly_nbext.columns.schema import Spec

if TYPE_CHECKING:
    from collections.abc import Iterator

__all__ = ["decode", "dtype_of", "encode", "from_values", "in_one_piece", "laid_out", "narrowed"]

_REPAIR = (
    'Repair the text first, e.g. with .map(lambda text: text.encode(errors="replace").decode()).'
)


def encode(series: pd.Series[Any], dtype: Any) -> tuple[pa.Array, Spec]:
    """Write strings; an empty string stays one, a missing one is null."""
    name = "string" if dtype.na_value is pd.NA else "str"
    try:
        texts = pa.array(series.array)
        if isinstance(texts, pa.ChunkedArray):  # as pandas leaves frames that were put together
            texts = in_one_piece(texts)
        array = narrowed(texts)
    except UnicodeEncodeError:
        array = from_values(series.array.to_numpy(dtype=object, na_value=None).tolist())
    return array, Spec(dtype=name, storage=dtype.storage)


def decode(array: pa.Array, dtype: Any, _spec: Spec) -> pd.Series[Any]:
    """Read strings back."""
    if array.type != pa.string():
        raise ValueError("the values are not strings")
    return pd.Series(dtype.__from_arrow__(array))


def dtype_of(spec: Spec) -> Any:
    """Make the string dtype.

    ``str`` is of pandas 2.3 and later; an older pandas raises TypeError.
    """
    kind: dict[str, Any] = {} if spec.dtype == "string" else {"na_value": np.nan}
    storage: Any = spec.storage
    return pd.StringDtype(storage, **kind)


def narrowed(texts: pa.Array) -> pa.Array:
    """Give strings of any layout that of the wire.

    Raises
    ------
    Refusal
        If they are too long for it.
    """
    with _refusing_long_texts():
        return texts.cast(pa.string())


def laid_out(texts: pa.Array, kind: pa.DataType) -> pa.Array:
    """Give strings of the wire any layout."""
    array = texts.cast(kind)
    if not pa.types.is_string_view(kind):
        return array
    # of short texts alone, pyarrow before 25 leaves a null where others (polars) follow a pointer
    validity, views, *data = array.buffers()
    kept = [validity, views, *(buffer for buffer in data if buffer is not None)]
    return pa.Array.from_buffers(kind, len(array), kept, offset=array.offset)


def in_one_piece(array: pa.ChunkedArray) -> pa.Array:
    """Join the chunks of an array.

    Raises
    ------
    Refusal
        If their texts are too long for one.
    """
    if array.num_chunks <= 1:
        return array.chunk(0) if array.num_chunks else pa.nulls(0, array.type)
    with _refusing_long_texts():
        return array.combine_chunks()


def from_values(values: list[Any]) -> pa.Array:
    """Make a column of JSON values.

    Raises
    ------
    Refusal
        If JSON can't hold one of them; it has the row.
    """
    try:
        return wire.from_values(values)
    except ValueError as error:
        for row, value in enumerate(values):
            if why := _why_not(value):
                why = f"can't be kept: {why}"
                raise Refusal.of_value(value, row, why, hint=_REPAIR) from None
        raise Refusal(str(error), hint=_IN_PARTS) from None


@contextmanager
def _refusing_long_texts() -> Iterator[None]:
    try:
        yield
    except pa.ArrowInvalid:
        raise Refusal(_TOO_LONG, hint=_IN_PARTS) from None


_TOO_LONG = "the texts of a column are longer than 2 GB together"
_IN_PARTS = "Push the frame in parts, as several grids."


def _why_not(value: Any) -> str | None:
    try:
        json.dumps([value])
    except ValueError as error:
        return str(error)
    return None
