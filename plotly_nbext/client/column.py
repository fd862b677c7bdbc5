"""A grid's columns, and how a figure references them."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from plotly_nbext.errors import ServiceError

if TYPE_CHECKING:
    from plotly_nbext.client.reading import ReadGrid

__all__ = ["GridColumn"]


@dataclass(frozen=True)
class GridColumn:
    """One column of a grid, which a figure's trace can reference.

    Attributes
    ----------
    name : str
        Its name.
    uid : str
        What references name it by: six hex digits.
    order : int
        Its place, from 0.
    grid : Grid
        The grid that it is of.
    fingerprint : str, optional
        What the client that wrote its values called them, where nobody changed them since.
    length : int, optional
        How many values it has, which may differ from column to column; not every server tells.

    Examples
    --------
    >>> grid["total"].name, grid["total"].order
    ('total', 1)
    >>> figure = {"data": [{"xsrc": grid["day"].src, "ysrc": grid["total"].src}]}
    >>> plotly_nbext.render(figure).format
    'png'
    """

    name: str
    uid: str
    order: int
    grid: ReadGrid = field(repr=False, compare=False)
    fingerprint: str | None = field(default=None, repr=False)
    length: int | None = field(default=None, repr=False, compare=False)

    @property
    def src(self) -> str:
        """The reference, such as ``alice:88:e3a9dd``."""
        return f"{self.grid.fid}:{self.uid}"

    @property
    def data(self) -> list[Any]:
        """The values as JSON has them: ``GET /v2/grids/FID/col``."""
        found = self.grid.fetch_columns([self.uid])
        if len(found) != 1:
            raise ServiceError(f"{len(found)} columns were answered in place of {self.name!r}.")
        data: list[Any] = found[0]["data"]
        return data
