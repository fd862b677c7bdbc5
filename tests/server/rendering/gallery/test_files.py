"""Every kind of file holds the gallery's pictures, in exactly the size that was asked for."""

from __future__ import annotations

import io
import json
import re
import unicodedata
from xml.etree import ElementTree as ET

import pytest
from PIL import Image
from pypdf import PageObject, PdfReader

from plotly_nbext.server.rendering import RenderError
from plotly_nbext.server.rendering.eps import find_converter

from ..support import draw
from .compare import SIZE, assert_same
from .figures import figure
from .layouts import SCRIPTS
from .traces import FIGURES as TRACES
from .traces import WEBGL

pytestmark = pytest.mark.asyncio(loop_scope="module")

POINTS = 72 / 96
SHOWN = ["scatter", "heatmap", "surface", "scattergl", "LaTeX", "map of world"]
SCALES = [0.1, 0.3, 1 / 3, 0.7, 1.1, 2.5, 7.77, 10]
VECTORS = [name for name, shown in TRACES.items() if shown.data[0].type not in WEBGL]
PAGES = [(400, 300, 1), (403, 307, 1), (333, 211, 1.7), (1000, 20, 0.1), (150, 100, 10)]
RANDOM_ID = re.compile(r"(?<=defs-)[0-9a-f]{6}")
FORMULA_ID = re.compile(r"MJX-\d+-")


async def drawn(renderer, name, format="png", **size) -> bytes:
    return await draw(renderer, figure(name), format, **(SIZE | size))


async def printed(renderer, name) -> PageObject:
    """The one page of a figure's PDF."""
    (page,) = PdfReader(io.BytesIO(await drawn(renderer, name, "pdf"))).pages
    return page


def vectors(svg: bytes) -> str:
    """An SVG without what chance makes of it: ids, and the order of attributes."""
    text = ET.canonicalize(svg.decode())
    # an id may consist of digits, as a coordinate does behind its point
    random_id = re.compile(rf"(?<![\d.]){RANDOM_ID.search(text)[0]}")
    return FORMULA_ID.sub("MJX-", random_id.sub("figure", text))


def with_uids(shown: dict) -> dict:
    """A figure whose traces have ids: those that plotly.js makes up are random."""
    data = [trace | {"uid": f"trace{i}"} for i, trace in enumerate(shown["data"])]
    return shown | {"data": data}


@pytest.mark.parametrize("format", ["jpeg", "webp"])
@pytest.mark.parametrize("name", SHOWN)
async def test_other_raster_formats_are_those_of_stock_plotly(renderer, stock, name, format):
    ours = await drawn(renderer, name, format, scale=1.5)
    with Image.open(io.BytesIO(ours)) as opened:
        assert opened.format == format.upper()
    assert_same(ours, await stock.image(figure(name), format, scale=1.5))


async def test_a_transparent_webp_is_that_of_stock_plotly(renderer, stock):
    ours = await drawn(renderer, "transparent", "webp")
    assert_same(ours, await stock.image(figure("transparent"), "webp"))
    with Image.open(io.BytesIO(ours)) as opened:
        assert opened.getchannel("A").getextrema() == (0, 255)


async def test_a_transparent_jpeg_is_as_on_white_paper(renderer, stock):
    """A jpeg has no transparency, and stock plotly.js makes it black."""
    on_white = figure("transparent")
    on_white["layout"]["paper_bgcolor"] = "white"
    ours = await drawn(renderer, "transparent", "jpeg")
    assert_same(ours, await stock.image(on_white, "jpeg"), tolerance=2)


@pytest.mark.parametrize("scale", SCALES)
async def test_any_scale_gives_the_pixels_of_stock_plotly(renderer, stock, scale):
    size = {"width": 203, "height": 107, "scale": scale}
    ours = await drawn(renderer, "scatter", **size)
    assert_same(ours, await stock.image(figure("scatter"), **size))
    with Image.open(io.BytesIO(ours)) as opened:
        assert opened.size == (int(203 * scale), int(107 * scale))


@pytest.mark.parametrize("name", [*VECTORS, "scattergl", "shapes and annotations", "LaTeX"])
async def test_an_svg_is_that_of_stock_plotly_save_its_random_ids(renderer, stock, name):
    shown = with_uids(figure(name))
    ours = await draw(renderer, shown, "svg", **SIZE)
    assert vectors(ours) == vectors(await stock.image(shown, "svg"))


@pytest.mark.parametrize("text", SCRIPTS.values(), ids=SCRIPTS)
async def test_text_in_any_script_is_text_in_an_svg(renderer, text):
    svg = ET.fromstring(await draw(renderer, {"layout": {"title": {"text": text}}}, "svg"))
    assert text in "".join(svg.itertext())


