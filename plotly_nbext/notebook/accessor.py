"""``df.plotly_grid``: the way of a frame of pandas, polars or Dask to a grid and back.

pandas makes a new accessor at every access, so this one keeps nothing but the frame, and the
frame remembers no grid: the name given to ``push`` is the identity. (What ``df.attrs`` remembers
would follow ``head`` and ``concat``, and overwrite the whole grid with a part of it.)
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Literal, TypeAlias, overload

import plotly_nbext

if TYPE_CHECKING:
    from collections.abc import Mapping

    import dask.dataframe as dd
    import pandas as pd
    import polars as pl

    from plotly_nbext.client import Difference, Grid
    from plotly_nbext.client.fitting import Key
    from plotly_nbext.client.tables import Mode
    from plotly_nbext.notebook.widgets import GridView

    Rows: TypeAlias = pd.DataFrame | pl.DataFrame | dd.DataFrame

__all__ = ["PlotlyGridAccessor"]


class PlotlyGridAccessor:
    """Push a frame to a grid, pull one, see what a push would change, or look at the frame.

    Parameters
    ----------
    frame : DataFrame or Series, of pandas, polars or Dask
        What this is an attribute of; a Series is a frame of one column. Of a LazyFrame there is
        nothing to push before its ``.collect()``, which is what the error says. A frame of Dask is
        computed when it is pushed, and its workers send it.
    """

    def __init__(self, frame: Rows | pd.Series[Any] | pl.Series | pl.LazyFrame | dd.Series) -> None:
        self._frame: Any = frame

    @overload
    def push(
        self,
        name: str,
        *,
        mode: Mode = ...,
        key: Key | None = ...,
        index: Literal["auto"] | bool = ...,
        parent: str | None = ...,
        world_readable: bool = ...,
        metadata: Mapping[str, Any] | None = ...,
        dry_run: Literal[False] = ...,
        progress: bool = ...,
    ) -> Grid: ...

    @overload
    def push(
        self,
        name: str,
        *,
        mode: Mode = ...,
        key: Key | None = ...,
        index: Literal["auto"] | bool = ...,
        parent: str | None = ...,
        world_readable: bool = ...,
        metadata: Mapping[str, Any] | None = ...,
        dry_run: Literal[True],
        progress: bool = ...,
    ) -> Difference: ...

    def push(
        self,
        name: str,
        *,
        mode: Mode = "replace",
        key: Key | None = None,
        index: Literal["auto"] | bool = "auto",
        parent: str | None = None,
        world_readable: bool = False,
        metadata: Mapping[str, Any] | None = None,
        dry_run: bool = False,
        progress: bool = True,
    ) -> Grid | Difference:
        """Write the frame as a grid: ``POST /v2/grids``, or in place.

        The frame stays as it is, and remembers nothing of the grid: to update the grid, push to the
        same name again. It is what :func:`plotly_nbext.push` does.

        Parameters
        ----------
        name : str
            The grid's name or path, such as ``"sales/2026"``; missing folders are made.
        mode : {"replace", "create", "append", "upsert"}
            ``replace`` updates a grid of that name in place (its fid and the uids of columns that
            stay survive) or makes it; ``create`` refuses one that is there; ``append`` adds rows to
            it, or makes it; ``upsert`` puts rows in place of those with the same ``key``, adds the
            others, or makes it.
        key : label or list of labels, optional
            The columns whose values tell rows apart; for ``upsert``, and to compare rows by in a
            ``dry_run`` of ``replace``.
        index : {"auto", True, False}
            Whether the row labels are kept as columns; ``auto`` keeps a named or non-default index.
        parent : str, optional
            The folder that ``name`` starts from.
        world_readable : bool
            Whether anyone may read a new grid; true also opens one that is there.
        metadata : mapping, optional
            JSON values to attach; None leaves those of a grid that is there.
        dry_run : bool
            Whether to change nothing, and tell what would be changed.
        progress : bool
            Whether a bar is shown when it takes more than a second.

        Returns
        -------
        Grid or Difference
            The grid; of a ``dry_run``, how it would change.

        Raises
        ------
        ValidationError
            A column, value, key, name or fact can't be kept; nothing was written.

        See Also
        --------
        diff : What a push would change.

        Examples
        --------
        >>> sales = pd.DataFrame({"month": ["Jan", "Feb"], "total": [4, 2]})
        >>> grid = sales.plotly_grid.push("sales/2026")
        >>> grid
        Grid('sales/2026', 2 rows × 2 columns)

        A figure may draw on it, and shows what the grid holds by then:

        >>> figure = {"data": [{"xsrc": grid["month"].src, "ysrc": grid["total"].src}]}

        Rows with a key that is there are replaced, the others are added:

        >>> later = pd.DataFrame({"month": ["Feb", "Mar"], "total": [3, 5]})
        >>> later.plotly_grid.push("sales/2026", mode="upsert", key="month")
        Grid('sales/2026', 3 rows × 2 columns)

        The workers of Dask send what they compute, and the grid changes once all of it is there:

        >>> import dask.dataframe as dd
        >>> dd.from_pandas(sales, npartitions=2).plotly_grid.push("sales/2026")
        Grid('sales/2026', 2 rows × 2 columns)
        """
        pushed: Grid | Difference = _push(
            self._frame,
            name,
            mode=mode,
            key=key,
            index=index,
            parent=parent,
            world_readable=world_readable,
            metadata=metadata,
            dry_run=dry_run,
            progress=progress,
        )
        return pushed

    def pull(
        self, grid: Grid | str, *, chunksize: int | None = None, progress: bool = True
    ) -> Rows:
        """Read a grid as a new frame of the same library: ``GET /v2/grids/FID/content``.

        This frame stays as it is: a frame does not know what grid it was pushed to, so the grid is
        named here too.

        Parameters
        ----------
        grid : Grid or str
            The grid, its fid or its path.
        chunksize : int, optional
            Of a frame of Dask: about how many rows a partition has.
        progress : bool
            Whether a bar is shown when it takes more than a second to receive.

        Returns
        -------
        pandas.DataFrame, polars.DataFrame or dask.dataframe.DataFrame
            Of the library of this frame; equal to what was pushed, in values and types. One of
            Dask is read when it is computed.

        Raises
        ------
        NotFoundError
            There is no such grid.

        Examples
        --------
        >>> sales = pd.DataFrame({"month": ["Jan", "Feb"], "total": [4, 2]})
        >>> grid = sales.plotly_grid.push("sales/2026")
        >>> sales.assign(total=0).plotly_grid.pull("sales/2026")
          month  total
        0   Jan      4
        1   Feb      2
        """
        from plotly_nbext.client.dask_frames import is_dask
        from plotly_nbext.columns.encode import as_frame  # brings pandas

        frame = self._frame if is_dask(self._frame) else as_frame(self._frame)
        library = _library(frame)
        pulled: Rows = plotly_nbext.pull(grid, library, chunksize=chunksize, progress=progress)
        return pulled

    def diff(
        self,
        name: str,
        *,
        mode: Mode = "replace",
        key: Key | None = None,
        index: Literal["auto"] | bool = "auto",
        parent: str | None = None,
        metadata: Mapping[str, Any] | None = None,
    ) -> Difference:
        """Tell what :meth:`push` would change of a grid; nothing is.

        Parameters
        ----------
        name : str
            The grid's name or path; where there is none, all is told as new.
        mode : {"replace", "create", "append", "upsert"}
            The push to tell of.
        key : label or list of labels, optional
            The columns by which rows are compared; without any, they are by their place.
        index : {"auto", True, False}
            Whether the row labels are columns too; ``auto`` counts a named or non-default index.
        parent : str, optional
            The folder that ``name`` starts from.
        metadata : mapping, optional
            The facts that would be attached; None stands for those there.

        Returns
        -------
        Difference
            The columns and rows that would come, go and change; false if none would.

        Raises
        ------
        ValidationError
            The push would be refused.

        Examples
        --------
        >>> sales = pd.DataFrame({"month": ["Jan", "Feb"], "total": [4, 2]})
        >>> grid = sales.plotly_grid.push("sales/2026")
        >>> sales.replace({"total": 2}, 3).plotly_grid.diff("sales/2026")
        Difference('sales/2026')
          ~ column 'total': 1 value
          ~ 1 row
        >>> bool(sales.plotly_grid.diff("sales/2026"))
        False
        """
        found: Difference = _push(
            self._frame,
            name,
            mode=mode,
            key=key,
            index=index,
            parent=parent,
            metadata=metadata,
            dry_run=True,
        )
        return found

    def view(self) -> GridView:
        """Show the frame as a table that scrolls through all its rows; nothing is pushed.

        Returns
        -------
        GridView
            The widget.

        Examples
        --------
        >>> sales = pd.DataFrame({"month": ["Jan", "Feb"], "total": [4, 2]})
        >>> view = sales.plotly_grid.view()
        """
        from plotly_nbext.notebook.frame_table import FrameTable  # brings pandas

        table: Any = FrameTable(self._frame)  # read as a Grid is
        return plotly_nbext.GridView(table)


def _push(frame: Any, name: str, **options: Any) -> Any:
    push: Any = plotly_nbext.push  # its overloads know True and False, but no bool
    return push(frame, name, **options)


def _library(frame: object) -> Any:
    homes = {kind.__module__.partition(".")[0] for kind in type(frame).__mro__}
    return next((name for name in ("polars", "dask") if name in homes), "pandas")
