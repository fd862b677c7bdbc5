"""What figures lose when a grid's columns go, told to whoever lets them go."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from plotly_nbext.client.references import referenced_columns
from plotly_nbext.columns import json
from plotly_nbext.errors import ApiError
from plotly_nbext.notices import notify

if TYPE_CHECKING:
    from collections.abc import Sequence

    from plotly_nbext.client.column import GridColumn
    from plotly_nbext.client.file import File
    from plotly_nbext.client.grid import Grid

__all__ = ["tell_lost_columns", "tell_trashed"]

MOST_NAMED: Final = 5


def tell_lost_columns(grid: Grid, lost: Sequence[GridColumn], plots: Sequence[str]) -> None:
    """Warn of columns that a grid has no longer, and on which plots draw.

    Parameters
    ----------
    grid : Grid
        The grid.
    lost : sequence of GridColumn
        The columns that went; without any, nothing is asked.
    plots : sequence of str
        The fids of the files that reference the grid.
    """
    if not lost:
        return
    drawn: dict[str, None] = {}
    hurt = []
    for plot in plots:
        uids = _drawn_on(grid, plot)
        if names := [column.name for column in lost if column.uid in uids]:
            drawn.update(dict.fromkeys(names))
            hurt.append(plot)
    if hurt:
        columns = f"column{'s' if len(drawn) > 1 else ''} {', '.join(map(repr, drawn))}"
        notify(f"The grid {grid.place.name!r} has lost the {columns}, on which {_draw(hurt)}.")


def tell_trashed(file: File, answer: bytes) -> None:
    """Warn of plots that draw on a grid in the trash, which some servers name in their answer."""
    try:
        meta = json.loads(answer)
    except ValueError:
        return
    plots = meta.get("referencers") if isinstance(meta, dict) else None
    if isinstance(plots, list) and plots:
        plots = [*map(str, plots)]
        notify(f"{file!r} is in the trash, and {_draw(plots)} on it; restore() takes it out.")


def _drawn_on(grid: Grid, plot: str) -> frozenset[str]:
    try:
        figure = grid.place.session.get(f"/plots/{plot}/content", shape=dict[str, Any])
        return referenced_columns(figure, grid.fid)
    except ApiError:  # it is no plot, or just went
        return frozenset()


def _draw(plots: Sequence[str]) -> str:
    shown = ", ".join(plots[:MOST_NAMED])
    if len(plots) == 1:
        return f"the plot {shown} draws"
    more = f" and {len(plots) - MOST_NAMED} more" if len(plots) > MOST_NAMED else ""
    return f"the plots {shown}{more} draw"
