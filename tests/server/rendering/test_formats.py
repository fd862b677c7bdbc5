"""Every format: the right kind of file, of exactly the size that was asked for."""

from __future__ import annotations

import io
import json
import re
import shutil
from xml.etree import ElementTree as ET

import numpy as np
import plotly.graph_objects as go
import pytest
from PIL import Image
from pypdf import PdfReader

from plotly_nbext.server.rendering import FORMATS, RenderError

from .support import SCATTER, draw, titled

pytestmark = pytest.mark.asyncio(loop_scope="module")

SIGNATURES = {
    "png": rb"\x89PNG\r\n\x1a\n",
    "jpeg": rb"\xff\xd8\xff",
    "webp": rb"RIFF....WEBP",
    "svg": rb"<svg ",
    "pdf": rb"%PDF-1\.",
    "eps": rb"%!PS-Adobe-3\.0 EPSF",
}
SIZES = [
    (700, 500, 1),
    (333, 211, 1.5),
    (701, 503, 1),
    (120, 80, 0.5),
    (400, 300, 2.5),
    (707, 503, 0.1),
    (10, 19, 0.1),
    (99, 70, 10),
]

# pastel shades, to be told from black, white and each other
PAPER, PLOT = (170, 200, 255), (255, 230, 180)
COLOURED = {
    "data": [],
    "layout": {
        "paper_bgcolor": f"rgb{PAPER}",
        "plot_bgcolor": f"rgb{PLOT}",
        "xaxis": {"visible": False},
        "yaxis": {"visible": False},
    },
}


# eps is for those who have poppler; without it, a test below reads what is said
DRAWN = [name for name in FORMATS if name != "eps" or shutil.which("pdftops")]


async def test_every_format_has_a_signature_here():
    assert set(SIGNATURES) == set(FORMATS)


@pytest.mark.parametrize("format", DRAWN)
async def test_each_format_is_what_it_says(renderer, format):
    image = await draw(renderer, SCATTER, format)
    assert re.match(SIGNATURES[format], image, re.DOTALL)


@pytest.mark.parametrize("format", ["png", "jpeg", "webp"])
@pytest.mark.parametrize(("width", "height", "scale"), SIZES)
async def test_a_raster_image_has_the_asked_number_of_pixels(
    renderer, format, width, height, scale
):
    image = await draw(renderer, SCATTER, format, width=width, height=height, scale=scale)
    with Image.open(io.BytesIO(image)) as decoded:
        assert decoded.size == (int(width * scale), int(height * scale))


@pytest.mark.parametrize(("width", "height", "scale"), SIZES)
async def test_an_svg_has_the_asked_size(renderer, width, height, scale):
    svg = ET.fromstring(
        await draw(
            renderer, titled("Größe <b>é</b> 你好"), "svg", width=width, height=height, scale=scale
        )
    )
    assert float(svg.get("width")) == pytest.approx(width * scale)
    assert float(svg.get("height")) == pytest.approx(height * scale)
    assert svg.get("viewBox") == f"0 0 {width} {height}"
    assert "Größe é 你好" in "".join(svg.itertext())


@pytest.mark.parametrize(("width", "height", "scale"), [*SIZES, (700, 500, 10), (1000, 20, 0.1)])
async def test_a_pdf_is_one_page_of_exactly_the_asked_size(renderer, width, height, scale):
    pdf = PdfReader(
        io.BytesIO(await draw(renderer, SCATTER, "pdf", width=width, height=height, scale=scale)),
        strict=True,
    )
    (page,) = pdf.pages
    points = 72 / 96
    assert float(page.mediabox.width) == pytest.approx(width * scale * points, abs=1e-3)
    assert float(page.mediabox.height) == pytest.approx(height * scale * points, abs=1e-3)


async def test_the_text_of_a_pdf_can_be_selected(renderer):
    pdf = PdfReader(io.BytesIO(await draw(renderer, titled("Selectable"), "pdf")))
    assert "Selectable" in pdf.pages[0].extract_text()
    assert not pdf.pages[0].images


def drawn_points(page) -> list[tuple[float, float]]:
    """Where the text of a PDF's page stands, in points."""
    places = []

    def visit(text, current, matrix, _font, _size):
        if text.strip():
            x, y, (a, b, c, d, e, f) = matrix[4], matrix[5], current
            places.append((a * x + c * y + e, b * x + d * y + f))

    page.extract_text(visitor_text=visit)
    return places


