"""What a page shows, for other programs: values as CSV and JSON, a figure as JSON and image."""

from __future__ import annotations

import re
from hashlib import sha256
from typing import TYPE_CHECKING
from urllib.parse import quote

from starlette.exceptions import HTTPException

from plotly_nbext.server.auth import readable
from plotly_nbext.server.download import CSV, JSON, chosen, grid_csv, grid_json, window
from plotly_nbext.server.pages.access import is_browser
from plotly_nbext.server.pages.addresses import fid_of
from plotly_nbext.server.pages.policies import DATA
from plotly_nbext.server.references import plot_content
from plotly_nbext.server.routes.images import plot_image
from plotly_nbext.server.store import files
from plotly_nbext.server.streaming import Pieces, streamed

if TYPE_CHECKING:
    from sqlalchemy import Connection
    from starlette.requests import Request
    from starlette.responses import Response

    from plotly_nbext.server.auth import Caller
    from plotly_nbext.server.store.files import FileRecord

__all__ = ["csv", "json", "png"]


async def csv(request: Request) -> Response:
    """GET /~USER/ID.csv: a grid's values, to be saved.

    What a browser saves is likely to be opened in a spreadsheet, where a text that looks like a
    formula would be one: it gets a ``'`` before it. Programs get the texts as they are.
    """
    guarded = is_browser(request)

    def answer(connection: Connection, caller: Caller) -> Pieces:
        grid = readable(connection, caller, fid_of(request))
        if grid.filetype != files.GRID:
            raise HTTPException(404)
        start, stop = window(request.query_params)
        columns = chosen(connection, grid, request.query_params)
        pieces = grid_csv(connection, grid, columns, start, stop, for_spreadsheets=guarded)
        etag = f'"{grid.revision}-guarded"' if guarded else f'"{grid.revision}"'
        return Pieces(pieces, CSV, etag, _headers(grid, "csv", "attachment"))

    return await streamed(request, answer)


async def json(request: Request) -> Response:
    """GET /~USER/ID.json: a grid's values as its content, a plot's figure with its data."""

    def answer(connection: Connection, caller: Caller) -> Pieces:
        file = readable(connection, caller, fid_of(request))
        headers = _headers(file, "json", "inline")
        if file.filetype == files.PLOT:
            figure = plot_content(connection, file)
            return Pieces(iter([figure]), JSON, f'"{_digest(figure)}"', headers)
        if file.filetype != files.GRID:
            raise HTTPException(404)
        start, stop = window(request.query_params)
        columns = chosen(connection, file, request.query_params)
        pieces = grid_json(connection, file, columns, start, stop)
        return Pieces(pieces, JSON, f'"{file.revision}"', headers)

    return await streamed(request, answer)


async def png(request: Request) -> Response:
    """GET /~USER/ID.png[?width=&height=&scale=]: a plot as an image."""
    return await plot_image(request, fid_of(request))


def _headers(file: FileRecord, extension: str, disposition: str) -> dict[str, str]:
    """Name what is sent, to save it by; no page of another site may load it."""
    name = file.filename
    if not name.lower().endswith(f".{extension}"):
        name = f"{name}.{extension}"
    plain = re.sub(r"[^\w .()-]", "_", name, flags=re.ASCII)
    names = f"filename=\"{plain}\"; filename*=UTF-8''{quote(name)}"
    return {
        "Content-Security-Policy": DATA,
        "Content-Disposition": f"{disposition}; {names}",
        "Cross-Origin-Resource-Policy": "same-origin",
    }


def _digest(figure: bytes) -> str:
    return sha256(figure).hexdigest()[:32]
