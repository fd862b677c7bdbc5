"""The end of a server: no request begins any more, and those that have begun are answered."""

from __future__ import annotations

import asyncio
import time
from typing import TYPE_CHECKING

from anyio import CancelScope
from starlette.datastructures import MutableHeaders

from plotly_nbext.server.responses import error_response

if TYPE_CHECKING:
    from starlette.types import ASGIApp, Message, Receive, Scope, Send

__all__ = ["LastAnswers", "Shutdown"]

RETRY_SECONDS = 1


class Shutdown:
    """How far the end of a server has come.

    Attributes
    ----------
    begun_at : float, optional
        When it began, by ``time.monotonic``.
    gave_up : bool
        Whether requests are waited for no longer.
    """

    def __init__(self) -> None:
        self.begun_at: float | None = None
        self.gave_up = False
        self._requests: set[CancelScope] = set()

    @property
    def begun(self) -> bool:
        """Whether the server is about to end."""
        return self.begun_at is not None

    def begin(self) -> None:
        """Have every connection closed after its next answer."""
        if self.begun_at is None:
            self.begun_at = time.monotonic()

    def give_up(self) -> None:
        """Cancel all requests; what runs in a thread is undone, or ends."""
        self.begin()
        self.gave_up = True
        for request in self._requests:
            request.cancel()

    def enter(self, request: CancelScope) -> None:
        """Note a request."""
        self._requests.add(request)
        if self.gave_up:
            request.cancel()

    def leave(self, request: CancelScope) -> None:
        """Forget a request."""
        self._requests.discard(request)


class LastAnswers:
    """Tell clients of a server that ends to go on elsewhere.

    Parameters
    ----------
    app : ASGIApp
        What answers.
    shutdown : Shutdown
        How far it is.
    """

    def __init__(self, app: ASGIApp, shutdown: Shutdown) -> None:
        self.app = app
        self._shutdown = shutdown

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass the request on; it is refused with 503 once the server has no more time for it."""
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return
        begun = False

        async def send_last(message: Message) -> None:
            nonlocal begun
            if message["type"] == "http.response.start":
                begun = True
                if self._shutdown.begun:
                    MutableHeaders(scope=message)["Connection"] = "close"
            await send(message)

        request = CancelScope()
        self._shutdown.enter(request)
        try:
            with request:
                await self.app(scope, receive, send_last)
        except asyncio.CancelledError:
            # by uvicorn, which has waited for longer than we
            if not self._shutdown.gave_up:
                raise
        finally:
            self._shutdown.leave(request)
        if self._shutdown.gave_up and not begun:
            refusal = error_response(
                503,
                "The server is shutting down; the request was not finished.",
                headers={"Retry-After": str(RETRY_SECONDS), "Connection": "close"},
            )
            await refusal(scope, receive, send)
