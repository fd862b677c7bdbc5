"""The grid that most tests push, show and ask the server for."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import pandas as pd

    from plotly_nbext.client import Client

SALES = """frame = pd.DataFrame({
    "month": pd.date_range("2026-01-01", periods=60, freq="D"),
    "store": ["Köln", "Bonn", "Aachen"] * 20,
    "sold": range(100, 160),
})
grid = frame.plotly_grid.push("sales/2026")"""

SHOW = "view = plotly_nbext.GridView(grid); view"

STORE, SOLD = 1, 2


async def stored(elsewhere: Client) -> pd.DataFrame:
    """Ask the server what it has."""
    return await asyncio.to_thread(elsewhere.pull, "sales/2026")
