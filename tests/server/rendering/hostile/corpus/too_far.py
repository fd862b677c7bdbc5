"""Sizes and ranges without measure, and what leads to itself."""

from __future__ import annotations

from .bomb import Bomb, layout, many, trace

__all__ = ["BOMBS"]

BOMBS = {
    "size of markers": Bomb(
        "numbers without bounds",
        lambda: trace("scatter", mode="markers", y=[1], marker={"size": 1e30}),
    ),
    "size of fonts": Bomb(
        "numbers without bounds", lambda: layout(font={"size": 1e30}, title={"text": "x"})
    ),
    "width of lines": Bomb(
        "numbers without bounds", lambda: trace("scatter", y=[1, 2], line={"width": 1e300})
    ),
    "margins": Bomb(
        "numbers without bounds",
        lambda: layout(margin={"l": 1e30, "r": -5, "t": 1e308, "b": 1e9, "pad": 1e30}),
    ),
    "width of the layout": Bomb("numbers without bounds", lambda: layout(width=1e9, height=1e9)),
    "range": Bomb(
        "numbers without bounds",
        lambda: layout(xaxis={"range": [-1e308, 1e308]}, yaxis={"range": [1e-320, 2e-320]}),
    ),
    "range of dates": Bomb(
        "numbers without bounds", lambda: layout(xaxis={"type": "date", "range": [-1e300, 1e300]})
    ),
    "range without extent": Bomb(
        "numbers without bounds",
        lambda: layout(
            xaxis={"range": [1, 1 + 1e-16]}, yaxis={"range": [9007199254740992, 9007199254740993]}
        ),
    ),
    "breaks": Bomb(
        "numbers without bounds",
        lambda: {
            "data": [{"x": ["0001-01-01", "9999-01-01"], "y": [1, 2]}],
            "layout": {
                "xaxis": {
                    "rangebreaks": [
                        {"pattern": "hour", "bounds": [1, 2]},
                        {"values": ["2026-01-01"], "dvalue": 1e-9},
                    ]
                }
            },
        },
    ),
    "calendar": Bomb(
        "numbers without bounds",
        lambda: {
            "data": [{"x": ["9999-01-01", "-9999-01-01"], "y": [1, 2], "xcalendar": "chinese"}],
            "layout": {"xaxis": {"type": "date", "calendar": "chinese", "dtick": "M1"}},
        },
    ),
    "format": Bomb(
        "numbers without bounds", lambda: layout(xaxis={"tickformat": "0999999999d"}), endless=False
    ),
    "format of digits": Bomb(
        "numbers without bounds", lambda: layout(xaxis={"tickformat": ".999999999f"})
    ),
    "format of a date": Bomb(
        "numbers without bounds",
        lambda: {
            "data": [{"x": ["2026-01-01"], "y": [1]}],
            "layout": {"xaxis": {"tickformat": "%" + "9" * 100 + "f%1000000000f"}},
        },
    ),
    "spikes of a gauge": Bomb(
        "numbers without bounds",
        lambda: trace(
            "indicator",
            mode="gauge",
            value=1e308,
            gauge={"axis": {"range": [-1e308, 1e308]}, "steps": many({"range": [0, 1]}, 200_000)},
        ),
    ),
    "levels of a treemap": Bomb(
        "numbers without bounds",
        lambda: trace(
            "treemap",
            labels=[str(i) for i in range(20_000)],
            parents=["", *map(str, range(19_999))],
        ),
    ),
    "levels of an icicle": Bomb(
        "numbers without bounds",
        lambda: trace(
            "icicle", labels=[str(i) for i in range(20_000)], parents=["", *map(str, range(19_999))]
        ),
    ),
    "lobes of a legend": Bomb(
        "numbers without bounds",
        lambda: {
            "data": [{"y": [1], "showlegend": True}],
            "layout": {
                "legend": {
                    "entrywidth": 1e30,
                    "itemwidth": 1e30,
                    "tracegroupgap": 1e300,
                    "font": {"size": 1e9},
                }
            },
        },
    ),
    "iterations of a sankey": Bomb(
        "numbers without bounds",
        lambda: trace(
            "sankey",
            node={"label": list("abc"), "pad": 1e300, "thickness": 1e300},
            link={"source": [0, 1, 2], "target": [1, 2, 0], "value": [1e308, 1e-308, 1]},
        ),
    ),
    "tiling": Bomb(
        "numbers without bounds",
        lambda: trace(
            "treemap",
            labels=["a", "b"],
            parents=["", "a"],
            tiling={"packing": "slice-dice", "pad": 1e300, "squarifyratio": 1e300},
        ),
    ),
    "zoom": Bomb(
        "numbers without bounds",
        lambda: {
            **trace("scattermap", lat=[1], lon=[1]),
            "layout": {
                "map": {
                    "style": "white-bg",
                    "zoom": 1e300,
                    "pitch": 1e300,
                    "center": {"lat": 1e300, "lon": 1e300},
                }
            },
        },
    ),
    "projection": Bomb(
        "numbers without bounds",
        lambda: {
            **trace("scattergeo", lat=[1], lon=[1]),
            "layout": {
                "geo": {
                    "visible": False,
                    "projection": {"scale": 1e300, "rotation": {"lon": 1e300}},
                    "lonaxis": {"range": [-1e9, 1e9]},
                }
            },
        },
    ),
    "camera": Bomb(
        "numbers without bounds",
        lambda: {
            **trace("scatter3d", x=[1e308], y=[-1e308], z=[1]),
            "layout": {
                "scene": {
                    "camera": {"eye": {"x": 1e300, "y": 0, "z": 0}},
                    "aspectratio": {"x": 1e300, "y": 1e-300, "z": 1},
                }
            },
        },
    ),
    "cycle of a treemap": Bomb(
        "loops", lambda: trace("treemap", labels=["a", "b", "c"], parents=["c", "a", "b"])
    ),
    "cycle of itself": Bomb(
        "loops", lambda: trace("sunburst", ids=["a", "a"], labels=["a", "a"], parents=["a", "a"])
    ),
    "circles of a sankey": Bomb(
        "loops",
        lambda: trace(
            "sankey",
            node={"label": list("abcd")},
            link={"source": [0, 1, 2, 3, 0, 2], "target": [1, 2, 3, 0, 0, 1], "value": many(1, 6)},
        ),
    ),
    "dense circles of a sankey": Bomb(
        "loops",
        lambda: trace(
            "sankey",
            node={"label": many("x", 30)},
            link={
                "source": [i for i in range(30) for _ in range(30)],
                "target": list(range(30)) * 30,
                "value": many(1, 900),
            },
        ),
        endless=True,
    ),
    "axes over each other": Bomb(
        "loops",
        lambda: layout(
            xaxis={"overlaying": "x2", "anchor": "y2", "scaleanchor": "x2"},
            xaxis2={"overlaying": "x", "scaleanchor": "x", "anchor": "free"},
            yaxis={"scaleanchor": "x", "matches": "y2"},
            yaxis2={"overlaying": "y", "matches": "y"},
        ),
    ),
    "templates of templates": Bomb(
        "loops",
        lambda: layout(template={"layout": {"template": {"layout": {"template": "plotly"}}}}),
    ),
    "fills": Bomb(
        "loops",
        lambda: {
            "data": many(
                {"y": [1, 2, 3], "fill": "tonexty", "stackgroup": "a", "groupnorm": "percent"},
                3_000,
            )
        },
    ),
    "groups of parcats": Bomb(
        "loops",
        lambda: trace(
            "parcats",
            dimensions=[
                {"values": [str(i) for i in range(1_000)]},
                {"values": [str(-i) for i in range(1_000)]},
            ],
        ),
    ),
}
