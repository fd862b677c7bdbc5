"""Figures come from strangers: none opens a connection or reads a file."""

from __future__ import annotations

import asyncio
import base64
import json
import os
import socket

import psutil
import pytest
import pytest_asyncio
from websockets.asyncio.client import connect
from websockets.exceptions import InvalidStatus

from plotly_nbext.server.rendering import RenderError

from .support import SCATTER, draw, evaluate, leader, pages, started

pytestmark = pytest.mark.asyncio(loop_scope="module")

SVG = '<svg xmlns="http://www.w3.org/2000/svg" width="9" height="9">{}</svg>'
RED_SQUARE = SVG.format('<rect width="9" height="9" fill="red"/>')
FORMATS = ("png", "svg", "pdf")


class Recorder:
    """An HTTP server that remembers who connected."""

    def __init__(self) -> None:
        self.seen: list[bytes] = []

    async def start(self) -> None:
        self._server = await asyncio.start_server(self._answer, "127.0.0.1", 0)
        self.url = f"http://127.0.0.1:{self._server.sockets[0].getsockname()[1]}"

    async def stop(self) -> None:
        self._server.close()
        await self._server.wait_closed()

    async def _answer(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self.seen.append(await reader.readline())
        body = RED_SQUARE.encode()
        writer.write(
            b"HTTP/1.1 200 OK\r\nAccess-Control-Allow-Origin: *\r\nConnection: close\r\n"
            b"Content-Type: image/svg+xml\r\nContent-Length: %d\r\n\r\n%b" % (len(body), body)
        )
        await writer.drain()
        writer.close()


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def recorder():
    server = Recorder()
    await server.start()
    yield server
    await server.stop()


def as_data(svg: str) -> str:
    return "data:image/svg+xml;base64," + base64.b64encode(svg.encode()).decode()


def picture(source: str) -> dict:
    place = {"xref": "paper", "yref": "paper", "x": 0, "y": 1, "sizex": 1, "sizey": 1}
    return {"data": [], "layout": {"images": [{"source": source, "sizing": "stretch", **place}]}}


def hostile(url: str) -> dict[str, dict]:
    """Figures that reach for an address, each in a way of its own."""
    text = f'<span style="background:url({url}/span)">x</span><a href="{url}/a">y</a>'
    styled = f"url({url}/css)"
    geojson = {"type": "choropleth", "locations": ["a"], "z": [1], "geojson": f"{url}/geo.json"}
    tiles = {"sourcetype": "raster", "source": [f"{url}/{{z}}/{{x}}/{{y}}.png"]}
    return {
        "image": picture(f"{url}/a.png"),
        "image without a scheme": picture(url.removeprefix("http:") + "/b.png"),
        "image in an svg": picture(as_data(SVG.format(f'<image href="{url}/c.png"/>'))),
        "title": {**SCATTER, "layout": {"title": {"text": text}}},
        "annotation": {**SCATTER, "layout": {"annotations": [{"text": text}]}},
        "tags": {
            **SCATTER,
            "layout": {"title": {"text": f'<img src="{url}/i"><script src="{url}/j">'}},
        },
        "font": {**SCATTER, "layout": {"font": {"family": f"x;background:{styled}"}}},
        "colour": {"data": [{"y": [1], "marker": {"color": styled}, "line": {"color": styled}}]},
        "shape": {
            **SCATTER,
            "layout": {"shapes": [{"type": "path", "path": f'M0 0"/><image href="{url}/p"/>'}]},
        },
        "table": {"data": [{"type": "table", "cells": {"values": [[text]]}}]},
        "image trace": {"data": [{"type": "image", "source": f"{url}/trace.png"}]},
        "geojson": {"data": [geojson]},
        "geojson on a map": {"data": [{**geojson, "type": "choroplethmap"}]},
        "map style": {
            "data": [{"type": "scattermap"}],
            "layout": {"map": {"style": f"{url}/style.json"}},
        },
        "map tiles": {
            "data": [{"type": "scattermap", "lon": [1], "lat": [1]}],
            "layout": {"map": {"style": "white-bg", "layers": [tiles]}},
        },
        "map style inline": {
            "data": [{"type": "scattermap"}],
            "layout": {
                "map": {
                    "style": {
                        "version": 8,
                        "glyphs": f"{url}/{{fontstack}}/{{range}}.pbf",
                        "sprite": f"{url}/sprite",
                        "sources": {"r": {"type": "raster", "tiles": [f"{url}/{{z}}/{{x}}/{{y}}"]}},
                        "layers": [{"id": "r", "type": "raster", "source": "r"}],
                    }
                }
            },
        },
        "topojson": {"data": [{"type": "scattergeo"}], "config": {"topojsonURL": f"{url}/"}},
        "plotly server": {**SCATTER, "config": {"plotlyServerURL": url, "sendData": True}},
    }


def unlock(monkeypatch: pytest.MonkeyPatch, *locks: str) -> None:
    package = "plotly_nbext.server.rendering"
    if "policy" in locks:
        monkeypatch.setattr(f"{package}.assets.CONTENT_SECURITY_POLICY", "img-src * data: blob:")
    if "proxy" in locks:
        monkeypatch.setattr(f"{package}.browser.DEAD_PROXY", "direct://")


async def attempt(renderer, figure: dict, format: str) -> bytes | None:
    try:
        return await draw(renderer, figure, format)
    except RenderError:
        return None


@pytest.mark.parametrize("case", hostile(""))
async def test_no_figure_opens_a_connection(renderer, recorder, case):
    for format in FORMATS:
        await attempt(renderer, hostile(recorder.url)[case], format)
    assert recorder.seen == []


@pytest.mark.parametrize("case", ["image", "image without a scheme", "geojson", "map style"])
async def test_without_the_locks_these_figures_would_connect(recorder, monkeypatch, case):
    """The test above can fail."""
    unlock(monkeypatch, "policy", "proxy")
    async with started(browsers=1, timeout=20) as renderer:
        await attempt(renderer, hostile(recorder.url)[case], "png")
    assert recorder.seen
    recorder.seen.clear()


async def test_an_image_inside_the_figure_is_drawn_and_a_file_is_not(renderer, tmp_path):
    (tmp_path / "secret.svg").write_text(RED_SQUARE)
    empty = await draw(renderer, {"data": [], "layout": {}})
    assert await draw(renderer, picture(as_data(RED_SQUARE))) != empty
    for source in (f"file://{tmp_path}/secret.svg", f"{tmp_path}/secret.svg"):
        assert await draw(renderer, picture(source)) == empty


@pytest.mark.parametrize("kind", ["choropleth", "choroplethmap"])
async def test_a_file_is_not_read_as_geojson(renderer, tmp_path, kind):
    outline = {"type": "Polygon", "coordinates": [[[0, 0], [40, 0], [40, 40], [0, 0]]]}
    features = [{"type": "Feature", "id": "a", "properties": {}, "geometry": outline}]
    secret = tmp_path / "secret.json"
    secret.write_text(json.dumps({"type": "FeatureCollection", "features": features}))
    figure = {
        "data": [{"type": kind, "locations": ["a"], "z": [1], "geojson": secret.as_uri()}],
        "layout": {"map": {"style": "white-bg"}, "geo": {"visible": False}},
    }
    with pytest.raises(RenderError):
        await draw(renderer, figure)


@pytest.mark.parametrize("lock", ["policy", "proxy"])
async def test_each_lock_holds_alone(recorder, monkeypatch, lock):
    """Even a script in the page reaches nothing, also where one of the two locks is broken."""
    unlock(monkeypatch, lock)
    script = f"""Promise.allSettled([
        fetch("{recorder.url}/fetch", {{ mode: "no-cors" }}),
        new Promise((done, failed) => {{
            const image = new Image();
            image.onload = done;
            image.onerror = failed;
            image.src = "{recorder.url}/image";
        }}),
    ]).then((all) => all.map((one) => one.status).join())"""
    async with started(browsers=1) as renderer:
        await draw(renderer, SCATTER)
        (page,) = pages(renderer)
        assert await evaluate(page, script) == "rejected,rejected"
    assert recorder.seen == []


async def test_the_page_reaches_no_other_port_of_this_machine(renderer, recorder):
    await draw(renderer, SCATTER)
    (page,) = pages(renderer)
    url = recorder.url.replace("http", "ws")
    script = f"""new Promise((done) => {{
        const socket = new WebSocket("{url}");
        socket.onopen = () => done("open");
        socket.onerror = () => done("refused");
    }}).catch(() => "refused")"""
    assert await evaluate(page, script) == "refused"
    assert recorder.seen == []


async def test_nobody_else_can_be_a_page(renderer):
    """The address of a page is good for one connection, and can't be guessed."""
    await draw(renderer, SCATTER)
    (page,) = pages(renderer)
    address = await evaluate(page, "location.href")
    for url in (address, address[:-5] + "aaaaa", address.rsplit("/", 1)[0] + "/"):
        with pytest.raises(InvalidStatus, match="404"):
            await connect(url.replace("http", "ws"))


async def test_the_browser_listens_on_no_port_and_gets_no_key_of_ours(monkeypatch):
    monkeypatch.setenv("PLOTLY_API_KEY", "secret-of-the-service")
    async with started(browsers=1) as renderer:
        await renderer.warm()
        (page,) = pages(renderer)
        browser = leader(page)
        family = [browser, *browser.children(recursive=True)]
        for process in family:
            if process.status() == psutil.STATUS_ZOMBIE:
                continue
            listening = [c for c in process.net_connections() if c.status == psutil.CONN_LISTEN]
            assert not [c for c in listening if c.family != socket.AF_UNIX]
            assert "PLOTLY_API_KEY" not in process.environ()
        command = " ".join(browser.cmdline())
        for flag in (
            "--disable-web-security",
            "--allow-file-access-from-files",
            "remote-debugging-port",
        ):
            assert flag not in command
        token = page._socket.request.path.removeprefix("/")
        assert token not in command
        assert ("--no-sandbox" in command) == (os.geteuid() == 0)
