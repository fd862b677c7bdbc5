"""``/v2/folders``: where files lie."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from plotly_nbext.server.auth import readable, require_user
from plotly_nbext.server.bodies import as_int, bad_request, read_fields
from plotly_nbext.server.representation import created, file_meta, file_metas
from plotly_nbext.server.responses import JSONResponse
from plotly_nbext.server.routes.endpoint import base_url, parent_of, reading, writing
from plotly_nbext.server.routes.files import FileEndpoints
from plotly_nbext.server.routes.resource import resource
from plotly_nbext.server.store import files
from plotly_nbext.server.store.files import FOLDER
from plotly_nbext.server.store.listing import Listing, children, count
from plotly_nbext.server.store.schema import HOME

if TYPE_CHECKING:
    from sqlalchemy import Connection
    from starlette.requests import Request
    from starlette.responses import Response
    from starlette.routing import Route

    from plotly_nbext.server.auth import Caller

__all__ = ["routes"]

MAX_PAGE_SIZE = 500


def routes(prefix: str) -> list[Route]:
    """List the routes."""
    return [
        resource(prefix, POST=create),
        resource(f"{prefix}/home", GET=home),
        resource(f"{prefix}/all", GET=everything),
        *FileEndpoints(FOLDER, file_meta).routes(prefix, retrieve=contents),
    ]


async def create(request: Request) -> Response:
    """POST /v2/folders: make the missing folders of ``path`` (or ``name`` in its parent); 201."""
    fields = await read_fields(request)
    path = fields.get("path") or fields.get("name")
    if not isinstance(path, str) or not path.strip("/ "):
        raise bad_request(f"path must be a folder's path, not {path!r}.", "path")

    def answer(connection: Connection, caller: Caller) -> dict[str, Any]:
        owner = require_user(caller)
        parent = parent_of(connection, owner, fields)
        _, made = files.ensure_folders(connection, owner, parent, path)
        if not made:
            raise bad_request(f"Sorry, a folder named '{path}' already exists", "path")
        return file_meta(connection, made[-1], caller, base_url(request))

    return JSONResponse(created(await writing(request, answer)), 201)


async def home(request: Request) -> Response:
    """GET /v2/folders/home: what lies in a user's home folder."""
    return await _listing(request, HOME)


async def everything(request: Request) -> Response:
    """GET /v2/folders/all: all files of a user, wherever they lie."""
    return await _listing(request, None)


async def contents(request: Request) -> Response:
    """GET /v2/folders/FID: a folder, and what lies in it."""

    def answer(connection: Connection, caller: Caller) -> dict[str, Any]:
        folder = readable(connection, caller, request.path_params["fid"], FOLDER)
        meta = file_meta(connection, folder, caller, base_url(request))
        page = _page(request, connection, caller, folder.owner, folder.idlocal)
        return meta | {"children": page}

    return JSONResponse(await reading(request, answer))


async def _listing(request: Request, parent: int | None) -> Response:
    def answer(connection: Connection, caller: Caller) -> dict[str, Any]:
        owner = request.query_params.get("user") or require_user(caller)
        return {"owner": owner, "children": _page(request, connection, caller, owner, parent)}

    return JSONResponse(await reading(request, answer))


def _page(
    request: Request, connection: Connection, caller: Caller, owner: str, parent: int | None
) -> dict[str, Any]:
    """List one page of a folder; what the caller may not see is not there, nor counted."""
    query = request.query_params
    number = as_int(query.get("page", "1"), "page")
    size = min(as_int(query.get("page_size", "50"), "page_size"), MAX_PAGE_SIZE)
    if number < 1 or size < 1:
        wrong = "page" if number < 1 else "page_size"
        raise bad_request(f"{wrong} must be 1 or more.", wrong)
    scope = Listing(
        owner,
        parent,
        filetypes=tuple(query.getlist("filetype")),
        public_only=caller.username != owner,
    )
    total = count(connection, scope)
    last = max(-(-total // size), 1)
    if number > last:
        raise files.not_found()
    found = children(connection, scope, offset=(number - 1) * size, limit=size)

    def link(page: int) -> str | None:
        return str(request.url.include_query_params(page=page)) if 1 <= page <= last else None

    return {
        "count": total,
        "first": link(1),
        "previous": link(number - 1),
        "next": link(number + 1),
        "last": link(last),
        "results": file_metas(connection, found, caller, base_url(request)),
    }
