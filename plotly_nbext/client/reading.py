"""A grid as far as it is read: its columns, and the values that they hold."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Self

from plotly_nbext.client import answers
from plotly_nbext.client.column import GridColumn
from plotly_nbext.client.content import Content
from plotly_nbext.client.file import File
from plotly_nbext.client.forms import Form, Place, form_of
from plotly_nbext.errors import ValidationError

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    import pandas as pd
    import polars as pl
    import pyarrow as pa

__all__ = ["ReadGrid"]


class ReadGrid(File, filetype="grid", resource="grids"):
    """What a :class:`Grid` tells of itself."""

    # a server that knows no windows sends all rows, which serve until something changes
    _whole: Content | None = None

    @property
    def columns(self) -> list[GridColumn]:
        """The columns by their order."""
        if "cols" not in self._meta:  # a listing tells of files in general
            self.refresh()
        self._session.checked(self._meta, answers.GridMeta)
        return [
            GridColumn(
                column["name"],
                column["uid"],
                place,
                self,
                column.get("fingerprint"),
                column.get("length"),
            )
            for place, column in enumerate(self._meta["cols"])
        ]

    @property
    def told_rows(self) -> int | None:
        """The :attr:`row_count` that the server told with the rest; nothing is asked for it."""
        return self._meta.get("row_count")

    @property
    def row_count(self) -> int:
        """The length of the longest column; for one that the server told not, all are read."""
        return self._all_rows().row_count if self.told_rows is None else self.told_rows

    @property
    def revision(self) -> int | None:
        """Which state of the grid is known; None where the server counts no revisions."""
        return self._meta.get("revision")

    def refresh(self) -> Self:
        """Ask what the server knows of the grid now: ``GET /v2/grids/FID``.

        Returns
        -------
        Grid
            This one.

        Raises
        ------
        NotFoundError
            It is gone, or in the trash.

        Examples
        --------
        >>> others = client.grid("sales/2026").append(sales)
        >>> grid.row_count, grid.refresh().row_count
        (2, 4)
        """
        self._whole = None
        return super().refresh()

    def to_frame(self, *, progress: bool = True) -> pd.DataFrame:
        """Read the grid as a DataFrame: ``GET /v2/grids/FID/content``.

        Parameters
        ----------
        progress : bool
            Whether a bar is shown when it takes more than a second to receive.

        Returns
        -------
        pandas.DataFrame
            Equal to the one that was pushed, in values, dtypes, index and labels. What another
            client wrote has the dtypes that its values suggest.

        Examples
        --------
        >>> grid.to_frame()
           day  total
        0  mon      5
        1  tue      6
        """
        return self._content({}, progress=progress).frame()

    def to_arrow(self, *, progress: bool = True) -> pa.Table:
        """Read the grid as an Arrow table, of the types that were pushed; see :meth:`to_frame`.

        Parameters
        ----------
        progress : bool
            Whether a bar is shown when it takes more than a second to receive.

        Returns
        -------
        pyarrow.Table

        Examples
        --------
        >>> grid.to_arrow().column_names
        ['day', 'total']
        """
        return self._content({}, progress=progress).arrow()

    def to_polars(self, *, progress: bool = True) -> pl.DataFrame:
        """Read the grid as a polars DataFrame; see :meth:`to_frame`.

        Parameters
        ----------
        progress : bool
            Whether a bar is shown when it takes more than a second to receive.

        Returns
        -------
        polars.DataFrame

        Raises
        ------
        ValidationError
            polars is not installed.

        Examples
        --------
        >>> grid.to_polars().shape
        (2, 2)
        """
        try:
            import polars as pl  # for those who have it
        except ImportError:
            raise ValidationError(
                "polars is not installed, so nothing can be read as its DataFrame.",
                field="as_",
                hint="Install it: pip install polars",
            ) from None
        return pl.DataFrame(self.to_arrow(progress=progress))

    def head(self, n: int = 5) -> pd.DataFrame:
        """Read the first rows as a DataFrame: ``GET /v2/grids/FID/content?start=0&stop=``.

        Parameters
        ----------
        n : int
            How many rows.

        Returns
        -------
        pandas.DataFrame

        Examples
        --------
        >>> grid.head(1)
           day  total
        0  mon      5
        """
        return self._window(0, n).frame()

    def window(self, start: int, stop: int) -> list[list[Any]]:
        """Read the rows ``start`` … ``stop`` - 1: ``GET /v2/grids/FID/content?start=&stop=``.

        Parameters
        ----------
        start, stop : int
            Rows, counted from 0.

        Returns
        -------
        list of list
            One list of JSON values a column, in the columns' order; all of one length.

        Examples
        --------
        >>> grid.window(1, 2)
        [['tue'], [6]]
        """
        return self._window(start, stop).values()

    def fetch_columns(self, uids: Sequence[str] | None = None) -> list[dict[str, Any]]:
        """Read columns with their values: ``GET /v2/grids/FID/col``.

        Parameters
        ----------
        uids : sequence of str, optional
            Which; by default all.

        Returns
        -------
        list of dict
            With ``name``, ``uid``, ``order`` and ``data``.

        Examples
        --------
        >>> [column["data"] for column in grid.fetch_columns()]
        [['mon', 'tue'], [5, 6]]
        """
        query = {} if uids is None else {"uid": ",".join(uids)}
        cols: list[dict[str, Any]] = self._get("/col", answers.Columns, **query)["cols"]
        return cols

    def content(self, **query: str) -> Content:
        """Read what the grid holds, in the form that its server gives.

        Parameters
        ----------
        **query
            ``start`` and ``stop``: the rows to read; ``cols``: the columns' uids, with commas.

        Returns
        -------
        Content

        Examples
        --------
        >>> grid.content(start="0", stop="1").row_count
        1
        """
        return self._content(query, progress=False)

    @property
    def form(self) -> Form:
        """How values travel between here and the server."""
        return form_of(self._session)

    @property
    def place(self) -> Place:
        """Where the grid is."""
        return Place(self._session, self._address(), self._label)

    def _content(self, query: Mapping[str, str], *, progress: bool) -> Content:
        query = {**self._query, **query}
        return self.found(
            lambda: self.form.content(self.place, self._meta, query, progress=progress)
        )

    def _window(self, start: int, stop: int) -> Content:
        if self.told_rows is not None:
            return self.content(start=str(start), stop=str(stop))
        whole = self._all_rows()
        columns = [(name, values[start:stop]) for name, values in whole.columns]
        return Content(columns, whole.metadata)

    def _all_rows(self) -> Content:
        """Read the content of a server that knows no windows and counts no rows."""
        if self._whole is None:
            self._whole = self.content()
        return self._whole
