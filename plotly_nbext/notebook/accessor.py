"""``df.plotly_grid``: a DataFrame's own way to a grid.

pandas makes a new accessor at every access, so this one keeps nothing but the frame, and the
frame remembers no grid: the name given to ``push`` is the identity. (What ``df.attrs`` remembers
would follow ``head`` and ``concat``, and overwrite the whole grid with a part of it.)
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Literal

import plotly_nbext

if TYPE_CHECKING:
    from types import ModuleType

    import pandas as pd

    from plotly_nbext.client import Grid
    from plotly_nbext.notebook.widgets import GridView

__all__ = ["PlotlyGridAccessor", "add", "take"]

NAME = "plotly_grid"


class PlotlyGridAccessor:
    """Push a DataFrame to a grid, or look at it in a grid view.

    Parameters
    ----------
    frame : pandas.DataFrame
        The frame whose attribute this is.
    """

    def __init__(self, frame: pd.DataFrame) -> None:
        self._frame = frame

    def push(
        self,
        name: str,
        *,
        mode: Literal["create", "replace", "append"] = "replace",
        index: Literal["auto"] | bool = "auto",
        parent: str | None = None,
        world_readable: bool = False,
        metadata: dict[str, Any] | None = None,
    ) -> Grid:
        """Store the frame as a grid.

        Parameters
        ----------
        name : str
            The grid's path, such as ``"sales/2026"``.
        mode : {"replace", "create", "append"}
            With "replace", a grid of that name is updated in place, so that its fid and the uids of
            its columns survive, and is made when there is none; "create" fails when the name is
            taken; "append" adds the rows to a grid that is there, or makes it.
        index : bool or "auto"
            Whether to keep the index, as columns. "auto" keeps one that is named or is not
            0, 1, 2, ….
        parent : str, optional
            The folder that ``name`` starts from.
        world_readable : bool
            Whether anyone who reaches the server may read it.
        metadata : dict, optional
            Facts to keep with the grid, of JSON types.

        Returns
        -------
        Grid
            The grid, as the server has it now.

        Raises
        ------
        ValidationError
            When a value can't be kept (the message names the column), or the name is taken.

        Examples
        --------
        >>> grid = df.plotly_grid.push("sales/2026")  # doctest: +SKIP
        >>> grid["total"].src  # doctest: +SKIP
        'alice:88:e3a9dd'
        """
        return plotly_nbext.push(
            self._frame,
            name,
            mode=mode,
            index=index,
            parent=parent,
            world_readable=world_readable,
            metadata=metadata,
        )

    def view(self) -> GridView:
        """Show the frame as a table that scrolls through all its rows; nothing is pushed.

        Returns
        -------
        GridView
            The widget.
        """
        from plotly_nbext.notebook.frame_table import FrameTable  # brings pandas

        table: Any = FrameTable(self._frame)  # read as a Grid is
        return plotly_nbext.GridView(table)


def add(pandas: ModuleType) -> None:
    """Give DataFrames the accessor."""
    if not hasattr(pandas.DataFrame, NAME):  # pandas warns when it is there already
        pandas.api.extensions.register_dataframe_accessor(NAME)(PlotlyGridAccessor)


def take(pandas: ModuleType) -> None:
    """Take the accessor away again."""
    if hasattr(pandas.DataFrame, NAME):
        delattr(pandas.DataFrame, NAME)
