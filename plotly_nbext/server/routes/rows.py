"""``/v2/grids/FID/row``: rows are appended."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from starlette.concurrency import run_in_threadpool

from plotly_nbext.columns import json
from plotly_nbext.server.auth import writable_head
from plotly_nbext.server.bodies import as_object, bad_request, is_short, unjson
from plotly_nbext.server.grid_body import grid_body
from plotly_nbext.server.preferences import MINIMAL, is_preferred
from plotly_nbext.server.representation import appended, grid_meta, is_appended
from plotly_nbext.server.routes.endpoint import base_url, check_match
from plotly_nbext.server.routes.idempotency import written_once
from plotly_nbext.server.store import files, grids
from plotly_nbext.server.store.files import GRID

if TYPE_CHECKING:
    from sqlalchemy import Connection
    from starlette.requests import Request
    from starlette.responses import Response

    from plotly_nbext.server.auth import Caller
    from plotly_nbext.server.store.files import FileHead

__all__ = ["append"]


async def append(request: Request) -> Response:
    """POST /v2/grids/FID/row: append ``rows``, or those of an Arrow stream; 201.

    All of them or none. A ``metadata`` beside them replaces the grid's in the same transaction, and
    ``Prefer: return=minimal`` spares the server the reading of all that is known of the grid; both
    are ours. A short body so answered has one commit with all that wait at the same time.
    """
    minimal = is_preferred(request, MINIMAL)
    long_log: list[FileHead] = []
    added = 0
    async with grid_body(request, early=True, whole=True) as body:
        fields, table = body.fields, body.table
        rows = [] if table is not None else await _rows(fields.get("rows"))

        def answer(connection: Connection, caller: Caller) -> dict[str, Any]:
            nonlocal added
            grid = writable_head(connection, caller, request.path_params["fid"], GRID)
            check_match(request, grid)
            before = grid.row_count
            if table is None:
                grid = grids.append_rows(connection, grid, rows)
            else:
                record = files.load(connection, grid)
                grid = grids.append_batches(connection, record, table.schema, table.batches())
            added = grid.row_count - before
            if grids.wants_fold(grid):
                long_log.append(grid)
            if fields.get("metadata") is not None:
                metadata = as_object(fields["metadata"], "metadata")
                grid = files.change(connection, grid, metadata=metadata)
            if minimal:
                return appended(grid)
            record = files.load(connection, grid)
            return grid_meta(connection, record, caller, base_url(request))

        response = await written_once(
            request, body.digest, answer, 201, short=minimal and is_short(request)
        )
    request.app.state.metrics.count("rows_appended", added)
    for grid in long_log:
        request.app.state.folding.soon(grid)
    # the same request may have been answered before, when it was not asked to be short
    if minimal and is_appended(json.loads(bytes(response.body))):
        response.headers["Preference-Applied"] = MINIMAL
    return response


async def _rows(sent: Any) -> list[list[Any]]:
    rows = await run_in_threadpool(unjson, sent, "rows") if isinstance(sent, str) else sent
    if not isinstance(rows, list) or not all(isinstance(row, list) for row in rows):
        raise bad_request("rows must be an array of arrays: [[1, 0.5], [2, 0.1]].", "rows")
    return rows
