"""The image is what plotly.js itself makes of the figure: pixel for pixel, in the same page."""

from __future__ import annotations

import json
import re
from typing import Any
from xml.etree import ElementTree as ET

import numpy as np
import plotly.graph_objects as go
import pytest
import pytest_asyncio
from plotly.subplots import make_subplots

from plotly_nbext.server.rendering import RenderError

from .gallery.compare import assert_same, shades
from .support import draw, drawn_by_plotly, evaluate, pages, started

pytestmark = [pytest.mark.asyncio(loop_scope="module"), pytest.mark.gallery]


@pytest_asyncio.fixture(loop_scope="module")
async def fresh():
    """A renderer for a test that changes the page, or looks at what is in it."""
    async with started(browsers=1, timeout=60) as own:
        await own.warm()
        yield own


X = np.linspace(0, 6, 40)
GRID = np.outer(np.sin(X), np.cos(X))
CUBE = np.mgrid[0:4, 0:4, 0:4].reshape(3, -1).astype(float)


def two_scenes() -> go.Figure:
    figure = make_subplots(cols=2, specs=[[{"type": "scene"}, {"type": "xy"}]])
    figure.add_surface(z=GRID, row=1, col=1)
    figure.add_bar(y=[2, 3, 1], row=1, col=2)
    return figure


