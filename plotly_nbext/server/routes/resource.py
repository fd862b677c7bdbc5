"""One path and its methods: what is not among them is refused by naming those that are."""

from __future__ import annotations

from typing import TYPE_CHECKING

from starlette.exceptions import HTTPException
from starlette.responses import Response
from starlette.routing import Route, request_response

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable

    from starlette.requests import Request
    from starlette.types import ASGIApp, Message, Receive, Scope, Send

__all__ = ["resource"]

METHODS = ("GET", "POST", "PUT", "PATCH", "DELETE", "HEAD", "OPTIONS")


def resource(path: str, **endpoints: Callable[[Request], Awaitable[Response]]) -> Route:
    """Make the route of a path from its endpoints by method, such as ``GET=retrieve``.

    A list of routes would answer 405 with the methods of the first of them. HEAD comes with GET;
    OPTIONS, and the ``Allow`` header that Chart Studio sends with every answer, with all.
    """
    if "GET" in endpoints:
        endpoints = {**endpoints, "HEAD": endpoints["GET"]}

    async def dispatch(request: Request) -> Response:
        if request.method == "OPTIONS":
            return Response()
        if request.method not in endpoints:
            raise HTTPException(405)
        return await endpoints[request.method](request)

    allow = ", ".join(method for method in METHODS if method in {*endpoints, "OPTIONS"})
    # a route whose endpoint is no function is asked by any method, such as TRACE
    return Route(path, _Allowing(request_response(dispatch), allow))


class _Allowing:
    """Add the ``Allow`` header to all answers of a path, refusals too."""

    def __init__(self, app: ASGIApp, allow: str) -> None:
        self.app = app
        self.header = (b"allow", allow.encode())

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        async def send_with_allow(message: Message) -> None:
            if message["type"] == "http.response.start":
                message["headers"] = [*message.get("headers", []), self.header]
            await send(message)

        await self.app(scope, receive, send_with_allow)
