"""Columns of pandas' string dtypes, ``str`` and ``string``."""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd

from plotly_nbext.columns import json
from plotly_nbext.columns.refusal import Refusal
from plotly_nbext.columns.schema import Spec

__all__ = ["decode", "dtype_of", "dumps", "encode"]

_REPAIR = (
    'Repair the text first, e.g. with .map(lambda text: text.encode(errors="replace").decode()).'
)


def encode(series: pd.Series[Any], dtype: Any) -> tuple[bytes, Spec]:
    """Write strings; an empty string stays one, a missing one is null."""
    name = "string" if dtype.na_value is pd.NA else "str"
    array: Any = series.array
    return dumps(array.to_numpy(dtype=object, na_value=None).tolist()), Spec(
        dtype=name, storage=dtype.storage
    )


def decode(values: list[Any], dtype: Any, _spec: Spec) -> pd.Series[Any]:
    """Read strings back."""
    return pd.Series(pd.array(values, dtype=dtype))


def dtype_of(spec: Spec) -> Any:
    """Make the string dtype.

    ``str`` is of pandas 2.3 and later; an older pandas raises TypeError.
    """
    kind: dict[str, Any] = {} if spec.dtype == "string" else {"na_value": np.nan}
    storage: Any = spec.storage
    return pd.StringDtype(storage, **kind)


def dumps(values: list[Any]) -> bytes:
    """Write JSON values, and name the row of one that JSON can't hold."""
    try:
        return json.dumps(values)
    except ValueError:
        found = ((row, why) for row, value in enumerate(values) if (why := _why_not(value)))
        row, why = next(found)
        raise Refusal.of_value(values[row], row, f"can't be kept: {why}", hint=_REPAIR) from None


def _why_not(value: Any) -> str | None:
    try:
        json.dumps([value])
    except ValueError as error:
        return str(error)
    return None
