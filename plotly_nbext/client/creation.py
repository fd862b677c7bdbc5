"""What a server answers when it made a file, and what it warns of."""

from __future__ import annotations

import inspect
import warnings
from typing import TYPE_CHECKING, Any, Final

from plotly_nbext.errors import PlotlyNbextWarning

if TYPE_CHECKING:
    from collections.abc import Mapping

__all__ = ["created"]

# a magic's line is reached through IPython
_NOT_THE_USERS: Final = {"plotly_nbext", "IPython"}


def created(answer: Mapping[str, Any]) -> Mapping[str, Any]:
    """Return the metadata in ``{"file": …, "warnings": […]}``, and show the warnings."""
    for message in answer.get("warnings") or []:
        _warn(str(message))
    meta: Mapping[str, Any] = answer.get("file", answer)
    return meta


def _warn(message: str) -> None:
    """Warn at the user's own line, however deep in this package the warning is."""
    frame, level = inspect.currentframe(), 1
    while frame and frame.f_globals.get("__name__", "").partition(".")[0] in _NOT_THE_USERS:
        frame, level = frame.f_back, level + 1
    warnings.warn(message, PlotlyNbextWarning, stacklevel=level)
