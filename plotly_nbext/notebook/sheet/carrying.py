"""History that outlives a save.

What takes an edit back says of some cells that they are as they are stored. After a save something
else is stored, and rows have other ids: so before it those values are written down, and after it
the rows are renamed. A column that is deleted is written down whole: it comes back as a new one.
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Final

import numpy as np

from plotly_nbext.notebook.sheet.cells import stored_values
from plotly_nbext.notebook.sheet.change import Column, Moved, Patch
from plotly_nbext.notebook.sheet.history import Entry, History
from plotly_nbext.notebook.sheet.kinds import kind_of
from plotly_nbext.notebook.sheet.overlay import Overlay
from plotly_nbext.notebook.sheet.schema import with_rows

if TYPE_CHECKING:
    from collections.abc import Mapping

    import numpy.typing as npt

    from plotly_nbext.notebook.sheet.change import Change, Ids
    from plotly_nbext.notebook.sheet.draft import Draft
    from plotly_nbext.notebook.sheet.kinds import Kind

__all__ = ["renamed", "written_down"]

# so much is written down: what takes more can't be undone after a save
MOST_BYTES: Final = 64 << 20
# a number, its place and its row's id
_BYTES_OF_A_CELL: Final = 48


def written_down(history: History, draft: Draft) -> tuple[History, str]:
    """Give the part of a history that needs nothing of what is stored now.

    Parameters
    ----------
    history : History
        That of the draft.
    draft : Draft
        What is about to be saved.

    Returns
    -------
    History
        What can be undone after the save.
    str
        What was done last of what can't be, for it takes too much memory; else empty.

    Raises
    ------
    Stale
        The grid was changed since it was read.
    """
    kept = History()
    lost = _lost_columns(draft)
    for entries, into in ((history.done, kept.done), (history.undone, kept.undone)):
        budget = MOST_BYTES
        there = {column.uid for column in draft.columns}
        for label, change in reversed(entries):
            back: set[str] = set()
            if change.columns is not None:
                now = {column.uid for column in change.columns}
                back, there = (now - there) & lost.keys(), now
            budget -= _unknown_cells(change, back, draft) * _BYTES_OF_A_CELL
            if budget >= 0:  # else nothing is read in vain
                budget -= sum(draft.stored.column(uid).nbytes for uid in back)
            if budget < 0:
                break
            into.appendleft(Entry(label, _whole(change, back, lost, draft)))
    forgotten = len(history.done) - len(kept.done)
    return kept, history.done[forgotten - 1].label if forgotten else ""


def renamed(history: History, ids: Ids, uids: Mapping[str, str]) -> History:
    """Give a history in which rows and columns have other ids.

    Parameters
    ----------
    history : History
        The history.
    ids : ndarray of int64
        By the ids of rows: those that they have now.
    uids : dict
        By the uids of columns: those that they have now, if others.
    """
    after = History()
    for entries, into in ((history.done, after.done), (history.undone, after.undone)):
        into.extend(Entry(label, _renamed(change, ids, uids)) for label, change in entries)
    return after


def _coming(change: Change, draft: Draft) -> Ids:
    """Give the stored rows that a change brings back."""
    if change.rows is None or not change.rows.come:
        return np.empty(0, np.int64)
    return np.sort(change.rows.ids[change.rows.ids < draft.stored.row_count])


def _unknown_cells(change: Change, back: set[str], draft: Draft) -> int:
    unknown = sum(int(np.count_nonzero(~patch.is_edited)) for patch in change.cells.values())
    coming = len(_coming(change, draft)) * len(draft.columns)
    return unknown + coming + len(back) * draft.stored.row_count


def _lost_columns(draft: Draft) -> dict[str, Column]:
    """Give the stored columns that are deleted, by their uids."""
    there = {column.uid for column in draft.columns}
    return {
        one.uid: Column(one.uid, one.name, kind_of(one, draft.stored.head[one.uid]))
        for one in draft.stored.columns
        if one.uid not in there
    }


def _whole(change: Change, back: set[str], lost: Mapping[str, Column], draft: Draft) -> Change:
    """Write down what a change leaves as it is stored, but for what goes with it."""
    going = np.empty(0, np.int64)
    if change.rows is not None and not change.rows.come:
        going = change.rows.ids
    there = None if change.columns is None else {column.uid for column in change.columns}
    cells = {
        uid: patch if there is not None and uid not in there else _known(patch, uid, draft, going)
        for uid, patch in change.cells.items()
    }
    for uid in back:
        cells[uid] = _whole_column(uid, change.cells.get(uid), draft)
    coming = _coming(change, draft)
    for column in draft.columns if len(coming) else ():
        rest = np.setdiff1d(coming, cells[column.uid].ids if column.uid in cells else [])
        _add(cells, column.uid, rest, stored_values(draft, column.uid, rest))
    if change.rows is not None and change.rows.come:
        for uid, edited in draft.cells.items():  # of rows that went before the column came
            known = cells[uid].ids if uid in cells else coming[:0]
            places = np.flatnonzero(
                np.isin(edited.ids, change.rows.ids) & ~np.isin(edited.ids, known)
            )
            _add(cells, uid, edited.ids[places], edited.values[places])
    columns = change.columns and tuple(
        lost[one.uid].renamed(one.name) if one.uid in lost else one for one in change.columns
    )
    return replace(change, columns=columns, cells=cells)


def _add(cells: dict[str, Patch], uid: str, ids: Ids, values: npt.NDArray[np.object_]) -> None:
    if not len(ids):
        return
    known = cells.get(uid, Patch.dropping(ids[:0]))
    cells[uid] = Patch(
        np.concatenate([known.ids, ids]),
        np.concatenate([known.is_edited, np.ones(len(ids), np.bool_)]),
        np.concatenate([known.values, values]),
    ).of_rows(np.concatenate([known.ids, ids]))


def _whole_column(uid: str, patch: Patch | None, draft: Draft) -> Patch:
    """Write down a stored column, of all stored rows, with what a change makes of it."""
    edited = draft.edited(uid)
    if patch is not None:
        edited, _ = edited.patched(patch)
    values = stored_values(draft, uid, np.arange(draft.stored.row_count))
    ids = np.flatnonzero([value is not None for value in values])
    after, _ = Overlay(ids, values[ids]).patched(Patch.of(edited.ids, edited.values))
    return Patch.of(after.ids, after.values)


def _known(patch: Patch, uid: str, draft: Draft, going: Ids) -> Patch:
    unknown = ~patch.is_edited & ~np.isin(patch.ids, going)
    values = patch.values.copy()
    values[unknown] = stored_values(draft, uid, patch.ids[unknown])
    return Patch(patch.ids, patch.is_edited | unknown, values)


def _renamed(change: Change, ids: Ids, uids: Mapping[str, str]) -> Change:
    return replace(
        change,
        columns=change.columns
        and tuple(
            replace(one, uid=uids.get(one.uid, one.uid), kind=_kind(one.kind, ids))
            for one in change.columns
        ),
        cells={
            uids.get(uid, uid): patch.of_rows(ids[patch.ids]) for uid, patch in change.cells.items()
        },
        rows=_moved(change.rows, ids),
        shown=_moved(change.shown, ids),
    )


def _kind(kind: Kind, ids: Ids) -> Kind:
    """Give what a kind tells of single rows the ids that they have now."""
    if kind.spec is None:
        return kind
    spec = with_rows(kind.spec, lambda rows: sorted(ids[rows].tolist()))
    return kind if spec is kind.spec else replace(kind, spec=spec)


def _moved(moved: Moved | None, ids: Ids) -> Moved | None:
    return moved and moved._replace(ids=ids[moved.ids])
