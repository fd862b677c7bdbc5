"""Python's own dates, times, durations and Decimals, which pandas keeps as objects."""

from __future__ import annotations

import datetime as dt
import zoneinfo
from decimal import MAX_PREC, Context, Decimal
from typing import TYPE_CHECKING, Any, NamedTuple

import pandas as pd

from plotly_nbext.columns import datetimes, durations
from plotly_nbext.columns.refusal import AS_TEXT, Refusal

if TYPE_CHECKING:
    from collections.abc import Callable

    from plotly_nbext.columns.schema import Spec

__all__ = ["decode", "encode", "name_of"]


class _Item(NamedTuple):
    """How the values of one type become JSON and come back, and why one of them can't."""

    write: Callable[[Any], Any]
    read: Callable[[Any, Spec], Any]
    why_not: str
    hint: str = AS_TEXT


def name_of(kind: type) -> str | None:
    """Name the item that a Python type is, if it is one."""
    return _NAMES.get(kind)


def encode(values: list[Any], spec: Spec) -> list[Any]:
    """Turn values of the one type *spec.item* (and None) into JSON values.

    What they share and JSON loses (time zone, exponent) goes into the spec.
    """
    item = _ITEMS[spec.item or ""]
    if spec.item in {"datetime", "Timestamp"}:
        spec.zone = _shared_zone(values)
    elif spec.item == "Decimal":
        infinite = [row for row, value in enumerate(values) if value and value.is_infinite()]
        spec.inf = [row for row in infinite if values[row] > 0]
        spec.minus_inf = [row for row in infinite if values[row] < 0]
        values = [None if value and value.is_infinite() else value for value in values]
        spec.exponent = _shared_exponent(values)
    wire = []
    for row, value in enumerate(values):
        try:
            written = None if value is None else item.write(value)
            kept = value is None or item.read(written, spec) == value
        except (ValueError, ArithmeticError):
            kept = False
        if not kept:
            raise Refusal.of_value(value, row, item.why_not, hint=item.hint)
        wire.append(written)
    return wire


def decode(values: list[Any], spec: Spec) -> list[Any]:
    """Make the Python values again; null stays None."""
    read = _ITEMS[spec.item or ""].read
    return [None if value is None else read(value, spec) for value in values]


def _shared_zone(values: list[Any]) -> str | None:
    """Name the one time zone of all datetimes; None if their offsets say all there is to keep."""
    by_id = {id(value.tzinfo): value.tzinfo for value in values if value is not None}
    zones = [tz for tz in by_id.values() if tz is not None]
    names = {datetimes.zone_name(tz) for tz in zones if not isinstance(tz, dt.timezone)}
    if not names:
        return None
    if len(names) > 1 or any(isinstance(tz, dt.timezone) for tz in zones):
        raise Refusal(
            f"datetimes of several time zones ({', '.join(sorted(map(str, zones)))}) in one column",
            hint="Convert them to one, e.g. with pandas.to_datetime(…, utc=True).",
        )
    return names.pop()


def _shared_exponent(values: list[Any]) -> int | None:
    exponents = {value.as_tuple().exponent for value in values if value is not None}
    exponent = exponents.pop() if len(exponents) == 1 else None
    return exponent if isinstance(exponent, int) else None


def _write_time(value: dt.time) -> str:
    if value.tzinfo is not None and value.utcoffset() is None:
        raise ValueError("the offset of a time in a time zone depends on the day")
    return value.isoformat()


def _read_datetime(text: str, spec: Spec) -> dt.datetime:
    value = dt.datetime.fromisoformat(text)
    if spec.zone is None or value.tzinfo is None:
        return value
    return value.astimezone(zoneinfo.ZoneInfo(spec.zone))


def _read_timestamp(text: str, spec: Spec) -> pd.Timestamp:
    value = pd.Timestamp(text)
    return value if spec.zone is None or value.tzinfo is None else value.tz_convert(spec.zone)


def _write_timedelta(value: dt.timedelta) -> str:
    return durations.write(value.days, value.seconds, value.microseconds * 1000)


def _read_timedelta(text: str, _spec: Spec) -> dt.timedelta:
    return dt.timedelta(microseconds=durations.read(text) // 1000)


def _write_pandas_timedelta(value: pd.Timedelta) -> str:
    nanoseconds = value.microseconds * 1000 + value.nanoseconds
    return durations.write(value.days, value.seconds, nanoseconds)


def _read_pandas_timedelta(text: str, _spec: Spec) -> pd.Timedelta:
    microseconds, nanoseconds = divmod(durations.read(text), 1000)
    coarse = pd.Timedelta(dt.timedelta(microseconds=microseconds))  # reaches beyond 292 years
    return coarse + pd.Timedelta(nanoseconds, "ns") if nanoseconds else coarse


def _read_decimal(number: float, spec: Spec) -> Decimal:
    value = Decimal(repr(float(number)))
    if spec.exponent is None:
        return value
    return value.quantize(Decimal((0, (1,), spec.exponent)), context=_WIDE)


_WIDE = Context(prec=MAX_PREC)
_NO_SUCH_TIME = "does not exist in its time zone, or is too far off"
_ITEMS = {
    "date": _Item(dt.date.isoformat, lambda text, _: dt.date.fromisoformat(text), ""),
    "time": _Item(
        _write_time,
        lambda text, _: dt.time.fromisoformat(text),
        "is in a time zone that has no fixed offset",
    ),
    "datetime": _Item(dt.datetime.isoformat, _read_datetime, _NO_SUCH_TIME),
    "Timestamp": _Item(pd.Timestamp.isoformat, _read_timestamp, _NO_SUCH_TIME),
    "timedelta": _Item(_write_timedelta, _read_timedelta, "is too long"),
    "Timedelta": _Item(_write_pandas_timedelta, _read_pandas_timedelta, "is too long"),
    "Decimal": _Item(
        float,
        _read_decimal,
        "is more precise than a 64-bit float",
        "Round it first, or keep all of its digits as text with .astype(str).",
    ),
}
_NAMES: dict[type, str] = {
    dt.date: "date",
    dt.time: "time",
    dt.datetime: "datetime",
    dt.timedelta: "timedelta",
    pd.Timestamp: "Timestamp",
    pd.Timedelta: "Timedelta",
    Decimal: "Decimal",
}
