"""``/v2/grids/FID/col``: columns by their uids."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any, Final

from starlette.concurrency import run_in_threadpool
from starlette.responses import Response

from plotly_nbext.server.auth import readable, writable
from plotly_nbext.server.bodies import as_int, as_object, bad_request, unjson
from plotly_nbext.server.download import JSON, columns_json
from plotly_nbext.server.grid_body import grid_body
from plotly_nbext.server.representation import column_meta
from plotly_nbext.server.routes.endpoint import check_match, writing
from plotly_nbext.server.routes.idempotency import written_once
from plotly_nbext.server.store import grids
from plotly_nbext.server.store.files import GRID
from plotly_nbext.server.store.grids import ColumnChange
from plotly_nbext.server.streaming import Pieces, streamed

if TYPE_CHECKING:
    from sqlalchemy import Connection
    from starlette.requests import Request

    from plotly_nbext.server.auth import Caller
    from plotly_nbext.server.grid_body import GridBody
    from plotly_nbext.server.store.grids import ColumnRecord

__all__ = ["as_fingerprint", "by_name", "delete", "get", "post", "put"]

MAX_FINGERPRINT: Final = 128


async def get(request: Request) -> Response:
    """GET /v2/grids/FID/col[?uid=a,b]: columns with their values, in the order of the uids."""
    uids = _uids(request) if "uid" in request.query_params else None

    def answer(connection: Connection, caller: Caller) -> Pieces:
        record = readable(connection, caller, request.path_params["fid"], GRID)
        found = (
            grids.list_columns(connection, record)
            if uids is None
            else grids.pick_columns(connection, record, uids)
        )
        pieces = columns_json(connection, record, found)
        return Pieces(pieces, JSON, f'"{record.revision}"', {"Vary": "Accept"})

    return await streamed(request, answer)


async def put(request: Request) -> Response:
    """PUT /v2/grids/FID/col?uid=a,b: change ``data``, ``name`` or ``order`` of columns."""
    uids = _uids(request)
    async with grid_body(request) as body:
        changes = await run_in_threadpool(_changes, body)
        if len(changes) != len(uids):
            raise bad_request(
                f"cols has {len(changes)} columns for {len(uids)} uids: one each is needed.", "cols"
            )

        def answer(connection: Connection, caller: Caller) -> dict[str, Any]:
            record = writable(connection, caller, request.path_params["fid"], GRID)
            check_match(request, record)
            changed = grids.replace_columns(connection, record, uids, changes)
            return {"cols": [_with_order(column) for column in changed]}

        return await written_once(request, body.digest, answer, 200)


async def post(request: Request) -> Response:
    """POST /v2/grids/FID/col: add the columns of ``cols`` or of an Arrow stream; 201.

    ``cols`` must be a JSON-encoded string.
    """
    async with grid_body(request) as body:
        cols = body.fields.get("cols")
        arrays_too = body.table is not None or request.app.state.config.accept_cols_arrays
        if not isinstance(cols, str) and "cols" not in body.encoded and not arrays_too:
            raise bad_request("cols must be a JSON-encoded string of an array of columns.", "cols")
        new = await run_in_threadpool(_changes, body)
        for index, column in enumerate(new):
            if column.name is None or column.values is None:
                missing = "name" if column.name is None else "data"
                raise bad_request(f"cols[{index}] has no {missing}.", f"cols[{index}].{missing}")

        def answer(connection: Connection, caller: Caller) -> dict[str, Any]:
            record = writable(connection, caller, request.path_params["fid"], GRID)
            check_match(request, record)
            added = grids.add_columns(connection, record, new)
            return {"cols": [column_meta(column) for column in added]}

        return await written_once(request, body.digest, answer, 201)


async def delete(request: Request) -> Response:
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


def _changes(body: GridBody) -> list[ColumnChange]:
    """Read the columns of a body: their names and values are an Arrow stream's, if it is one."""
    if body.table is None:
        return _columns(body.fields.get("cols"))
    table = body.table.read()
    said = _columns(body.fields.get("cols", [{}] * table.num_columns))
    if len(said) != table.num_columns:
        raise bad_request(
            f"cols tells of {len(said)} columns, but the stream has {table.num_columns}.", "cols"
        )
    return [
        replace(change, name=name, values=values)
        for change, name, values in zip(said, table.column_names, table.columns, strict=True)
    ]


def _columns(cols: Any) -> list[ColumnChange]:
    """Read an array of columns."""
    decoded = unjson(cols, "cols")
    if not isinstance(decoded, list):
        raise bad_request('cols must be an array of columns: [{"name": "x", "data": […]}].', "cols")
    return [_column(column, f"cols[{index}]") for index, column in enumerate(decoded)]


def by_name(cols: Any) -> list[ColumnChange]:
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
        found.append((place, replace(change, name=name, order=None)))
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
    if "data" in column and not isinstance(data, list | grids.SpooledValues):
        # R sends a data frame of one row as bare values
        data = [data]
    fingerprint = column.get("fingerprint")
    if fingerprint is not None:
        as_fingerprint(fingerprint, f"{field}.fingerprint")
    return ColumnChange(name=name, values=data, order=order, fingerprint=fingerprint)


def as_fingerprint(value: Any, field: str) -> str:
    """Take what the values of a column are to be known by: any short text."""
    if isinstance(value, str) and len(value) <= MAX_FINGERPRINT and "\0" not in value:
        return value
    raise bad_request(
        f"{field} must be a string of up to {MAX_FINGERPRINT} characters, not {value!r}.", field
    )


def _with_order(column: ColumnRecord) -> dict[str, Any]:
    return column_meta(column) | {"order": column.position}
