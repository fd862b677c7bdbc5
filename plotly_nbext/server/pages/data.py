"""What a page shows, for other programs: values as CSV and JSON, a figure as JSON and image."""

from __future__ import annotations

import re
from hashlib import sha256
from typing import TYPE_CHECKING
from urllib.parse import quote

from starlette.concurrency import run_in_threadpool
from starlette.exceptions import HTTPException
from starlette.responses import Response, StreamingResponse

from plotly_nbext.server.auth import readable
from plotly_nbext.server.conditional import is_known
from plotly_nbext.server.download import grid_csv, grid_json, window
from plotly_nbext.server.pages.access import is_browser
from plotly_nbext.server.pages.addresses import fid_of
from plotly_nbext.server.pages.policies import DATA
from plotly_nbext.server.references import plot_content
from plotly_nbext.server.routes.endpoint import reading
from plotly_nbext.server.routes.images import plot_image
from plotly_nbext.server.store import files
from plotly_nbext.server.streaming import streamed

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from sqlalchemy import Connection
    from starlette.requests import Request

    from plotly_nbext.server.auth import Caller
    from plotly_nbext.server.store.files import FileRecord

__all__ = ["csv", "json", "png"]

OURS_ALONE = {"Cross-Origin-Resource-Policy": "same-origin"}


async def csv(request: Request) -> Response:
    """GET /~USER/ID.csv: a grid's values, to be saved.

    What a browser saves is likely to be opened in a spreadsheet, where a text that looks like a
    formula would be one: it gets a ``'`` before it. Programs get the texts as they are.
    """
    start, stop = window(request.query_params)
    guarded = is_browser(request)

    def pieces(connection: Connection, grid: FileRecord) -> Iterator[bytes]:
        return grid_csv(connection, grid, start, stop, for_spreadsheets=guarded)

    def answer(connection: Connection, caller: Caller) -> FileRecord:
        return readable(connection, caller, fid_of(request))

    grid = await reading(request, answer)
    version = f"{grid.revision}-guarded" if guarded else str(grid.revision)
    headers = _headers(grid, "csv", version, "attachment") | OURS_ALONE
    return await _values(request, grid, pieces, headers, "text/csv")


async def json(request: Request) -> Response:
    """GET /~USER/ID.json: a grid's values as its content, a plot's figure with its data."""
    start, stop = window(request.query_params)

    def pieces(connection: Connection, grid: FileRecord) -> Iterator[bytes]:
        return grid_json(connection, grid, start, stop)

    file, figure = await _file_and_figure(request)
    if figure is None:
        headers = _headers(file, "json", str(file.revision)) | OURS_ALONE
        return await _values(request, file, pieces, headers, "application/json")
    headers = _headers(file, "json", await run_in_threadpool(_digest, figure)) | OURS_ALONE
    if is_known(request, headers["ETag"]):
        return Response(status_code=304, headers=headers)
    return Response(figure, media_type="application/json", headers=headers)


async def png(request: Request) -> Response:
    """GET /~USER/ID.png[?width=&height=&scale=]: a plot as an image."""
    return await plot_image(request, fid_of(request))


async def _file_and_figure(request: Request) -> tuple[FileRecord, bytes | None]:
    """Find the file that an address names, and its figure with all data if it is a plot."""

    def answer(connection: Connection, caller: Caller) -> tuple[FileRecord, bytes | None]:
        file = readable(connection, caller, fid_of(request))
        return file, plot_content(connection, file) if file.filetype == files.PLOT else None

    return await reading(request, answer)


async def _values(
    request: Request,
    grid: FileRecord,
    pieces: Callable[[Connection, FileRecord], Iterator[bytes]],
    headers: dict[str, str],
    media_type: str,
) -> Response:
    """Stream a grid's values, unless the browser has them."""
    if grid.filetype != files.GRID:
        raise HTTPException(404)
    if is_known(request, headers["ETag"]):
        return Response(status_code=304, headers=headers)
    body = await streamed(request, lambda connection: pieces(connection, grid))
    return StreamingResponse(body, media_type=media_type, headers=headers)


def _headers(
    file: FileRecord, extension: str, version: str, disposition: str = "inline"
) -> dict[str, str]:
    """Name the version of what is sent, and the name to save it by."""
    name = file.filename
    if not name.lower().endswith(f".{extension}"):
        name = f"{name}.{extension}"
    plain = re.sub(r"[^\w .()-]", "_", name, flags=re.ASCII)
    names = f"filename=\"{plain}\"; filename*=UTF-8''{quote(name)}"
    return {
        "Content-Security-Policy": DATA,
        "Content-Disposition": f"{disposition}; {names}",
        "ETag": f'"{version}"',
    }


def _digest(figure: bytes) -> str:
    return sha256(figure).hexdigest()[:32]
