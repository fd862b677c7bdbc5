"""A picture of what appends cost, one after the other."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pandas as pd
import plotly.graph_objects as go

from .engines import Server, connect

if TYPE_CHECKING:
    from pathlib import Path

    from .measures import Times

__all__ = ["draw"]

WIDTH, HEIGHT, SCALE = 900, 380, 2
IN_A_MEDIAN = 1_001
TICKS = [0.1, 0.2, 0.5, 1, 2, 5, 10, 20, 50, 100, 200, 500, 1000]
DOTS = {"size": 2, "color": "#9dbce0", "opacity": 0.4}


def draw(ours: Times, commits: Times, path: Path) -> None:
    """Draw each append, and running medians of them and of SQLite's own commits."""
    figure = go.Figure(layout=_layout())
    each = 1000 * pd.Series(ours.seconds)
    figure.add_scattergl(x=each.index, y=each, mode="markers", marker=DOTS)
    titles = []
    for name, times, color in (
        ("an append over HTTP", ours, "#174a8c"),
        ("SQLite's own commit", commits, "#c05f00"),
    ):
        middle = _running_median(times)
        line = {"width": 3, "color": color}
        # as the dots, on which an SVG line would not be seen
        figure.add_scattergl(x=middle.index, y=middle, mode="lines", line=line)
        titles.append(f"<b style='color:{color}'>— {name}: {times.p50 * 1000:.2g} ms</b>")
    figure.update_layout(title_text="    ".join(titles))
    with Server() as server:
        image = connect(server.url).render(figure, width=WIDTH, height=HEIGHT, scale=SCALE)
    image.save(path)


def _running_median(times: Times) -> pd.Series[float]:
    each = 1000 * pd.Series(times.seconds)
    middle = each.rolling(IN_A_MEDIAN, center=True, min_periods=1).median()
    return middle[:: max(1, len(middle) // 1_000)]


def _layout() -> go.Layout:
    return go.Layout(
        template="plotly_white",
        showlegend=False,
        font={"size": 15},
        margin={"l": 70, "r": 30, "t": 50, "b": 60},
        title={"font": {"size": 16}, "x": 0.5},
        xaxis={"title": "row", "zeroline": False},
        yaxis={"title": "ms", "type": "log", "tickvals": TICKS, "ticktext": TICKS},
    )
