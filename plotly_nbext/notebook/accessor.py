"""``df.plotly_grid``: the way of a DataFrame, of pandas or polars, to a grid.

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
    import polars as pl

    from plotly_nbext.client import Difference, Grid
    from plotly_nbext.client.fitting import Key
    from plotly_nbext.client.tables import Mode
    from plotly_nbext.notebook.widgets import GridView

__all__ = ["PlotlyGridAccessor", "add", "add_to_polars", "take", "take_from_polars"]

NAME = "plotly_grid"


class PlotlyGridAccessor:
    """Push a DataFrame to a grid, see what that would change, or look at it in a grid view.

    Parameters
    ----------
    frame : pandas.DataFrame or polars.DataFrame
        The frame whose attribute this is.
    """

    def __init__(self, frame: pd.DataFrame | pl.DataFrame) -> None:
        self._frame = frame

    def push(
        self,
        name: str,
        *,
        mode: Mode = "replace",
        key: Key | None = None,
        index: Literal["auto"] | bool = "auto",
        parent: str | None = None,
        world_readable: bool = False,
        metadata: dict[str, Any] | None = None,
        progress: bool = True,
    ) -> Grid:
        """Store the frame as a grid.

        Parameters
        ----------
        name : str
            The grid's path, such as ``"sales/2026"``.
        mode : {"replace", "create", "append", "upsert"}
            With "replace", a grid of that name is updated in place, so that its fid and the uids of
            its columns survive, and is made when there is none; "create" fails when the name is
            taken; "append" adds the rows to a grid that is there, or makes it; "upsert" puts the
            rows in place of those with the same key, and adds the others.
        key : label or list of labels, optional
            The columns whose values tell rows apart, for "upsert".
        index : bool or "auto"
            Whether to keep the index, as columns. "auto" keeps one that is named or is not
            0, 1, 2, ….
        parent : str, optional
            The folder that ``name`` starts from.
        world_readable : bool
            Whether anyone who reaches the server may read it.
        metadata : dict, optional
            Facts to keep with the grid, of JSON types.
        progress : bool
            Whether a bar is shown when it takes more than a second.

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
            key=key,
            index=index,
            parent=parent,
            world_readable=world_readable,
            metadata=metadata,
            progress=progress,
        )

    def diff(
        self,
        name: str,
        *,
        mode: Mode = "replace",
        key: Key | None = None,
        index: Literal["auto"] | bool = "auto",
        parent: str | None = None,
    ) -> Difference:
        """Tell what :meth:`push` would change of a grid; nothing is.

        Parameters
        ----------
        name, mode, index, parent
            As in :meth:`push`.
        key : label or list of labels, optional
            The columns by which rows are compared; without any, they are by their place.

        Returns
        -------
        Difference
            The columns and rows that would come, go and change; false if none would.
        """
        return plotly_nbext.push(
            self._frame, name, mode=mode, key=key, index=index, parent=parent, dry_run=True
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
    """Give pandas' DataFrames the accessor."""
    if not hasattr(pandas.DataFrame, NAME):  # pandas warns when it is there already
        pandas.api.extensions.register_dataframe_accessor(NAME)(PlotlyGridAccessor)


def take(pandas: ModuleType) -> None:
    """Take the accessor away again."""
    if hasattr(pandas.DataFrame, NAME):
        delattr(pandas.DataFrame, NAME)


def add_to_polars(polars: ModuleType) -> None:
    """Give polars' DataFrames the accessor."""
    if not hasattr(polars.DataFrame, NAME):
        polars.api.register_dataframe_namespace(NAME)(PlotlyGridAccessor)


def take_from_polars(polars: ModuleType) -> None:
    """Take the accessor away again."""
    take(polars)
    getattr(polars.DataFrame, "_accessors", set()).discard(NAME)  # what its dir() lists
