"""The widget that shows a grid as a table of any size."""

from __future__ import annotations

import threading
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final, Protocol, cast

import anywidget
import traitlets as t

from plotly_nbext.notebook.tables import cell_text, column_type, preview_html
from plotly_nbext.notebook.widgets._answers import answering

if TYPE_CHECKING:
    from collections.abc import Sequence

    from plotly_nbext.notebook.display import Bundle

__all__ = ["GridView"]

STATIC: Final = Path(__file__).parent / "static"

# Column types are inferred from so many rows, and the static table shows the first of them.
HEAD: Final = 100


class Column(Protocol):
    """What a view knows of a column."""

    @property
    def name(self) -> str:
        """What stands above it."""


class Table(Protocol):
    """What a view shows: a :class:`~plotly_nbext.Grid`, or what is read like one."""

    @property
    def path(self) -> str:
        """What it is called."""

    @property
    def columns(self) -> Sequence[Column]:
        """The columns by their order."""

    @property
    def row_count(self) -> int:
        """The number of rows."""

    def window(self, start: int, stop: int) -> list[list[Any]]:
        """Return the JSON values of some rows, one list a column, all of one length."""

    def refresh(self) -> object:
        """Read again what is kept of it."""


class GridView(anywidget.AnyWidget):
    """A read-only table of a grid; the rows in view are fetched while it is scrolled.

    Where there is no kernel, the saved output shows a static table of the first rows.

    Parameters
    ----------
    grid : Grid
        The grid to show, or what is read like one.
    """

    _esm = STATIC / "grid_view.js"
    _css = STATIC / "grid_view.css"

    path = t.Unicode().tag(sync=True)
    """The grid's path."""
    columns = t.List(t.Dict()).tag(sync=True)
    """The ``name`` and the inferred ``type`` of each column."""
    row_count = t.Int().tag(sync=True)
    """The number of rows."""
    _revision = t.Int(0).tag(sync=True)

    def __init__(self, grid: Table) -> None:
        # Messages of the page are handled in a thread of their own.
        self._lock = threading.RLock()
        self._grid = grid
        super().__init__(**self._read())

    @property
    def grid(self) -> Table:
        """The grid that is shown."""
        return self._grid

    def refresh(self) -> None:
        """Show the grid as the server has it now.

        Raises
        ------
        ApiError
            The grid can no longer be read.
        """
        with self._lock:
            self._grid.refresh()
            with self.hold_sync():
                for name, value in self._read().items():
                    setattr(self, name, value)
                self._revision += 1

    def _read(self) -> dict[str, Any]:
        grid = self._grid
        names = [column.name for column in grid.columns]
        head = grid.window(0, HEAD)
        self._preview = preview_html(names, list(zip(*head, strict=True)), grid.row_count)
        return {
            "path": grid.path,
            "columns": [
                {"name": name, "type": column_type(values)}
                for name, values in zip(names, head, strict=True)
            ],
            "row_count": grid.row_count,
        }

    @answering
    def _rows(self, message: dict[str, Any]) -> dict[str, Any]:
        with self._lock:
            window = self._grid.window(message["start"], message["stop"])
        return {"columns": [[cell_text(value) for value in column] for column in window]}

    def __repr__(self) -> str:
        return f"GridView({self._grid!r})"

    def _repr_mimebundle_(self, **kwargs: Any) -> Bundle:
        """Show the widget, and a static table where no widget can live."""
        data, metadata = cast("Bundle", super()._repr_mimebundle_(**kwargs))
        return data | {"text/html": self._preview}, metadata
