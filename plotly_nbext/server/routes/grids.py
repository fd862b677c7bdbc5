"""``/v2/grids``: tables whose columns a figure's traces may reference.

What a grid has in common with other files is in :mod:`plotly_nbext.server.routes.files`.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from starlette.concurrency import run_in_threadpool
from starlette.responses import Response, StreamingResponse

from plotly_nbext.server.auth import identify, readable, require_user, writable
from plotly_nbext.server.bodies import as_int, as_object, bad_request, read_fields, unjson
from plotly_nbext.server.download import grid_csv, grid_json, window
from plotly_nbext.server.references import note_source
from plotly_nbext.server.representation import column_meta, created, grid_meta
from plotly_nbext.server.responses import JSONResponse
from plotly_nbext.server.routes.endpoint import (
    base_url,
    check_match,
    parent_of,
    reading,
    writable_meta,
    writing,
)
from plotly_nbext.server.routes.files import FileEndpoints
from plotly_nbext.server.routes.resource import resource
from plotly_nbext.server.store import files, grids
from plotly_nbext.server.store.files import GRID
from plotly_nbext.server.store.grids import ColumnChange
from plotly_nbext.server.streaming import streamed

if TYPE_CHECKING:
    from collections.abc import Iterator

    from sqlalchemy import Connection
    from starlette.requests import Request
    from starlette.routing import Route

    from plotly_nbext.server.auth import Caller
    from plotly_nbext.server.store.grids import ColumnRecord

__all__ = ["routes"]

SOURCES = ("source_fid", "source_url", "source_referer")


def routes(prefix: str) -> list[Route]:
    """List the routes."""
    return [
        resource(prefix, POST=create),
        *FileEndpoints(GRID, grid_meta).routes(prefix),
        resource(prefix + "/{fid}/content", GET=content),
        resource(prefix + "/{fid}/row", POST=append_rows),
        resource(
            prefix + "/{fid}/col",
            GET=get_columns,
            PUT=put_columns,
            POST=post_columns,
            DELETE=delete_columns,
        ),
    ]


async def create(request: Request) -> Response:
    """POST /v2/grids: make a grid of ``data``; 201."""
    fields = await read_fields(request)

    def answer(connection: Connection, caller: Caller) -> dict[str, Any]:
        owner = require_user(caller)
        if fields.get("data") is None:
            raise bad_request('data is required: {"cols": {"name": {"data": […]}}}.', "data")
        data = as_object(fields["data"], "data")
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
        grids.add_columns(connection, record, _columns_by_name(data.get("cols")))
        record = readable(connection, caller, record.fid)
        return grid_meta(connection, record, caller, base_url(request))

    return JSONResponse(created(await writing(request, answer)), 201)


async def content(request: Request) -> Response:
    """GET /v2/grids/FID/content: the values, as JSON or (``Accept: text/csv``) as CSV, streamed.

    ``start`` and ``stop`` ask for the rows ``start`` … ``stop`` - 1 only; they are ours.
    """
    caller = await identify(request)
    start, stop = window(request.query_params)
    accepted = request.headers.get("accept", "")
    as_csv = "text/csv" in accepted and "application/json" not in accepted

    def pieces(connection: Connection) -> Iterator[bytes]:
        record = readable(connection, caller, request.path_params["fid"], GRID)
        return (grid_csv if as_csv else grid_json)(connection, record, start, stop)

    return StreamingResponse(
        await streamed(request, pieces),
        media_type="text/csv" if as_csv else "application/json",
        headers={"Vary": "Accept"},
    )


async def append_rows(request: Request) -> Response:
    """POST /v2/grids/FID/row: append ``rows``, all of them or none; 201.

    A ``metadata`` beside them replaces the grid's in the same transaction; it is ours.
    """
    fields = await read_fields(request)
    rows = await run_in_threadpool(unjson, fields.get("rows"), "rows")
    if not isinstance(rows, list) or not all(isinstance(row, list) for row in rows):
        raise bad_request("rows must be an array of arrays: [[1, 0.5], [2, 0.1]].", "rows")

    def answer(connection: Connection, caller: Caller) -> dict[str, Any]:
        record = writable(connection, caller, request.path_params["fid"], GRID)
        check_match(request, record)
        record = grids.append_rows(connection, record, rows)
        if fields.get("metadata") is not None:
            metadata = as_object(fields["metadata"], "metadata")
            record = files.change(connection, record, metadata=metadata)
        return grid_meta(connection, record, caller, base_url(request))

    return JSONResponse(await writing(request, answer), 201)


async def get_columns(request: Request) -> Response:
    """GET /v2/grids/FID/col[?uid=a,b]: columns with their values, in the order of the uids."""
    uids = _uids(request) if "uid" in request.query_params else None

    def answer(connection: Connection, caller: Caller) -> Response:
        record = readable(connection, caller, request.path_params["fid"], GRID)
        found = (
            grids.list_columns(connection, record)
            if uids is None
            else grids.pick_columns(connection, record, uids)
        )
        cols = [
            _with_order(column) | {"data": grids.values(connection, record, column)}
            for column in found
        ]
        return JSONResponse({"cols": cols})  # encoded in this thread, for it may be large

    return await reading(request, answer)


async def put_columns(request: Request) -> Response:
    """PUT /v2/grids/FID/col?uid=a,b: change ``data``, ``name`` or ``order`` of columns."""
    uids = _uids(request)
    changes = await run_in_threadpool(_columns, (await read_fields(request)).get("cols"))
    if len(changes) != len(uids):
        raise bad_request(
            f"cols has {len(changes)} columns for {len(uids)} uids: one each is needed.", "cols"
        )

    def answer(connection: Connection, caller: Caller) -> dict[str, Any]:
        record = writable(connection, caller, request.path_params["fid"], GRID)
        check_match(request, record)
        changed = grids.replace_columns(connection, record, uids, changes)
        return {"cols": [_with_order(column) for column in changed]}

    return JSONResponse(await writing(request, answer))


async def post_columns(request: Request) -> Response:
    """POST /v2/grids/FID/col: add the columns of ``cols``, a JSON-encoded string; 201."""
    cols = (await read_fields(request)).get("cols")
    if not isinstance(cols, str) and not request.app.state.config.accept_cols_arrays:
        raise bad_request("cols must be a JSON-encoded string of an array of columns.", "cols")
    new = await run_in_threadpool(_columns, cols)
    for index, column in enumerate(new):
        if column.name is None or column.values is None:
            missing = "name" if column.name is None else "data"
            raise bad_request(f"cols[{index}] has no {missing}.", f"cols[{index}].{missing}")

    def answer(connection: Connection, caller: Caller) -> dict[str, Any]:
        record = writable(connection, caller, request.path_params["fid"], GRID)
        check_match(request, record)
        return {
            "cols": [column_meta(column) for column in grids.add_columns(connection, record, new)]
        }

    return JSONResponse(await writing(request, answer), 201)


async def delete_columns(request: Request) -> Response:
    """DELETE /v2/grids/FID/col?uid=a,b: remove columns with their values; 204."""
    uids = _uids(request)

    def answer(connection: Connection, caller: Caller) -> None:
        record = writable(connection, caller, request.path_params["fid"], GRID)
        check_match(request, record)
        grids.delete_columns(connection, record, uids)

    await writing(request, answer)
    return Response(status_code=204)


def _uids(request: Request) -> list[str]:
    uids = [uid for uid in request.query_params.get("uid", "").split(",") if uid]
    if not uids:
        raise bad_request("uid is required: one column's uid, or several with commas.", "uid")
    if len(set(uids)) != len(uids):
        raise bad_request(f"uid names a column twice: {','.join(uids)}.", "uid")
    return uids


def _columns(cols: Any) -> list[ColumnChange]:
    """Read an array of columns."""
    decoded = unjson(cols, "cols")
    if not isinstance(decoded, list):
        raise bad_request('cols must be an array of columns: [{"name": "x", "data": […]}].', "cols")
    return [_column(column, f"cols[{index}]") for index, column in enumerate(decoded)]


def _columns_by_name(cols: Any) -> list[ColumnChange]:
    """Read the object of columns that makes a grid, by their ``order``: keys have none."""
    decoded = as_object(cols, "data.cols")
    if cols is None:
        raise bad_request('data has no cols: {"cols": {"name": {"data": […]}}}.', "data.cols")
    found = []
    for index, (name, column) in enumerate(decoded.items()):
        change = _column(column, f"data.cols[{name!r}]")
        if change.values is None:
            raise bad_request(f"The column {name!r} has no data.", f"data.cols[{name!r}].data")
        place = index if change.order is None else change.order
        found.append((place, ColumnChange(name=name, values=change.values)))
    return [change for _, change in sorted(found, key=lambda item: item[0])]


def _column(column: Any, field: str) -> ColumnChange:
    if not isinstance(column, dict):
        raise bad_request(f"{field} must be an object with data, name or order.", field)
    name, data, order = column.get("name"), column.get("data"), column.get("order")
    if name is not None and not isinstance(name, str):
        raise bad_request(f"{field}.name must be a string, not {name!r}.", f"{field}.name")
    if order is not None:
        order = as_int(order, f"{field}.order")
        if order < 0:
            raise bad_request(f"{field}.order must be 0 or more, not {order}.", f"{field}.order")
    if "data" in column and not isinstance(data, list):
        # R sends a data frame of one row as bare values
        data = [data]
    return ColumnChange(name=name, values=data, order=order)


def _with_order(column: ColumnRecord) -> dict[str, Any]:
    return column_meta(column) | {"order": column.position}


def _text(value: Any, field: str) -> str | None:
    if value is None or (isinstance(value, str) and "\0" not in value):
        return value
    raise bad_request(f"{field} must be a string without NUL, not {value!r}.", field)
