"""The error of a magic's line that can't be understood."""

from __future__ import annotations

from plotly_nbext.errors import PlotlyNbextError

__all__ = ["UsageError"]


class UsageError(PlotlyNbextError):
    """A magic's line is wrong.

    IPython's own error of that name is printed, and not kept in the notebook.
    """
