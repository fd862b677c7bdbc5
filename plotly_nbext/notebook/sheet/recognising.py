"""Whether what was edited is the same still in what others made of the grid, or there already."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

import numpy as np

from plotly_nbext.columns import wire
from plotly_nbext.notebook.sheet.cells import values

if TYPE_CHECKING:
    import numpy.typing as npt

    from plotly_nbext.notebook.sheet.change import Ids
    from plotly_nbext.notebook.sheet.draft import Draft
    from plotly_nbext.notebook.sheet.reading import Stored

    Values = npt.NDArray[np.object_]

__all__ = ["are_the_same", "edited_by_both", "is_saved", "touched_rows"]

# of more rows some are looked at
MOST_ROWS: Final = 1000
# so many rows before and after one are others that it could be
NEAR_ROWS: Final = 50
# more cells than these are not looked through
MOST_CELLS: Final = 100_000


def touched_rows(draft: Draft) -> Ids:
    """Give the stored rows that were edited, that go, or that others come beside."""
    row_count, rows = draft.stored.row_count, draft.rows
    parts = [cells.ids for cells in draft.cells.values()]
    if rows is not None:
        is_new = rows >= row_count
        beside = np.zeros(len(rows), np.bool_)
        beside[1:] |= is_new[:-1]
        beside[:-1] |= is_new[1:]
        parts += [rows[beside], np.setdiff1d(np.arange(row_count), rows)]
    found = np.unique(np.concatenate([np.empty(0, np.int64), *parts]))
    return found[found < row_count]


def are_the_same(rows: Ids, mine: Stored, theirs: Stored) -> bool:
    """Tell whether rows are in their places still.

    A row is where it was if nothing in it has changed, or if what is there now is more like it than
    like any other row that was near, and it more like that than like any other row that is near
    now: one that was moved, or that others have come before, is more like another.

    Parameters
    ----------
    rows : ndarray of int64
        The rows.
    mine, theirs : Stored
        The grid as it was read first, of which only that is looked at which is known; and as it is
        now.

    Raises
    ------
    Conflict
        It has been changed again.
    """
    if not len(rows):
        return True
    if rows[-1] >= theirs.row_count:
        return False
    some = rows[np.linspace(0, len(rows) - 1, min(len(rows), MOST_ROWS)).astype(np.int64)]
    near = some[:, None] + np.arange(-NEAR_ROWS, NEAR_ROWS + 1)
    was_there, is_there = ((near >= 0) & (near < one.row_count) for one in (mine, theirs))
    uids = [column.uid for column in mine.columns if theirs.has(column.uid)]
    known = {uid: mine.known(uid, near[was_there]) for uid in uids}
    uids = [uid for uid in uids if known[uid] is not None]
    if not uids:
        return False
    likeness = np.zeros((2, *near.shape), np.int64)
    for uid, read in zip(uids, theirs.read(uids, near[is_there]), strict=True):
        before, now = _laid(known[uid], was_there), _laid(read, is_there)
        likeness[0] += (before == now[:, [NEAR_ROWS]]).astype(np.int64) * was_there
        likeness[1] += (now == before[:, [NEAR_ROWS]]).astype(np.int64) * is_there
    itself = likeness[0, :, NEAR_ROWS].copy()
    likeness[:, :, NEAR_ROWS] = -1
    return bool(((itself == len(uids)) | (itself > likeness.max(axis=(0, 2)))).all())


def is_saved(draft: Draft, now: Draft) -> bool:
    """Tell whether a grid holds all that was edited here: a save was made, and not heard of.

    Its answer was lost, or what was saved could not be read. To save it once more would insert its
    rows once more.

    Parameters
    ----------
    draft : Draft
        What was edited.
    now : Draft
        The grid as it is now.
    """
    before = draft.stored
    is_changed = before.revision is None or now.stored.revision != before.revision
    rows = draft.all_ids()
    new = rows[rows >= before.row_count]
    ids = np.unique(np.concatenate([new, *(cells.ids for cells in draft.cells.values())]))
    is_some = 0 < len(ids) * len(now.columns) <= MOST_CELLS
    if not (is_changed and is_some and now.is_like(draft)):
        return False
    places = np.flatnonzero(np.isin(ids, new)).tolist()
    there = values(now, now.columns, draft.places(ids))
    for column, stored in zip(draft.columns, there, strict=True):
        edited, mine = draft.edited(column.uid).among(ids)
        expected = dict.fromkeys(places) | dict(zip(edited.tolist(), mine, strict=True))
        if any(stored[place] != value for place, value in expected.items()):
            return False
    return True


def edited_by_both(draft: Draft, theirs: Stored) -> list[tuple[str, int, Any]]:
    """Find cells that were edited here, and changed by others too.

    Returns
    -------
    list of (str, int, value)
        The uid of the column, the stored row, and what is there now.
    """
    mine = draft.stored
    found = []
    for uid, cells in draft.cells.items():
        rows = cells.ids[cells.ids < min(mine.row_count, theirs.row_count)][:MOST_ROWS]
        if not mine.has(uid) or not theirs.has(uid) or not len(rows):
            continue
        before = mine.known(uid, rows)
        if before is None:
            continue
        (read,) = theirs.read([uid], rows)
        now = _values(read)
        is_changed = (_values(before) != now).astype(np.bool_)
        found += [
            (uid, int(row), value)
            for row, value in zip(rows[is_changed], now[is_changed], strict=True)
        ]
    return found


def _laid(array: Any, where: npt.NDArray[np.bool_]) -> Values:
    """Lay values where there are some."""
    laid = np.full(where.shape, None)
    laid[where] = _values(array)
    return laid


def _values(array: Any) -> Values:
    return np.fromiter(wire.to_values(array), dtype=object, count=len(array))
