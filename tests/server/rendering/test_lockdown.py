"""Figures come from strangers: none opens a connection or reads a file."""

from __future__ import annotations

import asyncio
import base64
import json
import os
import socket
from contextlib import suppress
from pathlib import Path

import plotly.express as px
import plotly.graph_objects as go
import psutil
import pytest
import pytest_asyncio
from websockets.asyncio.client import connect
from websockets.exceptions import InvalidStatus

from plotly_nbext.server.rendering import RenderError

from .support import SCATTER, SMALL, draw, evaluate, leader, pages, started

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


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def open_renderer(recorder):
    """A renderer whose operator allows the recorder."""
    async with started(browsers=1, allowed=[recorder.url]) as shared:
        yield shared


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
        return await draw(renderer, figure, format, **SMALL)
    except RenderError:
        return None


@pytest.mark.parametrize("case", hostile(""))
async def test_no_figure_opens_a_connection(renderer, recorder, case):
    for format in FORMATS:
        await attempt(renderer, hostile(recorder.url)[case], format)
    assert recorder.seen == []


@pytest.mark.parametrize(
    "case", ["image", "image without a scheme", "geojson", "map style", "map tiles"]
)
async def test_where_the_operator_allows_it_these_figures_connect(open_renderer, recorder, case):
    """The test above can fail."""
    await attempt(open_renderer, hostile(recorder.url)[case], "png")
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


async def test_a_browser_inherits_nothing_of_this_process(tmp_path, monkeypatch):
    """Neither its environment nor the files that it has open, even those meant to be inherited."""
    monkeypatch.setenv("AWS_SECRET_ACCESS_KEY", "secret-of-the-operator")
    secret = tmp_path / "secret"
    secret.touch()
    with secret.open() as file:
        os.set_inheritable(file.fileno(), True)
        async with started(browsers=1) as renderer:
            await draw(renderer, SCATTER)
            (page,) = pages(renderer)
            browser = leader(page)
            listener = renderer._assets._server.sockets[0]
            ours = {os.fstat(file.fileno()).st_ino, os.fstat(listener.fileno()).st_ino}
            for process in [browser.parent(), browser, *browser.children(recursive=True)]:
                if process.status() == psutil.STATUS_ZOMBIE:
                    continue
                assert b"secret-of-the-operator" not in environment(process)
                assert not ours & open_inodes(process)


def environment(process: psutil.Process) -> bytes:
    return Path(f"/proc/{process.pid}/environ").read_bytes()


def open_inodes(process: psutil.Process) -> set[int]:
    inodes = set()
    for descriptor in Path(f"/proc/{process.pid}/fd").iterdir():
        with suppress(FileNotFoundError):  # closed meanwhile
            inodes.add(descriptor.stat().st_ino)
    assert inodes
    return inodes


@pytest.mark.parametrize("path", ["/proc/self/environ", "/proc/self/cmdline", "/etc/passwd"])
async def test_even_a_script_in_the_page_reads_no_file(renderer, path):
    await draw(renderer, SCATTER)
    (page,) = pages(renderer)
    ways = f"""Promise.allSettled([
        fetch("file://{path}").then((answer) => answer.text()),
        fetch("{path}").then((answer) => answer.text()),
        new Promise((done, failed) => {{
            const request = new XMLHttpRequest();
            request.onload = () => done(request.responseText);
            request.onerror = failed;
            request.open("GET", "file://{path}");
            request.send();
        }}),
        new Promise((done, failed) => {{
            const frame = document.createElement("iframe");
            frame.onload = () => frame.contentDocument?.body?.innerText ? done("read") : failed();
            frame.onerror = failed;
            frame.src = "file://{path}";
            document.body.append(frame);
            setTimeout(failed, 2000);
        }}),
    ]).then((all) => all.map((one) => one.status).join())"""
    assert await evaluate(page, ways) == "rejected,rejected,rejected,rejected"
    assert await evaluate(page, f"String(window.open('file://{path}'))") == "null"


