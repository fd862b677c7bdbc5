"""``/v2/users``: who the caller is."""

from __future__ import annotations

from typing import TYPE_CHECKING

from plotly_nbext.server.auth import identify
from plotly_nbext.server.responses import JSONResponse
from plotly_nbext.server.routes.resource import resource

if TYPE_CHECKING:
    from starlette.requests import Request
    from starlette.responses import Response
    from starlette.routing import Route

__all__ = ["routes"]


def routes(prefix: str) -> list[Route]:
    """List the routes."""
    return [resource(f"{prefix}/current", GET=current)]


async def current(request: Request) -> Response:
    """GET /v2/users/current: the caller's name, empty for an anonymous one."""
    caller = await identify(request)
    return JSONResponse({"username": caller.username or ""})
