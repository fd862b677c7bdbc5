"""A character or a font that is not here is told, and nothing else is; own fonts are found."""

from __future__ import annotations

import json
from contextlib import asynccontextmanager
from typing import TYPE_CHECKING, Any

import pytest
import pytest_asyncio
from fontTools.fontBuilder import FontBuilder
from fontTools.pens.ttGlyphPen import TTGlyphPen

from .support import started, titled

if TYPE_CHECKING:
    from collections.abc import AsyncIterator
    from pathlib import Path

    from plotly_nbext.server.rendering import Renderer

pytestmark = pytest.mark.asyncio(loop_scope="module")

ASCII = "".join(map(chr, range(32, 127)))
FAMILY = "Nbext Test"
# private characters: what fonts a machine has makes no difference for them
LETTER, MARK, OTHER = "\U00100001", "\u0301", "\U0010fffd"
HAN = "".join(map(chr, range(0x4E00, 0x5200)))
EMOJI = "👩🏾\u200d🚀🇫🇷1\ufe0f\u20e3🏴\U000e0067\U000e007f"


CLOUD = {"type": "scatter3d", "x": [1, 2], "y": [1, 2], "z": [1, 2], "mode": "markers"}
PLACES = {"type": "scattermap", "lat": [1, 2], "lon": [1, 2], "mode": "markers"}
MAP_LABEL = {
    "type": "symbol",
    "sourcetype": "geojson",
    "source": {"type": "Point", "coordinates": [1, 1]},
    "symbol": {"text": OTHER},
}
OWN_TEMPLATE = {"text": ["a", OTHER], "texttemplate": ["%{y}", "%{text}"]}


def write_font(path: Path, characters: str, family: str = FAMILY) -> None:
    """Make a font in which each of the characters is a bar of its own width."""
    glyphs = {character: f"u{ord(character):X}" for character in dict.fromkeys(characters)}
    names = [".notdef", *glyphs.values()]
    pens = {}
    for i, name in enumerate(names):
        pen = TTGlyphPen(None)
        pen.moveTo((50, 0))
        for corner in ((50, 700), (60 + i, 700), (60 + i, 0)):
            pen.lineTo(corner)
        pen.closePath()
        pens[name] = pen.glyph()
    font = FontBuilder(1000, isTTF=True)
    font.setupGlyphOrder(names)
    font.setupCharacterMap({ord(character): name for character, name in glyphs.items()})
    font.setupGlyf(pens)
    font.setupHorizontalMetrics({name: (100 + i, 50) for i, name in enumerate(names)})
    font.setupHorizontalHeader(ascent=800, descent=-200)
    font.setupNameTable({"familyName": family, "styleName": "Regular"})
    font.setupOS2(sTypoAscender=800, usWinAscent=800, usWinDescent=200)
    font.setupPost()
    path.parent.mkdir(parents=True, exist_ok=True)
    font.save(path)


@asynccontextmanager
async def with_fonts_of(home: Path) -> AsyncIterator[Renderer]:
    """A renderer as somebody has it whose home this is."""
    with pytest.MonkeyPatch.context() as environment:
        environment.setenv("HOME", str(home))
        environment.delenv("XDG_DATA_HOME", raising=False)
        async with started(browsers=1) as renderer:
            await renderer.warm()
            yield renderer


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def at_home(tmp_path_factory) -> AsyncIterator[Renderer]:
    """A renderer that has, besides the machine's fonts, its user's own."""
    home = tmp_path_factory.mktemp("home")
    write_font(home / ".local/share/fonts/test.ttf", ASCII + LETTER + MARK + EMOJI)
    write_font(home / ".local/share/fonts/han.ttf", ASCII + HAN, "Nbext Han")
    write_font(home / ".local/share/fonts/own.ttf", ASCII, "Own Face")
    write_font(home / ".fonts/old.ttf", ASCII, "Old Face")
    async with with_fonts_of(home) as renderer:
        yield renderer


async def warnings(renderer, figure: dict[str, Any], format: str = "png") -> tuple[str, ...]:
    body = json.dumps(figure).encode()
    return (await renderer.render(body, format=format, width=400, height=300, scale=1)).warnings


def in_font(text: str, family: str) -> dict[str, Any]:
    figure = titled(text)
    figure["layout"]["title"]["font"] = {"family": family}
    return figure


@pytest.mark.parametrize("format", ["png", "svg", "pdf"])
async def test_a_character_that_no_font_has_is_told(renderer, format):
    assert await warnings(renderer, titled(f"a{OTHER}b{OTHER}"), format) == (
        "No font here has the character U+10FFFD: it is drawn as a box.",
    )


