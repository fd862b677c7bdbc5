"""``/v2/pushes``: grids that several senders bring in parts, and that change all at once; ours."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any, Final

from starlette.exceptions import HTTPException
from starlette.responses import JSONResponse, Response

from plotly_nbext.server.arrow_body import ARROW
from plotly_nbext.server.auth import readable, require_user, writable
from plotly_nbext.server.bodies import as_object, bad_request
from plotly_nbext.server.grid_body import grid_body, is_arrow
from plotly_nbext.server.representation import created, grid_meta
from plotly_nbext.server.routes.endpoint import (
    base_url,
    check_match,
    parent_of,
    writable_meta,
    writing,
)
from plotly_nbext.server.routes.idempotency import written_once
from plotly_nbext.server.routes.resource import resource
from plotly_nbext.server.store import files, grids, pushes
from plotly_nbext.server.store.files import GRID

if TYPE_CHECKING:
    import pyarrow as pa
    from sqlalchemy import Connection
    from starlette.requests import Request
    from starlette.routing import Route

    from plotly_nbext.server.auth import Caller
    from plotly_nbext.server.store.files import FileRecord

__all__ = ["routes"]

_NAME: Final = re.compile(r"[0-9a-f]{32}")


def routes(prefix: str) -> list[Route]:
    """List the routes."""
    return [
        resource(prefix + "/{push}", POST=finish, DELETE=drop),
        resource(prefix + "/{push}/{part}", PUT=put_part),
    ]


async def put_part(request: Request) -> Response:
    """PUT /v2/pushes/PUSH/PART: keep an Arrow stream aside as a part of a push."""
    push, part = _name(request, "push"), _name(request, "part")
    if not is_arrow(request):
        raise HTTPException(415, f"A part must be an Arrow stream: {ARROW}.")
    async with grid_body(request) as body:
        table = body.table
        assert table is not None  # noqa: S101 - for it is Arrow

        def answer(connection: Connection, caller: Caller) -> int:
            owner = require_user(caller)
            return pushes.keep(connection, owner, push, part, table.schema, table.batches())

        rows = await writing(request, answer, grows="by its body")
    return JSONResponse({"row_count": rows})


async def drop(request: Request) -> Response:
    """DELETE /v2/pushes/PUSH: forget its parts, and those that come later; 204."""
    push = _name(request, "push")

    def answer(connection: Connection, caller: Caller) -> None:
        pushes.end(connection, require_user(caller), push)

    await writing(request, answer)
    return Response(status_code=204)


async def finish(request: Request) -> Response:
    """POST /v2/pushes/PUSH: make of its parts a grid, the content of one, or more rows of one.

    ``parts`` are in the order of their rows, ``columns`` in that of the grid. Without ``fid`` it is
    a new grid; 201. With it the rows follow those that are there, if ``append`` is true, and else
    take their place; 200.
    """
    push = _name(request, "push")
    async with grid_body(request, whole=True) as body:
        fields = body.fields
        parts, columns = (_texts(fields.get(name), name) for name in ("parts", "columns"))
        fid, appends = fields.get("fid"), fields.get("append", False)
        if not (fid is None or isinstance(fid, str)):
            raise bad_request("fid must be a string.", "fid")
        if not isinstance(appends, bool) or (appends and fid is None):
            raise bad_request("append must be true or false, and needs a fid.", "append")
        write = _appended if appends else grids.replace_content

        def answer(connection: Connection, caller: Caller) -> dict[str, Any]:
            owner = require_user(caller)
            if fid is None:
                record = _made(connection, owner, fields)
            else:
                record = writable(connection, caller, fid, GRID)
                check_match(request, record)
            schema = pushes.schema_of(connection, owner, push, parts, columns)
            rows = pushes.rows_of(connection, owner, push, parts, schema)
            record = write(connection, record, schema, rows)
            pushes.end(connection, owner, push)
            if fid is None:
                record = readable(connection, caller, record.fid)
                return created(grid_meta(connection, record, caller, base_url(request)))
            if fields.get("metadata") is not None:
                metadata = as_object(fields["metadata"], "metadata")
                record = files.change(connection, record, metadata=metadata)
            return grid_meta(connection, record, caller, base_url(request))

        return await written_once(request, body.digest, answer, 201 if fid is None else 200)


def _appended(connection: Connection, grid: FileRecord, schema: pa.Schema, rows: Any) -> FileRecord:
    return grids.append_batches(connection, grid, schema, rows)


def _made(connection: Connection, owner: str, fields: dict[str, Any]) -> FileRecord:
    values = writable_meta(fields)
    return files.create(
        connection,
        owner=owner,
        filetype=GRID,
        filename=values.pop("filename", None),
        parent=parent_of(connection, owner, fields),
        **values,
    )


def _name(request: Request, field: str) -> str:
    """Read what a sender calls a push or a part: a random number that no one guesses."""
    name: str = request.path_params[field]
    if not _NAME.fullmatch(name):
        raise bad_request(f"{field} must have 32 hexadecimal digits, not {name!r}.", field)
    return name


def _texts(value: Any, field: str) -> list[str]:
    if not isinstance(value, list) or not all(isinstance(each, str) for each in value):
        raise bad_request(f"{field} must be an array of strings.", field)
    return value
