"""What a grid view knows of its sheet, and its page with it."""

from __future__ import annotations

import threading
from typing import TYPE_CHECKING, Any, Final, TypeVar

import msgspec
import traitlets as t

from plotly_nbext.client import Grid
from plotly_nbext.errors import Conflict, PlotlyNbextError
from plotly_nbext.notebook.sheet import Sheet
from plotly_nbext.notebook.sheet.order import arranged
from plotly_nbext.notebook.sheet.texts import shown_texts, texts_of
from plotly_nbext.notebook.widgets._answers import describe
from plotly_nbext.notebook.widgets._hearing import Hearing
from plotly_nbext.notebook.widgets._selection import Ranges, Selection, selection_to_json
from plotly_nbext.notebook.widgets._subshell import SubshellWidget

if TYPE_CHECKING:
    from collections.abc import Callable

    from plotly_nbext.notebook.sheet.change import Ids
    from plotly_nbext.notebook.sheet.order import Arrangement
    from plotly_nbext.notebook.sheet.reading import Source

    Message = dict[str, Any]
    Result = TypeVar("Result")

__all__ = ["GridState"]

# what is in view when the page first shows it, by whole tiles of the page
_HEAD_ROWS: Final = 16
_HEAD_COLUMNS: Final = 24

# by whether a column is stored, and under its name
_STATES: Final = {(True, True): "", (True, False): "renamed", (False, False): "new"}


