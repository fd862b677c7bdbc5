"""The figures that are measured."""

from __future__ import annotations

import itertools

import numpy as np
import plotly.graph_objects as go

LIGHT = ("scatter, 10 points", "bars, 3 × 20", "heatmap, 200 × 200")

_numbers = itertools.count()


def figures() -> dict[str, go.Figure]:
    """Make the figures, from light to heavy."""
    random = np.random.default_rng(0)
    x = np.linspace(0, 10, 100_000)
    side = np.linspace(-3, 3, 100)
    hills = np.sin(side)[:, None] * np.cos(side)[None, :]
    return {
        "scatter, 10 points": go.Figure(go.Scatter(y=random.random(10))),
        "bars, 3 × 20": go.Figure([go.Bar(y=random.random(20), name=name) for name in "abc"]),
        "heatmap, 200 × 200": go.Figure(go.Heatmap(z=random.random((200, 200)))),
        "scattergl, 100,000 points": go.Figure(
            go.Scattergl(x=x, y=np.sin(x) + random.normal(size=len(x)), mode="markers")
        ),
        "surface, 100 × 100": go.Figure(go.Surface(z=hills)),
        "map without tiles": go.Figure(
            go.Scattermap(lat=random.uniform(-60, 70, 50), lon=random.uniform(-180, 180, 50)),
            {"map": {"style": "white-bg", "zoom": 0}},
        ),
    }


def renew(figure: go.Figure) -> go.Figure:
    """Give a figure a number, so that no cache has seen it; it looks the same."""
    figure.layout.meta = next(_numbers)
    return figure
