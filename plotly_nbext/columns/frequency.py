"""The frequency of a DatetimeIndex or TimedeltaIndex ⇄ its name."""

from __future__ import annotations

from typing import Any

import pandas as pd
from pandas.tseries.frequencies import to_offset

__all__ = ["frequency_name", "with_frequency"]

_WITH_FREQUENCY = (pd.DatetimeIndex, pd.TimedeltaIndex)


def frequency_name(index: pd.Index[Any]) -> str | None:
    """Name the frequency, if its name says all of it (that of one with holidays does not)."""
    if not isinstance(index, _WITH_FREQUENCY) or index.freq is None:
        return None
    name = index.freq.freqstr
    return name if to_offset(name) == index.freq else None


def with_frequency(index: pd.Index[Any], name: str | None) -> pd.Index[Any]:
    """Give an index the frequency of that name, if its values still follow it."""
    if name is None or not isinstance(index, _WITH_FREQUENCY):
        return index
    try:
        return type(index)(index, freq=name)
    except ValueError:
        return index
