"""One figure or more for every type of trace that plotly.js knows."""

from __future__ import annotations

import numpy as np
import pandas as pd
import plotly.express as px
import plotly.graph_objects as go

CHANCE = np.random.default_rng(7)
X = np.linspace(0, 6, 40)
HILLS = np.outer(np.sin(X), np.cos(X))
CUBE = np.mgrid[0:5, 0:5, 0:5].reshape(3, -1).astype(float)
DAYS = pd.date_range("2024-01-29", periods=30, freq="D")
PRICE = 100 + np.cumsum(CHANCE.normal(size=30))
SWING = CHANCE.uniform(0.3, 1.5, (2, 30))
PRICES = {
    "x": DAYS,
    "open": PRICE,
    "close": np.roll(PRICE, -1),
    "high": np.maximum(PRICE, np.roll(PRICE, -1)) + SWING[0],
    "low": np.minimum(PRICE, np.roll(PRICE, -1)) - SWING[1],
}
IRIS = px.data.iris()
MEASURES = ["sepal_length", "sepal_width", "petal_length", "petal_width"]
TIPS = px.data.tips()
WORLD = px.data.gapminder().query("year == 2007")
WIND = px.data.wind()
CITIES = {
    "lon": [13.4, 2.35, -0.13, 12.5, -3.7],
    "lat": [52.5, 48.9, 51.5, 41.9, 40.4],
    "text": ["Berlin", "Paris", "London", "Roma", "Madrid"],
}
BLANK_MAP = {"style": "white-bg", "center": {"lon": 5, "lat": 47}, "zoom": 2.5}
TREE = {
    "labels": ["all", "fruit", "grain", "apple", "pear", "rye", "oats"],
    "parents": ["", "all", "all", "fruit", "fruit", "grain", "grain"],
    "values": [21, 12, 9, 7, 5, 4, 5],
    "branchvalues": "total",
}
CARPET = {
    "a": np.repeat([4, 5, 6], 4),
    "b": np.tile([1, 2, 3, 4], 3),
    "y": [2, 3.5, 4, 3, 4.5, 5, 5, 5.5, 6.5, 7, 7.5, 8],
}
SQUARES = {
    "type": "FeatureCollection",
    "features": [
        {
            "type": "Feature",
            "id": name,
            "properties": {},
            # d3 takes the side of a ring that lies on its right for the inside
            "geometry": {
                "type": "Polygon",
                "coordinates": [[[x, 45], [x, 50], [x + 6, 50], [x + 6, 45], [x, 45]]],
            },
        }
        for name, x in (("west", -2), ("middle", 5), ("east", 12))
    ],
}


def lines_and_errors() -> go.Figure:
    """Error bars, fills, gaps and texts."""
    gappy = np.where(np.arange(40) % 13 == 12, np.nan, np.cos(X))
    figure = go.Figure()
    figure.add_scatter(x=X, y=np.sin(X), fill="tozeroy", name="sine")
    figure.add_scatter(x=X, y=gappy, mode="lines+markers", line_dash="dot", name="gaps")
    figure.add_scatter(
        x=[1, 3, 5],
        y=[1.2, 0.4, 1.5],
        error_y={"array": [0.2, 0.3, 0.1], "arrayminus": [0.4, 0.1, 0.2]},
        error_x={"value": 0.3, "type": "constant"},
        mode="markers+text",
        text=["a", "b", "c"],
        textposition="top right",
        marker={"symbol": ["star", "diamond-open", "cross-dot"], "size": [14, 10, 18]},
    )
    return figure


def stacked_areas() -> go.Figure:
    """Areas on each other, from data as a long table."""
    table = px.data.gapminder().groupby(["year", "continent"], as_index=False)["pop"].sum()
    return px.area(table, x="year", y="pop", color="continent")


def bars() -> go.Figure:
    """Categories, patterns, and texts in the bars."""
    figure = go.Figure()
    for name, shape, y in (("2023", "/", [20, 14, 23]), ("2024", "x", [12, 18, 29])):
        figure.add_bar(
            x=["Giraffen", "Orang-Utans", "Affen"],
            y=y,
            name=name,
            text=y,
            marker_pattern_shape=shape,
            error_y_array=[2, 1, 3],
        )
    return figure


