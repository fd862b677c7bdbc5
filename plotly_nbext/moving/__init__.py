"""Moving house: a user's files as a folder, and from there, or from elsewhere, to a server.

Examples
--------
>>> from plotly_nbext.moving import export_to, import_from
>>> exported = export_to("my-files")
"""

from __future__ import annotations

import importlib
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from plotly_nbext.moving.exporting import export_to
    from plotly_nbext.moving.importing import import_from
    from plotly_nbext.moving.report import Report

__all__ = ["Report", "export_to", "import_from"]

# the command line reads the options of `export` for its help, and nothing heavy
_HOME_OF = {"Report": "report", "export_to": "exporting", "import_from": "importing"}


def __getattr__(name: str) -> Any:
    if name not in _HOME_OF:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    return getattr(importlib.import_module(f"{__name__}.{_HOME_OF[name]}"), name)
