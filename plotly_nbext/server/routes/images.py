"""``POST /v2/images``: a figure becomes an image."""

from __future__ import annotations

import base64
from typing import TYPE_CHECKING
from urllib.parse import quote

from starlette.concurrency import run_in_threadpool
from starlette.responses import Response

from plotly_nbext.server.auth import identify, require_user
from plotly_nbext.server.bodies import bad_request, read_json
from plotly_nbext.server.image_request import MIME_TYPES, ImageRequest
from plotly_nbext.server.references import fill_references, may_have_references

if TYPE_CHECKING:
    from starlette.requests import Request

    from plotly_nbext.server.auth import Caller

__all__ = ["create"]

REQUIRED_HEADERS = ("Content-Type", "Plotly-Client-Platform")


async def create(request: Request) -> Response:
    """POST /v2/images: render ``figure``; 200 with the image, or a data-URI when ``encoded``."""
    caller = await identify(request)
    require_user(caller)
    # MATLAB's client writes underscores
    given = {name.replace("_", "-") for name in request.headers}
    for name in REQUIRED_HEADERS:
        if name.lower() not in given:
            raise bad_request(f"The header {name} is missing.", name)
    wanted = await run_in_threadpool(ImageRequest.parse, await read_json(request))
    figure = wanted.figure
    if may_have_references(figure):
        figure = await run_in_threadpool(_filled, request, caller, figure)
    image = await request.app.state.renderer.render(
        figure,
        format=wanted.format,
        width=wanted.width,
        height=wanted.height,
        scale=wanted.scale,
    )
    mime_type = MIME_TYPES[wanted.format]
    return Response(data_uri(image, mime_type) if wanted.encoded else image, media_type=mime_type)


def data_uri(image: bytes, mime_type: str) -> str:
    """Encode an image as browsers take it in place of an address: svg as text, others in base64."""
    if mime_type == MIME_TYPES["svg"]:
        return f"data:{mime_type},{quote(image)}"
    return f"data:{mime_type};base64,{base64.b64encode(image).decode()}"


def _filled(request: Request, caller: Caller, figure: bytes) -> bytes:
    with request.app.state.database.read() as connection:
        return fill_references(connection, caller, figure)
