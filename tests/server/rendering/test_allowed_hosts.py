"""Figures have from the web what the operator allows by host, and nothing else."""

from __future__ import annotations

import asyncio
import base64
import hashlib
import json
import re
import ssl
from typing import Any
from urllib.parse import quote

import pytest
import pytest_asyncio
import trustme
from cryptography import x509
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

from plotly_nbext.server.rendering import Rendered, Renderer, RenderError, browser

from .support import SCATTER, SMALL, evaluate, pages, started
from .web import hosting, red, style, tiles

pytestmark = pytest.mark.asyncio(loop_scope="module")

PLACE = {"xref": "paper", "yref": "paper", "x": 0, "y": 1, "sizex": 1, "sizey": 1}
POINTS = [{"type": "scattermap", "lon": [0, 9], "lat": [0, 9], "mode": "markers+text", "text": "a"}]
FILLED = {"margin": dict.fromkeys("tblr", 0)}
RED_SCALE = {"colorscale": [[0, "red"], [1, "red"]], "showscale": False, "marker": {"opacity": 1}}


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def host():
    async with hosting() as host:
        yield host


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def stranger():
    """A host that nobody has allowed."""
    async with hosting() as host:
        yield host
        assert host.seen == []


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def renderer(host):
    async with started(browsers=2, timeout=60, allowed=[host.url]) as renderer:
        yield renderer


@pytest.fixture(autouse=True)
def _forget(host):
    host.seen.clear()


async def render(renderer: Renderer, figure: Any) -> Rendered:
    body = json.dumps(figure).encode()
    return await renderer.render(body, format="png", **SMALL, scale=1)


def picture(source: str) -> dict:
    image = {"source": source, "sizing": "stretch", **PLACE}
    return {"data": [], "layout": {"images": [image], **FILLED}}


def on_map(layout: dict) -> dict:
    return {"data": POINTS, "layout": {"map": {"zoom": 1, **layout}, **FILLED}}


def layer(source: Any, **options: Any) -> dict:
    return on_map({"style": "white-bg", "layers": [{"source": source, **options}]})


def outlines(kind: str, url: str) -> dict:
    trace = {"type": kind, "locations": ["a"], "z": [1], "geojson": f"{url}/geo.json"}
    layout = {"map": {"style": "white-bg", "zoom": 0}, "geo": {"visible": False}, **FILLED}
    return {"data": [{**trace, **RED_SCALE}], "layout": layout}


def wanting(url: str) -> dict[str, dict]:
    """Figures that want something of a host, each in a way of its own."""
    corners = [[-80, 70], [80, 70], [80, -70], [-80, -70]]
    templated = picture(f"{url}/a.png")["layout"]
    return {
        "image": picture(f"{url}/a.png"),
        "image by way of another address": picture(f"{url}/elsewhere?to=/b.png"),
        "image in a template": {
            "data": [],
            "layout": {
                "template": {"layout": {"images": [{**templated["images"][0], "name": "logo"}]}},
                **FILLED,
            },
        },
        "outlines": outlines("choropleth", url),
        "outlines on a map": outlines("choroplethmap", url),
        "tiles": layer([tiles(url)], sourcetype="raster"),
        "picture on a map": layer(f"{url}/a.png", sourcetype="image", coordinates=corners),
        "outlines as a layer": layer(f"{url}/geo.json", type="fill", color="red"),
        "style by its address": on_map({"style": f"{url}/style.json"}),
        "style": on_map({"style": style({"type": "raster", "tiles": [tiles(url)]})}),
        "style with tiles elsewhere described": on_map(
            {"style": style({"type": "raster", "url": f"{url}/tiles.json"})}
        ),
    }


@pytest.mark.parametrize("case", wanting(""))
async def test_what_an_allowed_host_has_is_drawn(renderer, host, case):
    rendered = await render(renderer, wanting(host.url)[case])
    assert rendered.warnings == ()
    assert red(rendered.image) > 0.1
    assert host.seen
    assert not rendered.lasting


@pytest.mark.parametrize("case", wanting(""))
async def test_another_port_of_the_same_address_is_another_host(renderer, host, stranger, case):
    figure = wanting(stranger.url)[case]
    if "geojson" in json.dumps(figure) and figure["data"] is not POINTS:
        with pytest.raises(RenderError, match=re.escape(f"on the web ({stranger.url})")):
            await render(renderer, figure)
    else:
        rendered = await render(renderer, figure)
        [warning] = rendered.warnings
        assert f"on the web ({stranger.url}), and not allowed here (--allow-host, " in warning
        assert red(rendered.image) == 0
        assert rendered.lasting
    assert host.seen == []


