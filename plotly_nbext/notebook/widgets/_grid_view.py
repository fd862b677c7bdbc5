"""The widget in which a grid is read and edited as a spreadsheet."""

from __future__ import annotations

import contextlib
import functools
from dataclasses import replace
from typing import TYPE_CHECKING, Any, Final, cast

from plotly_nbext.client.whole_file import write_whole
from plotly_nbext.errors import PlotlyNbextError, ValidationError
from plotly_nbext.notebook.html_files import grid_file
from plotly_nbext.notebook.sheet import Sheet
from plotly_nbext.notebook.sheet.changes import changes_of
from plotly_nbext.notebook.sheet.filters import condition
from plotly_nbext.notebook.sheet.order import Sort
from plotly_nbext.notebook.stand_in import StandIn
from plotly_nbext.notebook.tables import (
    MOST_COLUMNS,
    MOST_ROWS,
    Head,
    counted,
    html_table,
    text_table,
)
from plotly_nbext.notebook.widgets._grid_protocol import GridProtocol
from plotly_nbext.notebook.widgets._sources import source
from plotly_nbext.notices import notify

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from pathlib import Path

    import pandas as pd

    from plotly_nbext.notebook.display import Bundle
    from plotly_nbext.notebook.sheet.changes import Changes
    from plotly_nbext.notebook.sheet.order import Arrangement
    from plotly_nbext.notebook.sheet.reading import Source

__all__ = ["GridView"]

# of a file, where nobody has said how many
FILE_CELLS: Final = 2_000_000


