"""What of a draft is to be saved, and how it is."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
import pyarrow as pa

from plotly_nbext.client.content import Content
from plotly_nbext.client.edits import EditedColumn, Edits
from plotly_nbext.columns import wire
from plotly_nbext.notebook.sheet.cells import array, values
from plotly_nbext.notebook.sheet.errors import Stale
from plotly_nbext.notebook.sheet.reading import Stored
from plotly_nbext.notebook.sheet.schema import edited_metadata

if TYPE_CHECKING:
    import numpy.typing as npt

    from plotly_nbext.client import Grid
    from plotly_nbext.notebook.sheet.draft import Draft

__all__ = ["content_of", "edits_of", "send"]


def edits_of(draft: Draft) -> Edits:
    """Tell what has to be changed of the stored grid."""
    stored = draft.stored
    cells = {}
    for column in draft.columns:
        edited = draft.edited(column.uid)
        count = int(np.searchsorted(edited.ids, stored.row_count))
        if count and stored.has(column.uid):
            cells[column.uid] = edited.ids[:count].tolist(), edited.values[:count].tolist()
    return Edits(cells, _deleted(draft), _inserted(draft), _columns(draft), edited_metadata(draft))


def content_of(draft: Draft) -> Content:
    """Give all values with the edits."""
    columns = [
        (column.name, pa.chunked_array([array(draft, column.uid)])) for column in draft.columns
    ]
    return Content(columns, edited_metadata(draft) or draft.stored.metadata)


def _deleted(draft: Draft) -> list[tuple[int, int]]:
    if draft.rows is None:
        return []
    row_count = draft.stored.row_count
    is_gone = np.ones(row_count, np.bool_)
    is_gone[draft.rows[draft.rows < row_count]] = False
    return _runs(is_gone)


def _inserted(draft: Draft) -> list[tuple[int, list[list[Any]]]]:
    if draft.rows is None:
        return []
    row_count = draft.stored.row_count
    columns = [column for column in draft.columns if draft.stored.has(column.uid)]
    place_of = {column.uid: x for x, column in enumerate(columns)}
    found = []
    for start, stop in _runs(draft.rows >= row_count):
        cells = values(draft, columns, draft.rows[start:stop])
        before = int(draft.rows[stop]) if stop < len(draft.rows) else row_count
        lists = [
            cells[place_of[one.uid]] if one.uid in place_of else [None] * (stop - start)
            for one in draft.stored.columns
        ]
        found.append((before, [list(row) for row in zip(*lists, strict=True)]))
    return found


def _runs(flags: npt.NDArray[np.bool_]) -> list[tuple[int, int]]:
    """Give the ranges in which flags are set."""
    ends = np.flatnonzero(np.diff(np.concatenate([[False], flags, [False]]))).reshape(-1, 2)
    return [(start, stop) for start, stop in ends.tolist()]


def _columns(draft: Draft) -> list[EditedColumn] | None:
    stored = draft.stored
    if [(one.uid, one.name) for one in draft.columns] == [one[:2] for one in stored.columns]:
        return None
    return [
        EditedColumn(column.uid, column.name)
        if stored.has(column.uid)
        else EditedColumn(None, column.name, wire.to_values(array(draft, column.uid)))
        for column in draft.columns
    ]


def send(grid: Grid, draft: Draft) -> None:
    """Make the grid what the draft says.

    Where a server counts no revisions, the grid is read once more to see whether it was changed;
    what others change after that is not noticed.

    Raises
    ------
    Conflict
        It was changed since it was read.
    """
    stored = draft.stored
    if grid.revision != stored.revision:
        raise Stale(grid.path)
    if stored.revision is None and not Stored(grid.refresh()).holds_what(stored):
        raise Stale(grid.path)
    # by its number: others who have this grid may refresh it meanwhile
    grid.edit(edits_of(draft), revision=stored.revision)