async def test_of_two_sources_of_a_style_the_allowed_one_is_drawn(renderer, host, stranger):
    wanted, other = (
        {"type": "raster", "tiles": [tiles(each)]} for each in (host.url, stranger.url)
    )
    rendered = await render(renderer, on_map({"style": style(other, wanted)}))
    [warning] = rendered.warnings
    assert warning.startswith(f"layout.map.style.sources.source0 is on the web ({stranger.url})")
    assert red(rendered.image) > 0.1


async def test_an_allowed_host_leads_to_no_other(renderer, host, stranger):
    away = f"{host.url}/elsewhere?to={quote(stranger.url)}/a.png"
    rendered = await render(renderer, picture(away))
    assert rendered.warnings[0].startswith("layout.images[0].source can't be loaded: its host")
    assert red(rendered.image) == 0
    assert host.paths == [away.removeprefix(host.url)]


@pytest.mark.parametrize(
    ("path", "reason"),
    [
        ("/nothing", "its host answers 404"),
        ("/broken.png", "it is no image that the browser can read"),
        ("/keeps-to-itself.png", "keeps it from other sites (CORS)"),
    ],
)
async def test_an_image_that_cannot_be_had_is_left_out_with_the_reason(
    renderer, host, path, reason
):
    rendered = await render(renderer, picture(host.url + path))
    assert reason in rendered.warnings[0]
    assert red(rendered.image) == 0
    assert not rendered.lasting  # it may be there tomorrow


async def test_outlines_that_cannot_be_had_are_an_error_with_the_reason(renderer, host):
    figure = outlines("choropleth", f"{host.url}/nothing")
    with pytest.raises(RenderError, match="geojson can't be loaded: its host answers 404"):
        await render(renderer, figure)


@pytest.mark.parametrize(
    ("path", "reason"),
    [("/nothing", "its host answers 404"), ("/a.png", "it is no JSON object")],
)
async def test_a_style_that_cannot_be_had_leaves_the_map_white(renderer, host, path, reason):
    rendered = await render(renderer, on_map({"style": host.url + path}))
    assert rendered.warnings == (
        f"layout.map.style can't be loaded: {reason}. The map is drawn on white.",
    )


@pytest.mark.parametrize(
    ("path", "reason"),
    [
        ("/nothing", "its host answers 404"),
        ("/failing", "its host answers 500"),
        ("/broken.png", "it is no image that the browser can read"),
        ("/keeps-to-itself.png", "keeps it from other sites (CORS)"),
    ],
)
async def test_a_map_whose_tiles_cannot_be_had_is_drawn_with_the_reason(
    renderer, host, path, reason
):
    source = f"{host.url}{path}?{{z}}/{{x}}/{{y}}"
    await render(renderer, layer([source], sourcetype="raster"))
    rendered = await render(renderer, layer([source], sourcetype="raster"))
    [warning] = rendered.warnings
    assert re.match(
        rf"(A part of a map|\d+ parts of maps) can't be loaded from {host.url}: ", warning
    )
    assert reason in warning
    assert not rendered.lasting
    assert (await render(renderer, SCATTER)).warnings == ()


async def test_vector_tiles_that_cannot_be_had_are_left_out_with_the_reason(renderer, host):
    """Others than a page load them: the map's own workers."""
    for path, reason in (("failing", "500"), ("nothing", "404"), ("empty.pbf", "")):
        source = {"type": "vector", "tiles": [f"{host.url}/{path}?{{z}}/{{x}}/{{y}}"]}
        lines = {"id": "lines", "type": "line", "source": "lines", "source-layer": "lines"}
        vectors = {"version": 8, "sources": {"lines": source}, "layers": [lines]}
        warnings = (await render(renderer, on_map({"style": vectors}))).warnings
        assert f"/{path}" in {head.partition("?")[0] for head in host.paths}
        assert len(warnings) == bool(reason)
        assert all(f"its host answers {reason}" in warning for warning in warnings)


async def test_a_layer_whose_outlines_cannot_be_had_is_left_out_with_the_reason(renderer, host):
    [warning] = (await render(renderer, layer(f"{host.url}/nothing", type="fill"))).warnings
    assert warning == (
        "layout.map.layers[0].source can't be loaded: its host answers 404. The layer is left out."
    )


async def test_a_host_that_never_answers_costs_what_it_has_and_not_the_figure(renderer, host):
    never = f"{host.url}/never"
    maps = layer([f"{never}?{{z}}/{{x}}/{{y}}"], sourcetype="raster")
    images, tiles = await asyncio.gather(
        render(renderer, picture(never)), render(renderer, maps), return_exceptions=True
    )
    for rendered in (images, tiles):
        [warning] = rendered.warnings
        assert "its host takes longer than 10 seconds" in warning


