"""A figure becomes an image: one that is sent to ``/v2/images``, or a plot's."""

from __future__ import annotations

import base64
import json
from dataclasses import replace
from typing import TYPE_CHECKING
from urllib.parse import quote

from starlette.concurrency import run_in_threadpool
from starlette.responses import Response

from plotly_nbext.server.auth import identify, readable, require_user
from plotly_nbext.server.bodies import bad_request, read_json
from plotly_nbext.server.figure import Figure, check_size
from plotly_nbext.server.image_request import MIME_TYPES, ImageRequest
from plotly_nbext.server.references import fill_references, may_have_references, plot_content
from plotly_nbext.server.routes.endpoint import reading
from plotly_nbext.server.store.files import PLOT

if TYPE_CHECKING:
    from sqlalchemy import Connection
    from starlette.requests import Request

    from plotly_nbext.server.auth import Caller
    from plotly_nbext.server.rendering import Rendered

__all__ = ["create", "plot_image"]

WARNINGS = "Plotly-Warnings"
"""The header that tells what is missing in an image: a JSON array of sentences, in ASCII."""

REQUIRED_HEADERS = ("Content-Type", "Plotly-Client-Platform")


async def create(request: Request) -> Response:
    """POST /v2/images: render ``figure``; 200 with the image, or a data-URI when ``encoded``."""
    require_user(await identify(request))
    # MATLAB's client writes underscores
    given = {name.replace("_", "-") for name in request.headers}
    for name in REQUIRED_HEADERS:
        if name.lower() not in given:
            raise bad_request(f"The header {name} is missing.", name)
    wanted = await run_in_threadpool(ImageRequest.parse, await read_json(request))
    if may_have_references(wanted.figure):
        check_size(wanted.figure)

        def answer(connection: Connection, caller: Caller) -> bytes:
            return fill_references(connection, caller, wanted.figure)

        wanted = replace(wanted, figure=await reading(request, answer))
    return await _rendered(request, wanted)


async def plot_image(
    request: Request,
    fid: str,
    format: str | None = None,  # noqa: A002 - the request's own name for it
) -> Response:
    """Render a plot, for whoever may read it: a file's ``image``, and its web page's.

    ``width``, ``height`` and ``scale`` in the query are as in the body of ``POST /v2/images``.

    Parameters
    ----------
    format : str, optional
        As there; png by default.

    Raises
    ------
    NotFoundError
        404: there is no such plot for the caller to see.
    ValidationError
        400, by the name of what is wrong.
    """
    query = request.query_params

    def answer(connection: Connection, caller: Caller) -> ImageRequest:
        plot = readable(connection, caller, fid, PLOT)
        return ImageRequest.of(
            Figure.parse(plot_content(connection, plot)),
            format=format,
            width=query.get("width"),
            height=query.get("height"),
            scale=query.get("scale"),
        )

    return await _rendered(request, await reading(request, answer))


def data_uri(image: bytes, mime_type: str) -> str:
    """Encode an image as browsers take it in place of an address: svg as text, others in base64."""
    if mime_type == MIME_TYPES["svg"]:
        return f"data:{mime_type},{quote(image)}"
    return f"data:{mime_type};base64,{base64.b64encode(image).decode()}"


async def _rendered(request: Request, wanted: ImageRequest) -> Response:
    rendered: Rendered = await request.app.state.renderer.render(
        wanted.figure,
        format=wanted.format,
        width=wanted.width,
        height=wanted.height,
        scale=wanted.scale,
    )
    mime_type = MIME_TYPES[wanted.format]
    content = data_uri(rendered.image, mime_type) if wanted.encoded else rendered.image
    headers = {WARNINGS: json.dumps(rendered.warnings)} if rendered.warnings else None
    return Response(content, media_type=mime_type, headers=headers)