def tubes() -> go.Figure:
    return go.Figure(
        go.Streamtube(
            **{axis: WIND_FIELD[axis] for axis in "xyzuvw"},
            starts={"x": [0, 0, 0], "y": [1, 2, 3], "z": [1, 2, 3]},
            sizeref=0.4,
            colorscale="Portland",
        )
    )


WIND_FIELD = {
    "x": CUBE[0],
    "y": CUBE[1],
    "z": CUBE[2],
    "u": np.ones(125),
    "v": np.sin(CUBE[0]),
    "w": np.cos(CUBE[0]),
}

WEBGL = {
    *("cone", "isosurface", "mesh3d", "scatter3d", "streamtube", "surface", "volume"),
    *("parcoords", "scattergl", "scatterpolargl", "splom"),
    *("choroplethmap", "densitymap", "scattermap"),
    *("choroplethmapbox", "densitymapbox", "scattermapbox"),
}
"""The types that plotly.js does not draw as vectors."""

FIGURES: dict[str, go.Figure] = {
    "scatter": lines_and_errors(),
    "scatter, stacked": stacked_areas(),
    "scatter, bubbles": px.scatter(
        WORLD, x="gdpPercap", y="lifeExp", size="pop", color="continent", log_x=True
    ),
    "scattergl": go.Figure(
        go.Scattergl(
            x=CHANCE.normal(size=3000),
            y=CHANCE.normal(size=3000),
            mode="markers",
            marker={"size": 4, "color": np.arange(3000), "colorscale": "Viridis", "opacity": 0.6},
        )
    ),
    "scattergl, lines": go.Figure(
        go.Scattergl(x=X, y=np.sin(X), mode="lines+markers", fill="tozeroy", error_y_value=10)
    ),
    "bar": bars(),
    "bar, horizontal": px.bar(
        px.data.medals_long(), y="nation", x="count", color="medal", orientation="h"
    ),
    "waterfall": go.Figure(
        go.Waterfall(
            x=["sales", "advice", "net", "purchases", "other", "profit"],
            measure=["relative", "relative", "total", "relative", "relative", "total"],
            y=[60, 80, 0, -40, -20, 0],
            text=["+60", "+80", "", "-40", "-20", "total"],
        )
    ),
    "funnel": px.funnel(
        x=[39, 27, 20, 11, 2], y=["visit", "download", "potential", "invite", "buy"]
    ),
    "funnelarea": go.Figure(go.Funnelarea(values=[5, 4, 3, 2, 1], text=list("abcde"))),
    "pie": go.Figure(
        go.Pie(
            values=[4500, 2500, 1053, 500],
            labels=["O₂", "H₂", "CO₂", "N₂"],
            pull=[0, 0.1, 0, 0],
            textinfo="label+percent",
            hole=0.3,
        )
    ),
    "sunburst": go.Figure(go.Sunburst(**TREE)),
    "treemap": go.Figure(go.Treemap(**TREE, textinfo="label+value+percent root")),
    "icicle": go.Figure(go.Icicle(**TREE, tiling_orientation="v")),
    "sankey": go.Figure(
        go.Sankey(
            node={"label": ["A1", "A2", "B1", "B2", "C1", "C2"], "pad": 15},
            link={
                "source": [0, 1, 0, 2, 3, 3],
                "target": [2, 3, 3, 4, 4, 5],
                "value": [8, 4, 2, 8, 4, 2],
                "color": "rgba(90, 140, 200, .4)",
            },
        )
    ),
    "parcats": go.Figure(
        go.Parcats(
            dimensions=[{"label": name, "values": TIPS[name]} for name in ("sex", "smoker", "day")],
            line={"color": TIPS["size"], "colorscale": "Cividis"},
        )
    ),
    "parcoords": go.Figure(
        go.Parcoords(
            dimensions=[{"label": name, "values": IRIS[name]} for name in MEASURES],
            line={"color": IRIS["species_id"], "colorscale": "Tealrose"},
        )
    ),
    "splom": px.scatter_matrix(IRIS, dimensions=MEASURES[:3], color="species"),
    "table": go.Figure(
        go.Table(
            header={"values": ["<b>city</b>", "people"], "fill_color": "paleturquoise"},
            cells={"values": [["Zürich", "東京", "São Paulo"], [434_008, 14e6, 12.4e6]]},
        )
    ),
    "indicator": go.Figure(
        [
            go.Indicator(
                mode="number+gauge+delta",
                value=420,
                delta={"reference": 450},
                gauge={"axis": {"range": [0, 600]}, "threshold": {"value": 510}},
                title={"text": "speed"},
                domain={"x": [0, 0.6], "y": [0, 1]},
            ),
            go.Indicator(mode="number", value=0.873, domain={"x": [0.7, 1], "y": [0, 1]}),
        ]
    ),
    "heatmap": px.imshow(IRIS[MEASURES].corr().round(2), text_auto=True),
    "heatmap, typed": go.Figure(go.Heatmap(z=HILLS, zsmooth="best", colorscale="RdBu")),
    "contour": go.Figure(go.Contour(z=HILLS, contours={"coloring": "lines", "showlabels": True})),
    "image": go.Figure(go.Image(z=(np.indices((12, 16, 3)).sum(axis=0) * 9 % 256).astype("u1"))),
    "image, by a data URI": px.imshow(
        (np.indices((30, 40, 3)).sum(axis=0) * 5 % 256).astype("u1"), binary_string=True
    ),
    "histogram": px.histogram(TIPS, x="total_bill", color="sex", marginal="rug", nbins=20),
    "histogram2d": go.Figure(go.Histogram2d(x=TIPS.total_bill, y=TIPS.tip, nbinsx=15)),
    "histogram2dcontour": go.Figure(
        [
            go.Histogram2dContour(x=IRIS.sepal_length, y=IRIS.sepal_width, colorscale="Blues"),
            go.Scatter(x=IRIS.sepal_length, y=IRIS.sepal_width, mode="markers", marker_size=3),
        ]
    ),
    "box": px.box(TIPS, x="day", y="total_bill", color="smoker", notched=True, points="all"),
    "violin": px.violin(TIPS, x="day", y="tip", box=True, points="all"),
    "ohlc": go.Figure(go.Ohlc(**PRICES), layout_xaxis_rangeslider_visible=False),
    "candlestick": go.Figure(go.Candlestick(**PRICES)),
    "carpet": go.Figure(go.Carpet(**CARPET, aaxis_title_text="a", baxis_title_text="b")),
    "contourcarpet": go.Figure(
        [
            go.Carpet(**CARPET),
            go.Contourcarpet(a=CARPET["a"], b=CARPET["b"], z=np.arange(12) % 5 + 0.5),
        ]
    ),
    "scattercarpet": go.Figure(
        [
            go.Carpet(**CARPET),
            go.Scattercarpet(a=[4, 4.5, 5, 6], b=[1.5, 2.5, 1.5, 2.5], marker_size=10),
        ]
    ),
    "scatterpolar": go.Figure(
        [
            go.Scatterpolar(r=[1, 5, 2, 2, 3], theta=list("ABCDE"), fill="toself"),
            go.Scatterpolar(r=[2, 2, 4, 1, 5], theta=list("ABCDE"), fill="toself"),
        ]
    ),
    "scatterpolargl": go.Figure(
        go.Scatterpolargl(
            r=np.arange(300) % 37, theta=np.arange(300) * 7.3, mode="markers", marker_size=5
        )
    ),
    "barpolar": px.bar_polar(WIND, r="frequency", theta="direction", color="strength"),
    "scatterternary": px.scatter_ternary(
        px.data.election(), a="Joly", b="Coderre", c="Bergeron", color="winner", size="total"
    ),
    "scattersmith": go.Figure(
        go.Scattersmith(real=[0.5, 1, 2, 3], imag=[0.5, 1, 2, -3], marker_size=10)
    ),
    "surface": go.Figure(
        go.Surface(z=HILLS, contours_z={"show": True, "usecolormap": True, "project_z": True})
    ),
    "scatter3d": px.scatter_3d(
        IRIS, x="sepal_length", y="sepal_width", z="petal_width", color="species", symbol="species"
    ),
    "scatter3d, line": go.Figure(
        go.Scatter3d(
            x=np.cos(X * 3),
            y=np.sin(X * 3),
            z=X,
            mode="lines+markers+text",
            text=["start"] + [""] * 38 + ["end"],
            marker={"size": 3, "color": X},
            line={"width": 5, "color": X},
        )
    ),
    "mesh3d": go.Figure(
        go.Mesh3d(
            x=[0, 1, 2, 0],
            y=[0, 0, 1, 2],
            z=[0, 2, 0, 1],
            i=[0, 0, 0, 1],
            j=[1, 2, 3, 2],
            k=[2, 3, 1, 3],
            intensity=[0, 0.33, 0.66, 1],
        )
    ),
    "cone": go.Figure(go.Cone(**WIND_FIELD, sizeref=2)),
    "streamtube": tubes(),
    "volume": go.Figure(
        go.Volume(
            x=CUBE[0],
            y=CUBE[1],
            z=CUBE[2],
            value=CUBE.prod(axis=0),
            isomin=4,
            opacity=0.2,
            surface_count=6,
        )
    ),
    "isosurface": go.Figure(
        go.Isosurface(
            x=CUBE[0],
            y=CUBE[1],
            z=CUBE[2],
            value=((CUBE - 2) ** 2).sum(axis=0),
            isomin=2,
            isomax=4,
        )
    ),
    "scattergeo": go.Figure(
        go.Scattergeo(**CITIES, mode="markers+text"), layout_geo_scope="europe"
    ),
    # with the small countries too, save Réunion, which is a part of France to older plotly.js
    "choropleth": px.choropleth(
        WORLD[WORLD.country != "Reunion"], locations="iso_alpha", color="lifeExp"
    ).update_geos(resolution=50),
    "choropleth, own shapes": go.Figure(
        go.Choropleth(geojson=SQUARES, locations=["west", "middle", "east"], z=[1, 2, 3]),
        layout_geo={"fitbounds": "locations", "visible": False},
    ),
    "scattermap": go.Figure(
        go.Scattermap(
            **CITIES, mode="markers+lines", marker={"size": 12, "color": [1, 2, 3, 4, 5]}
        ),
        layout_map=BLANK_MAP,
    ),
    "choroplethmap": go.Figure(
        go.Choroplethmap(geojson=SQUARES, locations=["west", "middle", "east"], z=[1, 2, 3]),
        layout_map=BLANK_MAP,
    ),
    "densitymap": go.Figure(
        go.Densitymap(lon=CITIES["lon"], lat=CITIES["lat"], z=[1, 2, 3, 4, 5], radius=30),
        layout_map=BLANK_MAP,
    ),
}

