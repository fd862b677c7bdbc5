"""What ``%load_ext plotly_nbext`` adds to a shell, and how it is taken away again."""

from __future__ import annotations

from typing import TYPE_CHECKING

from plotly_nbext.notebook import additions, grid_display

if TYPE_CHECKING:
    from IPython.core.interactiveshell import InteractiveShell
    from IPython.core.magic import Magics

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
    ip.register_magics(*_magics())
    grid_display.add(ip)
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
    grid_display.take(ip)


def _magics() -> tuple[type[Magics], ...]:
    # Scripts use the accessor without IPython.
    from plotly_nbext.notebook.magics import GridMagics, RenderMagics

    return GridMagics, RenderMagics
