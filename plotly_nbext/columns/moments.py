"""Moments, naive and in a time zone ⇄ ISO 8601 text.

The text is that of ``Timestamp.isoformat``, made a hundred times faster by formatting whole arrays:
a fraction only where there is one, of six digits or (nanoseconds) nine; local time and its offset
where there is a time zone. Where local time is none that a calendar has (before the year 1, after
9999), it is UTC.
"""

from __future__ import annotations

import datetime as dt
import re
import warnings
import zoneinfo
from typing import Any, TypeAlias

import numpy as np
import orjson

from plotly_nbext.columns import json

__all__ = ["OFFSET", "read", "same", "timezone", "write"]

Moments: TypeAlias = "np.ndarray[Any, Any]"

OFFSET = re.compile(r"[+-]\d\d:\d\d(?::\d\d)?")

# orjson writes years 1 to 9999 and raises on NaT, for which a day that is never written stands in
_STAND_IN = np.datetime64("0001-01-01T00:00:00", "s")
_FIRST = np.datetime64("0001-01-02T00:00:00", "s")
_LAST = np.datetime64("9999-12-30T23:59:59", "s")
_MANY_RUNS = 1000
_WITH_OFFSET = re.compile(r"(.{19,}?)(Z|[+-]\d\d:\d\d(?::\d\d)?)")
_BELOW_MICROSECONDS = re.compile(r"[.,]\d{7}")
_SOME_DAY = dt.datetime(2000, 1, 1, tzinfo=dt.UTC)
_SECOND = dt.timedelta(seconds=1)
_TO_MICROSECONDS = len("2020-01-01T00:00:00.000000")


def write(moments: Moments, zone: str | None = None) -> bytes:
    """Write moments as a JSON array.

    Parameters
    ----------
    moments : ndarray of datetime64
        In UTC if there is a zone; NaT becomes null.
    zone : str, optional
        A time zone as :func:`timezone` takes it.
    """
    coarse, nanoseconds = _split(moments)
    if zone is None:
        return _texts(coarse, nanoseconds)
    seconds = _offsets(coarse, timezone(zone))
    local = coarse + seconds.astype("m8[s]")
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


def read(texts: list[Any], unit: str, *, aware: bool) -> Moments:
    """Read moments; null becomes NaT.

    Text that is written otherwise may be misunderstood: only what is the same when it is written
    again (or by :func:`same`) was read.

    Parameters
    ----------
    texts : list of str or None
        ISO 8601 texts.
    unit : str
        Of what is returned: ``"s"``, ``"ms"``, ``"us"`` or ``"ns"``.
    aware : bool
        Whether each text ends with its UTC offset; what is returned then is in UTC.

    Raises
    ------
    ValueError
        If this is no text of a moment.
    """
    if not aware:
        return _parse(texts, unit)
    ends = ["+00:00" if text is None else text[-6:] for text in texts]
    if all(OFFSET.fullmatch(end) for end in set(ends)):
        texts = [text and text[:-6] for text in texts]
    else:  # an offset with seconds (before time zones), or a "Z"
        pairs = [(None, "Z") if text is None else _cut(text) for text in texts]
        texts, ends = [text for text, _ in pairs], [end for _, end in pairs]
    offsets = {end: _offset_seconds(end) for end in set(ends)}
    shifts = np.array([offsets[end] for end in ends], dtype="m8[s]")
    if unit != "ns":
        moments: Moments = _parse(texts, unit) - shifts
        return moments
    # local time in ns may lie beyond what ns can hold
    whole = _parse([text and text[:_TO_MICROSECONDS] for text in texts], "us") - shifts
    below = [int(text[_TO_MICROSECONDS:] or 0) if text else 0 for text in texts]
    ticks: Moments = whole.astype(np.int64) * 1000 + np.array(below, dtype=np.int64)
    ticks[np.isnat(whole)] = np.iinfo(np.int64).min
    return ticks.view("M8[ns]")


def same(ours: Any, theirs: Any) -> bool:
    """Tell whether another program's text ("2020-01-02", "…Z") means just the moment of ours."""
    if not (isinstance(ours, str) and isinstance(theirs, str)):
        return ours is theirs
    if ours == theirs:
        return True
    if _BELOW_MICROSECONDS.search(theirs):  # Python would cut the digits off
        return False
    return dt.datetime.fromisoformat(ours) == dt.datetime.fromisoformat(theirs)


