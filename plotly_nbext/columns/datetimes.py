"""Columns of datetimes, naive and with a time zone."""

from __future__ import annotations

import datetime as dt
import zoneinfo
from typing import Any

import numpy as np
import pandas as pd
import pyarrow as pa

from plotly_nbext.columns import json, moments, wire
from plotly_nbext.columns.refusal import Refusal
from plotly_nbext.columns.schema import Spec

__all__ = ["aware_dtype", "decode", "dtype_of", "encode", "wire_type", "zone_name"]


def encode(series: pd.Series[Any], dtype: Any) -> tuple[pa.Array, Spec]:
    """Write a column of datetimes."""
    if not isinstance(dtype, pd.DatetimeTZDtype):
        return pa.array(series.to_numpy()), Spec(dtype=str(dtype))
    spec = Spec(dtype=f"datetime64[{dtype.unit}, {zone_name(dtype.tz)}]")
    utc = series.dt.tz_convert("UTC").dt.tz_localize(None).to_numpy()
    kind = wire_type(dtype)
    if kind is None:
        return wire.from_values(json.loads(moments.write(utc, _zone(dtype)))), spec
    # as integers: a cast may shift them to the zone
    return pa.array(utc).view(kind), spec


def wire_type(dtype: Any) -> pa.DataType | None:
    """Name the type that the column has on the wire; None if it is text there.

    Arrow has no type for an offset of hours, minutes and seconds.
    """
    if not isinstance(dtype, pd.DatetimeTZDtype):
        return pa.timestamp(np.datetime_data(dtype)[0])
    kind = pa.timestamp(dtype.unit, _zone(dtype))
    return kind if wire.is_wire_type(kind) else None


def decode(array: pa.Array, dtype: Any, _spec: Spec) -> pd.Series[Any]:
    """Read a column of datetimes back; what was misread of texts differs if it is written again."""
    aware = isinstance(dtype, pd.DatetimeTZDtype)
    if array.type == wire_type(dtype):
        utc = np.array(array.to_numpy(zero_copy_only=False))
    else:
        unit = dtype.unit if aware else np.datetime_data(dtype)[0]
        utc = moments.read(wire.to_values(array), unit, aware=aware)
    series: pd.Series[Any] = pd.Series(utc)
    return series.dt.tz_localize("UTC").dt.tz_convert(dtype.tz) if aware else series


def dtype_of(kind: pa.TimestampType) -> Any:
    """Make the dtype of a column of this type on the wire."""
    if kind.tz is None:
        return np.dtype(f"M8[{kind.unit}]")
    zone = f"UTC{kind.tz}" if moments.OFFSET.fullmatch(kind.tz) else kind.tz
    return aware_dtype(f"datetime64[{kind.unit}, {zone}]")


def aware_dtype(name: str) -> pd.DatetimeTZDtype:
    """Make the dtype ``datetime64[unit, zone]``; unlike pandas, keep the seconds of an offset."""
    unit, _, zone = name.removeprefix("datetime64[").removesuffix("]").partition(", ")
    offset = moments.OFFSET.fullmatch(zone, len("UTC"))
    tz: Any = moments.timezone(offset[0]) if offset else zone
    as_unit: Any = unit
    return pd.DatetimeTZDtype(as_unit, tz)


def zone_name(tz: dt.tzinfo) -> str:
    """Name a time zone: ``"UTC+05:30"``, or as the IANA database does.

    Raises
    ------
    Refusal
        If it has no such name (one of dateutil's, read from a file).
    """
    if isinstance(tz, zoneinfo.ZoneInfo) and tz.key:
        return tz.key
    name = str(dt.timezone(tz.utcoffset(None))) if isinstance(tz, dt.timezone) else str(tz)
    try:
        kept = aware_dtype(f"datetime64[us, {name}]") == pd.DatetimeTZDtype("us", tz)
        moments.timezone(name.removeprefix("UTC") or name)  # pandas knows one more: "tzlocal()"
    except (LookupError, ValueError, TypeError):
        kept = False
    if not kept:
        raise Refusal(
            f"the time zone {tz!r} has no name to be kept by",
            hint='Convert it first, e.g. with .dt.tz_convert("UTC").',
        )
    return name


def _zone(dtype: pd.DatetimeTZDtype) -> str:
    """Name the zone as Arrow does: ``"+05:30"``."""
    name = zone_name(dtype.tz)
    return name.removeprefix("UTC") or name
