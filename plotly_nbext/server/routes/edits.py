"""``PATCH /v2/grids/FID/content``: cells, rows and columns of a grid, as one change."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from starlette.concurrency import run_in_threadpool
from starlette.exceptions import HTTPException

from plotly_nbext.columns.preview import preview
from plotly_nbext.server.auth import writable
from plotly_nbext.server.bodies import as_object, bad_request, unjson
from plotly_nbext.server.grid_body import grid_body, is_arrow
from plotly_nbext.server.representation import grid_meta
from plotly_nbext.server.routes.endpoint import base_url, check_match
from plotly_nbext.server.routes.idempotency import written_once
from plotly_nbext.server.store import grids
from plotly_nbext.server.store.files import GRID
from plotly_nbext.server.store.grids import EditedColumn, Edits

if TYPE_CHECKING:
    from sqlalchemy import Connection
    from starlette.requests import Request
    from starlette.responses import Response

    from plotly_nbext.server.auth import Caller

__all__ = ["patch"]


async def patch(request: Request) -> Response:
    """PATCH /v2/grids/FID/content: edit a grid, all of it or nothing; it is ours.

    Rows are told by the numbers that they have before.
    """
    if is_arrow(request):
        raise HTTPException(415, "Edits must be JSON: application/json.")
    async with grid_body(request, whole=True) as body:
        fields = body.fields
        edits = await run_in_threadpool(_edits, fields)
        written = {}
        if fields.get("metadata") is not None:
            written["metadata"] = as_object(fields["metadata"], "metadata")

        def answer(connection: Connection, caller: Caller) -> dict[str, Any]:
            record = writable(connection, caller, request.path_params["fid"], GRID)
            check_match(request, record)
            record = grids.edit(connection, record, edits, **written)
            return grid_meta(connection, record, caller, base_url(request))

        return await written_once(request, body.digest, answer, 200)


def _edits(fields: dict[str, Any]) -> Edits:
    return Edits(
        {
            uid: _cells(cells, f"cells[{uid!r}]")
            for uid, cells in as_object(fields.get("cells"), "cells").items()
        },
        _deleted(_array(fields.get("delete"), "delete")),
        _inserted(_array(fields.get("insert"), "insert")),
        None
        if fields.get("cols") is None
        else [
            _column(column, f"cols[{index}]")
            for index, column in enumerate(_array(fields["cols"], "cols"))
        ],
    )


def _cells(cells: Any, field: str) -> tuple[list[int], list[Any]]:
    if not isinstance(cells, dict):
        raise bad_request(
            f'{field} must be an object: {{"rows": [0, 7], "values": [1.5, null]}}.', field
        )
    rows = _array(cells.get("rows"), f"{field}.rows")
    values = _array(cells.get("values"), f"{field}.values")
    if len(rows) != len(values):
        raise bad_request(
            f"{field} has {len(rows):,} rows and {len(values):,} values: one each is needed.",
            f"{field}.values",
        )
    least = 0
    for index, row in enumerate(rows):
        least = _row(row, f"{field}.rows[{index}]", least) + 1
    return rows, values


def _deleted(ranges: list[Any]) -> list[tuple[int, int]]:
    found = []
    least = 0
    for index, each in enumerate(ranges):
        field = f"delete[{index}]"
        if not isinstance(each, list) or len(each) != 2:  # noqa: PLR2004 - a pair
            raise bad_request(
                f"{field} must be the first row and the one after the last: [3, 5].", field
            )
        start = _row(each[0], f"{field}[0]", least)
        least = _row(each[1], f"{field}[1]", start + 1)
        found.append((start, least))
    return found


def _inserted(entries: list[Any]) -> list[tuple[int, list[list[Any]]]]:
    found = []
    before = 0
    for index, each in enumerate(entries):
        field = f"insert[{index}]"
        if not isinstance(each, dict):
            raise bad_request(
                f'{field} must be an object: {{"before": 3, "rows": [[1, "a"]]}}.', field
            )
        before = _row(each.get("before"), f"{field}.before", before)
        rows = each.get("rows")
        if not isinstance(rows, list) or not all(isinstance(row, list) for row in rows):
            raise bad_request(
                f"{field}.rows must be an array of arrays: [[1, 0.5], [2, 0.1]].", f"{field}.rows"
            )
        found.append((before, rows))
    return found


def _column(column: Any, field: str) -> EditedColumn:
    if not isinstance(column, dict):
        raise bad_request(f"{field} must be an object with a uid, or with name and data.", field)
    uid, name, data = column.get("uid"), column.get("name"), column.get("data")
    if uid is not None and not isinstance(uid, str):
        raise bad_request(f"{field}.uid must be a string, not {_told(uid)}.", f"{field}.uid")
    if not isinstance(name, str):
        raise bad_request(f"{field}.name must be a string, not {_told(name)}.", f"{field}.name")
    if data is not None and uid is not None:
        raise bad_request(
            f"{field} has data, but the column is there: cells are changed by `cells`.",
            f"{field}.data",
        )
    if data is not None and not isinstance(data, list):
        raise bad_request(f"{field}.data must be an array, not {_told(data)}.", f"{field}.data")
    return EditedColumn(uid, name, data)


def _array(value: Any, field: str) -> list[Any]:
    """Take an array, or a JSON-encoded string of one; null is an empty one."""
    decoded = unjson(value, field) if value is not None else []
    if not isinstance(decoded, list):
        raise bad_request(f"{field} must be an array, not {_told(decoded)}.", field)
    return decoded


def _row(row: Any, field: str, least: int) -> int:
    """Take the number of a row; they are ascending."""
    if type(row) is int and row >= least:
        return row
    raise bad_request(f"{field} must be a row of {least} or more, not {_told(row)}.", field)


def _told(value: Any) -> str:
    """Spell what is wrong, however long it is."""
    return preview([value])[0]
