"""Durations and periods ⇄ text: ``Timedelta.isoformat`` ("P1DT2H0M3.5S") and ``str(period)``."""

from __future__ import annotations

import re
from typing import Any

import numpy as np
import pandas as pd
import pyarrow as pa

from plotly_nbext.columns import wire
from plotly_nbext.columns.refusal import Refusal
from plotly_nbext.columns.schema import Spec

__all__ = [
    "decode",
    "decode_periods",
    "encode",
    "encode_periods",
    "read",
    "read_all",
    "write",
    "write_all",
]

_TICKS = {"s": 1, "ms": 10**3, "us": 10**6, "ns": 10**9}
_DAY = 86_400  # seconds
_TEXT = re.compile(r"P(-?\d+)DT(\d+)H(\d+)M(\d+)(?:\.(\d{1,9}))?S")


def encode(series: pd.Series[Any], dtype: Any) -> tuple[pa.Array, Spec]:
    """Write a timedelta64 column."""
    return write_all(series.to_numpy()), Spec(dtype=str(dtype))


def decode(array: pa.Array, dtype: Any, _spec: Spec) -> pd.Series[Any]:
    """Read a timedelta64 column back."""
    return pd.Series(read_all(array, np.datetime_data(dtype)[0]))


def encode_periods(series: pd.Series[Any], dtype: Any) -> tuple[pa.Array, Spec]:
    """Write a column of periods."""
    texts = [None if period is pd.NaT else str(period) for period in series]
    for row, (text, period) in enumerate(zip(texts, series, strict=True)):
        try:
            kept = text is None or pd.Period(text, freq=dtype.freq) == period
        except ValueError:
            kept = False
        if not kept:
            raise Refusal.of_value(period, row, "can't be told from its text")
    return pa.array(texts, pa.string()), Spec(dtype=str(dtype))


def decode_periods(array: pa.Array, dtype: Any, _spec: Spec) -> pd.Series[Any]:
    """Read a column of periods back."""
    return pd.Series(pd.PeriodIndex(wire.to_values(array), dtype=dtype))


def write_all(durations: np.ndarray[Any, Any]) -> pa.Array:
    """Write timedelta64 values as texts; NaT becomes null."""
    per_second = _TICKS[np.datetime_data(durations.dtype)[0]]
    absent = np.isnat(durations)
    seconds, fraction = np.divmod(np.where(absent, 0, durations.astype(np.int64)), per_second)
    days, rest = np.divmod(seconds, _DAY)
    parts = (days, rest, fraction * (10**9 // per_second), absent)
    rows = zip(*(part.tolist() for part in parts), strict=True)
    return pa.array([None if nat else write(d, s, ns) for d, s, ns, nat in rows], pa.string())


def read_all(array: pa.Array, unit: str) -> np.ndarray[Any, Any]:
    """Read timedelta64 values of a unit back; null becomes NaT."""
    per_tick = 10**9 // _TICKS[unit]
    absent = np.iinfo(np.int64).min
    ticks = [absent if text is None else read(text) // per_tick for text in wire.to_values(array)]
    return np.array(ticks, dtype=np.int64).view(f"m8[{unit}]")


def write(days: int, seconds: int, nanoseconds: int) -> str:
    """Write a duration, whose seconds are less than a day and nanoseconds less than a second."""
    fraction = f".{nanoseconds:09}".rstrip("0") if nanoseconds else ""
    return f"P{days}DT{seconds // 3600}H{seconds // 60 % 60}M{seconds % 60}{fraction}S"


def read(text: str) -> int:
    """Read a duration, as its count of nanoseconds."""
    match = _TEXT.fullmatch(text)
    if match is None:
        raise ValueError(f"{text!r} is no duration")
    days, hours, minutes, seconds = (int(part) for part in match.groups()[:4])
    whole = days * _DAY + hours * 3600 + minutes * 60 + seconds
    return whole * 10**9 + int((match[5] or "").ljust(9, "0"))
