"""Figures that mean no harm; they have to look the same after any that does."""

from __future__ import annotations

from typing import Any

__all__ = ["CANARY", "OTHERS"]

CANARY: dict[str, Any] = {
    "data": [
        {"x": ["2026-01-01", "2026-02-01", "2026-03-01"], "y": [1000, 30000, 20000], "name": "a"},
        {"x": ["2026-01-01", "2026-02-01"], "y": [2, 4], "type": "bar", "yaxis": "y2"},
    ],
    "layout": {
        "title": {"text": "An <b>ordinary</b> figure"},
        "yaxis2": {"overlaying": "y", "side": "right", "title": {"text": r"x<sup>2</sup>"}},
        "annotations": [{"text": "%{meta} &amp; more", "x": "2026-02-01", "y": 30000}],
    },
}
"""One with dates, thousands, a legend and markup; drawn after each hostile figure."""

PICTURE = (
    "data:image/svg+xml,%3Csvg xmlns='http://www.w3.org/2000/svg' width='9' height='9'%3E"
    "%3Crect width='9' height='9' fill='green'/%3E%3C/svg%3E"
)

OTHERS: dict[str, dict[str, Any]] = {
    "mathematics": {
        "data": [{"y": [1, 2], "name": r"$\beta$"}],
        "layout": {
            "title": {
                "text": r"$\frac{\alpha}{2}\left(\sin x\right)\begin{matrix}a&b\end{matrix}$"
            },
            "annotations": [{"text": r"$\color{red}x$", "x": 0, "y": 1}],
        },
    },
    "WebGL": {"data": [{"type": "scattergl", "y": [1, 3, 2], "mode": "markers"}]},
    "3D": {"data": [{"type": "surface", "z": [[1, 2], [2, 9]]}]},
    "globe": {
        "data": [{"type": "scattergeo", "lat": [1], "lon": [1]}],
        "layout": {"geo": {"visible": False, "lonaxis": {"showgrid": True}}},
    },
    "map": {
        "data": [{"type": "scattermap", "lat": [1], "lon": [1]}],
        "layout": {"map": {"style": "white-bg"}},
    },
    "picture": {
        "layout": {"images": [{"source": PICTURE, "x": 0, "y": 1, "sizex": 1, "sizey": 1}]}
    },
    "pie": {"data": [{"type": "pie", "labels": ["a", "b"], "values": [1, 2]}]},
}
"""Ones of other kinds; drawn after each way of doing harm."""
