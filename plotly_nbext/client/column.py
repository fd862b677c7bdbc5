"""A grid's columns, and how a figure references them."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from plotly_nbext.client.grid import Grid

__all__ = ["Column", "GridColumn"]


@dataclass(frozen=True)
class Column:
    """A column of a grid.

    Attributes
    ----------
    name : str
        Its name.
    uid : str
        What references name it by: six hex digits.
    order : int
        Its place, from 0.
    fingerprint : str, optional
        What the client that wrote its values called them, where nobody changed them since.
    """

    name: str
    uid: str
    order: int
    fingerprint: str | None = field(default=None, repr=False)


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
