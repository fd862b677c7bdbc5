"""The widgets that are measured."""

from __future__ import annotations

from dataclasses import dataclass
from importlib.metadata import PackageNotFoundError, version
from typing import Final

__all__ = ["OURS", "TABLES", "Table"]

HEIGHT: Final = 364  # what ours has, in pixels


@dataclass(frozen=True)
class Table:
    """A widget that shows a frame in an output.

    Attributes
    ----------
    name : str
        What it is called in what is printed.
    package : str
        What has to be installed.
    setup : str
        What is run before, in a cell of its own, where ``frame`` is the frame; for ours ``grid``.
    make : str
        What is run in the cell that shows it.
    selector : str
        What scrolls, or else what shows cells.
    thumb : str
        What is dragged, where the scroll bar is not the browser's own.
    is_scrolled : bool
        Whether it has a scroll bar for its rows.
    has_end : bool
        Whether its last row is at the end of its scroll bar.
    edit : str
        What is in the message that an edit sends; nothing if cells are not edited.
    save : str
        What is in the message that a save sends; nothing if it has no saves.
    note : str
        What has to be known of it.
    """

    name: str
    package: str
    setup: str
    make: str
    selector: str
    thumb: str = ""
    is_scrolled: bool = True
    has_end: bool = True
    edit: str = ""
    save: str = ""
    note: str = ""

    @property
    def version(self) -> str | None:
        """Which is installed, if any is."""
        try:
            return version(self.package)
        except PackageNotFoundError:
            return None


OURS: Final = Table(
    "`plotly_nbext.GridView`",
    "plotly_nbext",
    "import plotly_nbext",
    "plotly_nbext.GridView(grid)",
    "regular-table",
    edit='"_set"',
    save='"_save"',
)
LUMINO: Final = ".lm-ScrollBar[data-orientation=vertical] .lm-ScrollBar-thumb"
TABLES: Final = (
    OURS,
    Table(
        "ipydatagrid `DataGrid`",
        "ipydatagrid",
        "import ipydatagrid",
        f'ipydatagrid.DataGrid(frame, editable=True, layout={{"height": "{HEIGHT}px"}})',
        ".lm-DataGrid",
        thumb=LUMINO,
        edit='"cell-changed"',
    ),
    Table(
        "ipydatagrid `StreamingDataGrid`",
        "ipydatagrid",
        "import ipydatagrid",
        f'ipydatagrid.StreamingDataGrid(frame, layout={{"height": "{HEIGHT}px"}})',
        ".lm-DataGrid",
        thumb=LUMINO,
        note="edits of it are not measured",
    ),
    Table(
        "itables `show`",
        "itables",
        "import itables\nitables.init_notebook_mode(connected=False)",
        "itables.show(frame)",
        ".dt-container",
        is_scrolled=False,
        has_end=False,
    ),
    Table(
        "itables `ITable`, scroller",
        "itables",
        "from itables.widget import ITable",
        f'ITable(frame, scroller=True, scrollY="{HEIGHT}px", maxBytes="4MB")',
        ".dt-scroll-body",
    ),
    Table(
        "quak",
        "quak",
        "import quak",
        "quak.Widget(frame)",
        ".table-container",
        has_end=False,
        note="rows are added as its scroll bar nears its end, so that the last is not there",
    ),
    Table(
        "pandas' own HTML",
        "pandas",
        "",
        "frame",
        "table.dataframe",
        is_scrolled=False,
        has_end=False,
    ),
)
