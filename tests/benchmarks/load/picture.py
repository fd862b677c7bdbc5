"""A picture of latency against load."""

from __future__ import annotations

from typing import TYPE_CHECKING

import plotly.graph_objects as go
from plotly.subplots import make_subplots

from ..scale.picture import COLORS, save

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

    from .clients import Answers

__all__ = ["draw"]

PERCENTILES = (50, 95, 99)


def draw(found: Mapping[int, Answers], path: Path) -> None:
    """Draw p50, p95 and p99 of each kind against the number of clients, by their logarithms."""
    kinds = sorted(next(iter(found.values())).kinds)
    titles = [f"p{percent}" for percent in PERCENTILES]
    figure = make_subplots(cols=len(PERCENTILES), shared_yaxes=True, subplot_titles=titles)
    for place, percent in enumerate(PERCENTILES):
        for color, kind in zip(COLORS, kinds, strict=True):
            figure.add_trace(
                go.Scatter(
                    x=[*found],
                    y=[each.kinds[kind].percentile(percent) * 1000 for each in found.values()],
                    name=kind,
                    legendgroup=kind,
                    showlegend=place == 0,
                    line={"color": color, "width": 3},
                    marker={"size": 9},
                ),
                row=1,
                col=1 + place,
            )
    figure.update_xaxes(type="log", tickvals=[*found], title="clients")
    figure.update_yaxes(title="ms", col=1)
    save(figure, path)
