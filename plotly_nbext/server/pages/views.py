"""The pages of files: a grid as a table, a plot as its figure, a folder as a list."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from starlette.exceptions import HTTPException
from starlette.responses import HTMLResponse, Response

from plotly_nbext.server.auth import may_read, readable
from plotly_nbext.server.pages.addresses import Addresses, fid_of
from plotly_nbext.server.pages.html import page, render
from plotly_nbext.server.pages.listing import folder_page, user_page
from plotly_nbext.server.pages.policies import BARE, FIGURE, PAGE, SANDBOX
from plotly_nbext.server.references import plot_content
from plotly_nbext.server.representation import trail
from plotly_nbext.server.routes.endpoint import reading
from plotly_nbext.server.store import files, grids, references

if TYPE_CHECKING:
    from sqlalchemy import Connection
    from starlette.requests import Request

    from plotly_nbext.server.auth import Caller
    from plotly_nbext.server.store.files import FileRecord

__all__ = ["embed", "show", "show_user"]


async def show(request: Request) -> Response:
    """GET /~USER/ID/: the page of a file."""

    def answer(connection: Connection, caller: Caller) -> tuple[FileRecord, Response]:
        file = readable(connection, caller, fid_of(request))
        if file.filetype == files.FOLDER:
            return file, folder_page(request, connection, caller, file)
        folders = trail(connection, caller, file)
        values: dict[str, Any] = {"file": file, "caller": caller, "trail": folders}
        if file.filetype == files.GRID:
            values |= _grid(request, connection, file)
            return file, page(request, "grid.html", PAGE, **values)
        values |= {
            "sandbox": SANDBOX,
            "sources": [
                source
                for source in references.referenced_by(connection, [file])[file.id]
                if may_read(caller, source)
            ],
        }
        return file, page(request, "plot.html", PAGE, **values)

    file, response = await reading(request, answer)
    if request.method == "GET":
        await request.app.state.visits.add(file)
    return response


async def embed(request: Request) -> Response:
    """GET /~USER/ID.embed: a grid's table or a plot's figure alone, for a frame of any page."""

    def answer(connection: Connection, caller: Caller) -> Response:
        file = readable(connection, caller, fid_of(request))
        if file.filetype == files.GRID:
            values = _grid(request, connection, file)
            return page(request, "grid_embed.html", BARE, file=file, **values)
        if file.filetype == files.PLOT:
            return _figure(request, connection, file)
        raise HTTPException(404)

    return await reading(request, answer)


async def show_user(request: Request) -> Response:
    """GET /~USER/: the files of a user, as far as the caller may see them."""

    def answer(connection: Connection, caller: Caller) -> Response:
        return user_page(request, connection, caller, request.path_params["username"])

    return await reading(request, answer)


def _grid(request: Request, connection: Connection, file: FileRecord) -> dict[str, Any]:
    """Describe a grid to the script that shows it."""
    columns = grids.list_columns(connection, file)
    description = {
        "label": file.filename,
        "address": Addresses.of(request).form(file, ".json"),
        "columns": [{"name": column.name, "uid": column.uid} for column in columns],
        "row_count": file.row_count,
    }
    return {"description": description}


def _figure(request: Request, connection: Connection, file: FileRecord) -> Response:
    """Make the document that draws a figure, which follows it as data: it may be very long."""
    document = render(request, "plot_embed.html", file=file).encode()
    figure = _within_html(plot_content(connection, file))
    data = (b'<script type="application/json" id="figure">', figure, b"</script>\n")
    return HTMLResponse(b"".join((document, *data)), headers={"Content-Security-Policy": FIGURE})


def _within_html(json_text: bytes) -> bytes:
    """Write JSON so that nothing in it ends or opens an element: these are all within strings."""
    for character in ("<", ">", "&", "\u2028", "\u2029"):
        json_text = json_text.replace(character.encode(), rb"\u%04x" % ord(character))
    return json_text