def many_scenes(count: int) -> go.Figure:
    figure = make_subplots(cols=count // 4, rows=4, specs=[[{"type": "scene"}] * (count // 4)] * 4)
    for number in range(count):
        cell = {"row": number % 4 + 1, "col": number // 4 + 1}
        figure.add_scatter3d(x=[0, 1, number], y=[0, 2, 1], z=[number, 1, 2], **cell)
    return figure.update_layout(showlegend=False)


def many_gl_subplots(count: int) -> go.Figure:
    figure = make_subplots(cols=count // 4, rows=4)
    for number in range(count):
        cell = {"row": number % 4 + 1, "col": number // 4 + 1}
        figure.add_scattergl(y=[1, number, 2], mode="markers", **cell)
    return figure.update_layout(showlegend=False)


FIGURES = {
    "scatter": go.Figure(
        go.Scatter(x=X, y=np.sin(X), fill="tozeroy"), layout_title_text="<b>é</b>"
    ),
    "bar": go.Figure([go.Bar(y=[1, 3, 2], name="a"), go.Bar(y=[2, 1, 1], name="b")]),
    "dates": go.Figure(go.Scatter(x=["2024-01-31", "2024-02-29", "2025-01-01"], y=[1, 2, 3])),
    "heatmap": go.Figure(go.Heatmap(z=GRID)),
    "contour": go.Figure(go.Contour(z=GRID, contours_coloring="lines")),
    "box": go.Figure([go.Box(y=X**2, boxpoints="all"), go.Violin(y=X**2)]),
    "histogram": go.Figure(go.Histogram(x=np.sin(X), nbinsx=7)),
    "pie": go.Figure(go.Pie(values=[1, 2, 3], labels=["a", "b", "c"], hole=0.3)),
    "sunburst": go.Figure(go.Sunburst(labels=["a", "b", "c"], parents=["", "a", "a"])),
    "sankey": go.Figure(
        go.Sankey(
            node_label=["a", "b", "c"], link={"source": [0, 0], "target": [1, 2], "value": [1, 2]}
        )
    ),
    "table": go.Figure(
        go.Table(header_values=["a", "b"], cells_values=[[1, 2], ["é", "<i>x</i>"]])
    ),
    "indicator": go.Figure(go.Indicator(value=4, mode="gauge+number+delta", delta_reference=3)),
    "polar": go.Figure(go.Scatterpolar(r=[1, 2, 3], theta=[0, 90, 200], fill="toself")),
    "ternary": go.Figure(go.Scatterternary(a=[1, 2], b=[2, 1], c=[1, 1])),
    "candlestick": go.Figure(go.Candlestick(open=[1, 2], close=[2, 1], low=[0, 0], high=[3, 3])),
    "image": go.Figure(go.Image(z=np.arange(27, dtype="u1").reshape(3, 3, 3) * 9)),
    "dark": go.Figure(go.Scatter(y=[1, 3, 2]), layout_template="plotly_dark"),
    "scattergl": go.Figure(go.Scattergl(x=X, y=np.cos(X), mode="markers+lines")),
    "splom": go.Figure(go.Splom(dimensions=[{"values": X}, {"values": np.sin(X)}])),
    "parcoords": go.Figure(go.Parcoords(dimensions=[{"values": X}, {"values": np.sin(X)}])),
    "surface": go.Figure(go.Surface(z=GRID)),
    "scatter3d": go.Figure(go.Scatter3d(x=X, y=np.sin(X), z=np.cos(X), marker_size=3)),
    "mesh3d": go.Figure(go.Mesh3d(x=[0, 1, 0, 0], y=[0, 0, 1, 0], z=[0, 0, 0, 1], alphahull=0)),
    "isosurface": go.Figure(
        go.Isosurface(x=CUBE[0], y=CUBE[1], z=CUBE[2], value=CUBE.sum(axis=0), isomin=2, isomax=7)
    ),
    "cone": go.Figure(go.Cone(x=[1, 2], y=[1, 2], z=[1, 2], u=[1, 0], v=[1, 2], w=[0, 1])),
    "volume": go.Figure(
        go.Volume(x=CUBE[0], y=CUBE[1], z=CUBE[2], value=CUBE.sum(axis=0), opacity=0.3)
    ),
    "transparent surface": go.Figure(
        go.Surface(z=GRID, opacity=0.6, contours_z={"show": True, "project_z": True})
    ),
    "camera": go.Figure(
        go.Surface(z=GRID, showscale=False),
        layout_scene={
            "camera": {"eye": {"x": -1.5, "y": 0.2, "z": 0.7}, "up": {"x": 1, "y": 0, "z": 1}},
            "dragmode": "turntable",
            "aspectmode": "cube",
        },
    ),
    "orthographic": go.Figure(
        go.Scatter3d(x=X, y=np.sin(X), z=np.cos(X), mode="lines+markers"),
        layout_scene={
            "camera_projection_type": "orthographic",
            "annotations": [{"x": 3, "y": 0, "z": 0, "text": "here"}],
            "zaxis": {"type": "linear", "title": {"text": "<b>z</b>"}, "nticks": 3},
        },
    ),
    "subplots": two_scenes(),
    "20 scenes": many_scenes(20),
    "20 WebGL subplots": many_gl_subplots(20),
    "map": go.Figure(
        go.Scattermap(lon=[1, 5], lat=[2, 4]),
        {"map": {"style": "white-bg"}, "margin": dict.fromkeys("tblr", 0)},
    ),
    "map of densities": go.Figure(
        go.Densitymap(lon=X, lat=10 * np.sin(X), z=X), layout_map={"style": "white-bg", "zoom": 3}
    ),
    "map of areas": go.Figure(
        go.Choroplethmap(
            geojson={
                "type": "Feature",
                "id": "a",
                "geometry": {"type": "Polygon", "coordinates": [[[0, 0], [9, 0], [5, 8], [0, 0]]]},
            },
            locations=["a"],
            z=[1],
        ),
        layout_map={"style": "white-bg", "center": {"lon": 5, "lat": 4}, "zoom": 3, "pitch": 30},
    ),
}


def assert_same_drawing(ours: bytes, theirs: bytes) -> None:
    assert shades(theirs) > 4, "nothing is drawn"
    assert_same(ours, theirs)


def as_json(kind: str) -> dict[str, Any]:
    return json.loads(FIGURES[kind].to_json())


@pytest.mark.parametrize("kind", FIGURES)
async def test_the_image_is_the_one_that_plotly_makes(renderer, kind):
    figure = as_json(kind)
    reference = await drawn_by_plotly(renderer, figure)
    for _ in range(2):
        assert_same_drawing(await draw(renderer, figure), reference)


@pytest.mark.parametrize(
    ("width", "height", "scale"), [(707, 503, 0.1), (333, 251, 0.5), (333, 251, 2.3), (99, 70, 10)]
)
@pytest.mark.parametrize("kind", ["scatter", "heatmap", "scattergl", "surface", "map"])
async def test_a_scaled_image_is_the_one_that_plotly_makes(renderer, kind, width, height, scale):
    size = {"width": width, "height": height, "scale": scale}
    figure = as_json(kind)
    reference = await drawn_by_plotly(renderer, figure, **size)
    assert_same_drawing(await draw(renderer, figure, **size), reference)


@pytest.mark.parametrize("format", ["jpeg", "webp"])
@pytest.mark.parametrize("kind", ["scatter", "dark", "heatmap", "scattergl", "surface"])
async def test_a_lossy_image_is_the_one_that_plotly_makes(renderer, format, kind):
    figure = as_json(kind)
    reference = await drawn_by_plotly(renderer, figure, format)
    assert await draw(renderer, figure, format) == reference


def without_chance(svg: bytes) -> str:
    """Write an SVG in one way.

    Ids are made of random letters and of the number of the plot. The order of attributes depends
    on when Chromium last looked at the style of the element.
    """
    text = svg.decode()
    for layout in set(re.findall(r'id="(?:defs|topdefs)-(\w+)"', text)):
        text = text.replace(layout, "")
    return ET.canonicalize(text)


@pytest.mark.parametrize("kind", ["scatter", "bar", "heatmap", "table", "scattergl", "surface"])
async def test_an_svg_is_the_one_that_plotly_makes(renderer, kind):
    figure = as_json(kind)
    for number, trace in enumerate(figure["data"]):
        trace["uid"] = f"u{number}"  # it would be random, too
    size = {"width": 400, "height": 300, "scale": 2}
    reference = await drawn_by_plotly(renderer, figure, "svg", **size)
    ours = await draw(renderer, figure, "svg", **size)
    assert without_chance(ours) == without_chance(reference)


async def test_another_plotly_without_these_internals_still_draws(fresh):
    """Then the picture comes from the public toImage, and 3D takes its fixed wait."""
    figure = as_json("scatter")
    before = await draw(fresh, figure)
    (page,) = pages(fresh)
    await evaluate(page, "window.toSVG = Plotly.Snapshot.toSVG; Plotly.Snapshot.toSVG = null; 1")
    try:
        assert_same_drawing(await draw(fresh, figure), before)
    finally:
        await evaluate(page, "Plotly.Snapshot.toSVG = window.toSVG; delete window.toSVG; 1")


@pytest.mark.parametrize(
    ("kind", "hidden"),
    [("camera", "scene._scene.camera.view.lastT"), ("map", "map._subplot.map.once")],
)
async def test_a_plot_with_other_internals_is_waited_for_as_plotly_does(fresh, kind, hidden):
    figure = as_json(kind)
    before = await draw(fresh, figure)
    (page,) = pages(fresh)
    hide = f"""
        window.newPlot = Plotly.newPlot;
        Plotly.newPlot = async (plot, ...others) => {{
            await window.newPlot(plot, ...others);
            plot._fullLayout.{hidden} = null;
        }}; 1"""
    await evaluate(page, hide)
    try:
        assert_same_drawing(await draw(fresh, figure), before)
    finally:
        await evaluate(page, "Plotly.newPlot = window.newPlot; delete window.newPlot; 1")


async def test_a_scene_after_one_that_failed_is_drawn(fresh):
    """While a scene is plotted, nothing is drawn: that must end, also with an error."""
    figure = as_json("surface")
    before = await draw(fresh, figure)
    (page,) = pages(fresh)
    await evaluate(
        page,
        "window.newPlot = Plotly.newPlot;"
        "Plotly.newPlot = () => { throw new Error('half way'); }; 1",
    )
    try:
        with pytest.raises(RenderError, match="half way"):
            await draw(fresh, figure)
    finally:
        await evaluate(page, "Plotly.newPlot = window.newPlot; delete window.newPlot; 1")
    assert_same_drawing(await drawn_by_plotly(fresh, figure), before)
    assert_same_drawing(await draw(fresh, figure), before)


async def test_all_webgl_figures_in_a_row_show_their_points(renderer):
    """Our browsers keep 64 WebGL contexts: one that isn't given back blanks a later figure."""
    figure = as_json("scattergl")
    first = await draw(renderer, figure, width=200, height=200)
    for _ in range(65):
        assert_same_drawing(await draw(renderer, figure, width=200, height=200), first)


MIXED = ["scatter", "heatmap", "table", "scattergl", "parcoords", "surface", "map"]


async def test_a_page_does_not_fill_up_with_what_it_drew(fresh):
    """Neither elements, nor style rules, globals, listeners or memory, which a scene would hold."""
    (page,) = pages(fresh)
    await page._browser.cdp.call("Performance.enable", session=page._session)

    async def contents() -> tuple[str, int, float]:
        for _ in range(2):
            await page._browser.cdp.call("HeapProfiler.collectGarbage", session=page._session)
        answer = await page._browser.cdp.call("Performance.getMetrics", session=page._session)
        metrics = {metric["name"]: metric["value"] for metric in answer["metrics"]}
        held = await evaluate(
            page,
            """JSON.stringify([
                document.querySelectorAll("*").length, Object.keys(window),
                Array.from(document.styleSheets, (sheet) => sheet.cssRules.length),
            ])""",
        )
        return held, metrics["JSEventListeners"], metrics["JSHeapUsedSize"] / 1e6

    async def rounds(count: int) -> None:
        for _ in range(count):
            for kind in MIXED:
                figure = as_json(kind)
                await draw(fresh, figure, width=300, height=200)

    await rounds(2)  # caches fill
    held, listeners, megabytes = await contents()
    await rounds(3)
    held_now, listeners_now, megabytes_now = await contents()
    assert held_now == held
    assert listeners_now <= listeners + 2
    assert megabytes_now < megabytes + 2
