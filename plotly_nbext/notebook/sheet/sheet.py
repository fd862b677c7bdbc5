"""A grid that is edited as a spreadsheet."""

from __future__ import annotations

from copy import copy
from typing import TYPE_CHECKING, Any, Final, cast

from plotly_nbext.errors import PermissionDenied, ValidationError
from plotly_nbext.notebook.sheet import cells, saving
from plotly_nbext.notebook.sheet.carrying import renamed, written_down
from plotly_nbext.notebook.sheet.clipboard import check_size, tsv
from plotly_nbext.notebook.sheet.draft import Draft
from plotly_nbext.notebook.sheet.errors import Stale
from plotly_nbext.notebook.sheet.history import Entry, History
from plotly_nbext.notebook.sheet.order import Arrangement, arranged
from plotly_nbext.notebook.sheet.reading import Stored
from plotly_nbext.notebook.sheet.rebasing import conflict, rebased
from plotly_nbext.notebook.sheet.recognising import is_saved
from plotly_nbext.notebook.sheet.summary import summary
from plotly_nbext.notebook.sheet.texts import shown_texts
from plotly_nbext.notebook.sheet.typed import edit_text

if TYPE_CHECKING:
    from collections import deque
    from collections.abc import Iterable

    import pandas as pd

    from plotly_nbext.client import Grid
    from plotly_nbext.notebook.sheet.change import Change, Ids, Seen
    from plotly_nbext.notebook.sheet.operations import Operation
    from plotly_nbext.notebook.sheet.reading import Source

    Range = tuple[int, int]

__all__ = ["Sheet"]

# few enough to be read by pages
ROWS_AT_ONCE: Final = 10_000


