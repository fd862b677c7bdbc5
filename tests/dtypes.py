"""Dtypes that differ with the version of pandas that is installed."""

from __future__ import annotations

import pandas as pd

# before pandas 3, text without a dtype is of objects, and "str" is none that strings have
TEXT = "string" if pd.Series([""]).dtype == object else "str"
