"""Too many points, traces, shapes, subplots."""

from __future__ import annotations

from .bomb import Bomb, layout, many, trace, zeros

__all__ = ["BOMBS"]

BOMBS = {
    "points": Bomb("many points", lambda: trace("scatter", mode="markers", y=zeros(3_000_000))),
    "points of WebGL": Bomb(
        "many points", lambda: trace("scattergl", mode="markers", y=zeros(10_000_000))
    ),
    "points of 3D": Bomb(
        "many points",
        lambda: trace("scatter3d", x=zeros(2_000_000), y=zeros(2_000_000), z=zeros(2_000_000)),
    ),
    "bars": Bomb("many points", lambda: trace("bar", y=zeros(1_000_000))),
    "slices": Bomb("many points", lambda: trace("pie", values=many(1, 300_000))),
    "cells of a heatmap": Bomb(
        "many points",
        lambda: trace("heatmap", z={**zeros(36_000_000, "u1", 1), "shape": "6000,6000"}),
    ),
    "texts of a heatmap": Bomb(
        "many points",
        lambda: trace(
            "heatmap", z={**zeros(1_000_000, "u1", 1), "shape": "1000,1000"}, texttemplate="%{z}"
        ),
    ),
    "rows of a table": Bomb(
        "many parts", lambda: trace("table", cells={"values": [many("x", 500_000)]})
    ),
    "columns of a table": Bomb(
        "many parts",
        lambda: trace(
            "table", header={"values": many("x", 50_000)}, cells={"values": many(["x"], 50_000)}
        ),
    ),
    "dimensions": Bomb(
        "many parts", lambda: trace("splom", dimensions=many({"values": [1, 2]}, 300))
    ),
    "traces": Bomb("many parts", lambda: {"data": many({"y": [1, 2]}, 50_000)}),
    "shapes": Bomb(
        "many parts", lambda: layout(shapes=many({"x0": 0, "x1": 1, "y0": 0, "y1": 1}, 1_000_000))
    ),
    "annotations": Bomb("many parts", lambda: layout(annotations=many({"text": "x"}, 1_000_000))),
    "pictures": Bomb("many parts", lambda: layout(images=many({"source": "data:,"}, 200_000))),
    "buttons": Bomb(
        "many parts", lambda: layout(updatemenus=many({"buttons": many({"label": "x"}, 500)}, 200))
    ),
    "subplots": Bomb(
        "many parts",
        lambda: {"data": [{"y": [1], "xaxis": f"x{i}", "yaxis": f"y{i}"} for i in range(1, 3000)]},
    ),
    "scenes": Bomb(
        "many parts",
        lambda: {
            "data": [
                {"type": "scatter3d", "x": [1], "y": [1], "z": [1], "scene": f"scene{i}"}
                for i in range(1, 200)
            ]
        },
    ),
    "maps": Bomb(
        "many parts",
        lambda: {
            "data": [
                {"type": "scattermap", "lat": [1], "lon": [1], "subplot": f"map{i}"}
                for i in range(1, 100)
            ],
            "layout": {f"map{i}": {"style": "white-bg"} for i in range(1, 100)},
        },
    ),
    "layers": Bomb(
        "many parts",
        lambda: {
            "data": [{"type": "scattermap"}],
            "layout": {
                "map": {
                    "style": "white-bg",
                    "layers": many(
                        {
                            "sourcetype": "geojson",
                            "type": "line",
                            "source": {"type": "Point", "coordinates": [1, 1]},
                        },
                        50_000,
                    ),
                }
            },
        },
    ),
    "grid": Bomb("many parts", lambda: layout(grid={"rows": 100_000, "columns": 100_000})),
    "legends": Bomb(
        "many parts",
        lambda: {
            "data": [{"y": [1], "legend": f"legend{i}", "showlegend": True} for i in range(2, 2000)]
        },
    ),
    "legend of slices": Bomb(
        "many parts", lambda: trace("pie", labels=[str(i) for i in range(50_000)])
    ),
    "templates": Bomb(
        "many parts",
        lambda: layout(
            template={"layout": {"annotations": many({"name": "a", "text": "x"}, 300_000)}}
        ),
    ),
    "keys": Bomb("many parts", lambda: layout(**{f"xaxis{i}": {} for i in range(2, 200_000)})),
    "nodes": Bomb(
        "many parts",
        lambda: trace(
            "sankey",
            node={"label": many("x", 5_000)},
            link={
                "source": list(range(4_999)),
                "target": list(range(1, 5_000)),
                "value": many(1, 4_999),
            },
        ),
    ),
    "pattern of places": Bomb(
        "many parts",
        lambda: {
            "data": [
                {
                    "type": "choropleth",
                    "locations": ["a"],
                    "z": [1],
                    "geojson": {
                        "type": "FeatureCollection",
                        "features": many(
                            {
                                "type": "Feature",
                                "id": "a",
                                "geometry": {
                                    "type": "Polygon",
                                    "coordinates": [[[0, 0], [0, 9], [9, 9], [0, 0]]],
                                },
                            },
                            200_000,
                        ),
                    },
                }
            ],
            "layout": {"geo": {"visible": False}},
        },
    ),
}
