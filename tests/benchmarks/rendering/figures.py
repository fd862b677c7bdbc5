"""The figures that are measured, and how each one differs from the last."""

from __future__ import annotations

import copy
import itertools
from typing import Any

import numpy as np
import plotly.graph_objects as go

_number = itertools.count()


def figures() -> dict[str, go.Figure]:
    """Make the figures, from light to heavy."""
    random = np.random.default_rng(0)
    x = np.linspace(0, 10, 100_000)
    grid = np.linspace(-3, 3, 60)
    hills = np.sin(grid)[:, None] * np.cos(grid)[None, :]
    return {
        "scatter, 10 points": go.Figure(go.Scatter(y=random.random(10))),
        "bars": go.Figure([go.Bar(y=random.random(10), name=name) for name in "abc"]),
        "heatmap, 200 × 200": go.Figure(go.Heatmap(z=random.random((200, 200)))),
        "scattergl, 100,000 points": go.Figure(
            go.Scattergl(x=x, y=np.sin(x) + random.normal(size=len(x)), mode="markers")
        ),
        "surface": go.Figure(go.Surface(z=hills)),
        "map without tiles": go.Figure(
            go.Scattermap(lat=random.uniform(-60, 70, 50), lon=random.uniform(-180, 180, 50)),
            {"map": {"style": "white-bg", "zoom": 0}},
        ),
    }


def another(figure: go.Figure) -> dict[str, Any]:
    """Return the same figure in other words, so that no cache knows it."""
    content = copy.copy(figure.to_plotly_json())
    content["layout"] = content["layout"] | {"meta": next(_number)}
    return content
