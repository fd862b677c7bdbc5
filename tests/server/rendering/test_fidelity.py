"""The image is what plotly.js itself makes of the figure: pixel for pixel, in the same page."""

from __future__ import annotations

import base64
import io
import json

import numpy as np
import plotly.graph_objects as go
import pytest
from PIL import Image, ImageChops
from plotly.subplots import make_subplots

from .support import draw, evaluate, pages

pytestmark = pytest.mark.asyncio(loop_scope="module")

X = np.linspace(0, 6, 40)
GRID = np.outer(np.sin(X), np.cos(X))
CUBE = np.mgrid[0:4, 0:4, 0:4].reshape(3, -1).astype(float)


def two_scenes() -> go.Figure:
    figure = make_subplots(cols=2, specs=[[{"type": "scene"}, {"type": "xy"}]])
    figure.add_surface(z=GRID, row=1, col=1)
    figure.add_bar(y=[2, 3, 1], row=1, col=2)
    return figure


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
    "subplots": two_scenes(),
    "map": go.Figure(go.Scattermap(lon=[1, 5], lat=[2, 4]), layout_map_style="white-bg"),
}


async def drawn_by_plotly(renderer, figure: str, *, scale: float) -> bytes:
    (page,) = pages(renderer)
    script = f"""(() => {{
        const figure = {figure};
        figure.config = {{ plotGlPixelRatio: {2 * scale} }};
        const size = {{ width: 700, height: 500, scale: {scale} }};
        return Plotly.toImage(figure, {{ ...size, format: "png", imageDataOnly: true }});
    }})()"""
    return base64.b64decode(await evaluate(page, script))


def pixels(png: bytes) -> Image.Image:
    with Image.open(io.BytesIO(png)) as image:
        return image.convert("RGBA")


def assert_same(ours: bytes, theirs: bytes) -> None:
    mine, reference = pixels(ours), pixels(theirs)
    assert mine.size == reference.size
    different = ImageChops.difference(mine, reference).getbbox(alpha_only=False)
    assert different is None, f"the pixels in {different} differ"
    assert len(reference.getcolors(maxcolors=1 << 24)) > 4, "nothing is drawn"


@pytest.mark.parametrize("kind", FIGURES)
async def test_the_image_is_the_one_that_plotly_makes(renderer, kind):
    figure = FIGURES[kind].to_json()
    ours = await draw(renderer, figure.encode())
    assert_same(ours, await drawn_by_plotly(renderer, figure, scale=1))


@pytest.mark.parametrize("scale", [0.5, 2.3])
@pytest.mark.parametrize("kind", ["scatter", "heatmap", "scattergl", "surface"])
async def test_a_scaled_image_is_the_one_that_plotly_makes(renderer, kind, scale):
    figure = FIGURES[kind].to_json()
    ours = await draw(renderer, figure.encode(), scale=scale)
    assert_same(ours, await drawn_by_plotly(renderer, figure, scale=scale))


async def test_an_svg_is_the_one_that_plotly_makes(renderer):
    (page,) = pages(renderer)
    figure = json.dumps({"data": [{"type": "scatter", "y": [1, 3, 2], "uid": "a"}]})
    options = '{ format: "svg", width: 400, height: 300, scale: 2, imageDataOnly: true }'
    theirs = await evaluate(page, f"Plotly.toImage({figure}, {options})")
    ours = await draw(renderer, figure.encode(), "svg", width=400, height=300, scale=2)

    def without_chance(svg: str) -> str:
        """Ids are made of random letters and of the number of the plot."""
        layout = svg[svg.index('id="defs-') + 9 :][:6]
        return svg.replace(layout, "")

    assert without_chance(ours.decode()) == without_chance(theirs)


async def test_another_plotly_without_these_internals_still_draws(renderer):
    """Then the picture comes from the public toImage, and 3D takes its fixed wait."""
    figure = FIGURES["scatter"].to_json().encode()
    before = await draw(renderer, figure)
    (page,) = pages(renderer)
    await evaluate(page, "window.toSVG = Plotly.Snapshot.toSVG; Plotly.Snapshot.toSVG = null; 1")
    try:
        assert_same(await draw(renderer, figure), before)
    finally:
        await evaluate(page, "Plotly.Snapshot.toSVG = window.toSVG; 1")


async def test_twenty_webgl_figures_in_a_row_all_show_their_points(renderer):
    """A browser keeps 16 WebGL contexts: one that isn't given back blanks a later figure."""
    figure = FIGURES["scattergl"].to_json().encode()
    first = await draw(renderer, figure)
    for _ in range(19):
        assert_same(await draw(renderer, figure), first)
