"""Columns of dtype ``object``: JSON values, or values that are all of one Python type.

What a column holds is its ``item``: ``"json"`` (str, int of any size, float, bool, and lists and
dicts of these), ``"null"`` (nothing but missing values), or one of :mod:`.items`.
"""

from __future__ import annotations

import math
from decimal import Decimal
from typing import Any

import numpy as np
import pandas as pd

from plotly_nbext.columns import items, json, numeric, text
from plotly_nbext.columns.refusal import AS_TEXT, Refusal
from plotly_nbext.columns.schema import Spec

__all__ = ["decode", "encode"]

_SCALARS = frozenset({str, int, float, bool, type(None)})
_FLOATS = (float, np.floating)
_NUMPY = (np.str_, np.bool_, np.integer, np.floating)
_DEEPEST = json.MAX_DEPTH - 10  # of a cell; a request has some levels around it
_HINTS = {
    tuple: "Convert the column first, e.g. with .map(list).",
    np.ndarray: "Convert the column first, e.g. with .map(lambda cell: cell.tolist()).",
    set: "Convert the column first, e.g. with .map(sorted).",
}


def encode(series: pd.Series[Any], _dtype: Any) -> tuple[bytes, Spec]:
    """Write a column of Python objects.

    Raises
    ------
    Refusal
        For the first value that would not come back the same.
    """
    values = series.tolist()
    missing = set()
    for row in np.flatnonzero(series.isna().to_numpy()).tolist():
        if name := _missing_name(values[row]):
            missing.add(name)
            values[row] = None
    several = len(missing) > 1
    spec = Spec(dtype="object", missing="None" if several else next(iter(missing), None))
    kinds = set(map(type, values)) - {type(None)}
    spec.item = items.name_of(next(iter(kinds))) if len(kinds) == 1 else None
    if spec.item is not None:
        return text.dumps(items.encode(values, spec)), spec
    spec.item = "json" if kinds else "null"
    if any(issubclass(kind, _FLOATS) for kind in kinds):
        spec.inf = _rows_of(math.inf, values, kinds)
        spec.minus_inf = _rows_of(-math.inf, values, kinds)
    if not kinds <= _SCALARS:
        infinite = {*spec.inf, *spec.minus_inf}
        values = [
            None if row in infinite else _plain(value, value, row)
            for row, value in enumerate(values)
        ]
    return text.dumps(values), spec


def decode(values: list[Any], _dtype: Any, spec: Spec) -> pd.Series[Any]:
    """Read a column of Python objects back."""
    present = values[:] if spec.item in {"json", "null"} else items.decode(values, spec)
    missing = _MISSING[spec.missing or "None"]
    if missing is not None:
        present = [missing if value is None else value for value in present]
    for row, number in numeric.unwritten(values, spec):
        present[row] = Decimal(number) if spec.item == "Decimal" else number
    return pd.Series(present, dtype=object)


_MISSING: dict[str, Any] = {
    "None": None,
    "NaN": math.nan,
    "NaT": pd.NaT,
    "NA": pd.NA,
    "Decimal": Decimal("NaN"),
}


def _missing_name(value: Any) -> str | None:
    """Name what stands for null; numpy's NaT has no name, as its datetimes have no form."""
    for name in ("None", "NaT", "NA"):
        if value is _MISSING[name]:
            return name
    if isinstance(value, _FLOATS):
        return "NaN"
    return "Decimal" if isinstance(value, Decimal) else None


def _rows_of(number: float, values: list[Any], kinds: set[type]) -> list[int]:
    if kinds <= _SCALARS and number not in values:
        return []
    return [
        row for row, value in enumerate(values) if isinstance(value, _FLOATS) and value == number
    ]


def _plain(value: Any, cell: Any, row: int, depth: int = 0) -> Any:
    """Make JSON values of a cell's lists and dicts and of numpy's scalars."""
    kind = type(value)
    if depth > _DEEPEST:
        raise Refusal.of_value(cell, row, f"is nested more than {_DEEPEST} deep")
    if kind in _SCALARS and not (kind is float and not math.isfinite(value)):
        return value
    if kind is list:
        return [_plain(part, cell, row, depth + 1) for part in value]
    if kind is dict and all(type(key) is str for key in value):
        return {key: _plain(part, cell, row, depth + 1) for key, part in value.items()}
    if isinstance(value, _NUMPY) and kind is not np.longdouble:
        return _plain(value.item(), cell, row, depth)
    raise _refusal(value, cell, row)


def _refusal(value: Any, cell: Any, row: int) -> Refusal:
    """Say why a value, in a cell or the cell itself, can't be kept."""
    kind = type(value)
    if kind is float:
        why = f"holds {value} inside, which JSON has no form for"
        return Refusal.of_value(cell, row, why, hint="Put None in its place first.")
    if kind is dict:
        key = next(key for key in value if type(key) is not str)
        return Refusal.of_value(cell, row, f"has the key {key!r}, which is no string")
    if value is not cell:
        why = f"holds a {kind.__qualname__} inside, which JSON has no form for"
    elif items.name_of(kind):
        why = "can't be kept beside values of another type"
    else:
        why = "has no form in JSON"
    return Refusal.of_value(cell, row, why, hint=_HINTS.get(kind, AS_TEXT))
