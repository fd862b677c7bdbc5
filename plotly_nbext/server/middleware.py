"""What happens to every request: its path is made regular, and it is counted and numbered."""

from __future__ import annotations

import ipaddress
import re
import secrets
import time
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from starlette.datastructures import Headers

from plotly_nbext.server.responses import error_response

if TYPE_CHECKING:
    from starlette.types import ASGIApp, Message, Receive, Scope, Send

__all__ = ["Activity", "NoForeignPages", "TolerantPath"]


class TolerantPath:
    """Let ``/v2//grids/`` mean ``/v2/grids``: clients end and join paths as they please."""

    def __init__(self, app: ASGIApp) -> None:
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass the request on."""
        if scope["type"] == "http":
            path = re.sub("/{2,}", "/", scope["path"])
            scope = dict(scope, path=path.rstrip("/") or "/")
        await self.app(scope, receive, send)


class NoForeignPages:
    """Keep web pages off a server of this machine.

    A page can point its own name at 127.0.0.1 (then the Host is not ours), or send forms to it
    (then the Origin is not ours).

    Parameters
    ----------
    app : ASGIApp
        What answers.
    open_path : str
        How the paths begin that are open to any Origin: files that tell nothing, and that a figure
        needs in its sandbox, where the browser says ``Origin: null``.
    """

    def __init__(self, app: ASGIApp, open_path: str) -> None:
        self.app = app
        self._open_path = open_path

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass the request on, or refuse it with 403."""
        app = self.app
        if scope["type"] == "http":
            headers = Headers(scope=scope)
            host, origin = headers.get("host", "").lower(), headers.get("origin")
            if scope["path"].startswith(self._open_path):
                origin = None
            if not _is_loopback(host):
                app = error_response(403, f"{host!r} is not a name of this server.")
            elif origin is not None and origin.lower().partition("://")[2] != host:
                app = error_response(403, f"Pages of {origin!r} have no business here.")
        await app(scope, receive, send)


def _is_loopback(host: str) -> bool:
    try:
        name = urlsplit(f"//{host}").hostname or ""
        return name == "localhost" or ipaddress.ip_address(name).is_loopback
    except ValueError:
        return False


class Activity:
    """Number requests (``X-Request-Id``) and know for how long nobody has asked for anything."""

    def __init__(self, app: ASGIApp) -> None:
        self.app = app
        self._running = 0
        self._last = time.monotonic()

    @property
    def idle_seconds(self) -> float:
        """Seconds since the last request ended; 0 while one runs."""
        return 0.0 if self._running else time.monotonic() - self._last

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass the request on, and count it until it is answered."""
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return
        request_id = secrets.token_hex(8)
        scope.setdefault("state", {})["request_id"] = request_id

        async def send_numbered(message: Message) -> None:
            if message["type"] == "http.response.start":
                message["headers"] = [
                    *message.get("headers", []),
                    (b"x-request-id", request_id.encode()),
                ]
            await send(message)

        self._running += 1
        try:
            await self.app(scope, receive, send_numbered)
        finally:
            self._running -= 1
            self._last = time.monotonic()
