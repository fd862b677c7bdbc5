"""A picture of what takes how long with how much."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import plotly.graph_objects as go
from plotly.subplots import make_subplots

from ..grids.engines import Server, connect
from .databases import SQLITE

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from ..grids.measures import Times

__all__ = ["COLORS", "draw", "draw_renders", "save"]

WIDTH, HEIGHT, SCALE = 900, 420, 2
COLORS: Final = (
    *("#174a8c", "#c05f00", "#2b7a3f", "#8a2d6b", "#5b5b5b", "#0f8b8d", "#b3261e", "#8f7a00"),
)


def draw(
    found: dict[tuple[str, str], list[Times]], sizes: list[int], what: str, path: Path
) -> None:
    """Draw p50 against size, both by their logarithms, and a panel for each database."""
    databases = list(dict.fromkeys(place for place, _ in found))
    figure = make_subplots(cols=len(databases), shared_yaxes=True, subplot_titles=databases)
    names = list(dict.fromkeys(name for _, name in found))
    for (place, name), times in found.items():
        color = COLORS[names.index(name)]
        figure.add_trace(
            go.Scatter(
                x=sizes,
                y=[each.p50 * 1000 for each in times],
                name=name,
                legendgroup=name,
                showlegend=place == SQLITE,
                line={"color": color, "width": 3},
                marker={"size": 9},
            ),
            row=1,
            col=1 + databases.index(place),
        )
    figure.update_xaxes(type="log", tickvals=sizes, title=what)
    figure.update_yaxes(title="ms, p50", col=1)
    figure.update_yaxes(type="log", dtick=1)
    save(figure, path)


def draw_renders(waits: Sequence[Times], clients: Sequence[int], path: Path) -> None:
    """Draw what clients wait for an image, against how many there are."""
    figure = go.Figure()
    for name, of, color in (("p50", "p50", COLORS[0]), ("p95", "p95", COLORS[1])):
        each = [getattr(times, of) * 1000 for times in waits]
        line, marker = {"color": color, "width": 3}, {"size": 9}
        figure.add_scatter(x=clients, y=each, name=name, line=line, marker=marker)
    figure.update_xaxes(type="log", tickvals=clients, title="clients who wait for an image")
    figure.update_yaxes(title="ms")
    figure.update_yaxes(type="log", dtick=1)
    save(figure, path)


def save(figure: go.Figure, path: Path) -> None:
    """Write a figure as an image, drawn by ourselves."""
    figure.update_layout(
        template="plotly_white",
        font={"size": 14},
        margin={"l": 70, "r": 20, "t": 40, "b": 60},
        legend={"orientation": "h", "y": -0.25},
    )
    with Server() as server:
        image = connect(server.url).render(figure, width=WIDTH, height=HEIGHT, scale=SCALE)
    image.save(path)
