"""What surrounds traces: templates, subplots, axes, legends, texts, maps' outlines."""

from __future__ import annotations

import numpy as np
import pandas as pd
import plotly.express as px
import plotly.graph_objects as go
import plotly.io as pio
from plotly.subplots import make_subplots

from .traces import BLANK_MAP, CITIES, DAYS, HILLS, PRICE, TIPS, WORLD

TEMPLATES = [name for name in pio.templates if name != "none"]
SCOPES = ["world", "europe", "usa", "asia", "africa", "north america", "south america"]
PROJECTIONS = ["natural earth", "orthographic", "mollweide", "azimuthal equal area"]
DOT = (
    "data:image/png;base64,iVBORw0KGgoAAAANSUhEUgAAAAIAAAACCAIAAAD91JpzAAAAFklEQVR42mP4z8Dw/z8D"
    "EP//z8AAAB/qA/3z8o1iAAAAAElFTkSuQmCC"
)
DRAWING = (
    "data:image/svg+xml,%3Csvg xmlns='http://www.w3.org/2000/svg' width='40' height='40'%3E"
    "%3Ccircle cx='20' cy='20' r='18' fill='teal'/%3E%3C/svg%3E"
)
SCRIPTS = {
    "latin": "Größe, naïve, œuvre, Łódź, ğ, İ, ß",
    "greek": "αβγδ ΣΩ",
    "cyrillic": "Съешь ещё этих булок",
    "hebrew": "שלום עולם",
    "arabic": "مرحبا بالعالم",
    "devanagari": "नमस्ते दुनिया",
    "thai": "สวัสดีชาวโลก",
    "chinese": "漢字與汉字",
    "japanese": "こんにちは世界",
    "korean": "안녕하세요",
    "symbols": "∑∫√∞ ≤≥ →⇒ ★☂ ½ ² ₃ €₿",
    "emoji": "😀🎉👩‍🚀🇩🇪",
    "combining": "e\u0301 n\u0303 a\u030a q\u0307\u0323",
}


def templated(name: str) -> go.Figure:
    figure = px.scatter(
        TIPS, x="total_bill", y="tip", color="day", trendline=None, template=name, title=name
    )
    figure.add_annotation(x=40, y=9, text="an outlier")
    return figure


def every_kind_of_subplot() -> go.Figure:
    figure = make_subplots(
        rows=2,
        cols=4,
        specs=[
            [{"type": kind} for kind in ("xy", "polar", "scene", "domain")],
            [{"type": kind} for kind in ("geo", "map", "ternary", "domain")],
        ],
        subplot_titles=list("abcdefgh"),
    )
    figure.add_bar(y=[2, 3, 1], row=1, col=1)
    figure.add_scatterpolar(r=[1, 2, 3], theta=[0, 90, 200], row=1, col=2)
    figure.add_surface(z=HILLS, showscale=False, row=1, col=3)
    figure.add_pie(values=[1, 2, 3], row=1, col=4)
    figure.add_scattergeo(lon=CITIES["lon"], lat=CITIES["lat"], row=2, col=1)
    figure.add_scattermap(lon=CITIES["lon"], lat=CITIES["lat"], row=2, col=2)
    figure.add_scatterternary(a=[1, 2], b=[2, 1], c=[1, 1], row=2, col=3)
    figure.add_sunburst(labels=["a", "b", "c"], parents=["", "a", "a"], row=2, col=4)
    return figure.update_layout(
        map=BLANK_MAP | {"zoom": 0}, showlegend=False, width=900, height=500, margin_t=40
    )


def two_scenes_and_webgl() -> go.Figure:
    figure = make_subplots(
        rows=2, cols=2, specs=[[{"type": "scene"}] * 2, [{"type": "xy"}, {"type": "polar"}]]
    )
    figure.add_surface(z=HILLS, showscale=False, row=1, col=1)
    figure.add_scatter3d(x=[1, 2, 3], y=[2, 1, 3], z=[3, 1, 2], row=1, col=2)
    figure.add_scattergl(y=np.sin(np.arange(500) / 20), row=2, col=1)
    figure.add_scatterpolargl(r=np.arange(90), theta=np.arange(90) * 8, row=2, col=2)
    return figure.update_layout(
        scene_camera_eye={"x": 0.5, "y": -2, "z": 0.7},
        scene2_camera_projection_type="orthographic",
        width=700,
        height=500,
    )


