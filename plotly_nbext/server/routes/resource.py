"""One path and its methods: what is not among them is refused by naming those that are."""

from __future__ import annotations

from typing import TYPE_CHECKING

from starlette.exceptions import HTTPException
from starlette.responses import Response
from starlette.routing import Route

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable

    from starlette.requests import Request

__all__ = ["resource"]

METHODS = ("GET", "POST", "PUT", "PATCH", "DELETE", "HEAD", "OPTIONS")


def resource(path: str, **endpoints: Callable[[Request], Awaitable[Response]]) -> Route:
    """Make the route of a path from its endpoints by method, such as ``GET=retrieve``.

    A list of routes would answer 405 with the methods of the first of them. HEAD comes with GET;
    OPTIONS, and the ``Allow`` header that Chart Studio sends with every answer, with all.
    """
    if "GET" in endpoints:
        endpoints = {**endpoints, "HEAD": endpoints["GET"]}
    allow = {"Allow": ", ".join(method for method in METHODS if method in {*endpoints, "OPTIONS"})}

    async def dispatch(request: Request) -> Response:
        if request.method == "OPTIONS":
            return Response(headers=allow)
        if request.method not in endpoints:
            raise HTTPException(405, headers=allow)
        response = await endpoints[request.method](request)
        response.headers.update(allow)
        return response

    return Route(path, dispatch, methods=METHODS)