class GridState(SubshellWidget):
    """The sheet of a :class:`GridView`, and the traits that tell the page of it.

    Rows are counted as they are shown, and a range of rows or columns is its first and the one
    after its last; a single column is named by its uid.
    """

    path = t.Unicode().tag(sync=True)
    """The grid's path."""
    columns = t.List(t.Dict()).tag(sync=True)
    """Of each column its ``uid``, ``name``, ``type``, ``kind``; ``state``: "", new or renamed."""
    head = t.Dict().tag(sync=True)
    """The first cells as they were in a ``view``: what is seen first has not to be asked for."""
    row_count = t.Int().tag(sync=True)
    """The number of the rows that are shown."""
    total_rows = t.Int().tag(sync=True)
    """The number of all rows."""
    read_only = t.Bool().tag(sync=True)
    """Whether all that would change the grid is refused."""
    view = t.Int().tag(sync=True)
    """Grows whenever a cell may show something else."""
    arrangement = t.Dict().tag(sync=True)
    """The ``sort`` and the ``filters`` by which rows are shown."""
    pending = t.Dict().tag(sync=True)
    """How many ``cells``, ``rows_added``, ``rows_deleted`` and ``columns`` differ, in ``total``."""
    undo_label = t.Unicode().tag(sync=True)
    """What would be undone."""
    redo_label = t.Unicode().tag(sync=True)
    """What would be done again."""
    stale = t.Bool().tag(sync=True)
    """Whether others have changed the grid while it was edited here."""
    conflict = t.Dict().tag(sync=True)
    """What they made of it: ``message``, ``can_rebase``, ``mine`` and ``theirs``; else empty."""
    error = t.Dict().tag(sync=True)
    """The ``type`` and ``message`` of what a callback or an observer raised; else empty."""
    selection = t.TraitType[Any, Any](Selection()).tag(sync=True, to_json=selection_to_json)
    """Which cells are selected: their ``rows`` by number in ``frame``, their ``columns`` by name.

    It is set by the ranges of what is shown: ``{"rows": [0, 3], "columns": [0, 1]}``.
    """
    widths = t.Dict().tag(sync=True)
    """How wide columns are, in CSS pixels, by their uids."""

    def __init__(self, grid: Source, *, read_only: bool = False) -> None:
        # Messages of the page are handled in a thread of their own.
        self._lock = threading.RLock()
        self._callbacks: list[Callable[[Any], object]] = []
        self._hearing = Hearing(grid, self._hear)
        self._sheet = Sheet(grid)
        super().__init__(read_only=read_only, head=self._first_cells(), **self._told())
        self._hearing.start()

    def close(self) -> None:
        """Take the view from the page.

        Examples
        --------
        >>> plotly_nbext.GridView(grid).close()
        """
        self._hearing.stop()
        super().close()

    def _hear(self) -> None:
        """Show what others made of the grid; what is edited here stays, and is a conflict."""
        try:
            with self._lock:
                if not self._sheet.is_current():
                    self._note_conflict()
        except PlotlyNbextError as error:
            self.error = describe(error)

    def _read(self, read: Callable[[Sheet], Result]) -> Result:
        """Read the sheet as it is now, beside what others do meanwhile.

        Where others have changed the grid, it is read once more as it is then.
        """
        sheet = self._as_it_is()
        try:
            return read(sheet)
        except Conflict:
            with self._lock:
                # unless another thread has noticed it too
                if self._sheet.draft.stored is sheet.draft.stored:
                    self._note_conflict()
                if self.conflict:
                    raise
            return read(self._as_it_is())

    def _as_it_is(self) -> Sheet:
        with self._lock:
            return self._sheet.as_it_is()

    def _run(self, do: Callable[[Sheet], Result]) -> Result:
        """Do something with the sheet, and tell the page what came of it."""
        with self._lock, self._hearing.deaf():
            try:
                return do(self._sheet)
            except Conflict:
                self._note_conflict()
                raise
            finally:
                self._tell()

    def _arrange_by(self, arrangement_of: Callable[[Sheet], Arrangement]) -> None:
        """Arrange the rows, as it is found beside what others do, unless they do something."""

        def found(sheet: Sheet) -> tuple[int, Arrangement, Ids | None]:
            arrangement = arrangement_of(sheet)
            return sheet.version, arrangement, arranged(sheet.draft, arrangement)

        version, arrangement, ids = self._read(found)
        with self._lock:
            if version == self._sheet.version:
                self._run(lambda sheet: sheet.show(arrangement, ids))
            else:
                self._run(lambda sheet: sheet.arrange(arrangement_of(sheet)))

    def _change(self, do: Callable[[Sheet], Result]) -> Result:
        """Do something that may change cells, rows or columns, and tell all who asked to be."""
        with self._lock:
            self.error = {}
            before = self._sheet.version
            result = self._run(do)
            is_changed = self._sheet.version != before
        if is_changed:
            self._call_back()
        return result

    def _call_back(self) -> None:
        for callback in [*self._callbacks]:
            try:
                callback(self)
            except Exception as error:  # noqa: BLE001 - a message handler has nobody else to tell
                self.error = describe(error)

    def _note_conflict(self) -> None:
        try:
            self._sheet.note_conflict()
        finally:
            self._tell()

    def _tell(self) -> None:
        told = self._told()
        if told["view"] != self.view:  # what is selected may be other rows now
            told["selection"] = self.selection.shown
        with self.hold_sync():
            for name, value in told.items():
                try:
                    setattr(self, name, value)
                except Exception as error:  # noqa: BLE001 - of somebody who observes the trait
                    self.error = describe(error)

    def _first_cells(self) -> Message:
        """Write what is known of the first rows of a new sheet."""
        draft = self._sheet.draft
        rows = min(_HEAD_ROWS, draft.shown_rows)
        written = [
            shown_texts(texts_of(draft.stored.head[column.uid][:rows], column.kind), column.kind)
            for column in draft.columns[:_HEAD_COLUMNS]
        ]
        return {"view": self._sheet.version, "rows": rows, "columns": written}

    def _told(self) -> Message:
        """Tell what the page has to know beside the cells."""
        sheet, draft = self._sheet, self._sheet.draft
        names = {column.uid: column.name for column in draft.stored.columns}
        pending = draft.pending
        return {
            "path": sheet.source.path,
            "columns": [
                {
                    "uid": column.uid,
                    "name": column.name,
                    "type": column.kind.word,
                    "kind": column.kind.name,
                    "state": _STATES[column.uid in names, names.get(column.uid) == column.name],
                }
                for column in draft.columns
            ],
            "row_count": draft.shown_rows,
            "total_rows": draft.total_rows,
            "view": sheet.version,
            "arrangement": sheet.arrangement.plain(),
            "pending": pending._asdict() | {"total": pending.total},
            "undo_label": sheet.history.undo_label,
            "redo_label": sheet.history.redo_label,
            "conflict": sheet.conflict,
            "stale": bool(sheet.conflict),
        }

    @t.validate("selection")
    def _check_selection(self, proposal: Message) -> Selection:
        """Find the rows and the columns of ranges of what is shown."""
        ranges = proposal["value"]
        if isinstance(ranges, Selection):
            return ranges
        try:
            msgspec.convert(ranges, Ranges)
        except msgspec.ValidationError as error:
            raise t.TraitError(f"selection must be ranges of rows and columns: {error}") from None
        with self._lock:
            draft = self._sheet.draft
            rows = draft.places(draft.ids(*ranges.get("rows", (0, 0))))
            columns = draft.columns[slice(*ranges.get("columns", (0, 0)))]
            return Selection(rows, [column.name for column in columns], ranges)

    @t.validate("read_only")
    def _check_read_only(self, proposal: Message) -> bool:
        """Keep what can't be saved from being edited."""
        return proposal["value"] or not isinstance(self._sheet.source, Grid)

    @t.observe("read_only")
    def _on_read_only(self, change: Message) -> None:
        self._sheet.read_only = change["new"]