async def test_texts_load_nothing_even_of_an_allowed_host(renderer, host):
    style = f"fill:url({host.url}/a.png#a);cursor:url({host.url}/a.png),auto"
    figure = {**SCATTER, "layout": {"title": {"text": f'<span style="{style}">text</span>'}}}
    await render(renderer, figure)
    assert host.seen == []


async def test_tiles_whose_description_cannot_be_had_are_left_out(renderer, host):
    source = {"type": "raster", "url": f"{host.url}/nothing"}
    [warning] = (await render(renderer, on_map({"style": style(source)}))).warnings
    assert warning.startswith("layout.map.style.sources.source0 can't be loaded: its host answers")


async def test_a_figure_that_wants_nothing_of_the_web_lasts(renderer, host):
    rendered = await render(renderer, SCATTER)
    assert rendered.lasting
    assert rendered.warnings == ()
    assert host.seen == []


async def test_a_host_gets_to_know_no_more_than_it_must(renderer, host):
    await render(renderer, picture(f"{host.url}/a.png"))
    [head] = host.seen
    lines = head.splitlines()
    [referer] = [line for line in lines if line.lower().startswith("referer:")]
    assert referer.removeprefix("referer: ").count("/") == 3  # the page's path is a secret
    assert not [line for line in lines if line.lower().startswith(("cookie", "proxy"))]


@pytest.mark.parametrize("lock", ["policy", "proxy"])
async def test_each_lock_holds_alone(host, stranger, monkeypatch, lock):
    """Even a script in the page reaches the allowed host alone, also where one lock is broken."""
    if lock == "policy":
        monkeypatch.setattr(
            "plotly_nbext.server.rendering.assets.CONTENT_SECURITY_POLICY", "img-src * data: blob:"
        )
    async with started(browsers=1, allowed=[host.url]) as renderer:
        if lock == "proxy":
            renderer._proxy.url = "direct://"
        await render(renderer, SCATTER)
        (page,) = pages(renderer)
        reach = "fetch('{}/geo.json').then((answer) => answer.json().then(() => 'had'), () => 'no')"
        assert await evaluate(page, reach.format(host.url)) == "had"
        denied = "fetch('{}/geo.json').then((answer) => answer.status, () => 'no')"
        assert await evaluate(page, denied.format(stranger.url)) in {403, "no"}
        other_name = stranger.url.replace("127.0.0.1", "localhost")
        assert await evaluate(page, denied.format(other_name)) in {403, "no"}


async def test_tls_goes_through_to_an_allowed_host(stranger, monkeypatch):
    authority = trustme.CA()
    certificate = authority.issue_cert("127.0.0.1")
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    certificate.configure_cert(context)
    [leaf, *_] = certificate.cert_chain_pems
    key = x509.load_pem_x509_certificate(leaf.bytes()).public_key()
    digest = hashlib.sha256(key.public_bytes(Encoding.DER, PublicFormat.SubjectPublicKeyInfo))
    trust = base64.b64encode(digest.digest()).decode()
    monkeypatch.setattr(
        browser, "FLAGS", (*browser.FLAGS, f"--ignore-certificate-errors-spki-list={trust}")
    )
    async with hosting(context) as safe:
        allowed = [safe.url.removeprefix("https://")]
        async with started(browsers=1, allowed=allowed) as renderer:
            rendered = await render(renderer, picture(f"{safe.url}/a.png"))
            assert rendered.warnings == ()
            assert red(rendered.image) > 0.1
            rendered = await render(renderer, wanting(safe.url)["tiles"])
            assert red(rendered.image) > 0.1


async def test_a_certificate_that_is_not_trusted_is_not_trusted():
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    trustme.CA().issue_cert("127.0.0.1").configure_cert(context)
    async with (
        hosting(context) as unsafe,
        started(browsers=1, allowed=[unsafe.url]) as renderer,
    ):
        rendered = await render(renderer, picture(f"{unsafe.url}/a.png"))
        assert "can't be loaded" in rendered.warnings[0]
        assert unsafe.paths == []


async def test_the_styles_that_plotly_knows_by_name_are_all_known_here(renderer):
    """A name that is missing would be taken for an address, and refused even if it is allowed."""
    schema = json.loads(await renderer.plot_schema())
    names = schema["layout"]["layoutAttributes"]["map"]["style"]["values"]
    assert len(names) > 10
    styles = {f"map{n}": name for n, name in enumerate(names, 2) if name != "white-bg"}
    maps = {subplot: {"style": name} for subplot, name in styles.items()}
    traces = [{**POINTS[0], "subplot": subplot} for subplot in maps]
    rendered = await render(renderer, {"data": traces, "layout": maps})
    assert len(rendered.warnings) == len(styles)
    for (subplot, name), warning in zip(styles.items(), rendered.warnings, strict=True):
        assert warning.startswith(f'layout.{subplot}.style "{name}" is on the web (https://')
