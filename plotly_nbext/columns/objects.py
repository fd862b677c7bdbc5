"""Columns of dtype ``object``: JSON values, or values that are all of one Python type.

What a column holds is its ``item``: ``"json"`` (str, int of any size, float, bool, and lists and
dicts of these), ``"null"`` (nothing but missing values), or one of :mod:`.items`.
"""

from __future__ import annotations

import math
from decimal import Decimal, InvalidOperation
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd

from plotly_nbext.columns import items, json, numeric, text, wire
from plotly_nbext.columns.refusal import AS_TEXT, Refusal
from plotly_nbext.columns.schema import Spec

if TYPE_CHECKING:
    import pyarrow as pa

__all__ = ["decode", "encode", "nan_of"]

_SCALARS = frozenset({str, int, float, bool, type(None)})
_FLOATS = (float, np.floating)
_NUMPY = (np.str_, np.bool_, np.integer, np.floating)
_NOT_PLAIN = (np.longdouble, np.timedelta64)  # to numpy, a duration is an integer
_HINTS = {
    tuple: "Convert the column first, e.g. with .map(list).",
    np.ndarray: "Convert the column first, e.g. with .map(lambda cell: cell.tolist()).",
    set: "Convert the column first, e.g. with .map(sorted).",
}


def encode(series: pd.Series[Any], _dtype: Any) -> tuple[pa.Array, Spec]:
    """Write a column of Python objects.

    Raises
    ------
    Refusal
        For the first value that would not come back the same.
    """
    cells, absent, names = _parted(series)
    several = len(set(names)) > 1
    spec = Spec(dtype="object", missing="None" if several else next(iter(names), None))
    values = cells.tolist()
    kinds = set(map(type, values)) - {type(None)}
    spec.item = items.name_of(next(iter(kinds))) if len(kinds) == 1 else None
    if several:
        rows, nan = np.flatnonzero(absent).tolist(), nan_of(spec)
        spec.nan = [row for row, name in zip(rows, names, strict=True) if name == nan]
    if spec.item is not None:
        return text.from_values(items.encode(values, spec)), spec
    spec.item = "json" if kinds else "null"
    if kinds <= _SCALARS:
        array = text.from_values(values)
        if array.null_count > len(names):
            spec.inf, spec.minus_inf = _rows_of(math.inf, values), _rows_of(-math.inf, values)
        return array, spec
    if any(issubclass(kind, _FLOATS) for kind in kinds):
        spec.inf, spec.minus_inf = _rows_of(math.inf, values), _rows_of(-math.inf, values)
    infinite = {*spec.inf, *spec.minus_inf}
    values = [
        None if row in infinite else _plain(value, value, row) for row, value in enumerate(values)
    ]
    return text.from_values(values), spec


def decode(array: pa.Array, _dtype: Any, spec: Spec) -> pd.Series[Any]:
    """Read a column of Python objects back.

    Raises
    ------
    ValueError
        If these are not the values that its items are written as.
    """
    values = wire.to_values(array)
    is_json = spec.item in {"json", "null"}
    present = values if is_json else items.decode(values, spec)
    cells = np.fromiter(present, dtype=object, count=len(present))
    absent = np.array(array.is_null())
    cells[absent] = _MISSING[spec.missing or "None"]
    for rows, number in numeric.unwritten(absent, spec):
        cells[rows] = Decimal(number) if spec.item == "Decimal" else number
    cells[[row for row in spec.none if 0 <= row < len(cells) and absent[row]]] = None
    series: pd.Series[Any] = pd.Series(cells, dtype=object)
    if is_json or wire.alike(encode(series, None)[0], array):
        return series
    raise ValueError(f"the values are not those of any {spec.item}")


_NONE = np.array(None, dtype=object)
_MISSING: dict[str, Any] = {
    "None": None,
    "NaN": math.nan,
    "NaT": pd.NaT,
    "NA": pd.NA,
    "Decimal": Decimal("NaN"),
}


def nan_of(spec: Spec) -> str:
    """Name the missing value of which a spec keeps rows as those of NaN."""
    return "Decimal" if spec.item == "Decimal" else "NaN"


def _parted(series: pd.Series[Any]) -> tuple[np.ndarray[Any, Any], np.ndarray[Any, Any], list[str]]:
    """Put None for what is missing; tell where, and what stands there."""
    cells = series.to_numpy()
    absent = _absent(series)
    names = {kind: _missing_name(kind) for kind in set(map(type, cells[absent].tolist()))}
    if None in names.values():
        rows = np.flatnonzero(absent)
        absent[rows[[names[type(cells[row])] is None for row in rows]]] = False
    kinds = [names[type(cell)] for cell in cells[absent].tolist()]
    return np.where(absent, _NONE, cells), absent, [name for name in kinds if name]


def _absent(series: pd.Series[Any]) -> np.ndarray[Any, Any]:
    try:
        return np.array(series.isna())
    except InvalidOperation:  # pandas asks a signaling NaN whether it is one, which that forbids
        row = next(row for row, cell in enumerate(series) if _is_signaling(cell))
        raise Refusal.of_value(
            series.iloc[row], row, "can't be kept", hint="Put Decimal('NaN') or None in its place."
        ) from None


def _is_signaling(cell: Any) -> bool:
    return isinstance(cell, Decimal) and cell.is_snan()


def _missing_name(kind: type) -> str | None:
    """Name what stands for null; numpy's NaT has no name, as its datetimes have no form."""
    for name in ("None", "NaT", "NA"):
        if kind is type(_MISSING[name]):
            return name
    if issubclass(kind, _FLOATS):
        return "NaN"
    return "Decimal" if issubclass(kind, Decimal) else None


def _rows_of(number: float, values: list[Any]) -> list[int]:
    return [
        row for row, value in enumerate(values) if isinstance(value, _FLOATS) and value == number
    ]


def _plain(value: Any, cell: Any, row: int, depth: int = 0) -> Any:
    """Make JSON values of a cell's lists and dicts and of numpy's scalars."""
    kind = type(value)
    if depth > json.MAX_CELL_DEPTH:
        raise Refusal.of_value(cell, row, f"is nested more than {json.MAX_CELL_DEPTH} deep")
    if kind in _SCALARS and not (kind is float and not math.isfinite(value)):
        return value
    if kind is list:
        return [_plain(part, cell, row, depth + 1) for part in value]
    if kind is dict and all(type(key) is str for key in value):
        return {key: _plain(part, cell, row, depth + 1) for key, part in value.items()}
    if isinstance(value, _NUMPY) and not issubclass(kind, _NOT_PLAIN):
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
