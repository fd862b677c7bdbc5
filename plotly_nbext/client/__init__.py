"""A typed client of Chart Studio's v2 API, for our own server and for others that speak it.

Names are imported when they are first used: were it here, a thread that imports the package and one
that imports a module of it would wait for each other, and Python gives one of them half of it.
"""

from __future__ import annotations

import importlib
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from plotly_nbext.client.client import Client
    from plotly_nbext.client.column import GridColumn
    from plotly_nbext.client.difference import ColumnDifference, Difference
    from plotly_nbext.client.edits import EditedColumn, Edits
    from plotly_nbext.client.file import File
    from plotly_nbext.client.folder import Folder
    from plotly_nbext.client.grid import Grid
    from plotly_nbext.client.image import Image
    from plotly_nbext.client.plot import Plot

__all__ = [
    "Client",
    "ColumnDifference",
    "Difference",
    "EditedColumn",
    "Edits",
    "File",
    "Folder",
    "Grid",
    "GridColumn",
    "Image",
    "Plot",
]

_HOME_OF = {
    "Client": "client",
    "ColumnDifference": "difference",
    "Difference": "difference",
    "EditedColumn": "edits",
    "Edits": "edits",
    "File": "file",
    "Folder": "folder",
    "Grid": "grid",
    "GridColumn": "column",
    "Image": "image",
    "Plot": "plot",
}


def __getattr__(name: str) -> Any:
    if name not in _HOME_OF:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    return getattr(importlib.import_module(f"{__name__}.{_HOME_OF[name]}"), name)
