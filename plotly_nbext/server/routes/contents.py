"""What a file of any type holds: ``/v2/files/FID/content`` and ``/v2/files/FID/image``."""

from __future__ import annotations

from typing import TYPE_CHECKING

from plotly_nbext.server.auth import readable
from plotly_nbext.server.routes import grids, plots
from plotly_nbext.server.routes.endpoint import reading
from plotly_nbext.server.routes.images import plot_image
from plotly_nbext.server.routes.resource import resource
from plotly_nbext.server.store.files import GRID, PLOT, not_found

if TYPE_CHECKING:
    from sqlalchemy import Connection
    from starlette.requests import Request
    from starlette.responses import Response
    from starlette.routing import Route

    from plotly_nbext.server.auth import Caller

__all__ = ["routes"]

CONTENTS = {GRID: grids.content, PLOT: plots.content}


def routes(prefix: str) -> list[Route]:
    """List the routes."""
    return [
        resource(prefix + "/{fid}/content", GET=content),
        resource(prefix + "/{fid}/image", GET=image),
    ]


async def content(request: Request) -> Response:
    """GET /v2/files/FID/content: what the resource of the file's own type answers."""

    def answer(connection: Connection, caller: Caller) -> str:
        return readable(connection, caller, request.path_params["fid"]).filetype

    filetype = await reading(request, answer)
    if filetype not in CONTENTS:
        raise not_found()
    return await CONTENTS[filetype](request)


async def image(request: Request) -> Response:
    """GET /v2/files/FID/image[?format=&width=&height=&scale=]: a plot as an image."""
    response = await plot_image(
        request, request.path_params["fid"], request.query_params.get("format")
    )
    # a browser would run the scripts of an svg, if there were some, as this server's own
    response.headers["Content-Security-Policy"] = "sandbox"
    return response
