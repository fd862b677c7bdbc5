"""``/v2/grids/FID/row``: rows are appended."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from starlette.concurrency import run_in_threadpool

from plotly_nbext.server.auth import writable
from plotly_nbext.server.bodies import as_object, bad_request, unjson
from plotly_nbext.server.grid_body import grid_body
from plotly_nbext.server.representation import grid_meta
from plotly_nbext.server.routes.endpoint import base_url, check_match
from plotly_nbext.server.routes.idempotency import written_once
from plotly_nbext.server.store import files, grids
from plotly_nbext.server.store.files import GRID

if TYPE_CHECKING:
    from sqlalchemy import Connection
    from starlette.requests import Request
    from starlette.responses import Response

    from plotly_nbext.server.auth import Caller
    from plotly_nbext.server.store.files import FileRecord

__all__ = ["append"]

MINIMAL = "return=minimal"


async def append(request: Request) -> Response:
    """POST /v2/grids/FID/row: append ``rows``, or those of an Arrow stream; 201.

    All of them or none. A ``metadata`` beside them replaces the grid's in the same transaction, and
    ``Prefer: return=minimal`` spares the server the reading of all that is known of the grid; both
    are ours.
    """
    minimal = MINIMAL in request.headers.get("prefer", "").replace(" ", "").lower()
    long_log: list[FileRecord] = []
    async with grid_body(request, early=True) as body:
        fields, table = body.fields, body.table
        rows = [] if table is not None else await _rows(fields.get("rows"))

        def answer(connection: Connection, caller: Caller) -> dict[str, Any]:
            record = writable(connection, caller, request.path_params["fid"], GRID)
            check_match(request, record)
            if table is None:
                record = grids.append_rows(connection, record, rows)
            else:
                record = grids.append_batches(connection, record, table.schema, table.batches())
            if grids.wants_fold(record):
                long_log.append(record)
            if fields.get("metadata") is not None:
                metadata = as_object(fields["metadata"], "metadata")
                record = files.change(connection, record, metadata=metadata)
            if minimal:
                return {
                    "fid": record.fid,
                    "row_count": record.row_count,
                    "revision": record.revision,
                }
            return grid_meta(connection, record, caller, base_url(request))

        response = await written_once(request, body.digest, answer, 201)
    for record in long_log:
        request.app.state.folding.soon(record)
    if minimal:
        response.headers["Preference-Applied"] = MINIMAL
    return response


async def _rows(sent: Any) -> list[list[Any]]:
    rows = await run_in_threadpool(unjson, sent, "rows") if isinstance(sent, str) else sent
    if not isinstance(rows, list) or not all(isinstance(row, list) for row in rows):
        raise bad_request("rows must be an array of arrays: [[1, 0.5], [2, 0.1]].", "rows")
    return rows
