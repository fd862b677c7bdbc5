"""Plotly figures as images and DataFrames as grids, from a notebook cell.

Load it with ``%load_ext plotly_nbext`` for ``%plotly_render`` and ``%plotly_grid``, or call the
functions below. Importing it, also in a script, gives DataFrames ``df.plotly_grid`` and plotly the
renderer ``chart_studio``; in a kernel it has a grid that is a cell's value shown as a table. Names
are imported when they are first used, so that loading the extension costs next to nothing.
"""

from __future__ import annotations

import importlib
from typing import TYPE_CHECKING, Any

from plotly_nbext import errors
from plotly_nbext.notebook import additions as _additions

if TYPE_CHECKING:
    from IPython.core.interactiveshell import InteractiveShell

    from plotly_nbext.api import (
        connect,
        grid,
        link,
        pull,
        push,
        render,
        to_image,
        unlink,
        upload,
        write_image,
        write_images,
    )
    from plotly_nbext.client import (
        Client,
        ColumnDifference,
        Difference,
        File,
        Folder,
        Grid,
        GridColumn,
        Image,
        Plot,
    )
    from plotly_nbext.errors import (
        ApiError,
        AuthError,
        BrowserNotFound,
        Conflict,
        NotFoundError,
        PermissionDenied,
        PlotlyNbextError,
        PlotlyNbextWarning,
        RateLimited,
        ServerError,
        ServiceError,
        ValidationError,
    )
    from plotly_nbext.notebook.widgets import FigureView, GridView

__version__ = "1.0.0"

__all__ = [
    "ApiError",
    "AuthError",
    "BrowserNotFound",
    "Client",
    "ColumnDifference",
    "Conflict",
    "Difference",
    "FigureView",
    "File",
    "Folder",
    "Grid",
    "GridColumn",
    "GridView",
    "Image",
    "NotFoundError",
    "PermissionDenied",
    "Plot",
    "PlotlyNbextError",
    "PlotlyNbextWarning",
    "RateLimited",
    "ServerError",
    "ServiceError",
    "ValidationError",
    "__version__",
    "connect",
    "grid",
    "link",
    "load_ipython_extension",
    "pull",
    "push",
    "render",
    "to_image",
    "unlink",
    "unload_ipython_extension",
    "upload",
    "write_image",
    "write_images",
]

_HOME_OF = {
    **dict.fromkeys(
        (
            "connect",
            "grid",
            "link",
            "pull",
            "push",
            "render",
            "to_image",
            "unlink",
            "upload",
            "write_image",
            "write_images",
        ),
        "plotly_nbext.api",
    ),
    **dict.fromkeys(
        (
            *("Client", "ColumnDifference", "Difference", "File", "Folder"),
            *("Grid", "GridColumn", "Image", "Plot"),
        ),
        "plotly_nbext.client",
    ),
    **dict.fromkeys(("FigureView", "GridView"), "plotly_nbext.notebook.widgets"),
    **dict.fromkeys(
        (name for name in __all__ if hasattr(errors, name)),
        "plotly_nbext.errors",
    ),
}


def __getattr__(name: str) -> Any:
    if name not in _HOME_OF:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    return getattr(importlib.import_module(_HOME_OF[name]), name)


def __dir__() -> list[str]:
    return sorted(__all__)


def load_ipython_extension(ip: InteractiveShell) -> None:
    """Add the magics and the displays: ``%load_ext plotly_nbext``.

    Parameters
    ----------
    ip : IPython.core.interactiveshell.InteractiveShell
        The shell that asks for it.
    """
    from plotly_nbext import notebook

    notebook.load(ip)


def unload_ipython_extension(ip: InteractiveShell) -> None:
    """Take away what :func:`load_ipython_extension` added.

    Parameters
    ----------
    ip : IPython.core.interactiveshell.InteractiveShell
        The shell that has them.
    """
    from plotly_nbext import notebook

    notebook.unload(ip)


_additions.install()
