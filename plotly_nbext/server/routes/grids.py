"""``/v2/grids``: tables whose columns a figure's traces may reference.

What a grid has in common with other files is in :mod:`plotly_nbext.server.routes.files`, what is
done to its rows and columns in :mod:`~plotly_nbext.server.routes.rows`,
:mod:`~plotly_nbext.server.routes.columns` and :mod:`~plotly_nbext.server.routes.edits`.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from starlette.concurrency import run_in_threadpool
from starlette.exceptions import HTTPException

from plotly_nbext.server.arrow_body import ARROW
from plotly_nbext.server.auth import readable, require_user, writable
from plotly_nbext.server.bodies import as_object, bad_request
from plotly_nbext.server.download import content_of
from plotly_nbext.server.grid_body import grid_body, is_arrow
from plotly_nbext.server.references import note_source
from plotly_nbext.server.representation import created, grid_meta
from plotly_nbext.server.routes import columns, edits, rows
from plotly_nbext.server.routes.endpoint import base_url, check_match, parent_of, writable_meta
from plotly_nbext.server.routes.files import FileEndpoints
from plotly_nbext.server.routes.idempotency import written_once
from plotly_nbext.server.routes.resource import resource
from plotly_nbext.server.store import files, grids
from plotly_nbext.server.store.files import GRID
from plotly_nbext.server.streaming import streamed

if TYPE_CHECKING:
    from sqlalchemy import Connection
    from starlette.requests import Request
    from starlette.responses import Response
    from starlette.routing import Route

    from plotly_nbext.server.auth import Caller
    from plotly_nbext.server.store.grids import ColumnChange
    from plotly_nbext.server.streaming import Pieces

__all__ = ["content", "routes"]

SOURCES = ("source_fid", "source_url", "source_referer")
BODIES = f"application/json, {ARROW}"


def routes(prefix: str) -> list[Route]:
    """List the routes."""
    return [
        resource(prefix, accept_post=BODIES, POST=create),
        *FileEndpoints(GRID, grid_meta).routes(prefix),
        resource(prefix + "/{fid}/content", GET=content, PUT=put_content, PATCH=edits.patch),
        resource(prefix + "/{fid}/row", accept_post=BODIES, POST=rows.append),
        resource(
            prefix + "/{fid}/col",
            accept_post=BODIES,
            GET=columns.get,
            PUT=columns.put,
            POST=columns.post,
            DELETE=columns.delete,
        ),
    ]


async def create(request: Request) -> Response:
    """POST /v2/grids: make a grid of ``data``, or of an Arrow stream; 201."""
    async with grid_body(request) as body:
        fields, table = body.fields, body.table
        data, new = ({}, []) if table is not None else await run_in_threadpool(_columns, fields)

        def answer(connection: Connection, caller: Caller) -> dict[str, Any]:
            owner = require_user(caller)
            metadata = fields.get("metadata", data.get("metadata"))
            values = writable_meta(fields) | {"metadata": as_object(metadata, "metadata")}
            record = files.create(
                connection,
                owner=owner,
                filetype=GRID,
                filename=values.pop("filename", None),
                parent=parent_of(connection, owner, fields),
                source={name: _text(fields.get(name), name) for name in SOURCES},
                **values,
            )
            note_source(connection, caller, record)
            if table is None:
                grids.add_columns(connection, record, new)
            else:
                grids.load_batches(
                    connection, record, table.schema, table.batches(), _fingerprints(fields)
                )
            record = readable(connection, caller, record.fid)
            return created(grid_meta(connection, record, caller, base_url(request)))

        return await written_once(request, body.digest, answer, 201)


async def content(request: Request) -> Response:
    """GET /v2/grids/FID/content: the values, streamed: JSON, CSV or Arrow, as ``Accept`` has it.

    ``start`` and ``stop`` ask for the rows ``start`` … ``stop`` - 1 only, ``cols`` for the columns
    with some uids; they are ours.
    """

    def answer(connection: Connection, caller: Caller) -> Pieces:
        record = readable(connection, caller, request.path_params["fid"], GRID)
        return content_of(connection, record, request)

    return await streamed(request, answer)


async def put_content(request: Request) -> Response:
    """PUT /v2/grids/FID/content: put an Arrow stream in place of the columns; it is ours.

    Columns of the same names keep their uids; those that ``kept`` names stay with their values.
    """
    if not is_arrow(request):
        raise HTTPException(415, f"The content must be an Arrow stream: {ARROW}.")
    async with grid_body(request) as body:
        fields, table = body.fields, body.table
        assert table is not None  # noqa: S101 - for it is Arrow
        kept = _texts(fields.get("kept", []), "kept")
        order = None if fields.get("order") is None else _texts(fields["order"], "order")
        fingerprints = _fingerprints(fields)

        def answer(connection: Connection, caller: Caller) -> dict[str, Any]:
            record = writable(connection, caller, request.path_params["fid"], GRID)
            check_match(request, record)
            record = grids.replace_content(
                connection,
                record,
                table.schema,
                table.batches(),
                order=order,
                kept=kept,
                fingerprints=fingerprints,
            )
            if fields.get("metadata") is not None:
                metadata = as_object(fields["metadata"], "metadata")
                record = files.change(connection, record, metadata=metadata)
            return grid_meta(connection, record, caller, base_url(request))

        return await written_once(request, body.digest, answer, 200)


def _columns(fields: dict[str, Any]) -> tuple[dict[str, Any], list[ColumnChange]]:
    """Read ``data``, and the columns in it."""
    if fields.get("data") is None:
        raise bad_request('data is required: {"cols": {"name": {"data": […]}}}.', "data")
    data = as_object(fields["data"], "data")
    return data, columns.by_name(data.get("cols"))


def _fingerprints(fields: dict[str, Any]) -> dict[str, str]:
    """Read what the values of columns are to be known by, by the names of the columns."""
    found = as_object(fields.get("fingerprints"), "fingerprints")
    return {
        name: columns.as_fingerprint(value, f"fingerprints[{name!r}]")
        for name, value in found.items()
    }


def _texts(value: Any, field: str) -> list[str]:
    if not isinstance(value, list) or not all(isinstance(each, str) for each in value):
        raise bad_request(f"{field} must be an array of strings.", field)
    return value


def _text(value: Any, field: str) -> str | None:
    if value is None or (isinstance(value, str) and "\0" not in value):
        return value
    raise bad_request(f"{field} must be a string without NUL, not {value!r}.", field)
