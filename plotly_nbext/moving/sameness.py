"""Whether a file on a server is the one that an export has."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from plotly_nbext.columns import wire
from plotly_nbext.moving.tables import arrays_of

if TYPE_CHECKING:
    from collections.abc import Sequence

    import pyarrow as pa

    from plotly_nbext.client import Grid, Plot
    from plotly_nbext.moving.manifest import Entry

__all__ = ["is_same_grid", "is_same_plot"]


def is_same_grid(grid: Grid, entry: Entry, arrays: Sequence[pa.Array]) -> bool:
    """Tell whether a grid has the same columns, values and metadata.

    Parameters
    ----------
    grid : Grid
        The one on the server.
    entry : Entry
        What the export tells of its own.
    arrays : sequence of pyarrow.Array
        The values of that.
    """
    columns = grid.refresh().columns
    if [column.name for column in columns] != [column.name for column in entry.columns]:
        return False
    if grid.all_metadata != entry.metadata:
        return False
    told = [len(array) for array in arrays]
    if any(
        column.length not in (None, length) for column, length in zip(columns, told, strict=True)
    ):
        return False
    there = arrays_of(columns, grid.content())
    return told == [len(array) for array in there] and all(map(wire.alike, arrays, there))


def is_same_plot(plot: Plot, entry: Entry, figure: Any) -> bool:
    """Tell whether a plot has the same figure and metadata."""
    return plot.all_metadata == entry.metadata and plot.figure(inline_data=False) == figure
