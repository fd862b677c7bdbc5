"""A grid's columns, and how a figure references them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from plotly_nbext.client.grid import Grid

__all__ = ["Column", "GridColumn"]


@dataclass(frozen=True)
class Column:
    """A column's name, its uid (six hex digits) and its place, from 0."""

    name: str
    uid: str
    order: int


class GridColumn:
    """One column of a grid, which a figure's trace can reference.

    Examples
    --------
    ``{"data": [{"xsrc": grid["month"].src, "ysrc": grid["total"].src}]}``
    """

    def __init__(self, grid: Grid, column: Column) -> None:
        self._grid = grid
        self.name = column.name
        self.uid = column.uid

    @property
    def src(self) -> str:
        """The reference, such as ``alice:88:e3a9dd``."""
        return f"{self._grid.fid}:{self.uid}"

    @property
    def data(self) -> list[Any]:
        """The values as JSON has them: ``GET /v2/grids/FID/col``."""
        (column,) = self._grid.fetch_columns([self.uid])
        data: list[Any] = column["data"]
        return data

    def __repr__(self) -> str:
        return f"GridColumn({self.name!r})"
