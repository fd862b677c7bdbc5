"""Grids in JSON, as Chart Studio's server and others that speak its API take them.

What our server does in one request takes several here. A failure between them leaves columns of
both states, each of them whole, and what is read then is what was written.
"""

from __future__ import annotations

from contextlib import contextmanager
from io import BytesIO
from typing import TYPE_CHECKING, Any, Final

from plotly_nbext.client import answers
from plotly_nbext.client.content import Content
from plotly_nbext.client.file import SCHEMA_KEY
from plotly_nbext.client.forms import COLUMNS_A_REQUEST, if_match
from plotly_nbext.columns import json
from plotly_nbext.columns.schema import forget_rows, is_readable
from plotly_nbext.errors import Conflict, NotFoundError, ValidationError

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence

    from plotly_nbext.client.forms import Change, Place
    from plotly_nbext.columns import EncodedColumn, Table

    Body = bytes | Callable[[], Iterable[bytes]]

__all__ = ["append", "content", "create", "write"]

# what our server is asked to tell of a grid that rows were appended to
MINIMAL: Final = "return=minimal"

# a body of fewer bytes is sent before one could see a bar
LONG: Final = 1 << 20


def create(grids: Place, table: Table, fields: Mapping[str, Any], *, progress: bool) -> Any:
    """Make a grid: ``POST /v2/grids``."""
    cols = b",".join(
        json.dumps(column.name) + b':{"data":' + column.data + b',"order":%d}' % place
        for place, column in enumerate(table.columns)
    )
    data = b'{"data":{"cols":{' + cols + b"}}," + json.dumps(fields)[1:]
    with _shown(data, grids.name, progress=progress) as body:
        return grids.session.json("POST", grids.address, body=body)


def content(
    grid: Place, meta: Mapping[str, Any], query: Mapping[str, str], *, progress: bool
) -> Content:
    """Read a grid: ``GET /v2/grids/FID/content``, all of it before anything is counted."""
    del progress
    answer = grid.session.get(f"{grid.address}/content", shape=answers.Content, query=query)
    wanted = query["cols"].split(",") if "cols" in query else None
    cols = sorted(answer["cols"].items(), key=lambda item: item[1]["order"])
    columns = [
        (name, column["data"]) for name, column in cols if not wanted or column.get("uid") in wanted
    ]
    return Content(columns, meta.get("metadata") or {}, meta.get("revision"))


def write(grid: Place, change: Change, *, progress: bool) -> Any:
    """Change a grid: ``POST``, ``PUT`` and ``DELETE /v2/grids/FID/col``, ``PATCH /v2/grids/FID``.

    New columns come first and lost ones go last.
    """
    meta = grid.session.get(grid.address, shape=answers.GridMeta)
    if change.revision is not None and meta.get("revision") != change.revision:
        raise _changed(grid)
    uids = {column["name"]: column["uid"] for column in meta["cols"]}
    written = [column for column in change.table.columns if column.name in uids]
    if written:
        _forget_rows(grid, meta.get("metadata") or {}, [column.name for column in written])
    _post_columns(
        grid,
        [column for column in change.table.columns if column.name not in uids],
        progress=progress,
    )
    _put_columns(
        grid,
        {uids[column.name]: b'{"data":' + column.data + b"}" for column in written},
        progress=progress,
    )
    _delete_columns(grid, [uid for name, uid in uids.items() if name not in change.order])
    there = grid.session.get(grid.address, shape=answers.GridMeta)["cols"]
    uids = {column["name"]: column["uid"] for column in there}
    if set(uids) != set(change.order):
        raise _changed(grid)
    if list(uids) != list(change.order):
        orders = {uids[name]: b'{"order":%d}' % place for place, name in enumerate(change.order)}
        _put_columns(grid, orders, progress=False)
    if change.metadata is not None:
        _patch(grid, change.metadata)
    return None


