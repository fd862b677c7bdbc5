"""``/v2``: where everything is."""

from __future__ import annotations

from typing import TYPE_CHECKING

from plotly_nbext.server.responses import JSONResponse
from plotly_nbext.server.routes.endpoint import base_url
from plotly_nbext.server.routes.resource import resource

if TYPE_CHECKING:
    from starlette.requests import Request
    from starlette.responses import Response
    from starlette.routing import Route

__all__ = ["routes"]

RESOURCES = ("files", "folders", "grids", "images", "plot-schema", "plots", "search", "users")


def routes(prefix: str) -> list[Route]:
    """List the routes."""
    return [resource(prefix, GET=root)]


async def root(request: Request) -> Response:
    """GET /v2: the address of each resource, by name."""
    here = f"{base_url(request)}/v2"
    return JSONResponse({name: f"{here}/{name}" for name in RESOURCES})
