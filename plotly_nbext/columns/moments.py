"""Datetimes, naive and with a time zone ⇄ ISO 8601 text.

The text is that of ``Timestamp.isoformat``, made a hundred times faster by formatting whole arrays:
a fraction only where there is one, of six digits or (nanoseconds) nine; local time and its offset
where there is a time zone.
"""

from __future__ import annotations

import datetime as dt
import re
import warnings
import zoneinfo
from typing import Any

import numpy as np
import orjson
import pandas as pd

from plotly_nbext.columns import json
from plotly_nbext.columns.refusal import Refusal
from plotly_nbext.columns.schema import Spec

__all__ = ["aware_dtype", "decode", "encode", "same", "zone_name"]

# orjson writes years 1 to 9999 and raises on NaT, for which a day that is never written stands in
_STAND_IN = np.datetime64("0001-01-01T00:00:00", "s")
_FIRST = np.datetime64("0001-01-02T00:00:00", "s")
_LAST = np.datetime64("9999-12-30T23:59:59", "s")
_MANY_RUNS = 1000
_OFFSET = re.compile(r"[+-]\d\d:\d\d(?::\d\d)?")
_WITH_OFFSET = re.compile(r"(.{19,}?)(Z|[+-]\d\d:\d\d(?::\d\d)?)")
_BELOW_MICROSECONDS = re.compile(r"[.,]\d{7}")
_SOME_DAY = dt.datetime(2000, 1, 1, tzinfo=dt.UTC)
_SECOND = dt.timedelta(seconds=1)
_TO_MICROSECONDS = len("2020-01-01T00:00:00.000000")


def encode(series: pd.Series[Any], dtype: Any) -> tuple[bytes, Spec]:
    """Write a column of datetimes."""
    if isinstance(dtype, pd.DatetimeTZDtype):
        name = zone_name(dtype.tz)
        return _encode_aware(series), Spec(dtype=f"datetime64[{dtype.unit}, {name}]")
    return _texts(*_split(series.to_numpy())), Spec(dtype=str(dtype))


def decode(values: list[Any], dtype: Any, _spec: Spec) -> pd.Series[Any]:
    """Read a column of datetimes back."""
    if isinstance(dtype, pd.DatetimeTZDtype):
        return _decode_aware(values, dtype)
    return pd.Series(_parse(values, dtype))


def same(ours: Any, theirs: Any) -> bool:
    """Tell whether another program's text ("2020-01-02", "…Z") means just the moment of ours."""
    if not (isinstance(ours, str) and isinstance(theirs, str)):
        return ours is theirs
    if ours == theirs:
        return True
    if _BELOW_MICROSECONDS.search(theirs):  # Python would cut the digits off
        return False
    return dt.datetime.fromisoformat(ours) == dt.datetime.fromisoformat(theirs)


def aware_dtype(name: str) -> pd.DatetimeTZDtype:
    """Make the dtype ``datetime64[unit, zone]``; unlike pandas, keep the seconds of an offset."""
    unit, _, zone = name.removeprefix("datetime64[").removesuffix("]").partition(", ")
    tz: Any = zone
    if _OFFSET.fullmatch(zone, len("UTC")):
        tz = dt.datetime.fromisoformat(f"2000-01-01T00:00:00{zone[3:]}").tzinfo
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
    except (LookupError, ValueError, TypeError):
        kept = False
    if not kept:
        raise Refusal(
            f"the time zone {tz!r} has no name to be kept by",
            hint='Convert it first, e.g. with .dt.tz_convert("UTC").',
        )
    return name


def _split(moments: np.ndarray[Any, Any]) -> tuple[np.ndarray[Any, Any], np.ndarray[Any, Any]]:
    """Part moments into what orjson writes and the nanoseconds that it would drop."""
    if np.datetime_data(moments.dtype)[0] != "ns":
        return moments, np.zeros(len(moments), dtype=np.int64)
    # as integers, since numpy's own conversion wraps around near the first moment of ns
    whole, below = np.divmod(moments.astype(np.int64), 1000)
    absent = np.isnat(moments)
    return np.where(absent, np.datetime64("NaT"), whole.view("M8[us]")), np.where(absent, 0, below)


def _texts(
    moments: np.ndarray[Any, Any], nanoseconds: np.ndarray[Any, Any], offset: str = ""
) -> bytes:
    """Write naive moments as a JSON array; each text ends with *offset*."""
    absent = np.isnat(moments)
    first, last = _FIRST.astype(moments.dtype), _LAST.astype(moments.dtype)
    rare = (nanoseconds != 0) | (~absent & ((moments < first) | (moments > last)))
    holes = rare | absent
    filled = np.where(holes, _STAND_IN.astype(moments.dtype), moments) if holes.any() else moments
    option = orjson.OPT_SERIALIZE_NUMPY | (orjson.OPT_NAIVE_UTC if offset else 0)
    data = orjson.dumps(np.ascontiguousarray(filled), option=option)
    if holes.any():
        utc = "+00:00" if offset else ""
        data = data.replace(f'"0001-01-01T00:00:00{utc}"'.encode(), b"null")
    if offset:
        data = data.replace(b'+00:00"', f'{offset}"'.encode())
    if not rare.any():
        return data
    texts = json.loads(data)
    for row in np.flatnonzero(rare).tolist():
        texts[row] = _rare_text(moments[row], int(nanoseconds[row])) + offset
    return json.dumps(texts)


