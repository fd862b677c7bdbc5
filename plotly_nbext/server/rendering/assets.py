"""The loopback server that pages are loaded from and connect to: all that they can reach."""

from __future__ import annotations

import asyncio
import json
import re
import secrets
from functools import cached_property
from importlib import resources
from typing import TYPE_CHECKING

from websockets.asyncio.server import serve
from websockets.datastructures import Headers
from websockets.http11 import Response

if TYPE_CHECKING:
    from collections.abc import Sequence

    from websockets.asyncio.server import Server, ServerConnection
    from websockets.http11 import Request

__all__ = ["AssetServer"]

HOST = "127.0.0.1"

PAGE = resources.files("plotly_nbext.server.rendering") / "js"

STATIC = resources.files("plotly_nbext.server.rendering") / "static"
"""MathJax and the outlines of maps, compressed: most pages never ask for them."""

STATIC_PATH = re.compile(r"/static/((?:[\w-]+/)*[\w-]+)\.(json|js)", re.ASCII)

CONTENT_TYPES = {"js": "text/javascript; charset=utf-8", "json": "application/json"}

SYMBOLS = "https://cdn.jsdelivr.net"
"""Where plotly.js has the symbols of maps from, which only it loads past the page's ``fetch``."""

# plotly.js compiles its shaders with eval: without it, WebGL traces are blank without an error.
CONTENT_SECURITY_POLICY = (
    "default-src 'none'; script-src 'self' 'unsafe-eval'; style-src 'unsafe-inline'; "
    "img-src data: blob: {symbols}; worker-src blob:; connect-src ws://{address} "
    "http://{address}/static/topojson/ data: {allowed}; "
    "frame-src 'none'; "
    "object-src 'none'; base-uri 'none'; form-action 'none'"
)


class AssetServer:
    """Serves the page, its two scripts, and one socket for each page.

    The page and its socket have the same address, which holds a token that is good for one
    connection: neither another program on this machine nor a figure can pass for a page.

    Parameters
    ----------
    allowed : sequence of str
        Origins on the web from which the page may load what a figure names.

    Attributes
    ----------
    port : int
        Where it listens on the loopback interface, once started.
    """

    def __init__(self, allowed: Sequence[str] = ()) -> None:
        self.port = 0
        self._allowed = allowed
        self._expected: dict[str, asyncio.Future[ServerConnection]] = {}
        self._server: Server | None = None

    async def start(self) -> None:
        """Listen on a free port of the loopback interface."""
        self._server = await serve(
            self._hold,
            HOST,
            0,
            process_request=self._answer,
            compression=None,
            max_size=None,
            # a page that draws a large figure is busy, not dead
            ping_interval=None,
        )
        self.port = next(iter(self._server.sockets)).getsockname()[1]

    async def close(self) -> None:
        """Stop listening and close the sockets of the pages."""
        if self._server is not None:
            self._server.close()
            await self._server.wait_closed()

    def expect(self) -> tuple[str, asyncio.Future[ServerConnection]]:
        """Prepare for a page.

        Returns
        -------
        str
            The address to open in a browser.
        Future[ServerConnection]
            The page's socket, once it has connected.
        """
        token = secrets.token_urlsafe(32)
        connected = asyncio.get_running_loop().create_future()
        self._expected[f"/{token}"] = connected
        connected.add_done_callback(lambda _: self._expected.pop(f"/{token}", None))
        return f"http://{HOST}:{self.port}/{token}", connected

    @cached_property
    def _scripts(self) -> dict[str, bytes]:
        plotly = resources.files("plotly")  # the user's own, so that the image is as their figure
        scripts = [*PAGE.iterdir(), plotly / "package_data" / "plotly.min.js"]
        served = {f"/{file.name}": file.read_bytes() for file in scripts if ".js" in file.name}
        return served | {"/allowed.js": f"export default {json.dumps(self._allowed)};".encode()}

    @cached_property
    def _page(self) -> bytes:
        return (PAGE / "page.html").read_bytes()

    def _answer(self, connection: ServerConnection, request: Request) -> Response | None:
        """Answer a plain GET, or let a page's socket through."""
        if request.path in self._scripts:
            return self._ok(self._scripts[request.path], CONTENT_TYPES["js"])
        if match := STATIC_PATH.fullmatch(request.path):
            name, kind = match.groups()
            file = STATIC / f"{name}.{kind}.gz"
            if file.is_file():
                return self._ok(file.read_bytes(), CONTENT_TYPES[kind], encoding="gzip")
        if request.path not in self._expected:
            return connection.respond(404, "Not found.\n")
        if "Upgrade" in request.headers:
            return None
        return self._ok(self._page, "text/html; charset=utf-8")

    def _ok(self, body: bytes, content_type: str, encoding: str | None = None) -> Response:
        policy = CONTENT_SECURITY_POLICY.format(
            address=f"{HOST}:{self.port}",
            allowed=" ".join(self._allowed),
            symbols=SYMBOLS if SYMBOLS in self._allowed else "",
        )
        headers = Headers(
            {
                "Content-Type": content_type,
                "Content-Length": str(len(body)),
                "Content-Security-Policy": policy,
                "X-Content-Type-Options": "nosniff",
                "Cache-Control": "no-store",
                "Connection": "close",
            }
        )
        if encoding:
            headers["Content-Encoding"] = encoding
        return Response(200, "OK", headers, body)

    async def _hold(self, connection: ServerConnection) -> None:
        """Hand a page's socket to who expects it, and keep it open."""
        assert connection.request is not None  # noqa: S101 - the handshake is over
        connected = self._expected.pop(connection.request.path, None)
        if connected is not None and not connected.done():
            connected.set_result(connection)
            await connection.wait_closed()