def append(grid: Place, change: Change, *, progress: bool) -> Any:
    """Append rows: ``POST /v2/grids/FID/row``."""
    fields: dict[str, Any] = {"rows": change.table.rows(change.order)}
    if change.metadata is not None:
        fields["metadata"] = change.metadata  # our server takes it in one transaction with the rows
    with _shown(json.dumps(fields), grid.name, progress=progress) as body:
        answer = grid.session.send(
            "POST",
            f"{grid.address}/row",
            body=body,
            headers={"Prefer": MINIMAL, **if_match(change.revision)},
            once=True,
        )
    if answer.headers.get("Preference-Applied") == MINIMAL:
        meta = grid.session.read(answer, dict[str, Any])
        return meta if change.metadata is None else meta | {"metadata": change.metadata}
    if change.metadata is not None:  # what others answer to rows is not documented
        _patch(grid, change.metadata)
    return None


def _forget_rows(grid: Place, metadata: Mapping[str, Any], names: Sequence[str]) -> None:
    """Before columns change, drop what is noted of their rows: of new values it is wrong."""
    stored = metadata.get(SCHEMA_KEY)
    if not is_readable(stored):
        return
    forgotten = forget_rows(stored)["columns"]
    there = stored["columns"]
    columns = there | {name: forgotten[name] for name in names if name in there}
    if columns != there:
        _patch(grid, {**metadata, SCHEMA_KEY: stored | {"columns": columns}})


def _patch(grid: Place, metadata: Mapping[str, Any]) -> None:
    grid.session.send("PATCH", grid.address, body=json.dumps({"metadata": metadata}))


def _post_columns(grid: Place, columns: Sequence[EncodedColumn], *, progress: bool) -> None:
    if columns:
        data = _cols(
            b'{"data":' + column.data + b',"name":' + json.dumps(column.name) + b"}"
            for column in columns
        )
        with _shown(data, grid.name, progress=progress) as body:
            grid.session.send("POST", f"{grid.address}/col", body=body)


def _put_columns(grid: Place, columns: Mapping[str, bytes], *, progress: bool) -> None:
    for uids in _batches(list(columns)):
        data = _cols(columns[uid] for uid in uids)
        with _shown(data, grid.name, progress=progress) as body:
            grid.session.send(
                "PUT", f"{grid.address}/col", query={"uid": ",".join(uids)}, body=body
            )


def _delete_columns(grid: Place, uids: Sequence[str]) -> None:
    for some in _batches(uids):
        try:
            grid.session.send("DELETE", f"{grid.address}/col", query={"uid": ",".join(some)})
        except (NotFoundError, ValidationError):
            # they are gone where the answer to the first request was lost
            there = grid.session.get(grid.address, shape=answers.GridMeta)["cols"]
            if {column["uid"] for column in there}.intersection(some):
                raise


def _cols(columns: Iterable[bytes]) -> bytes:
    """Write ``cols`` as a JSON-encoded string: the one form that all servers take."""
    return json.dumps({"cols": (b"[" + b",".join(columns) + b"]").decode()})


def _batches(uids: Sequence[str]) -> Iterable[Sequence[str]]:
    return [
        uids[start : start + COLUMNS_A_REQUEST] for start in range(0, len(uids), COLUMNS_A_REQUEST)
    ]


@contextmanager
def _shown(data: bytes, name: str, *, progress: bool) -> Iterator[Body]:
    """Show how far a long body is."""
    if len(data) < LONG:
        yield data
        return
    from plotly_nbext.client.progress import BYTES, bar  # brings tqdm

    with bar(name, len(data), shown=progress, **BYTES) as shown:

        def body() -> Iterable[bytes]:
            shown.restart()
            return shown.reading(BytesIO(data), then="the server keeps it")

        yield body


def _changed(grid: Place) -> Conflict:
    return Conflict(
        f"Someone else changes {grid.name!r} at the same time.",
        hint="Run the cell again when they are done.",
    )
