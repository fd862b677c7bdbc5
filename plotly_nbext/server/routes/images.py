"""A figure becomes an image: one that is sent to ``/v2/images``, or a plot's."""

from __future__ import annotations

import asyncio
import base64
import json
from dataclasses import replace
from itertools import accumulate, takewhile
from typing import TYPE_CHECKING, TypeAlias, TypeVar
from urllib.parse import quote

from starlette.concurrency import run_in_threadpool
from starlette.responses import Response

from plotly_nbext.server.auth import identify, readable, require_user
from plotly_nbext.server.bodies import bad_request, read_json
from plotly_nbext.server.conditional import is_known
from plotly_nbext.server.figure import Figure, check_size
from plotly_nbext.server.image_request import MIME_TYPES, ImageRequest
from plotly_nbext.server.limits.requests import who_asks
from plotly_nbext.server.limits.throttled import Throttled
from plotly_nbext.server.references import fill_references, may_have_references, plot_content
from plotly_nbext.server.render_cache import Picture, digest
from plotly_nbext.server.routes.endpoint import reading
from plotly_nbext.server.store.files import PLOT

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable, Coroutine, Sequence
    from typing import Any

    from sqlalchemy import Connection
    from starlette.requests import Request

    from plotly_nbext.server.auth import Caller
    from plotly_nbext.server.render_cache import CachedRenderer
    from plotly_nbext.server.rendering import Rendered

__all__ = ["create", "plot_image"]

WARNINGS = "Plotly-Warnings"
"""The header that tells what is missing in an image: a JSON array of sentences, in ASCII."""

MAX_WARNINGS = 4_000  # characters of that header: all of an answer's may be some 8,000
MAX_WARNING = 1_200  # of one of them

REQUIRED_HEADERS = ("Content-Type", "Plotly-Client-Platform")

CLIENT_CLOSED_REQUEST = 499  # what nobody reads

LARGE_BYTES = 10_000
"""A body that is read beside the event loop: a smaller one takes two milliseconds at the most."""

T = TypeVar("T")

Source: TypeAlias = "Callable[[], Awaitable[bytes]]"
"""What gives a figure's JSON text."""


async def create(request: Request) -> Response:
    """POST /v2/images: render ``figure``; 200 with the image, or a data-URI when ``encoded``."""
    require_user(await identify(request))
    # MATLAB's client writes underscores
    given = {name.replace("_", "-") for name in request.headers}
    for name in REQUIRED_HEADERS:
        if name.lower() not in given:
            raise bad_request(f"The header {name} is missing.", name)
    picture, encoded, figure = await _understand(request, await read_json(request))
    return await _answer(request, picture, figure, encoded=encoded)


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

    def answer(connection: Connection, caller: Caller) -> tuple[ImageRequest, bool]:
        plot = readable(connection, caller, fid, PLOT)
        wanted = ImageRequest.of(
            Figure.parse(plot_content(connection, plot)),
            format=format,
            width=query.get("width"),
            height=query.get("height"),
            scale=query.get("scale"),
        )
        return wanted, plot.world_readable

    wanted, is_public = await reading(request, answer)
    response = await _answer(request, await run_in_threadpool(Picture.of, wanted), _at_hand(wanted))
    if is_public:
        # to be asked for anew all the same: its grids change, and it may be public no longer
        response.headers["Cache-Control"] = "public, no-cache"
    return response


def data_uri(image: bytes, mime_type: str) -> str:
    """Encode an image as browsers take it in place of an address: svg as text, others in base64."""
    if mime_type == MIME_TYPES["svg"]:
        return f"data:{mime_type},{quote(image)}"
    return f"data:{mime_type};base64,{base64.b64encode(image).decode()}"


async def _understand(request: Request, body: bytes) -> tuple[Picture, bool, Source]:
    """Read a body, unless the same was read before and means the same to all."""
    renderer: CachedRenderer = request.app.state.renderer
    name = await _aside(digest, body)
    if (known := renderer.bodies.get(name)) is not None:

        async def figure() -> bytes:
            return (await _aside(ImageRequest.parse, body)).figure

        return *known, figure
    wanted, picture, may_draw_on_grids = await _aside(_read, body)
    if may_draw_on_grids:
        check_size(wanted.figure)

        def answer(connection: Connection, caller: Caller) -> bytes:
            return fill_references(connection, caller, wanted.figure)

        wanted = replace(wanted, figure=await reading(request, answer))
        picture = await run_in_threadpool(Picture.of, wanted)
    else:
        renderer.bodies[name] = picture, wanted.encoded
    return picture, wanted.encoded, _at_hand(wanted)


