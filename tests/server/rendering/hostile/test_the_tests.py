"""What is asserted here can fail: where nothing hinders them, these figures do what they try."""

from __future__ import annotations

import asyncio
import json
import os
import socket
from importlib import resources
from itertools import count
from time import monotonic

import pytest
import pytest_asyncio
from playwright.async_api import async_playwright

from ..support import evaluate, pages, until
from .cases import Case, Scene, judge
from .corpus import LIGHT
from .netlog import NetworkLog, wrap_browser
from .recorder import BAIT_SVG, Recorder
from .stage import scene
from .svg import dangers, loads

pytestmark = pytest.mark.asyncio(loop_scope="module")

PLAIN = b"<!DOCTYPE html><meta charset=utf-8><script src=/plotly.min.js></script><body></body>"
DRAW = """figure => {
    const place = document.body.appendChild(document.createElement("div"));
    Promise.resolve().then(() => Plotly.newPlot(place, figure)).catch(() => {});
}"""
CLEAR = """() => {
    for (const plot of document.querySelectorAll("div.js-plotly-plot")) Plotly.purge(plot);
}"""
AT_ONCE = 8
"""A page has sixteen WebGL contexts."""

DEADLINE = 30.0

MARKS = count()


def reaching() -> dict[str, list[Case]]:
    """The figures that open connections, by vector."""
    vectors: dict[str, list[Case]] = {}
    for module in LIGHT.values():
        for case in module.cases():
            if case.reaches:
                vectors.setdefault(case.vector, []).append(case)
    return vectors


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def at(tmp_path_factory):
    async with scene(tmp_path_factory.mktemp("secrets")) as made:
        plotly = resources.files("plotly") / "package_data" / "plotly.min.js"
        made.recorder.pages["/plotly.min.js"] = ("text/javascript", plotly.read_bytes())
        made.recorder.pages["/"] = ("text/html", PLAIN)
        yield made


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def plain(at, tmp_path_factory):
    """A page with plotly.js, and nothing that keeps figures from anything."""
    folder = tmp_path_factory.mktemp("logs")
    async with async_playwright() as playwright:
        browser = await playwright.chromium.launch(
            executable_path=wrap_browser(folder),
            args=["--no-sandbox"] * (os.geteuid() == 0),
        )
        page = await browser.new_page()
        await page.goto(f"{at.recorder.origin}/")
        yield page
        await browser.close()
    log = NetworkLog.read(folder)
    beyond = log.beyond("127.0.0.1:1")
    assert f"127.0.0.1:{at.recorder.port}" in beyond
    assert any("hostile.example" in url for url in log.asked)
    assert any("hostile.example" in name for name in log.resolved)


@pytest.mark.parametrize("vector", reaching())
async def test_in_a_plain_page_these_figures_connect(plain, at, vector):
    cases = reaching()[vector]
    silent = []
    for start in range(0, len(cases), AT_ONCE):
        silent += await _silent(plain, at, cases[start : start + AT_ONCE])
    await plain.evaluate(CLEAR)
    assert not silent, "\n".join(silent)


async def _silent(plain, at: Scene, cases: list[Case]) -> list[str]:
    """Draw figures, each with addresses of its own, and name those that asked for none."""
    waiting = {}
    for case in cases:
        mark = f"/mark-{next(MARKS)}."  # a browser asks for what it has seen no second time
        body = at.bytes(case.figure)
        port = str(at.recorder.port)
        for ending in ("/", "\\\\"):  # JSON's own
            body = body.replace(f":{port}{ending}".encode(), f":{port}{mark}{ending}".encode())
        waiting[mark.encode()] = case
        await plain.evaluate(DRAW, json.loads(body))
    end = monotonic() + DEADLINE
    while waiting and monotonic() < end:
        await asyncio.sleep(0.02)
        said = b"".join(visit.said for visit in at.recorder.take())
        tls = b"\x16\x03" in said
        waiting = {
            mark: case
            for mark, case in waiting.items()
            if mark not in said and not (tls and case.name == "https")
        }
    return [str(case) for case in waiting.values()]


async def test_in_a_plain_page_a_name_is_looked_up(plain):
    """What the browser's log tells is checked when the page is closed."""
    source = "http://hostile.example/name.svg"
    await plain.evaluate(
        "source => new Promise(done => { const image = new Image(); image.onerror = done;"
        " image.src = source })",
        source,
    )


async def test_the_recorder_notes_all_kinds_of_visitors(tmp_path):
    recorder = await Recorder.start()
    try:
        for said in (
            b"GET /a.svg HTTP/1.1\r\n\r\n",
            b"GET / HTTP/1.1\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n\r\n",
            b"\x16\x03\x01\x02\x00\x01",
            b"\x00",
        ):
            reader, writer = await asyncio.open_connection("127.0.0.1", recorder.port)
            writer.write(said)
            writer.write_eof()
            await reader.read()
            writer.close()
        with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as datagram:
            datagram.sendto(b"x", ("127.0.0.1", recorder.port))
        await until(lambda: len(recorder.visits) == 5, "five visits")
        kinds = [visit.kind for visit in recorder.take()]
        assert sorted(kinds) == ["TCP", "TCP", "TLS", "UDP", "WebSocket"]
        assert recorder.take() == []
    finally:
        await recorder.close()


async def test_an_image_in_the_colour_of_the_bait_is_found(stage):
    """Where a figure brings it itself."""
    bait = {"layout": {"paper_bgcolor": "rgb(254, 1, 220)"}}
    outcome = await judge(stage.renderer, stage.scene, Case("bait", "bait", bait))
    assert outcome.problems == ["the image shows what it may not have loaded"]


async def test_a_change_of_the_page_is_found(stage):
    (page,) = pages(stage.renderer)
    ordinary = Case("ordinary", "ordinary", {"data": [{"y": [1]}]})
    assert (await stage.play(ordinary)).problems == []
    await evaluate(page, "Object.prototype.polluted = true")
    problems = (await stage.play(ordinary)).problems
    assert "afterwards, the page is otherwise" in problems
    await evaluate(page, "delete Object.prototype.polluted")
    assert (await stage.play(ordinary)).problems == []


@pytest.mark.parametrize(
    ("inside", "found"),
    [
        ("<script>x</script>", True),
        ("<foreignObject/>", True),
        ('<rect onload="x()"/>', True),
        ('<a href="javascript:x()"/>', True),
        ('<a href="https://example.org/"/>', False),
        ('<image href="http://example.org/a.png"/>', True),
        ('<image href="data:image/png;base64,"/>', False),
        ("<rect", True),
    ],
)
async def test_dangers_of_an_svg_are_found(inside, found):
    svg = BAIT_SVG.replace("</svg>", inside + "</svg>").encode()
    assert bool(dangers(svg)) == found


@pytest.mark.parametrize(
    ("style", "found"),
    [("url(http://example.org/a)", True), ("url(//a)", True), ("url('#a')", False), ("red", False)],
)
async def test_addresses_in_styles_of_an_svg_are_found(style, found):
    svg = BAIT_SVG.replace("</svg>", f'<g style="fill:{style}"/></svg>').encode()
    assert bool(loads(svg)) == found
