"""The columns of grids, brought back into a figure as the arrays that they were."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from plotly_nbext.client.file import SCHEMA_KEY
from plotly_nbext.client.linking.arrays import array_of
from plotly_nbext.client.linking.attributes import unshared
from plotly_nbext.client.references import filled

if TYPE_CHECKING:
    from plotly_nbext.client.grid import Grid
    from plotly_nbext.client.library import Library

__all__ = ["unlinked"]


def unlinked(client: Library, figure: Any) -> Any:
    """Put arrays in place of references; see :meth:`Linking.unlink`."""
    made = filled(client, unshared(figure), _array)
    # a graph object, which has to stay one: those up to plotly 6 can hold references
    return type(figure)(made) if hasattr(figure, "to_plotly_json") else made


def _array(columns: list[dict[str, Any]], grid: Grid) -> Any:
    named = [(column["name"], column["data"]) for column in columns]
    return array_of(named, grid.all_metadata.get(SCHEMA_KEY))
