"""A picture of the frames while tables are scrolled."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import numpy as np
import plotly.graph_objects as go

from tests.benchmarks.grids.engines import Server, connect

if TYPE_CHECKING:
    from pathlib import Path

    from .measures import Found

__all__ = ["draw"]

WIDTH, HEIGHT, SCALE = 1000, 380, 2
TICKS: Final = [16.7, 33, 50, 100, 200, 500, 1000]
COLORS: Final = ("#174a8c", "#c05f00", "#e0a060", "#2a7a4b", "#6a4c93")


def draw(size: str, found: dict[str, Found], path: Path) -> None:
    """Draw for each widget what part of the time is spent in frames as long as that, or longer."""
    figure = go.Figure(layout=_layout(size))
    scrolled = {name: its for name, its in found.items() if its.wheel.cells}
    for (name, its), color in zip(scrolled.items(), COLORS, strict=False):
        lengths = np.sort(its.wheel.intervals.seconds + its.drag.intervals.seconds)[::-1]
        part = np.cumsum(lengths) / lengths.sum()
        figure.add_scatter(
            x=1000 * lengths,
            y=part,
            mode="lines",
            name=name.replace("`", ""),
            line={"shape": "hv", "width": 3, "color": color},
        )
    with Server() as server:
        image = connect(server.url).render(figure, width=WIDTH, height=HEIGHT, scale=SCALE)
    image.save(path)


def _layout(size: str) -> go.Layout:
    return go.Layout(
        template="plotly_white",
        font={"size": 15},
        margin={"l": 70, "r": 20, "t": 50, "b": 60},
        title={"text": f"Scrolling {size}: time in frames of a length or longer", "x": 0.5},
        xaxis={"title": "frame, ms", "type": "log", "tickvals": TICKS, "ticktext": TICKS},
        yaxis={"title": "part of the time", "tickformat": ".0%", "rangemode": "tozero"},
    )
