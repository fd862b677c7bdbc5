"""The arrays of a figure ⇄ columns of a grid, with what they were held in.

plotly takes many forms of arrays. A column notes its own as the *container* in the schema, so that
the very same comes back: ``"list"``, ``"tuple"``, ``"Series"``, ``"ndarray <f8"``, or ``"packed
f8"`` for what plotly writes as ``{"dtype": "f8", "bdata": …}``. Each row of an array of two
dimensions is a column: ``"row of ndarray <f8"``.
"""

from __future__ import annotations

import base64
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, Final

import numpy as np
import pandas as pd

from plotly_nbext.columns import decode_frame, encode_frame
from plotly_nbext.columns.schema import is_readable
from plotly_nbext.errors import ValidationError

if TYPE_CHECKING:
    from collections.abc import Sequence

    from plotly_nbext.columns import EncodedColumn

    Values = list[Any] | tuple[Any, ...] | np.ndarray[Any, Any] | pd.Series[Any]

__all__ = ["MAX_ROWS", "array_of", "encoded", "is_of_moments", "taken_apart"]

MAX_ROWS: Final = 1000
"""How many rows an array of two dimensions may have: each is a column."""

_ROW: Final = "row of "
_PACKED: Final = frozenset({"dtype", "bdata"})
_NESTED: Final = (list, tuple, Mapping, np.ndarray, pd.Series)
_KINDS: Final = "biufmMUO"


def taken_apart(value: Any) -> list[tuple[Values, str]]:
    """Give the values of an array's rows, and the container of each; one of one dimension is one.

    Without any, it stays as it is: a single row of two dimensions would come back as mere values.

    Raises
    ------
    ValidationError
        It has more dimensions or rows than a reference can name, or is of a type that no column is.
    """
    parts = _parts(value)
    if parts is None or len(parts) > MAX_ROWS:
        raise ValidationError("The array has too many dimensions or rows.", field="figure")
    return parts


def encoded(values: Values, container: str, name: str) -> tuple[EncodedColumn, dict[str, Any]]:
    """Write one column, and what the schema has of it.

    Raises
    ------
    ValidationError
        A value would not come back the same.
    """
    given = list(values) if isinstance(values, tuple) else values
    mixed = isinstance(given, list) or (isinstance(given, np.ndarray) and given.dtype.kind in "OU")
    try:
        series = pd.Series(given, dtype=object) if mixed else pd.Series(given)
    except (TypeError, ValueError, OverflowError) as error:  # such as dates by the picosecond
        raise ValidationError(f"pandas has no column of {container}: {error}") from None
    if isinstance(given, np.ndarray) and given.dtype.kind in "mM":
        kept = series.to_numpy().astype(given.dtype)
        if not np.array_equal(kept, given, equal_nan=True):
            raise ValidationError(f"pandas has no unit as fine as that of {container}.")
    table = encode_frame(pd.DataFrame({name: series.reset_index(drop=True)}), index=False)
    return table.columns[0], {**table.schema["columns"][name], "container": container}


def is_of_moments(spec: Mapping[str, Any]) -> bool:
    """Tell whether values are dates or times, which grids write otherwise than figures do."""
    text = f"{spec['dtype']} {spec.get('item', '')}".lower()
    categories = spec.get("categories")
    is_one = any(word in text for word in ("date", "time", "period"))
    return is_one or (categories is not None and is_of_moments(categories["type"]))


def array_of(columns: Sequence[tuple[str, list[Any]]], schema: dict[str, Any] | None) -> Any:
    """Make the array of what a reference names.

    Parameters
    ----------
    columns : sequence of (str, list)
        The name and the JSON values of each column that it names.
    schema : dict or None
        What was kept of their types.
    """
    arrays, containers = [], []
    for name, values in columns:
        array, container = _array(name, values, schema)
        arrays.append(array)
        containers.append(container)
    if len(arrays) == 1:
        return _packed(arrays[0]) if "packed" in containers[0] else arrays[0]
    (first, *others) = containers
    shapes = {getattr(array, "shape", None) for array in arrays}
    if first.startswith(_ROW) and {*others} == {first} and len(shapes) == 1:
        whole = np.stack(arrays).astype(arrays[0].dtype, copy=False)  # with its order of bytes
        return _packed(whole) if "packed" in first else whole
    return [
        _packed(array) if "packed" in container else array
        for array, container in zip(arrays, containers, strict=True)
    ]


