"""What happens to every request: its path is made regular, and it is counted and numbered."""

from __future__ import annotations

import re
import secrets
import time
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from starlette.types import ASGIApp, Message, Receive, Scope, Send

__all__ = ["Activity", "TolerantPath"]


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