def shapes_and_annotations() -> go.Figure:
    figure = go.Figure(go.Scatter(y=[1, 3, 2, 4]))
    figure.add_hrect(y0=1.5, y1=2.5, fillcolor="gold", opacity=0.3, line_width=0, layer="below")
    figure.add_vline(x=1.5, line_dash="dash", annotation_text="here")
    figure.add_shape(type="circle", x0=0.5, y0=2, x1=1.5, y1=3.5, label_text="ring")
    figure.add_shape(
        type="path", path="M 2 1 Q 2.5 3 3 1 Z", fillcolor="rgba(0,128,0,.4)", line_color="green"
    )
    figure.add_annotation(
        x=3, y=4, ax=-60, ay=40, text="<b>bold</b><br><i>slanted</i> x<sup>2</sup>", arrowhead=3
    )
    figure.add_annotation(
        text="paper", x=1, y=0, xref="paper", yref="paper", showarrow=False, bordercolor="red"
    )
    figure.add_annotation(x=1, y=3, text="turned", textangle=-40, bgcolor="white", showarrow=False)
    return figure


def images() -> go.Figure:
    figure = go.Figure(go.Scatter(y=[1, 3, 2]))
    figure.add_layout_image(
        source=DOT, x=0, y=3, sizex=1, sizey=1, xref="x", yref="y", sizing="stretch", opacity=0.5
    )
    figure.add_layout_image(
        source=DRAWING, x=1, y=1, sizex=0.2, sizey=0.2, xanchor="right", yanchor="top"
    )
    return figure


def controls() -> go.Figure:
    """Frames: what is drawn is the state before the first."""
    figure = px.bar(
        px.data.gapminder().query("year > 1995"),
        x="continent",
        y="pop",
        color="continent",
        animation_frame="year",
        range_y=[0, 4e9],
    )
    return figure.update_layout(
        updatemenus=[
            figure.layout.updatemenus[0],
            {"buttons": [{"label": "a"}, {"label": "b"}], "x": 0.3, "y": 1.2},
        ]
    )


def axes_on_both_sides() -> go.Figure:
    figure = make_subplots(specs=[[{"secondary_y": True}]])
    figure.add_bar(x=DAYS, y=PRICE - 95, name="left")
    figure.add_scatter(x=DAYS, y=PRICE * 1e6, name="right", secondary_y=True)
    figure.update_yaxes(title_text="millions", tickformat="~s", secondary_y=True)
    return figure


def log_axes() -> go.Figure:
    figure = go.Figure(go.Scatter(x=np.logspace(-3, 6, 30), y=np.logspace(2, -8, 30)))
    figure.update_xaxes(type="log", exponentformat="power", minor_showgrid=True)
    return figure.update_yaxes(type="log", autorange="reversed", ticks="outside")


def working_days() -> go.Figure:
    figure = go.Figure(go.Scatter(x=DAYS, y=PRICE, mode="lines+markers"))
    return figure.update_xaxes(
        rangeslider_visible=True,
        rangebreaks=[{"bounds": ["sat", "mon"]}],
        rangeselector_buttons=[{"count": 7, "step": "day"}, {"step": "all"}],
        tickformat="%a\n%d %b",
    )


def categories_in_categories() -> go.Figure:
    figure = go.Figure()
    years = ["2023"] * 3 + ["2024"] * 3
    for name, y in (("a", [1, 3, 2, 4, 2, 5]), ("b", [2, 1, 3, 1, 4, 2])):
        figure.add_bar(x=[years, ["Jan", "Feb", "Mar"] * 2], y=y, name=name)
    return figure.update_layout(barmode="stack", xaxis_title_text="year and month")


def several_legends() -> go.Figure:
    figure = go.Figure()
    for number, legend in enumerate(["legend", "legend", "legend2", "legend3"]):
        figure.add_scatter(y=[number, number + 1, number], name=f"line {number}", legend=legend)
    return figure.update_layout(
        legend={"title_text": "first", "bgcolor": "#eef"},
        legend2={"x": 0, "y": 1, "bordercolor": "red", "borderwidth": 1},
        legend3={"orientation": "h", "y": -0.15},
    )


def shared_colours() -> go.Figure:
    figure = make_subplots(rows=1, cols=2)
    figure.add_heatmap(z=HILLS[:10, :10], coloraxis="coloraxis", row=1, col=1)
    figure.add_heatmap(z=HILLS[20:30, :10], coloraxis="coloraxis", row=1, col=2)
    return figure.update_layout(
        coloraxis={"colorscale": "Turbo", "colorbar_title_text": "z", "colorbar_tickformat": ".1f"}
    )