def _read(body: bytes) -> tuple[ImageRequest, Picture, bool]:
    """Read a body, hash it, and tell whether its figure may refer to grids."""
    wanted = ImageRequest.parse(body)
    return wanted, Picture.of(wanted), may_have_references(wanted.figure)


async def _aside(work: Callable[[bytes], T], body: bytes) -> T:
    """Do work beside the event loop, unless handing it over would take longer."""
    return await run_in_threadpool(work, body) if len(body) > LARGE_BYTES else work(body)


def _at_hand(wanted: ImageRequest) -> Source:
    async def figure() -> bytes:
        return wanted.figure

    return figure


async def _answer(
    request: Request, picture: Picture, figure: Source, *, encoded: bool = False
) -> Response:
    """Send an image, unless the caller has it; whoever comes here may see it."""
    renderer: CachedRenderer = request.app.state.renderer
    key = await renderer.key(picture)
    # weak: drawn anew, an svg has other ids
    etag = f'W/"{key}{"-encoded" if encoded else ""}"'
    rendered = renderer.recall(key)
    # what is yet to be drawn may be a figure that can't be
    if is_known(request, etag, exists=rendered is not None):
        return Response(status_code=304, headers={"ETag": etag})
    if rendered is None:
        user = await who_asks(request)
        await _count(request, user)
        rendered = await _while_connected(request, renderer.render(key, picture, figure, user))
    if rendered is None:
        return Response(status_code=CLIENT_CLOSED_REQUEST)
    headers = {"ETag": etag} if rendered.lasting else {}
    if rendered.warnings:
        headers[WARNINGS] = _told(rendered.warnings)
    mime_type = MIME_TYPES[picture.format]
    content = data_uri(rendered.image, mime_type) if encoded else rendered.image
    return Response(content, media_type=mime_type, headers=headers)


async def _count(request: Request, user: str) -> None:
    """Count what is to be drawn; refuse it with 429 if it is too much."""
    state = request.app.state
    if state.render_rates and (seconds := await state.render_rates.hit("render", user)) is not None:
        state.metrics.count("render_refusals", limit="rate")
        raise Throttled(seconds)


async def _while_connected(
    request: Request, drawing: Coroutine[Any, Any, Rendered]
) -> Rendered | None:
    """Wait for an image, or until the caller has gone."""
    drawn = asyncio.create_task(drawing)
    gone = asyncio.create_task(_wait_until_gone(request))
    try:
        await asyncio.wait({drawn, gone}, return_when=asyncio.FIRST_COMPLETED)
        return drawn.result() if drawn.done() else None
    finally:
        drawn.cancel()
        gone.cancel()


async def _wait_until_gone(request: Request) -> None:
    while (await request.receive())["type"] != "http.disconnect":
        pass


def _told(warnings: Sequence[str]) -> str:
    """Write warnings so that they fit into a header."""
    told: list[str] = []
    length = 0
    for warning in warnings:
        text = _cut(warning)
        length += len(_ascii(text)) + len(", ")
        if length > MAX_WARNINGS:
            told.append(f"… and {len(warnings) - len(told)} more")
            break
        told.append(text)
    return _ascii(told)


def _cut(warning: str) -> str:
    """Cut a warning by what it takes in the header: up to 12 characters each of its own."""
    lengths = accumulate(len(_ascii(character)) - len('""') for character in warning)
    kept = sum(1 for _ in takewhile(lambda length: length <= MAX_WARNING, lengths))
    return warning if kept == len(warning) else f"{warning[:kept]}…"


def _ascii(value: str | Sequence[str]) -> str:
    # a header may have no control character, and JSON has one that it leaves as it is
    return json.dumps(value).replace("\x7f", "\\u007f")
