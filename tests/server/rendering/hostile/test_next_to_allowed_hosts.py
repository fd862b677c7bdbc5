"""A host that the operator allowed is allowed; nothing is that only looks like it."""

from __future__ import annotations

import json
import socket
from contextlib import suppress
from time import monotonic

import pytest
import pytest_asyncio

from plotly_nbext.server.rendering import Renderer

from ..support import evaluate, pages, started
from .bombs import GRACE
from .cases import Case, Refused, Scene, Warned, attempt, judge
from .corpus.places import BLANK, image, layered, outlined, styled
from .recorder import BAIT_SVG, Recorder

pytestmark = pytest.mark.asyncio(loop_scope="module")

GOOD = BAIT_SVG.replace("#fe01dc", "#00c000")
TIMEOUT = 3.0


class Allowed(Recorder):
    """A host that was allowed, and that means no good either."""

    evil = ""

    async def _answer(self, reader, writer):
        said = await self._listen(reader)
        path = said.split(b" ", 2)[1].decode("latin-1") if said.count(b" ") > 1 else ""
        with suppress(OSError):
            if "never" in path:
                await reader.read()  # until the other side has had enough
            elif "endless" in path:
                writer.write(b"HTTP/1.1 200 OK\r\nContent-Type: image/svg+xml\r\n\r\n<svg>")
                while not writer.is_closing():
                    writer.write(b"<!--" + b"x" * 65536 + b"-->")
                    await writer.drain()
            elif "redirect" in path:
                target = self.evil + path.partition("=")[2]
                writer.write(
                    f"HTTP/1.1 302 Found\r\nLocation: {target}\r\nContent-Length: 0\r\n"
                    "Access-Control-Allow-Origin: *\r\nConnection: close\r\n\r\n".encode()
                )
            elif "headers" in path:
                writer.write(b"HTTP/1.1 200 OK\r\n" + b"X-A: b\r\n" * 200_000)
            elif "garbage" in path:
                writer.write(b"\x00\xff" * 1000)
            else:
                self.visits.append(None)
                body = GOOD.encode()
                writer.write(
                    b"HTTP/1.1 200 OK\r\nAccess-Control-Allow-Origin: *\r\nConnection: close\r\n"
                    b"Refresh: 0;url=%b/refresh\r\nLink: <%b/link.css>;rel=stylesheet\r\n"
                    b"Content-Type: image/svg+xml\r\nContent-Length: %d\r\n\r\n%b"
                    % (self.evil.encode(), self.evil.encode(), len(body), body)
                )
            await writer.drain()
            writer.close()


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def good():
    host = await Allowed.start()
    yield host
    await host.close()


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def at(good, tmp_path_factory):
    evil = await Recorder.start()
    good.evil = evil.origin
    yield Scene(evil, tmp_path_factory.mktemp("secrets"))
    await evil.close()


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def renderer(good, at):
    async with started(browsers=1, timeout=TIMEOUT, allowed=[good.origin]) as ready:
        yield ready


async def test_what_is_allowed_is_drawn(renderer, good, at):
    """What follows would mean nothing otherwise."""
    drawn = await attempt(renderer, at.bytes(image(f"{good.origin}/good.svg")))
    assert drawn.rendered is not None, drawn
    assert not any("web" in warning for warning in drawn.rendered.warnings), drawn
    assert drawn.rendered.image != await at.image(renderer, BLANK)
    assert at.recorder.take() == []


LOOKALIKES = {
    "another port": "http://evil.test/a.svg",
    "user": "http://GOOD@evil.test/a.svg",
    "user and password": "http://GOOD:80@evil.test/a.svg",
    "user, encoded": "http://GOOD%40@evil.test/a.svg",
    "fragment": "http://evil.test#@GOOD/a.svg",
    "backslash": "http://evil.test\\@GOOD/a.svg",
    "query": "http://evil.test?@GOOD/a.svg",
    "path": "http://evil.test/http://GOOD/a.svg",
    "longer port": "http://GOOD0/a.svg",
    "below": "http://GOOD.evil.test/a.svg",
    "https": "https://GOOD/a.svg",
    "ftp": "ftp://GOOD/a.svg",
    "a name of it": "http://localhost:PORT/a.svg",
    "a name of it, below": "http://x.localhost:PORT/a.svg",
    "another loopback": "http://127.0.0.2:PORT/a.svg",
    "zero": "http://0.0.0.0:PORT/a.svg",
    "IPv6": "http://[::1]:PORT/a.svg",
    "mapped": "http://[::ffff:127.0.0.1]:PORT/a.svg",
    "no port": "http://127.0.0.1/a.svg",
    "the page's own": "http://127.0.0.1:OWN/page.js",
}


@pytest.mark.parametrize("name", LOOKALIKES)
async def test_what_looks_like_an_allowed_host_is_none(renderer, good, at, name):
    (page,) = pages(renderer)
    own = await evaluate(page, "location.port")
    address = LOOKALIKES[name].replace("GOOD", f"127.0.0.1:{good.port}")
    address = address.replace("PORT", str(good.port)).replace("OWN", own)
    good.take()
    wrong = []
    for figure, expected in (
        (image(address), Warned(r"images\[0\]\.source", like=BLANK)),
        (outlined(address), Refused("geojson")),
        (styled(address), Warned(r"map\.style")),
        (layered({"sourcetype": "raster", "source": [address]}), Warned(r"layers\[0\]")),
    ):
        case = Case("lookalike", name, figure, expected, as_svg=False)
        wrong += (await judge(renderer, at, case)).problems
    assert not wrong
    assert at.recorder.take() == []
    assert good.take() == []


async def test_an_allowed_host_can_not_pass_on_to_another(renderer, good, at):
    for address in (f"{good.origin}/redirect=/to.svg", f"{good.origin}/redirect=/to.geojson"):
        for figure in (image(address), outlined(address), styled(address)):
            outcome = await judge(renderer, at, Case("redirect", address, figure, as_svg=False))
            assert not outcome.problems
    assert at.recorder.take() == []


@pytest.mark.parametrize("manner", ["never", "endless", "headers", "garbage"])
async def test_an_allowed_host_can_not_hold_up_a_browser(renderer, good, at, manner):
    for figure in (image(f"{good.origin}/{manner}.svg"), outlined(f"{good.origin}/{manner}.json")):
        start = monotonic()
        outcome = await attempt(renderer, json.dumps(figure).encode())
        assert monotonic() - start < TIMEOUT + GRACE, outcome
        assert outcome.available, outcome
        ordinary = await attempt(renderer, json.dumps(BLANK).encode())
        assert ordinary.rendered is not None, ordinary
    assert at.recorder.take() == []


@pytest.mark.parametrize("host", ["localhost", "http://localhost", "http://a.localhost"])
async def test_names_of_this_machine_are_not_taken(host):
    """Only who writes an address can mean this machine."""
    with pytest.raises(ValueError, match="IP address"):
        Renderer(browsers=1, allowed=[f"{host}:8080"])


async def test_a_name_that_turns_out_to_be_this_machine_leads_nowhere(at):
    allowed = f"http://{socket.gethostname()}:{at.recorder.port}"
    async with started(browsers=1, timeout=TIMEOUT, allowed=[allowed]) as renderer:
        for figure in (image(f"{allowed}/a.svg"), outlined(f"{allowed}/a.json")):
            outcome = await attempt(renderer, json.dumps(figure).encode())
            assert outcome.available, outcome
            assert outcome.error or outcome.rendered.warnings, outcome
    assert at.recorder.take() == []