async def test_of_many_characters_some_are_named(renderer):
    characters = [chr(0x10FFF0 + i) for i in range(9)]
    (told,) = await warnings(renderer, titled("".join(characters[:2])))
    assert told == "No font here has the characters U+10FFF0 and U+10FFF1: they are drawn as boxes."
    (told,) = await warnings(renderer, titled("".join(characters)))
    assert "U+10FFF4 and more: they" in told
    assert "U+10FFF5" not in told


@pytest.mark.parametrize(
    "figure",
    [
        {"layout": {"xaxis": {"title": {"text": OTHER}}}},
        {"layout": {"xaxis": {"ticksuffix": OTHER}}},
        {"layout": {"annotations": [{"text": f"<b>x<i>{OTHER}</i></b>"}]}},
        {"data": [{"y": [1, 2], "name": OTHER, "showlegend": True}]},
        {"data": [{"y": [1, 2], "text": OTHER, "mode": "text"}]},
        {"data": [{"type": "bar", "x": ["a", OTHER], "y": [1, 2]}]},
        {"data": [{"type": "pie", "labels": ["a", OTHER], "values": [1, 2]}]},
        {"data": [{"type": "table", "cells": {"values": [["a", OTHER]]}}]},
        {"data": [{"y": [1]}], "layout": {"title": {"text": rf"$\text{{{OTHER}}}$"}}},
        {"data": [CLOUD], "layout": {"scene": {"yaxis": {"title": {"text": OTHER}}}}},
        {"data": [CLOUD], "layout": {"scene": {"zaxis": {"ticksuffix": OTHER}}}},
        {"data": [CLOUD], "layout": {"scene": {"xaxis": {"tickvals": [1], "ticktext": [OTHER]}}}},
        {"data": [CLOUD | {"x": ["a", OTHER]}]},
        {"data": [CLOUD | {"mode": "text", "text": ["a", OTHER]}]},
        {"data": [CLOUD | {"mode": "text", "texttemplate": f"%{{x}} {OTHER}"}]},
        {"data": [{"type": "scattergl", "y": [1, 2], "mode": "text", "text": OTHER}]},
        {"data": [{"type": "scattergl", "y": [1, 2], "mode": "text", **OWN_TEMPLATE}]},
        {"data": [{"type": "scatterpolargl", "r": [1], "mode": "text", "text": [OTHER]}]},
        {"data": [PLACES | {"mode": "text", "text": ["a", OTHER]}]},
        {"data": [PLACES], "layout": {"map": {"layers": [MAP_LABEL]}}},
    ],
)
async def test_it_is_told_wherever_it_stands(renderer, figure):
    figure = {"data": [{"y": [1, 2]}], **figure}
    assert [told for told in await warnings(renderer, figure) if "U+10FFFD" in told]


@pytest.mark.parametrize(
    "text",
    [
        ASCII.replace("$", "").replace("<", ""),
        "a\u200db\ufe0fc\u00a0d\u200be\u00adf\u034fg\u2060h\u3164i\u200ej\u2003k\u2028l\ufeff",
        "a\U000e0067\U000e007f",
    ],
    ids=["ASCII", "unseen", "tags"],
)
async def test_what_is_seen_in_no_font_is_no_box(renderer, text):
    assert await warnings(renderer, titled(text)) == ()


async def test_negative_numbers_have_a_minus_sign_in_every_font(at_home):
    """U+2212, which the font itself has not: it is taken from another."""
    figure = {"data": [{"y": [-3, -1]}], "layout": {"font": {"family": FAMILY}}}
    assert await warnings(at_home, figure) == ()


@pytest.mark.parametrize("text", [f"x{MARK}", EMOJI, LETTER], ids=["mark", "emoji", "private"])
async def test_no_box_is_told_where_the_font_has_the_glyphs(at_home, text):
    assert await warnings(at_home, in_font(text, FAMILY)) == ()


async def test_letters_that_a_font_has_are_never_boxes(at_home):
    """Of many letters, some look nearly as the box does."""
    assert await warnings(at_home, in_font(HAN, "Nbext Han")) == ()


