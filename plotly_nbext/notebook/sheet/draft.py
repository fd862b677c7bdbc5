"""A grid with its edits: cells, rows and columns over those that are stored.

All that is kept of a row is in arrays, of which there are none before a row comes or goes.
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np

from plotly_nbext.errors import NotFoundError, ValidationError
from plotly_nbext.notebook.sheet.change import Change, Column, Moved, Patch, Seen
from plotly_nbext.notebook.sheet.kinds import kind_of
from plotly_nbext.notebook.sheet.overlay import NO_CELLS, Overlay
from plotly_nbext.notebook.sheet.pending import Pending

if TYPE_CHECKING:
    from plotly_nbext.notebook.sheet.change import Ids
    from plotly_nbext.notebook.sheet.reading import Stored

__all__ = ["Draft"]


class Draft:
    """A grid with its edits.

    Parameters
    ----------
    stored : Stored
        The grid that they are over.

    Attributes
    ----------
    columns : tuple of Column
        All columns by their order.
    rows : ndarray of int64 or None
        The ids of all rows by their order; None while they are those of the stored grid.
    shown : ndarray of int64 or None
        The ids of the rows that are shown; None while all are, as they lie.
    cells : dict of str to Overlay
        By the uids of columns: their edited cells, if there are any.
    arrangement : int
        Grows with every arrangement of the rows.
    """

    def __init__(self, stored: Stored) -> None:
        self.stored = stored
        self.columns = tuple(
            Column(column.uid, column.name, kind_of(column, stored.head[column.uid]))
            for column in stored.columns
        )
        self.rows: Ids | None = None
        self.shown: Ids | None = None
        self.arrangement = 0
        self.cells: dict[str, Overlay] = {}
        self._next_id = stored.row_count
        self._next_uid = 0

    @property
    def pending(self) -> Pending:
        """How much is not as it is stored."""
        return Pending.of(self)

    @property
    def is_edited(self) -> bool:
        """Whether anything is not as it is stored."""
        return self.pending.total > 0

    @property
    def total_rows(self) -> int:
        """The number of all rows."""
        return self.stored.row_count if self.rows is None else len(self.rows)

    @property
    def shown_rows(self) -> int:
        """The number of the rows that are shown."""
        return self.total_rows if self.shown is None else len(self.shown)

    def all_ids(self) -> Ids:
        """Give the ids of all rows by their order."""
        return np.arange(self.stored.row_count) if self.rows is None else self.rows

    def ids(self, start: int, stop: int) -> Ids:
        """Give the ids of some of the rows that are shown."""
        rows = self.rows if self.shown is None else self.shown
        start, stop = max(start, 0), min(stop, self.shown_rows)
        return np.arange(start, max(start, stop)) if rows is None else rows[start:stop]

    def seen(self, change: Change, before: tuple[Column, ...]) -> Seen:
        """Tell where a change is seen that was made to these columns."""
        uids = [column.uid for column in self.columns]
        if change.columns is not None:
            same = zip(before, self.columns, strict=False)
            x = next((x for x, (one, other) in enumerate(same) if one != other), len(uids) - 1)
            return Seen(None, uids[x])
        parts = [patch.ids for patch in change.cells.values()]
        row = 0
        if change.rows is not None:
            parts.append(change.rows.ids)
            row = int((change.shown or change.rows).places[0])
        there = np.flatnonzero(np.isin(self.ids(0, self.shown_rows), np.concatenate(parts)))
        row = int(there[0]) if len(there) else min(row, max(self.shown_rows - 1, 0))
        return Seen(row, next((uid for uid in uids if uid in change.cells), uids[0]))

    def row(self, place: int) -> Ids:
        """Give the id of a row that is shown.

        Raises
        ------
        ValidationError
            There is none.
        """
        if not 0 <= place < self.shown_rows:
            raise ValidationError(f"There is no row {place}.", field="row")
        return self.ids(place, place + 1)

    def column(self, uid: str) -> Column:
        """Find a column.

        Raises
        ------
        ValidationError
            There is none of that uid.
        """
        for column in self.columns:
            if column.uid == uid:
                return column
        raise ValidationError(f"There is no column {uid!r}.", field="column")

    def named(self, name: str) -> Column:
        """Find a column by its name.

        Raises
        ------
        NotFoundError
            There is none.
        """
        for column in self.columns:
            if column.name == name:
                return column
        known = ", ".join(repr(column.name) for column in self.columns)
        raise NotFoundError(f"There is no column {name!r}; there are {known}.", field=name)

    def place_of_column(self, uid: str) -> int:
        """Tell which of the columns one is."""
        return self.columns.index(self.column(uid))

    def edited(self, uid: str) -> Overlay:
        """Give the edited cells of a column."""
        return self.cells.get(uid, NO_CELLS)

    def new_ids(self, count: int) -> Ids:
        """Make ids for new rows."""
        self._next_id += count
        return np.arange(self._next_id - count, self._next_id)

    def new_uid(self) -> str:
        """Make up a uid for a new column."""
        self._next_uid += 1
        return f"new-{self._next_uid}"

    def inserting(self, at: int, ids: Ids) -> Change:
        """Insert rows before the one that is shown at a place, or at the end."""
        count = len(ids)
        if at >= self.shown_rows:
            place = self.total_rows
        elif self.shown is None:
            place = at
        else:
            (place,) = self.places(self.shown[at : at + 1])
        shown = None
        if self.shown is not None:
            shown = Moved(ids, np.arange(at, at + count), come=True)
        rows = Moved(ids, np.arange(place, place + count), come=True)
        return Change(rows=rows, shown=shown, arrangement=self.arrangement)

    def deleting(self, start: int, stop: int) -> Change:
        """Delete some of the rows that are shown, with what was edited of them."""
        ids = self.ids(start, stop)
        start = max(start, 0)
        rows, shown = Moved(ids, np.arange(start, start + len(ids)), come=False), None
        if self.shown is not None:
            shown = rows
            places = self.places(ids)
            order = np.argsort(places)
            rows = Moved(ids[order], places[order], come=False)
        cells = {}
        for uid, cell in self.cells.items():
            lost = np.intersect1d(cell.ids, ids)
            if len(lost):
                cells[uid] = Patch.dropping(lost)
        return Change(cells=cells, rows=rows, shown=shown, arrangement=self.arrangement)

    def without_columns(self, uids: set[str]) -> Change:
        """Delete columns, with what was edited of them."""
        return Change(
            columns=tuple(column for column in self.columns if column.uid not in uids),
            cells={uid: Patch.dropping(self.cells[uid].ids) for uid in uids & self.cells.keys()},
        )

    def arrange(self, shown: Ids | None) -> None:
        """Show other rows, or in another order; None shows all as they lie."""
        self.shown = shown
        self.arrangement += 1

    def is_like(self, other: Draft) -> bool:
        """Tell whether it has as many rows as another, and columns of the same names."""
        names, others = ([column.name for column in one.columns] for one in (self, other))
        return self.total_rows == other.total_rows and names == others

    def follow(self, saved: Draft) -> tuple[Ids, dict[str, str]]:
        """Show what another draft shows, which was saved into this grid.

        Returns
        -------
        ndarray of int64
            By the ids that rows had there: those that they have here. Rows that are gone have some
            that no other row has.
        dict of str to str
            By the uids that new columns had there: those that they have here.
        """
        ids = np.full(saved._next_id, -1)
        ids[saved.all_ids()] = np.arange(saved.total_rows)
        gone = np.flatnonzero(ids < 0)
        ids[gone] = self.new_ids(len(gone))
        self._next_uid = saved._next_uid
        self.arrangement = saved.arrangement
        self.shown = None if saved.shown is None else ids[saved.shown]
        uids = {
            there.uid: here.uid for there, here in zip(saved.columns, self.columns, strict=True)
        }
        return ids, uids

    def take_over(self, other: Draft, columns: tuple[Column, ...]) -> None:
        """Put the edits of another draft over this grid, whose further rows come after the others.

        Unless only cells were edited, it has no fewer.
        """
        row_count = other.stored.row_count
        more = self.stored.row_count - row_count
        uids = {column.uid for column in columns}
        self.cells = {uid: cells for uid, cells in other.cells.items() if uid in uids}
        self.columns = columns
        self._next_uid = other._next_uid
        self.arrangement = other.arrangement
        if not more:
            self.rows, self.shown, self._next_id = other.rows, other.shown, other._next_id
        elif other.rows is not None:
            stored = np.flatnonzero(other.rows < row_count)
            end = stored[-1] + 1 if len(stored) else 0
            rows = other.rows + more * (other.rows >= row_count)
            self.rows = np.insert(rows, end, np.arange(row_count, row_count + more))
            self._next_id = other._next_id + more
            self.cells = {
                uid: Overlay(cells.ids + more * (cells.ids >= row_count), cells.values)
                for uid, cells in self.cells.items()
            }

    def apply(self, change: Change) -> Change:
        """Make a change.

        Returns
        -------
        Change
            What takes it back. Its rows have their places among those that are shown as long as
            the arrangement is the same; under another one, they have to be arranged again.
        """
        inverse = Change(arrangement=self.arrangement)
        if change.columns is not None:
            inverse = replace(inverse, columns=self.columns)
            self.columns = change.columns
        if change.cells:
            before = {uid: self._patch(uid, patch) for uid, patch in change.cells.items()}
            inverse = replace(inverse, cells=before)
        if change.rows is not None:
            inverse = replace(inverse, rows=change.rows.inverse())
            self.rows = change.rows.applied(self.all_ids())
            if self.shown is not None and change.shown and not self.is_rearranged_by(change):
                inverse = replace(inverse, shown=change.shown.inverse())
                self.shown = change.shown.applied(self.shown)
        return inverse

    def is_rearranged_by(self, change: Change) -> bool:
        """Tell whether the places of the rows of a change are none in this arrangement."""
        return (
            self.shown is not None
            and change.rows is not None
            and (change.shown is None or change.arrangement != self.arrangement)
        )

    def _patch(self, uid: str, patch: Patch) -> Patch:
        """Change what is edited of a column, and tell what takes it back."""
        after, before = self.edited(uid).patched(patch)
        if len(after.ids):
            self.cells[uid] = after
        else:
            self.cells.pop(uid, None)
        return before

    def places(self, ids: Ids) -> Ids:
        """Find rows among all rows."""
        if self.rows is None:
            return ids
        place_of = np.empty(self._next_id, np.int64)
        place_of[self.rows] = np.arange(len(self.rows))
        return place_of[ids]
