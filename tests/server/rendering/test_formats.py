"""Every format: the right kind of file, of exactly the size that was asked for."""

from __future__ import annotations

import io
import json
import re
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
SIZES = [(700, 500, 1), (333, 211, 1.5), (701, 503, 1), (120, 80, 0.5), (400, 300, 2.5)]

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


async def test_every_format_has_a_signature_here():
    assert set(SIGNATURES) == set(FORMATS)


@pytest.mark.parametrize("format", FORMATS)
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
    eps = await draw(renderer, SCATTER, "eps", width=333, height=211, scale=1.5)
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
