"""Arrow's types that have no place on the wire, one by one: what they are there."""

from __future__ import annotations

from decimal import Decimal
from typing import TYPE_CHECKING, Any, NamedTuple

import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.compute as pc

from plotly_nbext.columns import durations, objects, text, wire
from plotly_nbext.columns.refusal import Refusal

if TYPE_CHECKING:
    from collections.abc import Callable

__all__ = ["is_text", "read", "write"]

_TEXTS = frozenset({pa.string(), pa.large_string(), pa.string_view()})
_SURE_DIGITS = 15  # a float64 tells any two decimals of so many apart


class _Conversion(NamedTuple):
    """How the arrays of some types become columns on the wire, and how they come back."""

    write: Callable[[pa.Array], pa.Array]
    read: Callable[[pa.Array, pa.DataType], pa.Array]


def write(array: pa.Array) -> pa.Array:
    """Write an array of a type that is none of the wire's.

    Raises
    ------
    Refusal
        If JSON has no form for a value.
    Exception
        Some other, if the array can't be written for another reason.
    """
    return _conversion(array.type).write(array)


def read(array: pa.Array, kind: pa.DataType) -> pa.Array:
    """Read what may be an array of a type that is none of the wire's.

    What it was not is different when it is written again, or raises some exception.
    """
    if pa.types.is_null(array.type):
        return pa.nulls(len(array), kind)
    return _conversion(kind).read(array, kind)


def is_text(kind: pa.DataType) -> bool:
    """Tell whether a type is one of strings, in whatever layout."""
    return kind in _TEXTS


def _conversion(kind: pa.DataType) -> _Conversion:
    return next((made for is_one, made in _CONVERSIONS if is_one(kind)), _OTHERS)


def _write_text(array: pa.Array) -> pa.Array:
    return text.narrowed(array)


def _read_text(array: pa.Array, kind: pa.DataType) -> pa.Array:
    return text.laid_out(wire.cast(array, pa.string()), kind)


def _refuse_zone(array: pa.Array) -> pa.Array:
    raise Refusal(
        f"there is no time zone {array.type.tz!r}",
        hint="Convert it to UTC, or to another zone of the IANA database, first.",
    )


def _write_dates(array: pa.Array) -> pa.Array:
    return array.cast(pa.date32()).cast(pa.string())


def _read_dates(array: pa.Array, kind: pa.DataType) -> pa.Array:
    return wire.cast(array, pa.string()).cast(pa.date32()).cast(kind)


def _write_times(array: pa.Array) -> pa.Array:
    """Write times as Python does: a fraction only where there is one, of six digits (or nine)."""
    if array.type == pa.time64("ns"):
        texts = pc.replace_substring_regex(array.cast(pa.string()), r"000$", "")
    else:
        texts = array.cast(pa.time64("us")).cast(pa.string())
    return pc.replace_substring_regex(texts, r"\.000000$", "")


def _read_times(array: pa.Array, kind: pa.DataType) -> pa.Array:
    finest = "ns" if kind == pa.time64("ns") else "us"
    texts = wire.cast(array, pa.string())
    moments = pc.binary_join_element_wise("1970-01-01T", texts, "")
    return moments.cast(pa.timestamp(finest)).cast(pa.time64(finest)).cast(kind)


def _write_durations(array: pa.Array) -> pa.Array:
    return durations.write_all(array.to_numpy(zero_copy_only=False))


def _read_durations(array: pa.Array, kind: pa.DataType) -> pa.Array:
    return pa.array(durations.read_all(array, kind.unit))


def _write_decimals(array: pa.Array) -> pa.Array:
    """Write whole numbers as integers of any size, and others as floats."""
    kind = array.type
    if kind.scale <= 0:
        try:
            return array.cast(pa.int64())
        except pa.ArrowInvalid:
            values = array.to_pylist()
            return wire.from_values([value if value is None else int(value) for value in values])
    digits = _digits(array)
    if digits is None:
        return _write_values(array)
    # both are exact, and so few digits are those of the nearest float
    return pa.array(digits / 10.0**kind.scale, mask=np.array(array.is_null()))


def _read_decimals(array: pa.Array, kind: pa.DataType) -> pa.Array:
    if pa.types.is_integer(array.type):
        return array.cast(pa.decimal128(38, 0)).cast(kind)
    if pa.types.is_floating(array.type) and kind.scale <= _SURE_DIGITS:
        scaled = np.rint(array.fill_null(0).to_numpy() * 10.0**kind.scale)
        if np.all(np.abs(scaled) < 10**_SURE_DIGITS):
            low = scaled.astype(np.int64)
            cells = np.stack([low, low >> 63], axis=1)
            whole = pa.decimal128(38, kind.scale)
            made = pa.Array.from_buffers(whole, len(array), [None, pa.py_buffer(cells)])
            return pc.if_else(array.is_valid(), made, None).cast(kind)
    values = wire.to_values(array)
    return pa.array([value if value is None else Decimal(repr(value)) for value in values], kind)


def _digits(array: pa.Array) -> np.ndarray[Any, Any] | None:
    """Give the digits of decimals as integers; None if one of them has more than a float tells."""
    kind = array.type
    if kind.scale > _SURE_DIGITS or kind.precision > pa.decimal128(38).precision:
        return None
    cells = array.cast(pa.decimal128(kind.precision, kind.scale))
    parts = np.frombuffer(cells.buffers()[1], np.int64).reshape(-1, 2)
    low, high = parts[cells.offset : cells.offset + len(cells)].T
    absent = np.array(array.is_null())
    small = (high == low >> 63) & (np.abs(low) < 10**_SURE_DIGITS)
    return np.where(absent, 0, low) if np.all(small | absent) else None


def _write_values(array: pa.Array) -> pa.Array:
    return objects.encode(pd.Series(array.to_pylist(), dtype=object), None)[0]


def _read_values(array: pa.Array, kind: pa.DataType) -> pa.Array:
    return pa.array(wire.to_values(array), kind)


_CONVERSIONS = (
    (is_text, _Conversion(_write_text, _read_text)),
    (pa.types.is_timestamp, _Conversion(_refuse_zone, _read_values)),
    (pa.types.is_date, _Conversion(_write_dates, _read_dates)),
    (pa.types.is_time, _Conversion(_write_times, _read_times)),
    (pa.types.is_duration, _Conversion(_write_durations, _read_durations)),
    (pa.types.is_decimal, _Conversion(_write_decimals, _read_decimals)),
)
_OTHERS = _Conversion(_write_values, _read_values)
