"""What ``%load_ext plotly_nbext`` adds to a shell, and how it is taken away again."""

from __future__ import annotations

from typing import TYPE_CHECKING

from plotly_nbext.notebook import additions, grid_display

if TYPE_CHECKING:
    from IPython.core.interactiveshell import InteractiveShell

__all__ = ["load", "unload"]


def load(ip: InteractiveShell) -> None:
    """Add the magics, ``df.plotly_grid``, a renderer of plotly's and the display of grids.

    Twice does no harm.

    Parameters
    ----------
    ip : InteractiveShell
        The shell to add them to.
    """
    _clear(ip)
    # not before: scripts use the accessor without IPython
    from plotly_nbext.notebook.magics import PlotlyGrid, PlotlyRender, completion
    from plotly_nbext.notebook.magics.defaults import configure

    render, grid = PlotlyRender(ip), PlotlyGrid(ip)
    ip.register_magics(render, grid)
    configure({"render": render, "grid": grid}, ip.config)
    grid_display.add(ip)
    completion.add(ip)
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
    manager = ip.magics_manager
    for name in ("PlotlyGrid", "PlotlyRender"):
        magics = manager.registry.pop(name, None)
        if magics is None:
            continue
        ip.configurables.remove(magics)
        magics.close()
        for kind, names in magics.magics.items():
            for each in names:
                manager.magics[kind].pop(each)
    grid_display.take(ip)
    from plotly_nbext.notebook.magics import completion  # as above

    completion.take(ip)
