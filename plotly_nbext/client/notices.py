"""What a server has to say of what it did, shown at the user's own line."""

from __future__ import annotations

import inspect
import warnings
from typing import Final

from plotly_nbext.errors import PlotlyNbextWarning

__all__ = ["notify"]

# what a cell shows is reached through IPython, and a renderer through plotly
_NOT_THE_USERS: Final = {"plotly_nbext", "IPython", "plotly"}


def notify(sentence: str) -> None:
    """Warn at the user's own line, however deep in this package the warning is."""
    frame, level = inspect.currentframe(), 1
    while frame and frame.f_globals.get("__name__", "").partition(".")[0] in _NOT_THE_USERS:
        frame, level = frame.f_back, level + 1
    warnings.warn(sentence, PlotlyNbextWarning, stacklevel=level)
