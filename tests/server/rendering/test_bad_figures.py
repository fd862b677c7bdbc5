"""A figure that can't be drawn is refused in words that say why, and harms no other."""

from __future__ import annotations

import json
import re

import pytest

from plotly_nbext.server.rendering import RenderError

from .support import SCATTER, draw, evaluate, pages

pytestmark = pytest.mark.asyncio(loop_scope="module")

REFUSED = {
    "not JSON": (b'{"data": [', "not JSON: Unexpected end"),
    "NaN": (b'{"data": [{"y": [NaN]}]}', "not JSON: Unexpected token 'N'"),
    "not UTF-8": (b'{"data": [], "layout": {"title": {"text": "\xff"}}}', "not UTF-8"),
    "a list": ([1], "figure must be an object, not a list"),
    "null": (None, "figure must be an object, not null"),
    "data of a wrong kind": (
        {"data": {"y": [1]}},
        '"data" must be a list of traces, not an object',
    ),
    "a null trace": ({"data": [{}, None]}, r'"data\[1\]" must be an object, not null'),
    "a trace of text": ({"data": ["scatter"]}, r'"data\[0\]" must be an object, not a string'),
    "layout of a wrong kind": (
        {"data": [], "layout": 3},
        '"layout" must be an object, not a number',
    ),
    "config of a wrong kind": ({"config": [1]}, '"config" must be an object, not a list'),
    "unknown dtype": ({"data": [{"y": {"bdata": "AAEC", "dtype": "i8"}}]}, 'Error in dtype: "i8"'),
    "short typed array": (
        {"data": [{"type": "heatmap", "z": {"bdata": "AAEC", "dtype": "i1", "shape": "2,3"}}]},
        "Invalid typed array length",
    ),
    "an axis of a wrong kind": (
        {"data": [{"y": [1]}], "layout": {"xaxis": 5}},
        "plotly.js could not",
    ),
}


@pytest.mark.parametrize("case", REFUSED)
async def test_the_error_says_what_is_wrong(renderer, case):
    figure, message = REFUSED[case]
    with pytest.raises(RenderError, match=message):
        await draw(renderer, figure)


@pytest.mark.parametrize(
    "figure",
    [
        {"data": [], "layout": {}},
        {"layout": {"title": {"text": "no traces"}}},
        {**SCATTER, "layout": None, "config": None},
        {**SCATTER, "layout": [], "config": []},
        {**SCATTER, "frames": [{"data": [{"y": [9]}]}]},
        {**SCATTER, "layout": {"annotations": [None, 5], "template": "plotly_dark"}},
    ],
)
async def test_what_other_clients_send_is_drawn(renderer, figure):
    assert (await draw(renderer, figure)).startswith(b"\x89PNG")


async def test_a_figure_too_deep_is_refused_in_words(renderer):
    nest = "[" * 200_000 + "]" * 200_000
    figure = (
        '{"data": [{"type": "scattermap"}], "layout": {"map": {"style": '
        f'{{"version": 8, "sources": {{}}, "layers": [], "sprite": {nest}}}}}}}}}'
    )
    with pytest.raises(RenderError, match="nested too deeply"):
        await draw(renderer, figure.encode())


async def test_a_type_that_is_not_known_is_told_of(renderer):
    figure = json.dumps({"data": [{"type": "nosuch", "y": [1, 2]}]}).encode()
    rendered = await renderer.render(figure, format="png", width=700, height=500, scale=1)
    assert rendered.warnings == ('data[0].type "nosuch" is not known: it is drawn as scatter.',)


@pytest.mark.parametrize("own", [[{"a": None}], [{"a": 3}]])
async def test_what_a_figure_holds_for_itself_is_as_it_was(renderer, own):
    """plotly.js writes what is null otherwise than what is missing."""
    trace = {"type": "bar", "y": [1], "customdata": own, "texttemplate": "value:%{customdata.a}"}
    svg = (await draw(renderer, {"data": [trace]}, "svg")).decode()
    drawn = "null" if own[0]["a"] is None else "3"
    assert re.search(rf">value:{drawn}<", svg), re.findall(r">value:.*?<", svg)


@pytest.mark.parametrize(("width", "height"), [(9, 500), (700, 1)])
async def test_a_size_that_plotly_would_ignore_is_refused(renderer, width, height):
    with pytest.raises(RenderError, match=f"at least 10 × 10 pixels, not {width} × {height}"):
        await draw(renderer, SCATTER, width=width, height=height)


@pytest.mark.parametrize("format", ["png", "jpeg", "webp"])
async def test_an_image_too_large_for_the_browser_is_refused_at_once(renderer, format):
    with pytest.raises(RenderError, match=f"can't write 70000 × 50000 pixels as {format}"):
        await draw(renderer, SCATTER, format, scale=100)


@pytest.mark.parametrize("format", ["png", "pdf"])
async def test_nothing_of_a_figure_stays_behind(renderer, format):
    """Neither after one that is drawn, nor after one that fails half way."""
    await draw(renderer, SCATTER)
    (page,) = pages(renderer)
    look = """JSON.stringify([
        document.body.innerHTML.length, Object.keys(window), Object.keys(Object.prototype),
        document.styleSheets.length, document.querySelectorAll("canvas, svg").length,
    ])"""
    before = await evaluate(page, look)
    await draw(renderer, {"data": [{"type": "surface", "z": [[1, 2], [3, 4]]}]}, format)
    for figure, _ in REFUSED.values():
        with pytest.raises(RenderError):
            await draw(renderer, figure, format)
    await draw(renderer, SCATTER)
    assert await evaluate(page, look) == before


async def test_a_figure_does_not_change_the_next_through_prototypes(renderer):
    before = await draw(renderer, SCATTER)
    bad = {"title": {"text": "polluted"}, "paper_bgcolor": "red", "type": "bar", "format": {}}
    nests = [
        {"data": [{"y": [1], "__proto__": bad, "marker": {"__proto__": bad}}]},
        {"data": [{"y": [1], "constructor": {"prototype": bad}}]},
        {"data": [{"y": [1]}], "layout": {"__proto__": bad, "xaxis": {"__proto__": bad}}},
        {"layout": {"template": {"layout": {"__proto__": bad}, "data": {"__proto__": [bad]}}}},
        {"layout": {"template": {"data": {"scatter": [{"__proto__": bad}]}}}, "data": [{"y": [1]}]},
        {"data": [{"y": [1]}], "config": {"locale": "__proto__", "locales": {"__proto__": bad}}},
        {"config": {"__proto__": bad, "constructor": {"prototype": bad}}, "data": [{"y": [1]}]},
    ]
    for figure in nests:
        await draw(renderer, json.dumps(figure).encode())
    for name in ("type", "uid", "xaxis", "stackgroup", "legendgroup"):
        try:
            await draw(renderer, {"data": [{"y": [1], name: "__proto__"}]})
        except RenderError:
            continue
    assert await draw(renderer, SCATTER) == before
