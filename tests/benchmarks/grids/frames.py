"""The frames that are measured."""

from __future__ import annotations

import numpy as np
import pandas as pd

__all__ = ["frames", "mixed", "wide"]

WORDS = np.array(["north", "south", "east", "west", "up", "down", "in", "out"])
OBJECTS = np.array(["text", 1, 2.5, True, None], dtype=object)


def frames(*, quick: bool) -> dict[str, pd.DataFrame]:
    """Make the frames, from small to large."""
    sizes = (1_000, 20_000) if quick else (1_000, 100_000, 1_000_000)
    made = {f"{rows:,} × 10 mixed": mixed(rows) for rows in sizes}
    return made | {f"{sizes[-1]:,} × 20": wide(sizes[-1])}


def mixed(rows: int) -> pd.DataFrame:
    """Make a frame of ten columns, each of another type."""
    random = np.random.default_rng(0)
    numbers = np.arange(rows)
    gaps = random.random(rows) < 0.1
    day = pd.Series(pd.date_range("2020-01-01", periods=rows, freq="s"))
    return pd.DataFrame(
        {
            "gaps": np.where(gaps, np.nan, random.normal(size=rows)),
            "float": random.normal(size=rows),
            "int": numbers,
            "nullable": pd.Series(random.integers(0, 10**6, rows), dtype="Int64").mask(gaps),
            "text": pd.Series([f"row {number}" for number in numbers]),
            "category": pd.Categorical(random.choice(WORDS, rows)),
            "time": day.where(~gaps),
            "local": day.dt.tz_localize("UTC").dt.tz_convert("Europe/Berlin"),
            "flag": random.random(rows) < 0.5,
            "object": random.choice(OBJECTS, rows),
        }
    )


def wide(rows: int) -> pd.DataFrame:
    """Make a frame of twenty columns: floats, integers, texts and booleans."""
    random = np.random.default_rng(0)
    return pd.DataFrame(
        {f"float {number}": random.normal(size=rows) for number in range(10)}
        | {f"int {number}": random.integers(0, 10**6, rows) for number in range(5)}
        | {f"text {number}": random.choice(WORDS, rows) for number in range(4)}
        | {"flag": random.random(rows) < 0.5}
    )
