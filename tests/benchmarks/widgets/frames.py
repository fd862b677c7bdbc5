"""The frames that are shown."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import numpy as np
import pandas as pd

if TYPE_CHECKING:
    from pathlib import Path

__all__ = ["first_text", "last_text", "write"]

WORDS: Final = np.array(["north", "south", "east", "west", "up", "down", "in", "out"])

# What is at the left, and so in view, has no gaps: an empty cell there is one that is not drawn.
WITHOUT_GAPS: Final = 16


def first_text() -> str:
    """Say what the first cell of the first row shows."""
    return _text(0)


def last_text(rows: int) -> str:
    """Say what the first cell of the last row shows."""
    return _text(rows - 1)


def write(rows: int, columns: int, path: Path) -> None:
    """Write a frame of mixed types, each row of which is known by its first cell."""
    random = np.random.default_rng(0)
    moments = pd.Series(pd.date_range("2020-01-01", periods=rows, freq="s"))
    kinds = (
        lambda: random.integers(0, 10**6, rows),
        lambda: random.normal(size=rows).round(3),
        lambda: pd.Series(random.choice(WORDS, rows)),
        lambda: random.random(rows) < 0.5,
        lambda: moments,
    )
    made = {"row": pd.Series([_text(number) for number in range(rows)])}
    for place in range(1, columns):
        values = pd.Series(kinds[(place - 1) % len(kinds)]())
        if place >= WITHOUT_GAPS and values.dtype.kind in "fM":
            values = values.mask(random.random(rows) < 0.1)
        made[f"c{place}"] = values
    pd.DataFrame(made).to_feather(path, compression="uncompressed")


def _text(number: int) -> str:
    # in hexadecimal it is so short that no widget cuts it
    return f"r{number:x}"