def latex() -> go.Figure:
    figure = go.Figure(
        [
            go.Scatter(y=[1, 4, 9], name=r"$\alpha = \frac{1}{2}$"),
            go.Scatter(y=[2, 3, 5], name=r"$\sqrt{x^2 + y^2}$"),
        ]
    )
    figure.update_xaxes(title_text=r"$t\;[\mathrm{s}]$")
    figure.update_yaxes(title_text=r"$d, r \text{ (solar radius)}$", tickprefix="≈")
    figure.add_annotation(x=1, y=4, text=r"$\int_0^\infty e^{-x^2}\,dx$")
    return figure.update_layout(title_text=r"$\sum_{n=1}^{\infty} \frac{1}{n^2} = \frac{\pi^2}{6}$")


def globe(scope: str, projection: str | None = None) -> go.Figure:
    figure = go.Figure(go.Scattergeo(lon=[13.4, -74, 116.4, 36.8], lat=[52.5, 40.7, 39.9, -1.3]))
    return figure.update_geos(
        scope=scope,
        fitbounds=False,
        projection_type=projection,
        showland=True,
        showocean=True,
        showlakes=True,
        showrivers=True,
        showcountries=True,
        showsubunits=scope in ("usa", "north america"),
        lataxis_showgrid=True,
        lonaxis_showgrid=True,
    )


def long_texts() -> go.Figure:
    names = ["a rather long name of a category", "another one, as long", "short"]
    figure = go.Figure(
        go.Bar(y=names, x=[3, 1, 2], orientation="h", name="a legend's entry that is long too")
    )
    figure.update_yaxes(automargin=True)
    return figure.update_layout(
        title={"text": "A title<br><sup>and its subtitle</sup>", "automargin": True},
        showlegend=True,
    )


def written_in(text: str) -> go.Figure:
    figure = go.Figure(go.Bar(x=[text, "x"], y=[1, 2], name=text, showlegend=True))
    return figure.update_layout(title_text=text)


FIGURES: dict[str, go.Figure] = {
    **{f"template {name}": templated(name) for name in TEMPLATES},
    "every kind of subplot": every_kind_of_subplot(),
    "two scenes and WebGL": two_scenes_and_webgl(),
    "facets": px.scatter(
        TIPS, x="total_bill", y="tip", color="smoker", facet_row="sex", facet_col="time"
    ),
    "shapes and annotations": shapes_and_annotations(),
    "images": images(),
    "slider, menu, frames": controls(),
    "axes on both sides": axes_on_both_sides(),
    "log axes": log_axes(),
    "working days and a range slider": working_days(),
    "categories in categories": categories_in_categories(),
    "several legends": several_legends(),
    "shared colours": shared_colours(),
    "gradients": go.Figure(
        go.Scatter(
            y=[1, 3, 2],
            mode="markers",
            marker={"size": 40, "gradient": {"type": "radial", "color": "white"}},
        )
    ),
    "transparent": go.Figure(
        go.Scatter(y=[1, 3, 2]),
        layout={"paper_bgcolor": "rgba(0,0,0,0)", "plot_bgcolor": "rgba(255,0,0,.2)"},
    ),
    "fonts": go.Figure(
        go.Scatter(y=[1, 3, 2]),
        layout={
            "title": {
                "text": "small caps, <b>bold</b>",
                "font": {"variant": "small-caps", "weight": 700, "shadow": "2px 2px 2px grey"},
            },
            "font": {"family": "DejaVu Serif, Times New Roman, serif", "size": 14},
            "xaxis": {"tickfont": {"family": "monospace", "style": "italic"}},
        },
    ),
    "dates over years": px.line(
        pd.DataFrame({"when": pd.date_range("1990", periods=40, freq="QS"), "y": np.arange(40)}),
        x="when",
        y="y",
    ),
    "equal scales, grid and zero lines": go.Figure(
        go.Scatter(x=[-1, 2, 1], y=[-2, 1, 2], fill="toself"),
        layout={
            "yaxis": {"scaleanchor": "x", "zerolinewidth": 3, "griddash": "dot"},
            "xaxis": {"side": "top", "mirror": True, "showline": True, "dtick": 0.5},
        },
    ),
    "long texts": long_texts(),
    "LaTeX": latex(),
    "states": px.choropleth(
        locations=["CA", "TX", "NY"], locationmode="USA-states", color=[1, 2, 3], scope="usa"
    ),
    "countries by name": px.choropleth(
        WORLD, locations="country", locationmode="country names", color="pop", scope="africa"
    ),
    **{f"map of {scope}": globe(scope) for scope in SCOPES},
    **{f"map, {projection}": globe("world", projection) for projection in PROJECTIONS},
    **{f"text, {name}": written_in(text) for name, text in SCRIPTS.items()},
}
