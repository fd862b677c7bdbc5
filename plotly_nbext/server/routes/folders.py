"""``/v2/folders``: where files lie."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from plotly_nbext.server.auth import readable, require_user
from plotly_nbext.server.bodies import as_bool, bad_request, read_fields
from plotly_nbext.server.representation import created, file_meta
from plotly_nbext.server.responses import JSONResponse
from plotly_nbext.server.routes.endpoint import base_url, parent_of, reading, writing
from plotly_nbext.server.routes.files import FileEndpoints
from plotly_nbext.server.routes.paging import page
from plotly_nbext.server.routes.resource import resource
from plotly_nbext.server.store import paths
from plotly_nbext.server.store.files import FOLDER
from plotly_nbext.server.store.listing import Listing
from plotly_nbext.server.store.schema import HOME

if TYPE_CHECKING:
    from collections.abc import Callable

    from sqlalchemy import Connection
    from starlette.requests import Request
    from starlette.responses import Response
    from starlette.routing import Route

    from plotly_nbext.server.auth import Caller

__all__ = ["routes"]


def routes(prefix: str) -> list[Route]:
    """List the routes."""
    return [
        resource(prefix, POST=create),
        resource(f"{prefix}/home", GET=home),
        resource(f"{prefix}/all", GET=everything),
        resource(f"{prefix}/shared", GET=shared),
        resource(f"{prefix}/starred", GET=starred),
        resource(f"{prefix}/trashed", GET=trashed),
        *FileEndpoints(FOLDER, file_meta).routes(prefix, retrieve=contents),
    ]


async def create(request: Request) -> Response:
    """POST /v2/folders: make the missing folders of ``path`` (or ``name`` in its parent); 201."""
    fields = await read_fields(request)
    path = fields.get("path") or fields.get("name")
    if not isinstance(path, str) or not path.strip("/ "):
        raise bad_request(f"path must be a folder's path, not {path!r}.", "path")
    world_readable = as_bool(fields.get("world_readable") or False, "world_readable")

    def answer(connection: Connection, caller: Caller) -> dict[str, Any]:
        owner = require_user(caller)
        parent = parent_of(connection, owner, fields)
        _, made = paths.ensure_folders(
            connection, owner, parent, path, field="path", world_readable=world_readable
        )
        if not made:
            raise bad_request(f"Sorry, a folder named '{path}' already exists", "path")
        return file_meta(connection, made[-1], caller, base_url(request))

    return JSONResponse(created(await writing(request, answer, grows="by its body")), 201)


async def home(request: Request) -> Response:
    """GET /v2/folders/home: what lies in a user's home folder."""
    return await _of_user(request, HOME)


async def everything(request: Request) -> Response:
    """GET /v2/folders/all: all files of a user, wherever they lie."""
    return await _of_user(request, None)


async def contents(request: Request) -> Response:
    """GET /v2/folders/FID: a folder, and what lies in it."""

    def answer(connection: Connection, caller: Caller) -> dict[str, Any]:
        folder = readable(connection, caller, request.path_params["fid"], FOLDER)
        meta = file_meta(connection, folder, caller, base_url(request))
        listing = Listing(folder.owner, folder.idlocal)
        return meta | {"children": page(request, connection, caller, listing)}

    return JSONResponse(await reading(request, answer))


async def shared(request: Request) -> Response:
    """GET /v2/folders/shared: what others share with the caller by name, which nobody can yet."""
    return await _of_caller(request, lambda _: Listing(owner=""))


async def starred(request: Request) -> Response:
    """GET /v2/folders/starred: what the caller starred and may still see."""
    owner = request.query_params.get("user")
    return await _of_caller(request, lambda caller: Listing(owner, starred_by=caller))


async def trashed(request: Request) -> Response:
    """GET /v2/folders/trashed: the caller's trash, without what folders took along."""
    return await _of_caller(request, lambda caller: Listing(caller, in_trash=True))


async def _of_user(request: Request, parent: int | None) -> Response:
    def answer(connection: Connection, caller: Caller) -> dict[str, Any]:
        owner = request.query_params.get("user") or require_user(caller)
        children = page(request, connection, caller, Listing(owner, parent))
        return {"owner": owner, "children": children}

    return JSONResponse(await reading(request, answer))


async def _of_caller(request: Request, listing: Callable[[str], Listing]) -> Response:
    def answer(connection: Connection, caller: Caller) -> dict[str, Any]:
        username = require_user(caller)
        children = page(request, connection, caller, listing(username))
        return {"owner": username, "children": children}

    return JSONResponse(await reading(request, answer))
