"""The views that magics have shown, which end with the outputs that they were shown in."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from plotly_nbext.notebook.widgets import FigureView

__all__ = ["Run", "Views"]

Run = tuple[str | None, int]
"""The id of a cell, if it is known, and which of all runs of cells this is."""


class _Shown(NamedTuple):
    run: Run
    display_id: str | None
    view: FigureView


class Views:
    """Finds views by display ids, and closes those that nobody sees any more.

    Else each would render on, whenever its figure or a grid of it changes.
    """

    def __init__(self) -> None:
        self._all: list[_Shown] = []

    def begin(self, run: Run, display_id: str | None) -> None:
        """Close the views of a cell's earlier runs, and those of an id that is shown anew.

        Parameters
        ----------
        run : tuple
            The run that goes on.
        display_id : str, optional
            The id.
        """
        cell, number = run
        kept = []
        for shown in self._all:
            is_lost = cell is not None and shown.run[0] == cell and shown.run[1] != number
            if is_lost or (display_id is not None and shown.display_id == display_id):
                shown.view.close()
            elif _lives(shown.view):
                kept.append(shown)
        self._all = kept

    def add(self, run: Run, display_id: str | None, view: FigureView) -> None:
        """Keep a view that was shown by a run of a cell."""
        self._all.append(_Shown(run, display_id, view))

    def living(self, display_id: str) -> FigureView | None:
        """Find the view that is shown with an id."""
        views = [each.view for each in self._all if each.display_id == display_id]
        return next((view for view in reversed(views) if _lives(view)), None)


def _lives(view: FigureView) -> bool:
    return view.comm is not None