def _rare_text(moment: np.datetime64, nanoseconds: int) -> str:
    text = str(np.datetime_as_string(moment))
    if nanoseconds:
        return f"{text}{nanoseconds:03}"
    whole, _, fraction = text.partition(".")
    return text if fraction.strip("0") else whole


def _encode_aware(series: pd.Series[Any]) -> bytes:
    """Write local time with its offset, one run of equal offsets at a time."""
    utc, nanoseconds = _split(series.dt.tz_convert("UTC").dt.tz_localize(None).to_numpy())
    # local time in ns may lie beyond what ns can hold
    coarse = series.dt.as_unit("us") if series.dt.unit == "ns" else series
    try:
        offsets = (coarse.dt.tz_localize(None).to_numpy() - utc).astype("m8[s]")
    except NotImplementedError as error:
        raise Refusal(str(error), hint='Convert it first, with .dt.tz_convert("UTC").') from None
    seconds = _without_gaps(offsets.astype(np.int64), np.isnat(offsets))
    local = utc + seconds.astype("m8[s]")
    starts = np.flatnonzero(np.diff(seconds, prepend=np.nan)).tolist()
    if len(starts) > _MANY_RUNS:
        ends = {offset: _offset_text(offset) for offset in np.unique(seconds).tolist()}
        rows = zip(json.loads(_texts(local, nanoseconds)), seconds.tolist(), strict=True)
        return json.dumps([text and text + ends[offset] for text, offset in rows])
    parts = [
        _texts(local[run], nanoseconds[run], _offset_text(int(seconds[run.start])))[1:-1]
        for run in map(slice, starts, [*starts[1:], len(local)])
    ]
    return b"[" + b",".join(parts) + b"]"


def _without_gaps(
    offsets: np.ndarray[Any, Any], absent: np.ndarray[Any, Any]
) -> np.ndarray[Any, Any]:
    """Give each NaT the offset of the moment before it, so that it starts no new run."""
    if absent.all() or not absent.any():
        return np.where(absent, 0, offsets)
    first = np.argmin(absent)
    return offsets[np.maximum.accumulate(np.where(absent, first, np.arange(len(offsets))))]


def _offset_text(seconds: int) -> str:
    size = abs(seconds)
    text = f"{'-' if seconds < 0 else '+'}{size // 3600:02}:{size // 60 % 60:02}"
    return f"{text}:{size % 60:02}" if size % 60 else text


def _offset_seconds(text: str) -> int:
    return (_SOME_DAY - dt.datetime.fromisoformat(f"2000-01-01T00:00:00{text}")) // _SECOND


def _parse(texts: list[Any], dtype: Any) -> np.ndarray[Any, Any]:
    """Parse naive ISO texts. What numpy understands otherwise differs when it is written again."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # numpy's, about offsets
        return np.array(texts, dtype=dtype)


def _decode_aware(values: list[Any], dtype: pd.DatetimeTZDtype) -> pd.Series[Any]:
    ends = ["+00:00" if text is None else text[-6:] for text in values]
    if all(_OFFSET.fullmatch(end) for end in set(ends)):
        texts = [text and text[:-6] for text in values]
    else:  # an offset with seconds (before time zones), or a "Z"
        pairs = [(None, "Z") if text is None else _cut(text) for text in values]
        texts, ends = [text for text, _ in pairs], [end for _, end in pairs]
    offsets = {end: _offset_seconds(end) for end in set(ends)}
    shifts = np.array([offsets[end] for end in ends], dtype="m8[s]")
    if dtype.unit != "ns":
        utc = _parse(texts, f"M8[{dtype.unit}]") - shifts
    else:  # local time in ns may lie beyond what ns can hold
        whole = _parse([text and text[:_TO_MICROSECONDS] for text in texts], "M8[us]") - shifts
        below = [int(text[_TO_MICROSECONDS:] or 0) if text else 0 for text in texts]
        ticks = whole.astype(np.int64) * 1000 + np.array(below, dtype=np.int64)
        utc = np.where(np.isnat(whole), np.datetime64("NaT"), ticks.view("M8[ns]"))
    return pd.Series(utc).dt.tz_localize("UTC").dt.tz_convert(dtype.tz)


def _cut(text: str) -> tuple[str, str]:
    match = _WITH_OFFSET.fullmatch(text)
    if match is None:
        raise ValueError(f"{text!r} has no UTC offset")
    return match[1], match[2]
