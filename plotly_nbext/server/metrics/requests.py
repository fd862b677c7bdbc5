"""Requests, counted by what they ask for and how they end."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from starlette.types import ASGIApp, Message, Receive, Scope, Send

    from plotly_nbext.server.metrics.metrics import Metrics

__all__ = ["Measured"]

# any other is refused, however it is called
METHODS = {"GET", "POST", "PUT", "PATCH", "DELETE", "HEAD", "OPTIONS"}


class Measured:
    """Tell how many requests there are, of what route, and how long each takes.

    Parameters
    ----------
    app : ASGIApp
        What answers; the route that was found is ``route`` in the request's state.
    metrics : Metrics
        Whom to tell.
    """

    def __init__(self, app: ASGIApp, metrics: Metrics) -> None:
        self.app = app
        self._metrics = metrics
        self._running = 0
        metrics.watch("requests_in_progress", lambda: self._running)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass the request on."""
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return
        # an answer that never begins is that of a connection that is closed
        status = "none"

        async def send_seen(message: Message) -> None:
            nonlocal status
            if message["type"] == "http.response.start":
                status = f"{message['status'] // 100}xx"
            await send(message)

        state = scope.setdefault("state", {})
        begun = time.perf_counter()
        self._running += 1
        try:
            await self.app(scope, receive, send_seen)
        finally:
            self._running -= 1
            route = state.get("route", "other")
            method = scope["method"] if scope["method"] in METHODS else "other"
            self._metrics.count("requests", route=route, method=method, status=status)
            seconds = time.perf_counter() - begun
            self._metrics.observe("request_seconds", seconds, route=route, method=method)