async def test_what_is_left_out_is_said_with_where_it_is_and_why(renderer):
    figure = {
        "data": [{"type": "scattermap", "lon": [1], "lat": [1]}],
        "layout": {
            "images": [{"source": "https://example.org/a.png"}, {"source": "file:///etc/passwd"}],
            "map": {"layers": [{"source": ["http://example.net/{z}"], "sourcetype": "raster"}]},
        },
    }
    image, file, style, layer = await warnings(renderer, figure)
    why = "and not allowed here (--allow-host, PLOTLY_NBEXT_ALLOW_HOSTS)"
    assert image == (
        f"layout.images[0].source is on the web (https://example.org), {why}: "
        "the image is left out."
    )
    assert file == (
        'layout.images[1].source is a file ("file:///etc/passwd"), and none is read: '
        "the image is left out."
    )
    assert layer == (
        f"layout.map.layers[0].source is on the web (http://example.net), {why}: "
        "the layer is left out."
    )
    assert style == (
        f'layout.map.style "basic" is on the web (https://basemaps.cartocdn.com), {why}: '
        "the map is drawn on white."
    )


async def test_what_only_the_browser_notices_is_said_of_the_figure_that_it_was_in(renderer):
    """Symbols on a map are loaded by plotly.js from an address of its own."""
    airport = {"type": "scattermap", "lon": [1], "lat": [1], "marker": {"symbol": "airport"}}
    figure = {"data": [airport], "layout": {"map": {"style": "white-bg"}}}
    for format in FORMATS:
        [warning] = await warnings(renderer, figure, format)
        assert warning.startswith(
            "Something in the figure (such as the marker.symbol of a map) is on the web (https://"
        )
        assert await warnings(renderer, SCATTER, format) == []


async def test_a_map_without_the_web_is_drawn_with_its_texts(renderer):
    points = {"type": "scattermap", "lon": [1], "lat": [1], "mode": "markers+text"}
    layout = {"map": {"style": "white-bg"}}
    assert await warnings(renderer, {"data": [points], "layout": layout}) == []
    bare = await draw(renderer, {"data": [points], "layout": layout})
    points["text"] = "Reykjavík"
    assert await draw(renderer, {"data": [points], "layout": layout}) != bare


async def test_a_template_and_its_figure_get_by_with_white_maps(renderer):
    points = {"type": "scattermap", "lon": [1], "lat": [1], "subplot": "map2"}
    template = {"layout": {"map": {"style": "carto-positron"}}}
    figure = {"data": [points], "layout": {"template": template}}
    [warning] = await warnings(renderer, figure)
    assert warning.startswith('layout.template.layout.map.style "carto-positron" is on the web')


OF_PLOTLY_6 = {
    "data": {"scattermapbox": [{"type": "scattermapbox", "marker": {"colorbar": {}}}]},
    "layout": {"mapbox": {"style": "light"}, "images": [], "geo": {"bgcolor": "white"}},
}


@pytest.mark.parametrize(
    "figure",
    [
        {**SCATTER, "layout": {"template": OF_PLOTLY_6}},
        {**SCATTER, "layout": {"map": {"style": "carto-positron"}, "mapbox": {"style": "light"}}},
        {"data": [{"type": "scattermap", "visible": False, "lon": [1], "lat": [1]}]},
        {**SCATTER, "layout": {"images": [{"source": "https://a.example/", "visible": False}]}},
        {"data": [{"y": [1]}, {"type": "choropleth", "visible": False, "geojson": "https://a.b"}]},
        {
            "data": [{"type": "scattermap", "lon": [1], "lat": [1]}],
            "layout": {
                "map": {"style": "white-bg"},
                "template": {"layout": {"map": {"style": "carto-positron"}}},
            },
        },
    ],
)
async def test_what_is_not_drawn_is_not_said_to_be_missing(renderer, figure):
    assert await warnings(renderer, figure) == []