@pytest.mark.parametrize(
    "trace",
    [
        CLOUD | {"mode": "text", "text": LETTER, "textfont": {"family": FAMILY}},
        CLOUD | {"mode": "text", "text": LETTER, "textfont": {"family": [FAMILY, FAMILY]}},
        CLOUD | {"text": OTHER},
        CLOUD | {"mode": "text", "text": OTHER, "visible": "legendonly", "x": [3]},
        CLOUD | {"mode": "text", "text": OTHER, "texttemplate": "%{x}"},
        CLOUD | {"mode": "text", "text": [None, 1.5]},
        PLACES | {"mode": "text", "text": "a", "name": "in the legend"},
    ],
    ids=["font", "fonts", "no text", "hidden", "template", "numbers", "map"],
)
async def test_of_what_is_drawn_by_webgl_nothing_is_told_in_vain(at_home, trace):
    layout = {"map": {"style": "white-bg"}}
    assert await warnings(at_home, {"data": [CLOUD, trace], "layout": layout}) == ()


async def test_a_font_that_is_not_here_is_told_in_a_scene(at_home):
    scene = {"xaxis": {"title": {"text": "x", "font": {"family": "No Such Face"}}}}
    assert await warnings(at_home, {"data": [CLOUD], "layout": {"scene": scene}}) == (
        "No font here is called No Such Face: the browser's standard font is used.",
    )


async def test_a_character_of_a_font_that_the_text_is_not_in_is_a_box(at_home):
    (told,) = await warnings(at_home, titled(LETTER))
    assert "U+100001" in told
    span = f'<span style="font-family: {FAMILY}">{LETTER}</span>'
    assert await warnings(at_home, titled(span)) == ()


@pytest.mark.parametrize("face", ["Old Face", "Own Face"])
async def test_a_font_in_the_home_folder_is_found(at_home, renderer, face):
    assert await warnings(at_home, in_font("abc", face)) == ()
    assert await warnings(renderer, in_font("abc", face)) == (
        f"No font here is called {face}: the browser's standard font is used.",
    )


@pytest.mark.parametrize(
    ("family", "told"),
    [
        ("No Such Face", ["No Such Face"]),
        ('"No Such Face", Neither', ["No Such Face or Neither"]),
        (f"No Such Face, {FAMILY}", []),
        ("No Such Face, monospace", []),
        ("No Such Face, emoji", []),
        ("No Such Face, ui-rounded", []),
        ("-apple-system, No Such Face", []),
        ("BlinkMacSystemFont, No Such Face", []),
        ("No Such Face, sans-serif, Neither", []),
        ('"Open Sans", verdana, arial, sans-serif', []),
        ("serif", []),
    ],
)
async def test_a_font_that_is_not_here_is_told_where_nothing_else_is_named(at_home, family, told):
    assert await warnings(at_home, in_font("abc", family)) == tuple(
        f"No font here is called {names}: the browser's standard font is used." for names in told
    )


async def test_a_font_of_icons_alone_is_here(tmp_path):
    write_font(tmp_path / ".fonts" / "icons.ttf", LETTER, "Icons")
    async with with_fonts_of(tmp_path) as own:
        assert await warnings(own, in_font(LETTER, "Icons")) == ()


@pytest.fixture
def one_font(tmp_path, monkeypatch) -> None:
    """A machine with one font, which has ASCII and nothing else."""
    write_font(tmp_path / "fonts" / "only.ttf", ASCII, "Only")
    config = tmp_path / "fonts.conf"
    folders = f"<dir>{tmp_path / 'fonts'}</dir><cachedir>{tmp_path / 'cache'}</cachedir>"
    config.write_text(f'<?xml version="1.0"?><fontconfig>{folders}</fontconfig>')
    monkeypatch.setenv("FONTCONFIG_FILE", str(config))


@pytest.mark.usefixtures("one_font")
async def test_packages_are_named_for_all_that_is_missing():
    async with started(browsers=1) as lonely:
        (told,) = await warnings(lonely, titled("ሀሁሂሃሄ漢🚀"))
    assert "and more: they are drawn as boxes." in told
    assert "漢" not in told
    assert told.endswith(": fonts-noto-core, fonts-noto-cjk, fonts-noto-color-emoji.")


@pytest.mark.usefixtures("one_font")
async def test_where_all_is_drawn_in_one_font_no_font_is_told_to_be_missing():
    """Then letters can't tell a font that is there from one that is not."""
    async with started(browsers=1) as lonely:
        assert await warnings(lonely, in_font("abc", "Only")) == ()
        assert await warnings(lonely, in_font("abc", "No Such Face")) == ()


async def test_of_many_fonts_some_are_named(at_home):
    spans = "".join(f'<span style="font-family: Face{i}">x</span>' for i in range(9))
    (told,) = await warnings(at_home, titled(spans))
    assert told.startswith("No font here is called Face0, Face1, Face2, Face3, Face4 and more:")