class Sheet:
    """A grid seen through edits, an arrangement and a history.

    One thread at a time may use it; for others there is :meth:`as_it_is`.

    Rows are counted as they are shown, and a range is its first and the one after its last.

    Parameters
    ----------
    source : Source
        The grid.
    read_only : bool
        Whether all that would change it is refused.

    Attributes
    ----------
    draft : Draft
        The grid with its edits.
    arrangement : Arrangement
        Which rows are shown, and in which order.
    history : History
        What can be undone.
    version : int
        Grows whenever a cell may show something else.
    conflict : dict
        What others made of the grid while it was edited here, see :func:`.rebasing.conflict`.
    """

    def __init__(self, source: Source, *, read_only: bool = False) -> None:
        self.source = source
        self.read_only = read_only
        self.draft = Draft(Stored(source))
        self.arrangement = Arrangement()
        self.history = History()
        self.version = 0
        self.conflict: dict[str, Any] = {}

    def as_it_is(self) -> Sheet:
        """Give the sheet to somebody who only reads, whatever becomes of it meanwhile."""
        sheet = copy(self)
        sheet.draft = copy(self.draft)
        sheet.draft.cells = dict(self.draft.cells)
        return sheet

    def texts(
        self, start: int, stop: int, uids: Iterable[str] | None = None
    ) -> tuple[list[list[str | None]], list[tuple[int, int, str]]]:
        """Write some rows.

        Parameters
        ----------
        start, stop : int
            The range of the rows.
        uids : iterable of str, optional
            The columns; by default all.

        Returns
        -------
        list of list
            The text of each cell, one list a column; None for null. Long ones are cut, and
            numbers have twelve digits at most.
        list of (int, int, str)
            The row and the column (among those asked for) of each cell that is not stored as it is
            shown, and whether it is ``edited`` or ``new``.
        """
        draft = self.draft
        columns = draft.columns if uids is None else [draft.column(uid) for uid in uids]
        ids = draft.ids(start, stop)
        written = [
            shown_texts(texts, column.kind)
            for column, texts in zip(columns, cells.texts(draft, columns, ids), strict=True)
        ]
        return written, [(start + y, x, why) for y, x, why in cells.marks(draft, columns, ids)]

    def whole_texts(self, most: int) -> list[list[str | None]]:
        """Write the first rows, however long their texts are.

        Parameters
        ----------
        most : int
            How many rows.

        Returns
        -------
        list of list
            The text of each cell, one list a column; None for null.
        """
        draft = self.draft
        written: list[list[str | None]] = [[] for _ in draft.columns]
        stop = min(most, draft.shown_rows)
        for start in range(0, stop, ROWS_AT_ONCE):
            ids = draft.ids(start, min(start + ROWS_AT_ONCE, stop))
            for column, more in zip(written, cells.texts(draft, draft.columns, ids), strict=True):
                column.extend(more)
        return written

    def edit_text(self, row: int, uid: str) -> str:
        """Write a cell as it is typed."""
        column = self.draft.column(uid)
        ((value,),) = cells.values(self.draft, [column], self.draft.row(row))
        return edit_text(value, column.kind)

    def copy(self, rows: Range, columns: Range, *, header: bool = False) -> str:
        """Write the cells of a range as tab-separated text, with the names above them or without.

        Raises
        ------
        ValidationError
            There are too many.
        """
        ids, some = self.draft.ids(*rows), self.draft.columns[slice(*columns)]
        check_size(len(ids), len(some), "copied")
        lines = list(zip(*cells.texts(self.draft, some, ids), strict=True))
        return tsv([[column.name for column in some], *lines] if header else lines)

    def summary(self, uid: str) -> dict[str, Any]:
        """Sum up a column of the rows that are shown; see :func:`.summary.summary`."""
        column = self.draft.column(uid)
        return summary(cells.array(self.draft, uid, self.draft.shown), column.kind)

    def frame(self) -> pd.DataFrame:
        """Make a DataFrame of all rows with the edits, in the types that were pushed."""
        if self.draft.is_edited:
            return saving.content_of(self.draft).frame()
        content = self.source.content()
        if content.revision != self.draft.stored.revision:
            raise Stale(self.source.path)
        return content.frame()

    def do(self, operation: Operation | None) -> None:
        """Do something (or nothing), so that it can be undone.

        Raises
        ------
        PermissionDenied
            The sheet is read-only.
        """
        if operation is None:
            return
        if self.read_only:
            raise PermissionDenied(f"{self.source.path!r} is shown read-only.")
        self.history.add(Entry(operation.label, self._apply(operation.change)))

    def undo(self) -> Seen | None:
        """Take back what was done last.

        Returns
        -------
        Seen or None
            Where that is seen; None if there was nothing.
        """
        return self._step(self.history.done, self.history.undone)

    def redo(self) -> Seen | None:
        """Do again what was undone last; as :meth:`undo`."""
        return self._step(self.history.undone, self.history.done)

    def arrange(self, arrangement: Arrangement) -> None:
        """Sort and filter the rows by what they hold now; what is edited later stays in its place.

        Raises
        ------
        ValidationError
            A column or an operator is none, or a filter's value can't be in its column.
        """
        self.show(arrangement, arranged(self.draft, arrangement))

    def show(self, arrangement: Arrangement, ids: Ids | None) -> None:
        """Show the rows that an arrangement has been found to show, see :func:`.order.arranged`."""
        self.draft.arrange(ids)
        self.arrangement = arrangement
        self.version += 1

    def save(self) -> str:
        """Make the stored grid what the sheet shows; what was done before can still be undone.

        Returns
        -------
        str
            What is to be said of it: what can't be undone any more; mostly empty.

        Raises
        ------
        Conflict
            It was changed by others since it was read; nothing is saved then.
        """
        saved = self.draft
        if not saved.is_edited:
            return ""
        saved_last = self.history.undo_label
        history, forgotten = written_down(self.history, saved)
        saving.send(cast("Grid", self.source), saved)
        revision = self.source.revision
        self._start_from(Stored(self.source))
        if revision == self.draft.stored.revision and self.draft.is_like(saved):
            self.history = renamed(history, *self.draft.follow(saved))
            return _forgotten_words(forgotten)
        # others have changed it again
        self._arrange_again()
        return _forgotten_words(saved_last)

    def revert(self) -> None:
        """Drop all edits, and show the grid as it is now."""
        self.source.refresh()
        self._show(Stored(self.source))

    def refresh(self) -> None:
        """Show the grid as it is now, and the edits over it.

        Raises
        ------
        Conflict
            They are of rows or columns that are not there any more.
        """
        before = self.draft
        self.source.refresh()
        stored = Stored(self.source)
        if is_saved(before, Draft(stored)):
            self._show(stored)
            return
        self.draft = rebased(before, stored)
        self.conflict = {}
        if not self.draft.stored.is_like(before.stored):
            self.history = History()
        self._arrange_again()

    def is_current(self) -> bool:
        """Ask whether the grid is as it was read; where no revisions are counted, it is not."""
        self.source.refresh()
        revision = self.draft.stored.revision
        return revision is not None and self.source.revision == revision

    def note_conflict(self) -> None:
        """Find out what others made of the grid; without edits that it has not, show that.

        Raises
        ------
        ApiError
            It can't be read any more.
        """
        self.source.refresh()
        stored = Stored(self.source)
        if not self.draft.is_edited or is_saved(self.draft, Draft(stored)):
            self._show(stored)
            return
        self.conflict = conflict(self.draft, stored, self.source.path)

    def _show(self, stored: Stored) -> None:
        """Show a grid as it is stored, in the order and with the filters that there were."""
        self._start_from(stored)
        self._arrange_again()

    def _start_from(self, stored: Stored) -> None:
        self.draft = Draft(stored)
        self.history = History()
        self.conflict = {}
        self.version += 1

    def _arrange_again(self) -> None:
        """Arrange rows that have changed; all as they lie if that makes no sense any more."""
        uids = {column.uid for column in self.draft.columns}
        try:
            self.arrange(self.arrangement.of_columns(uids))
        except ValidationError:
            self.arrange(Arrangement())

    def _apply(self, change: Change) -> Change:
        inverse = self.draft.apply(change)
        self.version += 1
        return inverse

    def _step(self, taken: deque[Entry], put: deque[Entry]) -> Seen | None:
        if not taken:
            return None
        label, change = taken.pop()
        is_rearranged = self.draft.is_rearranged_by(change)
        before = self.draft.columns
        put.append(Entry(label, self._apply(change)))
        if is_rearranged:
            self._arrange_again()
        return self.draft.seen(change, before)


def _forgotten_words(label: str) -> str:
    if not label:
        return ""
    return f"“{label}” and what was done before it can't be undone any more."