@pytest.mark.parametrize(
    "figure",
    [
        go.Figure(go.Scatter(y=[1, 2])),
        go.Figure(go.Image(z=[[[255, 0, 0]]])),
        px.bar(x=["a", "b"], y=[1, 2]),
        px.pie(names=["a", "b"], values=[1, 2]),
        px.scatter_3d(x=[1], y=[1], z=[1]),
        px.line_polar(r=[1, 2], theta=[0, 90]),
        px.scatter_ternary(a=[1], b=[1], c=[1]),
        px.treemap(names=["a"], parents=[""]),
        px.parallel_coordinates({"a": [1, 2], "b": [2, 1]}),
        px.choropleth(locations=["FRA"], color=[1]),
        px.scatter_map(lat=[1], lon=[1], map_style="white-bg"),
    ],
    ids=lambda figure: figure.data[0].type,
)
async def test_a_figure_of_the_default_template_lacks_nothing(renderer, figure):
    assert await warnings(renderer, json.loads(figure.to_json())) == []


async def test_a_template_of_geojson_is_left_out_of_the_figure_alone(renderer):
    template = {"data": {"choropleth": [{"geojson": "https://example.org/geo.json"}]}}
    trace = {"type": "choropleth", "locations": ["FRA"], "z": [1]}
    figure = {"data": [trace], "layout": {"template": template}}
    [warning] = await warnings(renderer, figure)
    assert "layout.template.data.choropleth[0].geojson is on the web" in warning
    assert await warnings(renderer, {**SCATTER, "layout": {"template": template}}) == []


@pytest.mark.parametrize("source", ["data:image/png;base64,AAAA", "data:text/html,<b>x"])
async def test_an_image_that_is_none_is_left_out(renderer, source):
    [warning] = await warnings(renderer, picture(source))
    assert "images[0].source can't be loaded: it is no image" in warning
    assert await draw(renderer, picture(source)) == await draw(renderer, {"data": [], "layout": {}})


async def test_a_figure_full_of_addresses_gets_a_bounded_answer(renderer):
    images = [{"source": f"https://example.org/{i}.png"} for i in range(5000)]
    said = await warnings(renderer, {"data": [], "layout": {"images": images}})
    assert len(said) < 100
    assert "more" in said[-1]
    long = {"data": [], "layout": {"images": [{"source": "x" * 1_000_000}]}}
    assert len(" ".join(await warnings(renderer, long))) < 1000
    subplot = "map" + "1" * 1_000_000
    points = {"type": "scattermap", "lon": [1], "lat": [1], "subplot": subplot}
    layout = {subplot: {"style": "https://example.org/style.json"}}
    [warning] = await warnings(renderer, {"data": [points], "layout": layout})
    assert len(warning) < 1000


async def test_an_error_repeats_a_bounded_part_of_the_figure(renderer):
    numbers = {"dtype": "z" * 1_000_000, "bdata": "AAAA"}
    geojson = {"type": "choropleth", "locations": ["a"], "z": [1], "geojson": "y" * 1_000_000}
    for figure in ({"data": [geojson]}, {"data": [{"y": numbers}]}):
        with pytest.raises(RenderError) as caught:
            await draw(renderer, figure)
        assert len(str(caught.value)) < 3000


async def warnings(renderer, figure: dict, format: str = "png") -> list[str]:
    body = json.dumps(figure).encode()
    rendered = await renderer.render(body, format=format, **SMALL, scale=1)
    return list(rendered.warnings)


@pytest.mark.parametrize(
    "style",
    [
        "background:url(http://example.org/a)",
        "background-image:image-set('http://example.org/a' 1x)",
        r"--a:u\72l(http://example.org/a);mask-image:var(--a)",
        "}@font-face{font-family:y;src:url(http://example.org/a)}",
    ],
)
async def test_an_svg_makes_its_readers_load_nothing(renderer, style):
    title = {"text": f'a <span style="{style}">b</span>'}
    svg = await draw(renderer, {**SCATTER, "layout": {"title": title}}, "svg")
    assert b">b</tspan>" in svg
    assert b"example.org" not in svg
