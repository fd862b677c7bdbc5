"""A grid as a cell's value, shown as a table."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING, Final, cast

import plotly_nbext
from plotly_nbext import errors

if TYPE_CHECKING:
    from IPython.core.formatters import DisplayFormatter, IPythonDisplayFormatter
    from IPython.core.interactiveshell import InteractiveShell

    from plotly_nbext.client import Grid

__all__ = ["add", "add_to_kernel", "take"]

# by name: nothing of it is imported before it is used
GRID: Final = "plotly_nbext.client.grid.Grid"


def add(ip: InteractiveShell) -> None:
    """Have a shell show grids as tables."""
    _displays(ip).for_type(GRID, _show)


def add_to_kernel() -> None:
    """Have the kernel in which this runs show grids as tables; elsewhere nothing changes."""
    if "IPython" in sys.modules:
        from IPython import get_ipython

        ip = get_ipython()
        if hasattr(ip, "kernel"):  # a terminal's shell has none, and keeps its one line
            add(ip)


def take(ip: InteractiveShell) -> None:
    """Have a shell show grids as any object again."""
    _displays(ip).pop(GRID, None)


def _displays(ip: InteractiveShell) -> IPythonDisplayFormatter:
    formatter = cast("DisplayFormatter", ip.display_formatter)
    return cast("IPythonDisplayFormatter", formatter.ipython_display_formatter)


def _show(grid: Grid) -> None:
    """Show a grid as a widget, with its first rows where no widget can live."""
    from IPython.display import publish_display_data

    try:
        view = plotly_nbext.GridView(grid)
    except errors.NotFoundError:
        # `grid.trash()` as the last line of a cell has done what it should
        publish_display_data({"text/plain": f"{grid!r}, in the trash or deleted"})
    else:
        view._ipython_display_()