def timezone(name: str) -> dt.tzinfo:
    """Make a time zone of its name in the IANA database, or of an offset (``"+05:30"``).

    Raises
    ------
    ValueError
        If there is none of that name.
    """
    if OFFSET.fullmatch(name):
        zone = dt.datetime.fromisoformat(f"2000-01-01T00:00:00{name}").tzinfo
        return zone or dt.UTC
    try:
        return zoneinfo.ZoneInfo(name)
    except (LookupError, OSError, ValueError):
        raise ValueError(f"there is no time zone {name!r}") from None


def _split(moments: Moments) -> tuple[Moments, np.ndarray[Any, Any]]:
    """Part moments into what orjson writes and the nanoseconds that it would drop."""
    if np.datetime_data(moments.dtype)[0] != "ns":
        return moments, np.zeros(len(moments), dtype=np.int64)
    # as integers, since numpy's own conversion wraps around near the first moment of ns
    whole, below = np.divmod(moments.astype(np.int64), 1000)
    absent = np.isnat(moments)
    held = np.where(absent, np.datetime64("NaT", "us"), whole.view("M8[us]"))
    return held, np.where(absent, 0, below)


def _texts(moments: Moments, nanoseconds: np.ndarray[Any, Any], offset: str = "") -> bytes:
    """Write naive moments as a JSON array; each text ends with *offset*."""
    absent = np.isnat(moments)
    rare = (nanoseconds != 0) | (~absent & _beyond(moments))
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
    rows = np.flatnonzero(rare)
    spelled = np.datetime_as_string(moments[rows]).tolist()
    for row, text, below in zip(rows.tolist(), spelled, nanoseconds[rows].tolist(), strict=True):
        texts[row] = _rare_text(text, below) + offset
    return json.dumps(texts)


def _beyond(moments: Moments) -> np.ndarray[Any, Any]:
    first, last = _FIRST.astype(moments.dtype), _LAST.astype(moments.dtype)
    beyond: np.ndarray[Any, Any] = (moments < first) | (moments > last)
    return beyond


def _rare_text(text: str, nanoseconds: int) -> str:
    if nanoseconds:
        return f"{text}{nanoseconds:03}"
    whole, _, fraction = text.partition(".")
    return text if fraction.strip("0") else whole


def _offsets(moments: Moments, zone: dt.tzinfo) -> np.ndarray[Any, Any]:
    """Give the offset in seconds of each moment, and to NaT that of the moment before it."""
    import pandas as pd  # takes a second, and few grids have time zones

    absent = np.isnat(moments)
    if absent.all():
        return np.zeros(len(moments), dtype=np.int64)
    beyond = ~absent & _beyond(moments)
    within = np.where(beyond, _FIRST.astype(moments.dtype), moments) if beyond.any() else moments
    index = pd.DatetimeIndex(within).tz_localize("UTC").tz_convert(zone).tz_localize(None)
    seconds = (index.to_numpy() - within).astype("m8[s]").astype(np.int64)
    seconds[beyond] = 0
    if not absent.any():
        return seconds
    # so that none of them starts a new run of equal offsets
    first = np.argmin(absent)
    filled: np.ndarray[Any, Any] = seconds[
        np.maximum.accumulate(np.where(absent, first, np.arange(len(seconds))))
    ]
    return filled


def _offset_text(seconds: int) -> str:
    size = abs(seconds)
    text = f"{'-' if seconds < 0 else '+'}{size // 3600:02}:{size // 60 % 60:02}"
    return f"{text}:{size % 60:02}" if size % 60 else text


def _offset_seconds(text: str) -> int:
    return (_SOME_DAY - dt.datetime.fromisoformat(f"2000-01-01T00:00:00{text}")) // _SECOND


def _parse(texts: list[Any], unit: str) -> Moments:
    """Parse naive ISO texts. What numpy understands otherwise differs when it is written again."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # numpy's, about offsets
        return np.array(texts, dtype=f"M8[{unit}]")


def _cut(text: str) -> tuple[str, str]:
    match = _WITH_OFFSET.fullmatch(text)
    if match is None:
        raise ValueError(f"{text!r} has no UTC offset")
    return match[1], match[2]