@pytest.mark.parametrize("scale", [0.1, 0.7, 1, 3, 10])
@pytest.mark.parametrize(
    "trace",
    [
        {"type": "scattergl", "y": [1, 3, 2]},
        {"type": "scatter3d", "x": [1, 2], "y": [2, 1], "z": [1, 2]},
        {"type": "heatmap", "z": [[1, 2], [3, 4]]},
        {"type": "image", "z": [[[255, 0, 0], [0, 255, 0]]]},
    ],
    ids=lambda trace: trace["type"],
)
async def test_a_pdf_with_pixels_in_it_keeps_its_size_and_its_text(renderer, trace, scale):
    figure = {"data": [trace], "layout": {"title": {"text": "Selectable"}}}
    pdf = PdfReader(
        io.BytesIO(await draw(renderer, figure, "pdf", width=120, height=100, scale=scale))
    )
    (page,) = pdf.pages
    box = page.mediabox
    points = 0.75 * scale
    assert (float(box.width), float(box.height)) == pytest.approx((120 * points, 100 * points))
    assert "Selectable" in page.extract_text()
    assert page.images
    for x, y in drawn_points(page):
        assert box.left <= x <= box.right
        assert box.bottom <= y <= box.top


@pytest.mark.parametrize("size", [(700, 500, 1), (333, 211, 1.5)])
async def test_a_pdf_has_no_margin(renderer, size):
    """The paper's colour fills the page: its rectangle is as large as the page."""
    width, height, scale = size
    pdf = PdfReader(
        io.BytesIO(await draw(renderer, COLOURED, "pdf", width=width, height=height, scale=scale))
    )
    filled = []

    def visit(operator, operands, current, _text):
        if operator == b"re":
            x, y, w, h = map(float, operands)
            a, _, _, d, e, f = current
            filled.append((a * x + e, d * y + f, a * w, d * h))

    pdf.pages[0].extract_text(visitor_operand_before=visit)
    box = pdf.pages[0].mediabox
    paper = (float(box.left), float(box.top), float(box.width), -float(box.height))
    assert any(r == pytest.approx(paper, abs=0.01) for r in filled), (paper, filled)


async def test_an_eps_has_the_box_of_the_figure(renderer):
    drawing = draw(renderer, SCATTER, "eps", width=333, height=211, scale=1.5)
    if "eps" not in DRAWN:
        with pytest.raises(RenderError, match="poppler-utils"):
            await drawing
        return
    eps = await drawing
    box = re.search(rb"%%HiResBoundingBox: ([\d.]+) ([\d.]+) ([\d.]+) ([\d.]+)", eps)
    left, bottom, right, top = map(float, box.groups())
    assert (right - left, top - bottom) == pytest.approx((333 * 1.125, 211 * 1.125), abs=0.01)


async def test_eps_without_poppler_says_what_to_install(renderer, monkeypatch, tmp_path):
    monkeypatch.setenv("PATH", str(tmp_path))
    with pytest.raises(RenderError, match="poppler-utils"):
        await draw(renderer, SCATTER, "eps")


@pytest.mark.parametrize("format", ["png", "webp", "jpeg"])
async def test_the_colours_are_those_of_the_figure(renderer, format):
    with Image.open(io.BytesIO(await draw(renderer, COLOURED, format))) as image:
        pixels = image.convert("RGB")
        assert pixels.getpixel((5, 5)) == pytest.approx(PAPER, abs=3)
        assert pixels.getpixel((350, 250)) == pytest.approx(PLOT, abs=3)


@pytest.mark.parametrize("format", ["png", "webp"])
async def test_a_transparent_figure_stays_transparent(renderer, format):
    clear = {
        **SCATTER,
        "layout": {"paper_bgcolor": "rgba(0,0,0,0)", "plot_bgcolor": "rgba(0,0,0,0)"},
    }
    with Image.open(io.BytesIO(await draw(renderer, clear, format))) as image:
        assert image.convert("RGBA").getpixel((5, 5))[3] == 0


async def test_a_transparent_figure_is_white_as_jpeg(renderer):
    clear = {**SCATTER, "layout": {"paper_bgcolor": "rgba(0,0,0,0)"}}
    with Image.open(io.BytesIO(await draw(renderer, clear, "jpeg"))) as image:
        assert image.getpixel((5, 5)) == pytest.approx((255, 255, 255), abs=2)


