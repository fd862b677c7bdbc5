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
    """Draw p50, p95, p99 and what was not done of each kind against the number of clients."""
    kinds = sorted(next(iter(found.values())).kinds)
    titles = [*(f"p{percent}, ms" for percent in PERCENTILES), "refused or failed, %"]
    figure = make_subplots(cols=len(titles), subplot_titles=titles)
    for color, kind in zip(COLORS, kinds, strict=True):
        answered = [each.kinds[kind] for each in found.values()]
        panels = [[each.percentile(p) * 1000 for each in answered] for p in PERCENTILES]
        for place, values in enumerate([*panels, [each.missed * 100 for each in answered]]):
            trace = go.Scatter(
                x=[*found],
                y=values,
                name=kind,
                legendgroup=kind,
                showlegend=place == 0,
                line={"color": color, "width": 3},
                marker={"size": 9},
            )
            figure.add_trace(trace, row=1, col=1 + place)
    figure.update_xaxes(type="log", tickvals=[*found], title="clients")
    figure.update_yaxes(type="log", dtick=1, matches="y")
    figure.update_yaxes(type="linear", range=[-2, 100], dtick=20, matches=None, col=len(titles))
    save(figure, path)
