"""``/v2/search``: files by what is in their names, or in the names of their columns."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from plotly_nbext.server.bodies import bad_request
from plotly_nbext.server.responses import JSONResponse
from plotly_nbext.server.routes.endpoint import reading
from plotly_nbext.server.routes.paging import page, text_of
from plotly_nbext.server.routes.resource import resource
from plotly_nbext.server.store.listing import Listing

if TYPE_CHECKING:
    from sqlalchemy import Connection
    from starlette.requests import Request
    from starlette.responses import Response
    from starlette.routing import Route

    from plotly_nbext.server.auth import Caller

__all__ = ["routes"]


def routes(prefix: str) -> list[Route]:
    """List the routes."""
    return [resource(prefix, GET=search)]


async def search(request: Request) -> Response:
    """GET /v2/search?q=[&user=]: the caller's own files, and public ones, a page at a time.

    Upper and lower case are one, and no character stands for others.
    """
    query = request.query_params
    text, owner = text_of(query.get("q", ""), "q"), query.get("user") or None
    if not text:
        raise bad_request("q is required: a part of a file's or column's name.", "q")

    def answer(connection: Connection, caller: Caller) -> dict[str, Any]:
        return page(request, connection, caller, Listing(owner, text=text))

    lane = request.app.state.lanes.searching
    return JSONResponse(await reading(request, answer, lane))
