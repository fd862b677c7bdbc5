"""Edits of a grid are sent: to our server as one change, to others in steps."""

from __future__ import annotations

from http import HTTPStatus
from typing import TYPE_CHECKING, Any

import pyarrow as pa

from plotly_nbext.client import answers
from plotly_nbext.client.edits import EditedColumn, edited, fields_of
from plotly_nbext.client.forms import COLUMNS_A_REQUEST, Change, form_of, if_match
from plotly_nbext.columns import EncodedColumn, Table, json, wire
from plotly_nbext.errors import ApiError, Conflict

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from plotly_nbext.client.edits import Edits
    from plotly_nbext.client.forms import Place

__all__ = ["edit"]


def edit(grid: Place, edits: Edits, revision: int | None) -> Any:
    """Edit a grid that has a revision, where its server tells revisions.

    Returns
    -------
    mapping or None
        What the server tells of it then, if it does.

    Raises
    ------
    Conflict
        It has another revision.
    """
    if not grid.session.takes_arrow:
        return _in_steps(grid, edits, revision)
    try:
        return grid.session.json(
            "PATCH",
            f"{grid.address}/content",
            body=json.dumps(fields_of(edits)),
            headers=if_match(revision),
            once=True,
        )
    except ApiError as error:
        if error.status_code != HTTPStatus.REQUEST_ENTITY_TOO_LARGE:
            raise
    return _in_steps(grid, edits, revision)


def _in_steps(grid: Place, edits: Edits, revision: int | None) -> Any:
    """Write the columns that change whole, after others have the names that they shall have."""
    meta = grid.session.get(grid.address, shape=answers.GridMeta)
    if revision is not None and meta.get("revision") != revision:
        raise Conflict(f"Someone else changed {grid.name!r} since it was read.")
    names = {column["uid"]: column["name"] for column in meta["cols"]}
    after = edits.columns
    if after is None:
        after = [EditedColumn(uid, name) for uid, name in names.items()]
    moves = edits.deleted or edits.inserted
    touched = [one.uid for one in after if one.uid and (moves or one.uid in edits.cells)]
    values = edited(_read(grid, meta, edits, touched), edits, [*names]) if touched else {}
    written = {
        column.name: wire.from_values(column.values or [])
        if column.uid is None
        else values[column.uid]
        for column in after
        if column.uid is None or column.uid in values
    }
    kept = [column.uid for column in after if column.uid and column.uid not in values]
    told = meta.get("row_count") or 0 if kept else 0
    length = max([told, *map(len, written.values())])
    columns = [EncodedColumn(name, _padded(array, length)) for name, array in written.items()]
    change = Change(
        Table(columns, {}, length),
        [column.name for column in after],
        kept,
        # what is noted of rows is right by then, and is lost while they are written
        meta.get("metadata") or {} if edits.metadata is None else edits.metadata,
        _rename(grid, names, after, revision),
    )
    return form_of(grid.session).write(grid, change, progress=False)


def _read(
    grid: Place, meta: Mapping[str, Any], edits: Edits, uids: Sequence[str]
) -> dict[str, pa.Array]:
    """Read columns, all of one length, which is the grid's where rows come or go."""
    names = {column["uid"]: column["name"] for column in meta["cols"]}
    moves = edits.deleted or edits.inserted
    query = {} if moves or len(uids) > COLUMNS_A_REQUEST else {"cols": ",".join(uids)}
    content = form_of(grid.session).content(grid, meta, query, progress=False)
    arrays = content.arrays()
    length = max([content.row_count, *(rows[-1] + 1 for rows, _ in edits.cells.values() if rows)])
    return {uid: _padded(arrays[names[uid]], length) for uid in uids}


def _padded(array: pa.Array, length: int) -> pa.Array:
    return pa.concat_arrays([array, pa.nulls(length - len(array), array.type)])


def _rename(
    grid: Place, names: Mapping[str, str], after: Sequence[EditedColumn], revision: int | None
) -> int | None:
    """Give columns their names, those of deleted ones too; tell the revision that it has then."""
    staying = {one.uid: one.name for one in after if one.uid}
    renamed = {uid: name for uid, name in staying.items() if names[uid] != name}
    if not renamed:
        return revision
    taken = [uid for uid, name in names.items() if uid not in staying and name in renamed.values()]
    if taken:
        _change_columns("DELETE", grid, taken, revision)
        revision = grid.session.get(grid.address, shape=answers.FileMeta).get("revision")
    cols = json.dumps([{"name": name} for name in renamed.values()]).decode()
    _change_columns("PUT", grid, [*renamed], revision, json.dumps({"cols": cols}))
    told: int | None = grid.session.get(grid.address, shape=answers.FileMeta).get("revision")
    return told


def _change_columns(
    method: str, grid: Place, uids: Sequence[str], revision: int | None, body: bytes | None = None
) -> None:
    grid.session.send(
        method,
        f"{grid.address}/col",
        query={"uid": ",".join(uids)},
        body=body,
        headers=if_match(revision),
    )