@pytest.mark.parametrize(("width", "height", "scale"), PAGES)
async def test_a_pdf_is_one_page_of_exactly_the_asked_size(renderer, width, height, scale):
    pdf = await drawn(renderer, "scatter", "pdf", width=width, height=height, scale=scale)
    (page,) = PdfReader(io.BytesIO(pdf), strict=True).pages
    size = [float(page.mediabox.width), float(page.mediabox.height)]
    assert size == pytest.approx([width * scale * POINTS, height * scale * POINTS], abs=1e-3)
    assert page.cropbox == page.mediabox


@pytest.mark.parametrize(
    ("name", "texts"),
    [
        ("bar", ["Giraffen", "Orang-Utans", "2024"]),
        ("table", ["Zürich", "people"]),
        ("shapes and annotations", ["bold", "slanted", "turned", "ring"]),
        ("text, cyrillic", ["Съешь ещё этих булок"]),
        ("treemap", ["fruit", "33%"]),
    ],
)
async def test_the_text_of_a_pdf_is_text(renderer, name, texts):
    page = await printed(renderer, name)
    # fonts have one glyph for ff, and what is turned is told letter by letter
    words = "".join(unicodedata.normalize("NFKC", page.extract_text()).split())
    assert [text for text in texts if "".join(text.split()) not in words] == []
    assert not page.images


@pytest.mark.parametrize("name", ["bar", "fonts", "table", "text, greek"])
async def test_the_fonts_of_a_pdf_are_in_it(renderer, name):
    page = await printed(renderer, name)
    fonts = found(page["/Resources"], "/Font")
    assert fonts
    for font in fonts:
        assert font["/Subtype"] == "/Type3" or embedded(font), font


def found(resources, kind: str) -> list:
    """The resources of a kind, also those of the forms in a page."""
    here = [entry.get_object() for entry in resources.get(kind, {}).values()]
    for form in resources.get("/XObject", {}).values():
        here += found(form.get_object().get("/Resources", {}), kind)
    return here


def embedded(font) -> bool:
    """Whether a font's outlines are in the file."""
    (descendant,) = font.get("/DescendantFonts", [font])
    return any(key.startswith("/FontFile") for key in descendant.get_object()["/FontDescriptor"])


@pytest.mark.parametrize("name", ["surface", "scattergl"])
async def test_webgl_is_a_picture_amid_the_vectors_of_a_pdf(renderer, name):
    page = await printed(renderer, name)
    assert page.images
    assert page.extract_text().strip()


def converts() -> bool:
    """Whether poppler is here."""
    try:
        return bool(find_converter())
    except RenderError:
        return False


@pytest.mark.parametrize(("width", "height", "scale"), PAGES)
async def test_an_eps_has_the_box_of_the_figure(renderer, width, height, scale):
    """Where there is no poppler to make it, the error says what to install."""
    asked = drawn(renderer, "scatter", "eps", width=width, height=height, scale=scale)
    if not converts():
        with pytest.raises(RenderError, match="install poppler-utils"):
            await asked
        return
    eps = (await asked).decode("latin-1")
    box = re.search(r"^%%HiResBoundingBox: (.*)$", eps, re.MULTILINE)[1]
    left, bottom, right, top = map(float, box.split())
    size = [width * scale * POINTS, height * scale * POINTS]
    assert [right - left, top - bottom] == pytest.approx(size, abs=0.01)
    whole = re.search(r"^%%BoundingBox: (.*)$", eps, re.MULTILINE)[1]
    low, high = list(map(int, whole.split()))[:2], list(map(int, whole.split()))[2:]
    assert low[0] <= left <= low[0] + 1
    assert low[1] <= bottom <= low[1] + 1
    assert high[0] - 1 < right <= high[0]
    assert high[1] - 1 < top <= high[1]


async def test_every_trace_of_vectors_can_be_printed(renderer):
    """None makes a page that is empty, or more than one."""
    for name in VECTORS:
        page = await printed(renderer, name)
        assert len(page.get_contents().get_data()) > 100, name


async def test_frames_do_not_change_what_is_drawn(renderer):
    """The state before the first frame is drawn."""
    shown = figure("slider, menu, frames")
    still = {key: value for key, value in shown.items() if key != "frames"}
    assert shown["frames"]
    assert json.dumps(shown["frames"][-1]["data"]) != json.dumps(shown["data"])
    assert_same(await draw(renderer, shown, **SIZE), await draw(renderer, still, **SIZE))
