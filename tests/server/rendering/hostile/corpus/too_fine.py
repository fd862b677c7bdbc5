"""Ticks, bins and levels without number."""

from __future__ import annotations

from .bomb import Bomb, layout, many, trace

__all__ = ["BOMBS"]

BOMBS = {
    "ticks": Bomb("numbers without bounds", lambda: layout(xaxis={"dtick": 1e-9}), endless=True),
    "ticks of both": Bomb(
        "numbers without bounds",
        lambda: layout(xaxis={"dtick": 1e-7}, yaxis={"dtick": 1e-7}),
        endless=True,
    ),
    "ten million ticks": Bomb(
        "numbers without bounds",
        lambda: layout(xaxis={"range": [0, 1e7], "dtick": 1}),
        endless=True,
    ),
    "ticks of minutes": Bomb(
        "numbers without bounds",
        lambda: {
            "data": [{"x": ["-9999-01-01", "9999-12-31"], "y": [1, 2]}],
            "layout": {"xaxis": {"dtick": 1}},
        },
        endless=True,
    ),
    "ticks of a logarithm": Bomb(
        "numbers without bounds",
        lambda: layout(xaxis={"type": "log", "range": [-300, 300], "dtick": 1e-6}),
        endless=True,
    ),
    "minor ticks": Bomb(
        "numbers without bounds",
        lambda: layout(xaxis={"minor": {"dtick": 1e-8, "showgrid": True}}),
        endless=True,
    ),
    "many ticks": Bomb(
        "numbers without bounds", lambda: layout(xaxis={"nticks": 1_000_000_000, "range": [0, 1]})
    ),
    "ticks of a colour bar": Bomb(
        "numbers without bounds",
        lambda: trace("heatmap", z=[[0, 1]], colorbar={"dtick": 1e-8}),
        endless=True,
    ),
    "ticks of a scene": Bomb(
        "numbers without bounds",
        lambda: {
            **trace("scatter3d", x=[0, 1], y=[0, 1], z=[0, 1]),
            "layout": {"scene": {"xaxis": {"dtick": 1e-8}}},
        },
        endless=True,
    ),
    "ticks of a circle": Bomb(
        "numbers without bounds",
        lambda: {
            **trace("scatterpolar", r=[1], theta=[1]),
            "layout": {"polar": {"angularaxis": {"dtick": 1e-7}}},
        },
    ),
    "ticks of a carpet": Bomb(
        "numbers without bounds",
        lambda: trace(
            "carpet",
            a=[0, 1],
            b=[0, 1],
            y=[[0, 1], [1, 2]],
            aaxis={"dtick": 1e-7, "minorgridcount": 1_000_000_000, "showgrid": True},
        ),
        endless=True,
    ),
    "lines of a globe": Bomb(
        "numbers without bounds",
        lambda: {
            **trace("scattergeo", lat=[1], lon=[1]),
            "layout": {"geo": {"visible": False, "lonaxis": {"showgrid": True, "dtick": 1e-5}}},
        },
    ),
    "ticks of a gauge": Bomb(
        "numbers without bounds",
        lambda: trace(
            "indicator", mode="gauge", value=1, gauge={"axis": {"range": [0, 1], "dtick": 1e-8}}
        ),
    ),
    "bins": Bomb(
        "numbers without bounds",
        lambda: trace("histogram", x=[0, 1], xbins={"size": 1e-12, "start": 0, "end": 1}),
    ),
    "bins of both": Bomb(
        "numbers without bounds",
        lambda: trace(
            "histogram2d",
            x=[0, 1],
            y=[0, 1],
            xbins={"size": 1e-5, "start": 0, "end": 1},
            ybins={"size": 1e-5, "start": 0, "end": 1},
        ),
        endless=True,
    ),
    "number of bins": Bomb(
        "numbers without bounds",
        lambda: trace("histogram", x=[0, 1e308, -1e308], nbinsx=1_000_000_000),
    ),
    "number of bins of both": Bomb(
        "numbers without bounds",
        lambda: trace(
            "histogram2d", x=[0, 1], y=[0, 1], nbinsx=1_000_000_000, nbinsy=1_000_000_000
        ),
    ),
    "bins of dates": Bomb(
        "numbers without bounds",
        lambda: trace("histogram", x=["0001-01-01", "9999-01-01"], xbins={"size": 1}),
        endless=True,
    ),
    "bins of months": Bomb(
        "numbers without bounds",
        lambda: trace(
            "histogram",
            x=["2026-01-01"],
            xbins={"size": "M0.0000001", "start": "2026-01-01", "end": "2026-02-01"},
        ),
    ),
    "bins that end never": Bomb(
        "numbers without bounds",
        lambda: trace("histogram", x=[1, 2], xbins={"start": 1e308, "end": -1e308, "size": 0}),
    ),
    "levels": Bomb(
        "numbers without bounds",
        lambda: trace("contour", z=[[0, 1], [1, 0]], contours={"start": 0, "end": 1, "size": 1e-9}),
        endless=True,
    ),
    "number of levels": Bomb(
        "numbers without bounds",
        lambda: trace("contour", z=[[0, 1], [1, 0]], ncontours=1_000_000_000),
    ),
    "levels of a surface": Bomb(
        "numbers without bounds",
        lambda: trace(
            "surface",
            z=[[0, 1], [1, 0]],
            contours={"z": {"show": True, "start": 0, "end": 1, "size": 1e-9}},
        ),
        endless=True,
    ),
    "surfaces": Bomb(
        "numbers without bounds",
        lambda: trace(
            "isosurface",
            x=[0, 0, 0, 0, 1, 1, 1, 1],
            y=[0, 0, 1, 1] * 2,
            z=[0, 1] * 4,
            value=list(range(8)),
            surface={"count": 1_000_000_000},
        ),
    ),
    "slices of a volume": Bomb(
        "numbers without bounds",
        lambda: trace(
            "volume",
            x=[0, 0, 0, 0, 1, 1, 1, 1],
            y=[0, 0, 1, 1] * 2,
            z=[0, 1] * 4,
            value=list(range(8)),
            surface={"count": 50_000_000},
        ),
        endless=True,
    ),
    "span of a violin": Bomb(
        "numbers without bounds",
        lambda: trace(
            "violin", y=[0, 1, 1e308], spanmode="manual", span=[-1e308, 1e308], bandwidth=1e-300
        ),
    ),
    "bandwidth of a violin": Bomb(
        "numbers without bounds", lambda: trace("violin", y=[0, 1e6], bandwidth=1e-6)
    ),
    "tubes": Bomb(
        "numbers without bounds",
        lambda: trace(
            "streamtube",
            x=[0, 0, 1, 1] * 2,
            y=[0, 1] * 4,
            z=[0] * 4 + [1] * 4,
            u=many(1e-9, 8),
            v=many(1, 8),
            w=many(1, 8),
            maxdisplayed=1_000_000_000,
            sizeref=1e-9,
        ),
    ),
}
