"""What ``%load_ext plotly_nbext`` adds to a shell, and how it is taken away again."""

from __future__ import annotations

from typing import TYPE_CHECKING, cast

import plotly_nbext
from plotly_nbext import errors
from plotly_nbext.notebook import additions

if TYPE_CHECKING:
    from IPython.core.formatters import DisplayFormatter, MimeBundleFormatter
    from IPython.core.interactiveshell import InteractiveShell
    from IPython.core.magic import Magics

    from plotly_nbext.client import Grid
    from plotly_nbext.notebook.display import Bundle

__all__ = ["load", "unload"]

GRID = "plotly_nbext.client.grid.Grid"  # by name: nothing of it is imported before it is used


def load(ip: InteractiveShell) -> None:
    """Add the magics, ``df.plotly_grid``, a renderer of plotly's and the display of grids.

    Twice does no harm.

    Parameters
    ----------
    ip : InteractiveShell
        The shell to add them to.
    """
    _clear(ip)
    ip.register_magics(*_magics())
    _bundles(ip).for_type(GRID, _grid_bundle)
    additions.install()


def unload(ip: InteractiveShell) -> None:
    """Take away what :func:`load` added.

    Parameters
    ----------
    ip : InteractiveShell
        The shell to take it from.
    """
    _clear(ip)
    additions.remove()


def _clear(ip: InteractiveShell) -> None:
    kinds = _magics()
    for magics in [part for part in ip.configurables if isinstance(part, kinds)]:
        ip.configurables.remove(magics)
        ip.magics_manager.registry.pop(type(magics).__name__)
        for kind, names in magics.magics.items():
            for name in names:
                ip.magics_manager.magics[kind].pop(name)
    _bundles(ip).pop(GRID, None)


def _magics() -> tuple[type[Magics], ...]:
    # Scripts use the accessor without IPython.
    from plotly_nbext.notebook.magics import GridMagics, RenderMagics

    return GridMagics, RenderMagics


def _bundles(ip: InteractiveShell) -> MimeBundleFormatter:
    formatter = cast("DisplayFormatter", ip.display_formatter)
    return cast("MimeBundleFormatter", formatter.mimebundle_formatter)


def _grid_bundle(grid: Grid) -> Bundle:
    """Show a grid as a widget, with a static table where no widget can live."""
    try:
        data, metadata = plotly_nbext.GridView(grid)._repr_mimebundle_()
    except errors.NotFoundError:
        # `grid.trash()` as the last line of a cell has done what it should
        return {"text/plain": f"{grid!r}, in the trash or deleted"}, {}
    return data | {"text/plain": repr(grid)}, metadata
