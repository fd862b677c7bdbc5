"""``/openapi.json`` and ``/docs``."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from starlette.concurrency import run_in_threadpool
from starlette.responses import HTMLResponse, Response

from plotly_nbext.server.openapi.document import document
from plotly_nbext.server.openapi.page import page
from plotly_nbext.server.pages.addresses import Addresses
from plotly_nbext.server.responses import JSONResponse
from plotly_nbext.server.routes.endpoint import base_url
from plotly_nbext.server.routes.resource import resource

if TYPE_CHECKING:
    from starlette.requests import Request
    from starlette.routing import Route

__all__ = ["routes"]

HEADERS: Final = {
    "Content-Security-Policy": "default-src 'none'; style-src 'self'; img-src 'self'; "
    "base-uri 'none'; form-action 'none'; frame-ancestors 'none'",
    "Cache-Control": "no-cache",
    "X-Content-Type-Options": "nosniff",
}


def routes() -> list[Route]:
    """List the routes."""
    return [resource("/openapi.json", GET=openapi), resource("/docs", GET=docs)]


async def openapi(_request: Request) -> Response:
    """GET /openapi.json: the document."""
    return JSONResponse(document())


async def docs(request: Request) -> Response:
    """GET /docs: the document for people."""
    text = await run_in_threadpool(page, base_url(request), Addresses.of(request))
    return HTMLResponse(text, headers=HEADERS)