def _parts(value: Any) -> list[tuple[Values, str]] | None:
    if isinstance(value, Mapping):
        return _rows(_unpacked(value), "packed")
    if isinstance(value, np.ma.MaskedArray | pd.MultiIndex):
        return None  # plotly draws what is under a mask; of several levels there is no Series
    if isinstance(value, np.ndarray):
        return _rows(value, "ndarray")
    if isinstance(value, pd.Series):
        return [(value, "Series")]
    if isinstance(value, pd.Index | pd.api.extensions.ExtensionArray):
        return [(pd.Series(value), "Series")]
    if isinstance(value, range):
        return [([*value], "list")]
    if not isinstance(value, list | tuple):
        return _rows(np.asarray(value), "ndarray")
    if not any(isinstance(item, _NESTED) for item in value):
        return [(value, type(value).__name__ if type(value) in {list, tuple} else "list")]
    parts = [_parts(item) if isinstance(item, _NESTED) else None for item in value]
    rows = [part[0] for part in parts if part and len(part) == 1]
    if len(rows) < len(parts):
        return None
    return rows if len(rows) > 1 else []


def _rows(array: np.ndarray[Any, Any] | None, kind: str) -> list[tuple[Values, str]] | None:
    if array is None or array.dtype.kind not in _KINDS:
        return None
    container = f"{kind} {array.dtype.str}"
    match array.ndim:
        case 1:
            return [(array, container)]
        case 2:
            return [(row, _ROW + container) for row in array] if len(array) > 1 else []
    return None


def _unpacked(packed: Mapping[str, Any]) -> np.ndarray[Any, Any] | None:
    """Read ``{"dtype": "f8", "bdata": "…", "shape": "2, 3"}``; None of what is none."""
    if not _PACKED <= packed.keys() <= _PACKED | {"shape"}:
        return None
    try:
        array = np.frombuffer(
            base64.b64decode(packed["bdata"], validate=True), np.dtype(packed["dtype"])
        )
        return array.reshape(_shape(packed["shape"])) if "shape" in packed else array
    except (TypeError, ValueError):
        return None


def _shape(shape: Any) -> list[int]:
    return [int(part) for part in (shape.split(",") if isinstance(shape, str) else [shape])]


def _packed(array: Any) -> Any:
    if not isinstance(array, np.ndarray) or array.dtype.kind not in "iuf":
        return array  # what others wrote into the grid
    packed: dict[str, Any] = {
        "dtype": array.dtype.str[1:],
        "bdata": base64.b64encode(array.tobytes()).decode(),
    }
    return packed if array.ndim == 1 else packed | {"shape": ", ".join(map(str, array.shape))}


def _array(name: str, values: list[Any], schema: dict[str, Any] | None) -> tuple[Any, str]:
    spec = schema["columns"].get(name) if is_readable(schema) and schema else None
    if not (schema and spec):
        return values, "list"  # another program's: as it wrote them
    alone = {**schema, "columns": {name: spec}, "index": None, "row_count": len(values)}
    series = decode_frame([(name, values)], alone).iloc[:, 0]
    container = str(spec.get("container") or "ndarray")
    match container.removeprefix(_ROW).split():
        case ["list"]:
            return series.tolist(), container
        case ["tuple"]:
            return (*series.tolist(),), container
        case ["Series"]:
            return series, container
        case [_, dtype]:
            array = np.asarray(series)
            if array.dtype == dtype:
                return array, container
            if (narrowed := _narrowed(array, np.dtype(dtype))) is not None:
                return narrowed, container
    return np.asarray(series), "ndarray"


def _narrowed(array: np.ndarray[Any, Any], dtype: np.dtype[Any]) -> np.ndarray[Any, Any] | None:
    """Give values the type that pandas has none of; None where others wrote what it can't hold."""
    if dtype.kind not in "UMm" or (dtype.kind == "U" and set(map(type, array)) - {str}):
        return None
    try:
        narrowed = array.astype(dtype)
    except (TypeError, ValueError):
        return None
    wide = narrowed.astype(array.dtype)
    missing = pd.isna(array)
    return (
        narrowed if (missing == pd.isna(wide)).all() and (missing | (wide == array)).all() else None
    )
