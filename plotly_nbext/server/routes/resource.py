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


def resource(
    path: str,
    *,
    accept_post: str | None = None,
    **endpoints: Callable[[Request], Awaitable[Response]],
) -> Route:
    """Make the route of a path from its endpoints by method, such as ``GET=retrieve``.

    ``accept_post`` are the media types that bodies may have, for clients that ask beforehand.

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
    headers = {"allow": allow} | ({"accept-post": accept_post} if accept_post else {})
    # a route whose endpoint is no function is asked by any method, such as TRACE
    return Route(path, _Telling(request_response(dispatch), path, headers))


class _Telling:
    """Add what is true of a path, such as ``Allow``, to all of its answers, refusals too.

    The path is ``route`` in the request's state, for those who count them.
    """

    def __init__(self, app: ASGIApp, path: str, headers: dict[str, str]) -> None:
        self.app = app
        self.path = path
        self.headers = [(name.encode(), value.encode()) for name, value in headers.items()]

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        scope.setdefault("state", {})["route"] = self.path

        async def send_telling(message: Message) -> None:
            if message["type"] == "http.response.start":
                message["headers"] = [*message.get("headers", []), *self.headers]
            await send(message)

        await self.app(scope, receive, send_telling)