async def test_an_unknown_format_names_the_known_ones(renderer):
    with pytest.raises(RenderError, match=r"'gif' is none of png, jpeg, webp, svg, pdf, eps"):
        await draw(renderer, SCATTER, "gif")


@pytest.mark.parametrize("dtype", ["f8", "f4", "i4", "u4", "i2", "u2", "i1", "u1"])
async def test_typed_arrays_draw_the_same_as_lists(renderer, dtype):
    y = np.array([3, 1, 4, 1, 5], dtype=dtype)
    typed = json.loads(go.Figure(go.Scatter(y=y)).to_json())
    assert typed["data"][0]["y"]["dtype"] == dtype
    listed = {**typed, "data": [{"type": "scatter", "y": y.tolist()}]}
    assert await draw(renderer, typed) == await draw(renderer, listed)


async def test_a_typed_matrix_keeps_its_shape(renderer):
    z = np.arange(12.0).reshape(3, 4)
    typed = json.loads(go.Figure(go.Heatmap(z=z)).to_json())
    assert typed["data"][0]["z"]["shape"] == "3, 4"
    listed = {**typed, "data": [{"type": "heatmap", "z": z.tolist()}]}
    assert await draw(renderer, typed) == await draw(renderer, listed)


@pytest.mark.parametrize("autosize", [True, False])
async def test_the_asked_size_goes_before_what_the_layout_says(renderer, autosize):
    sized = {**SCATTER, "layout": {"autosize": autosize, "width": 900, "height": 100}}
    ours = await draw(renderer, sized, width=400, height=300)
    assert ours == await draw(renderer, SCATTER, width=400, height=300)


@pytest.mark.parametrize("scale", [0.1, 1.5, 10])
async def test_no_edge_of_an_opaque_image_is_transparent(renderer, scale):
    image = await draw(renderer, COLOURED, width=100, height=70, scale=scale)
    with Image.open(io.BytesIO(image)) as decoded:
        assert decoded.convert("RGBA").getchannel("A").getextrema() == (255, 255)


async def test_paper_that_is_half_clear_is_mixed_with_white_as_jpeg(renderer):
    half = {**SCATTER, "layout": {"paper_bgcolor": "rgba(255,0,0,0.5)"}}
    with Image.open(io.BytesIO(await draw(renderer, half, "jpeg"))) as image:
        assert image.getpixel((5, 5)) == pytest.approx((255, 127, 127), abs=3)


NOTHING = {"null": None, "an empty list": []}
PARTS = {
    "layout": lambda nothing: {**SCATTER, "layout": nothing},
    "config": lambda nothing: {**SCATTER, "config": nothing},
    "frames": lambda nothing: {**SCATTER, "frames": nothing},
    "parts of the layout": lambda nothing: {
        **SCATTER,
        "layout": dict.fromkeys(
            ("xaxis", "yaxis", "title", "margin", "scene", "map", "geo", "legend", "shapes"),
            nothing,
        ),
    },
    "parts of an axis": lambda nothing: {
        **SCATTER,
        "layout": {"xaxis": dict.fromkeys(("title", "range", "tickfont", "type"), nothing)},
    },
    "parts of a template": lambda nothing: {
        **SCATTER,
        "layout": {"template": {"data": {"scatter": nothing, "bar": [nothing]}, "layout": nothing}},
    },
    "parts of a trace": lambda nothing: {
        "data": [
            SCATTER["data"][0]
            | dict.fromkeys(("marker", "line", "error_y", "frame", "name", "hoverlabel"), nothing)
        ]
    },
}


@pytest.mark.parametrize("part", PARTS)
@pytest.mark.parametrize("nothing", NOTHING)
async def test_what_r_writes_for_nothing_is_nothing(renderer, part, nothing):
    figure = PARTS[part](NOTHING[nothing])
    assert await draw(renderer, figure) == await draw(renderer, SCATTER)


async def test_null_among_values_is_a_gap(renderer):
    gap = {"data": [{"type": "scatter", "y": [1, None, 2, 3]}]}
    shifted = {"data": [{"type": "scatter", "x": [0, 2, 3], "y": [1, 2, 3]}]}
    ours = await draw(renderer, gap, "svg")
    joined = await draw(renderer, shifted, "svg")
    assert ours.count(b"L") < joined.count(b"L")
    assert ours.count(b'class="point"') == joined.count(b'class="point"') == 3