# some versions of plotly have these, and some those
if hasattr(go, "Quiver"):
    FIGURES["quiver"] = go.Figure(
        go.Quiver(
            x=np.repeat(np.arange(6), 6),
            y=np.tile(np.arange(6), 6),
            u=np.cos(np.arange(36) / 5),
            v=np.sin(np.arange(36) / 5),
        )
    )
if hasattr(go, "Scattermapbox"):
    FIGURES |= {
        "scattermapbox": go.Figure(
            go.Scattermapbox(
                lon=CITIES["lon"], lat=CITIES["lat"], mode="markers+lines", marker_size=12
            ),
            layout_mapbox=BLANK_MAP,
        ),
        "choroplethmapbox": go.Figure(
            go.Choroplethmapbox(geojson=SQUARES, locations=["west", "middle", "east"], z=[1, 2, 3]),
            layout_mapbox=BLANK_MAP,
        ),
        "densitymapbox": go.Figure(
            go.Densitymapbox(lon=CITIES["lon"], lat=CITIES["lat"], z=[1, 2, 3, 4, 5], radius=30),
            layout_mapbox=BLANK_MAP,
        ),
        "scattermapbox beside scattermap": go.Figure(
            [
                go.Scattermapbox(lon=CITIES["lon"], lat=CITIES["lat"], marker_size=12),
                go.Scattermap(**CITIES, marker_size=12),
            ],
            layout={
                "mapbox": BLANK_MAP | {"domain": {"x": [0, 0.5]}},
                "map": BLANK_MAP | {"domain": {"x": [0.5, 1]}},
            },
        ),
    }
