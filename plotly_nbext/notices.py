"""What there is to be said of something that was done all the same, at the user's own line."""

from __future__ import annotations

import inspect
import sys
import warnings
from typing import TYPE_CHECKING, Any, Final

from plotly_nbext.errors import PlotlyNbextWarning

if TYPE_CHECKING:
    from types import FrameType

__all__ = ["notify"]

# what a cell shows is reached through IPython, and a renderer through plotly
_NOT_THE_USERS: Final = {"plotly_nbext", "IPython", "plotly"}

_told: dict[str, dict[Any, Any]] = {}
"""What was told in the cell that runs, by its name: once for each line, and anew in each run."""


def notify(sentence: str) -> None:
    """Warn at the user's own line, however deep in this package the warning is.

    In a notebook it is one line, without the code that Python would show below it.
    """
    frame, level = inspect.currentframe(), 1
    while frame and frame.f_globals.get("__name__", "").partition(".")[0] in _NOT_THE_USERS:
        frame, level = frame.f_back, level + 1
    cell = _cell(frame)
    if frame is None or cell is None:
        warnings.warn(sentence, PlotlyNbextWarning, stacklevel=level)
        return
    if cell not in _told:
        _told.clear()
    registry = _told.setdefault(cell, {})
    warnings.warn_explicit(sentence, PlotlyNbextWarning, cell, frame.f_lineno, registry=registry)


def _cell(frame: FrameType | None) -> str | None:
    """Name the notebook's cell that a frame belongs to; None where it is of a file."""
    if frame is None or "IPython" not in sys.modules:
        return None
    from IPython.core.getipython import get_ipython

    shell = get_ipython()
    if shell is None or frame.f_globals is not shell.user_global_ns:
        return None
    return f"In [{shell.execution_count}]"