class GridView(GridProtocol):
    """A grid as a table of any size, edited as a spreadsheet; what is edited is sent by a save.

    Where there is no kernel, the saved output shows a static table of the first rows.

    Parameters
    ----------
    grid : Grid
        The grid to show, or what is read like one: that is read-only.
    read_only : bool
        Whether all that would change it is refused.

    Examples
    --------
    >>> view = plotly_nbext.GridView(grid)
    >>> view.sort("total", descending=True)
    >>> view.changes
    Changes()
    """

    _esm = source("grid_view.js")
    _css = source("grid_view.css")

    @property
    def grid(self) -> Source:
        """The grid that is shown."""
        return self._sheet.source

    @property
    def frame(self) -> pd.DataFrame:
        """All rows with the edits, saved or not, in the types that were pushed."""
        return self._read(Sheet.frame)

    @property
    def changes(self) -> Changes:
        """What a save would send; false if that is nothing."""
        return self._read(lambda sheet: changes_of(sheet.draft))

    def sort(self, *names: str, descending: bool | Sequence[bool] = False) -> None:
        """Sort the rows that are shown; the grid's own order stays.

        Parameters
        ----------
        *names : str
            The columns: rows that are equal in the first are sorted by the next. Without any, rows
            lie as in the grid again.
        descending : bool or sequence of bool
            Whether the largest comes first, by each column or of each of them. Null comes last.

        Raises
        ------
        NotFoundError
            There is no column of a name.
        ValidationError
            There are more or fewer values of *descending* than columns.

        Examples
        --------
        >>> view = plotly_nbext.GridView(grid)
        >>> view.sort("day", "total", descending=[False, True])
        """
        ways = [descending] * len(names) if isinstance(descending, bool) else descending
        if len(ways) != len(names):
            raise ValidationError(
                f"descending has {len(ways)} values for {len(names)} columns: one each is needed.",
                field="descending",
            )

        def sorted_(sheet: Sheet) -> Arrangement:
            sorts = [
                Sort(sheet.draft.named(name).uid, way)
                for name, way in zip(names, ways, strict=True)
            ]
            return replace(sheet.arrangement, sort=tuple(sorts))

        self._arrange_by(sorted_)

    def filter(self, *conditions: tuple[Any, ...]) -> None:
        """Show only the rows that pass all of some conditions.

        Parameters
        ----------
        *conditions : tuple
            The name of a column, how it compares, and with what: ``("sold", ">", 12)``, ``("month",
            "one of", ["2026-01", "2026-02"])``, ``("sold", "is empty")``; also ``=``, ``≠``, ``<``,
            ``≤``, ``≥`` (or ``==``, ``!=``, ``<=``, ``>=``), ``contains`` and ``is not empty``.
            Without any, all rows are shown.

        Raises
        ------
        NotFoundError
            There is no column of a name.
        ValidationError
            There is no such way to compare, or the value is none of the column.

        Examples
        --------
        >>> view = plotly_nbext.GridView(grid)
        >>> view.filter(("total", ">", 5), ("day", "contains", "t"))
        """
        for one in conditions:
            if not isinstance(one, tuple) or not 2 <= len(one) <= 3:  # noqa: PLR2004 - with a value
                raise ValidationError(
                    f'A condition is a tuple such as ("sold", ">", 12), not {one!r}.',
                    field="conditions",
                )

        def filtered(sheet: Sheet) -> Arrangement:
            filters = [
                condition(sheet.draft.named(name), *comparison) for name, *comparison in conditions
            ]
            return replace(sheet.arrangement, filters=tuple(filters))

        self._arrange_by(filtered)

    def undo(self) -> None:
        """Take back what was done last.

        Examples
        --------
        >>> view = plotly_nbext.GridView(grid)
        >>> view.undo()
        """
        self._change(Sheet.undo)

    def redo(self) -> None:
        """Do again what was undone last.

        Examples
        --------
        >>> view = plotly_nbext.GridView(grid)
        >>> view.redo()
        """
        self._change(Sheet.redo)

    def save(self) -> None:
        """Send what was edited to the server; it can be undone still.

        What can't be, for it takes too much memory, is warned of.

        Raises
        ------
        Conflict
            The grid was changed by others since it was read; nothing is sent then.

        Examples
        --------
        >>> view = plotly_nbext.GridView(grid)
        >>> view.save()
        """
        if said := self._change(Sheet.save):
            notify(said)

    def revert(self) -> None:
        """Drop what was edited, and show the grid as the server has it now.

        Examples
        --------
        >>> view = plotly_nbext.GridView(grid)
        >>> view.revert()
        """
        self._change(Sheet.revert)

    def refresh(self) -> None:
        """Show the grid as the server has it now, and over it what was edited.

        Raises
        ------
        ApiError
            The grid can no longer be read.
        Conflict
            What was edited is not there any more.

        Examples
        --------
        >>> view = plotly_nbext.GridView(grid)
        >>> others = client.grid("sales/2026").append(sales)
        >>> view.refresh()
        >>> len(view.frame)
        4
        """
        self._change(Sheet.refresh)

    def on_change(self, callback: Callable[[GridView], object]) -> None:
        """Have a function called after each edit, undo, redo, save, revert and refresh.

        Parameters
        ----------
        callback : callable
            Takes the view. It may run in another thread than the one that registered it. What it
            raises is shown in the view; what it prints is in no cell, but in JupyterLab's log.

        Examples
        --------
        >>> view = plotly_nbext.GridView(grid)
        >>> view.on_change(lambda view: print(view.changes))
        """
        self._callbacks.append(callback)

    def to_html(self, path: str | Path | None = None, *, rows: int | None = None) -> str | None:
        """Write the rows that are shown as a page that needs no kernel, no server and no network.

        In it they are read, searched and copied from, in any browser.

        Parameters
        ----------
        path : str or path, optional
            The file to write, whole or not at all. By default the page is returned.
        rows : int, optional
            How many rows are in it, at most. By default as many as make two million cells: 100,000
            of 20 columns. What is left out is warned of, and said in the page.

        Returns
        -------
        str or None
            The page, if it was not written to a file.

        Raises
        ------
        ValidationError
            The file's folder is missing, or the number of rows is none.

        Examples
        --------
        >>> plotly_nbext.GridView(grid).to_html("sales.html")
        """
        if rows is not None and rows < 0:
            raise ValidationError(f"rows must be 0 or more, not {rows}.", field="rows")
        most = FILE_CELLS // max(len(self.columns), 1) if rows is None else rows
        html, shown = self._read(lambda sheet: (_file_of(sheet, most), sheet.draft.shown_rows))
        if most < shown:
            notify(
                f"The page has the first {most:,} of {shown:,} rows; rows={shown} would take all."
            )
        if path is None:
            return html
        write_whole(path, html.encode())
        return None

    def __repr__(self) -> str:
        return f"GridView({self.grid!r})"

    def _repr_mimebundle_(self, **kwargs: Any) -> Bundle:
        """Show the widget, and the first rows where no widget can live."""
        data, metadata = cast("Bundle", super()._repr_mimebundle_(**kwargs))
        return data | self._read(self._still), metadata

    def _ipython_display_(self) -> None:
        self._stand_in.show(*cast("Bundle", super()._repr_mimebundle_()))

    @functools.cached_property
    def _stand_in(self) -> StandIn:
        stand_in = StandIn(lambda: (self._read(self._still), {}))

        def follow(_view: GridView) -> None:
            with contextlib.suppress(PlotlyNbextError):  # the view says what it is
                stand_in.update()

        self.on_change(follow)
        return stand_in

    def _still(self, sheet: Sheet) -> dict[str, str]:
        """Write the first rows, by MIME type."""
        heads, rows = _heads(sheet), sheet.draft.shown_rows
        uids = [column.uid for column in sheet.draft.columns[:MOST_COLUMNS]]
        texts, _ = sheet.texts(0, MOST_ROWS, uids)
        done = "scrolled and sorted" if self.read_only else "scrolled, sorted and edited"
        unsaved = _unsaved(sheet)
        note = f"In a running notebook the grid is {done}."
        if unsaved:
            note = f"{unsaved}. {note}"
        parts = [repr(self.grid), text_table(heads, texts, rows), unsaved]
        return {
            "text/html": html_table(self.path, heads, texts, rows, note=note),
            "text/plain": "\n\n".join(filter(None, parts)),
        }


def _unsaved(sheet: Sheet) -> str:
    """Say how much of what is shown no server has."""
    total = sheet.draft.pending.total
    return f"{counted(total, 'change')} not saved" if total else ""


def _heads(sheet: Sheet) -> list[Head]:
    kinds = [(column.name, column.kind) for column in sheet.draft.columns]
    return [Head(name, kind.word, kind.name) for name, kind in kinds]


def _file_of(sheet: Sheet, most: int) -> str:
    texts = sheet.whole_texts(most)
    draft, filters = sheet.draft, sheet.arrangement.filters
    parts = [_unsaved(sheet)]
    if filters:
        conditions = " and ".join(one.words(draft.column(one.column).name) for one in filters)
        parts.append(f"{draft.shown_rows:,} of {counted(draft.total_rows, 'row')}: {conditions}")
    part = "; ".join(filter(None, parts))
    return grid_file(sheet.source.path, _heads(sheet), texts, draft.shown_rows, part=part)
