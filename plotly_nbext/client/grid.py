"""A grid on the server, and what can be done with it.

What JSON loses of a DataFrame (dtypes, the index, labels that are no strings) is kept under the key
``plotly_nbext`` of the grid's metadata, which other clients leave alone.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Literal, Self

import plotly_nbext
from plotly_nbext.client import announcements, updates
from plotly_nbext.client.creation import created
from plotly_nbext.client.difference import counted
from plotly_nbext.client.editing import edit
from plotly_nbext.client.facts import check_metadata
from plotly_nbext.client.file import SCHEMA_KEY
from plotly_nbext.client.forms import Place, form_of, if_match
from plotly_nbext.client.insisting import insist
from plotly_nbext.client.paths import ensure_folder, split_path
from plotly_nbext.client.reading import ReadGrid
from plotly_nbext.columns import json
from plotly_nbext.errors import NotFoundError
from plotly_nbext.suggestions import did_you_mean

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from plotly_nbext.client.column import GridColumn
    from plotly_nbext.client.difference import Difference
    from plotly_nbext.client.edits import Edits
    from plotly_nbext.client.fitting import Key
    from plotly_nbext.client.session import Session
    from plotly_nbext.columns import Table
    from plotly_nbext.columns.encode import Frame

__all__ = ["Grid"]


class Grid(ReadGrid, filetype="grid", resource="grids"):
    """A table on the server; made by :func:`plotly_nbext.push` and :func:`plotly_nbext.grid`.

    It has what every :class:`File` has; ``grid["total"]`` is its column of that name. As those of a
    DataFrame, ``list(grid)`` names its columns, ``"total" in grid`` tells whether there is one, and
    ``len(grid)`` counts its rows.

    Where the server offers it, values travel as Arrow streams and each change is one request, made
    whole or not at all; else as JSON, where some changes take several.

    Examples
    --------
    >>> grid = client.grid("sales/2026")
    >>> list(grid), len(grid)
    (['day', 'total'], 2)
    >>> grid["total"].data
    [5, 6]
    """

    @classmethod
    def create(
        cls,
        session: Session,
        table: Table,
        path: str,
        *,
        metadata: Mapping[str, Any] | None,
        world_readable: bool,
        progress: bool = False,
    ) -> Self:
        """Make a grid that holds a table: ``POST /v2/grids``.

        Parameters
        ----------
        session : Session
            The server.
        table : Table
            What it holds.
        path : str
            Where; missing folders are made.
        metadata : mapping, optional
            JSON values to attach.
        world_readable : bool
            Whether anyone may read it.
        progress : bool
            Whether a bar is shown when it takes more than a second.

        Returns
        -------
        Grid
        """
        folder, filename = split_path(path)
        fields: dict[str, Any] = {
            "filename": filename,
            "world_readable": world_readable,
            "metadata": {**(metadata or {}), SCHEMA_KEY: table.schema},
        }
        if folder:
            ensure_folder(session, folder)
            fields["parent_path"] = folder
        place = Place(session, "/grids", path)
        answer = form_of(session).create(place, table, fields, progress=progress)
        return cls(session, created(answer), path)

    def __repr__(self) -> str:
        # what is known: nothing is asked for it
        rows = None if self.told_rows is None else counted(self.told_rows, "row")
        columns = counted(len(self.columns), "column") if "cols" in self._meta else None
        size = " × ".join(filter(None, [rows, columns]))
        return f"Grid({', '.join(filter(None, [repr(self._label), size]))})"

    def __getitem__(self, name: str) -> GridColumn:
        for column in self.columns:
            if column.name == name:
                return column
        known = ", ".join(repr(column.name) for column in self.columns)
        raise NotFoundError(
            f"{self!r} has no column {name!r}; it has {known}.",
            field=name,
            hint=did_you_mean(str(name), self),
        )

    def __contains__(self, name: object) -> bool:
        return any(column.name == name for column in self.columns)

    def _ipython_key_completions_(self) -> list[str]:
        """Name the columns for ``grid["``; nothing is asked for it."""
        return [*self] if "cols" in self._meta else []

    def __iter__(self) -> Iterator[str]:
        return iter([column.name for column in self.columns])

    def __len__(self) -> int:
        return self.row_count

    def __bool__(self) -> bool:
        return True  # a grid without rows is one

    def append(
        self,
        frame: Frame,
        *,
        index: Literal["auto"] | bool = "auto",
        metadata: Mapping[str, Any] | None = None,
        progress: bool = True,
    ) -> Self:
        """Append the rows of a DataFrame, all or none: ``POST /v2/grids/FID/row``.

        After an interrupt look at the :attr:`row_count` of :meth:`refresh` before you run it again:
        one that came while the rows were made lasting was too late.

        Parameters
        ----------
        frame : DataFrame or Series of pandas, or anything with ``__arrow_c_stream__``
            With the grid's columns, in any order.
        index : {"auto", True, False}
            Whether the row labels are columns too; ``auto`` leaves them out where the grid keeps
            none and they are mere numbers.
        metadata : mapping, optional
            JSON values to attach in place of those there.
        progress : bool
            Whether a bar is shown when it takes more than a second.

        Returns
        -------
        Grid
            This one.

        Raises
        ------
        ValidationError
            Columns are missing, too many, or of a type that does not fit.

        Examples
        --------
        >>> grid.append(pd.DataFrame({"day": ["wed"], "total": [7]}))
        Grid('sales/2026', 3 rows × 2 columns)
        """
        updates.append(self, frame, index, metadata, progress=progress)
        return self

    def upsert(
        self,
        frame: Frame,
        *,
        key: Key,
        index: Literal["auto"] | bool = "auto",
        metadata: Mapping[str, Any] | None = None,
        progress: bool = True,
    ) -> Self:
        """Put rows in place of those with the same key, or after the others where there are none.

        ``PUT /v2/grids/FID/content``; rows that are all new are appended.

        Parameters
        ----------
        frame : DataFrame or Series of pandas, or anything with ``__arrow_c_stream__``
            With the grid's columns, in any order.
        key : label or list of labels
            The columns that tell rows apart: no two rows of the frame have the same values there.
        index, metadata, progress
            As in :meth:`append`.

        Returns
        -------
        Grid
            This one.

        Raises
        ------
        ValidationError
            The key does not tell the frame's rows apart, or the frame does not fit.

        Notes
        -----
        Where the server offers Arrow streams, an upsert is of the grid as it is then, and rows that
        others append meanwhile stay. As JSON, columns are written one after the other: rows that
        others append while that lasts can be lost.

        Examples
        --------
        >>> mended = pd.DataFrame({"day": ["tue", "wed"], "total": [8, 9]})
        >>> grid.upsert(mended, key="day")
        Grid('sales/2026', 3 rows × 2 columns)
        >>> grid["total"].data
        [5, 8, 9]
        """
        updates.upsert(self, frame, key, index, metadata, progress=progress)
        return self

    def add_columns(self, frame: Frame, *, progress: bool = True) -> Self:
        """Add the columns of a DataFrame after the others: ``PUT /v2/grids/FID/content``.

        As JSON: ``POST /v2/grids/FID/col``.

        Parameters
        ----------
        frame : DataFrame or Series of pandas, or anything with ``__arrow_c_stream__``
            The columns, with as many rows as the grid.
        progress : bool
            Whether a bar is shown when it takes more than a second.

        Returns
        -------
        Grid
            This one.

        Raises
        ------
        ValidationError
            The frame has row labels, not as many rows as the grid, or a column that is there.

        Examples
        --------
        >>> grid.add_columns(pd.DataFrame({"open": [True, False]}))
        Grid('sales/2026', 2 rows × 3 columns)
        """
        updates.add_columns(self, frame, progress=progress)
        return self

    def replace_columns(self, frame: Frame, *, progress: bool = True) -> Self:
        """Replace the values of the columns that a DataFrame has: ``PUT /v2/grids/FID/content``.

        As JSON: ``PUT /v2/grids/FID/col``.

        Parameters
        ----------
        frame : DataFrame or Series of pandas, or anything with ``__arrow_c_stream__``
            The columns, with as many rows as those that stay.
        progress : bool
            Whether a bar is shown when it takes more than a second.

        Returns
        -------
        Grid
            This one.

        Raises
        ------
        NotFoundError
            The grid has no column of that name.
        ValidationError
            The frame has row labels, where values are laid by position, or not as many rows as the
            columns that stay.

        Examples
        --------
        >>> grid.replace_columns(pd.DataFrame({"total": [0.5, 0.6]}))["total"].data
        [0.5, 0.6]
        """
        updates.replace_columns(self, frame, progress=progress)
        return self

    def update_to(
        self,
        table: Table,
        *,
        metadata: Mapping[str, Any] | None = None,
        progress: bool = True,
    ) -> Self:
        """Make the grid hold a table: columns of the same name keep their uids.

        ``PUT /v2/grids/FID/content``, with the columns that the server has not already; all of it
        or nothing. As JSON: ``POST``, ``PUT`` and ``DELETE /v2/grids/FID/col``.

        Parameters
        ----------
        table : Table
            What it is to hold.
        metadata : mapping, optional
            JSON values to attach in place of those there.
        progress : bool
            Whether a bar is shown when it takes more than a second.

        Returns
        -------
        Grid
            This one.
        """
        updates.update_to(self, table, metadata, progress=progress)
        return self

    def diff(
        self,
        frame: Frame,
        *,
        mode: Literal["replace", "append", "upsert"] = "replace",
        key: Key | None = None,
        index: Literal["auto"] | bool = "auto",
    ) -> Difference:
        """Tell what a push would change; nothing is.

        :func:`plotly_nbext.push` with ``dry_run=True`` does it for any frame and name, also where
        there is no grid yet.

        Parameters
        ----------
        frame, mode, key, index
            As in :func:`plotly_nbext.push`. With a key, rows that are to replace the grid's are
            compared by it, else by their place.

        Returns
        -------
        Difference

        Raises
        ------
        ValidationError
            The push would be refused.

        Examples
        --------
        >>> mended = pd.DataFrame({"day": ["tue", "wed"], "total": [8, 9]})
        >>> grid.diff(mended, mode="upsert", key="day")
        Difference('sales/2026')
          ~ column 'total': 1 value
          + 1 row
          ~ 1 row
        """
        return updates.difference(self, frame, mode, key, index)

    def edit(self, edits: Edits, *, revision: int | None = None) -> Self:
        """Change cells, rows and columns, all or none: ``PATCH /v2/grids/FID/content``.

        Where the server offers no Arrow streams, or for edits of more than 100 MB, the columns that
        change are read and then written whole.

        Parameters
        ----------
        edits : Edits
            What to change.
        revision : int, optional
            The :attr:`revision` that they are of, and are made to, and to no other. By default the
            one that is known here.

        Returns
        -------
        Grid
            This one.

        Raises
        ------
        Conflict
            The grid was changed since it was read; nothing is changed then.
        ValidationError
            A row or a column is not there, or columns can't be named so.

        Examples
        --------
        >>> from plotly_nbext.client import Edits
        >>> cells = {grid["total"].uid: ([0], [7])}  # in the first row
        >>> grid.edit(Edits(cells=cells, deleted=[(1, 2)]))
        Grid('sales/2026', 1 row × 2 columns)
        """
        of = self.revision if revision is None else revision
        self.take(self.found(lambda: edit(self.place, edits, of)))
        return self

    def set_metadata(self, metadata: Mapping[str, Any]) -> Self:
        """Attach other facts, of JSON types, in place of those there: ``PATCH /v2/grids/FID``.

        The columns' types are no such facts: they stay as they are on the server by then.

        Parameters
        ----------
        metadata : mapping
            JSON values by name.

        Returns
        -------
        Grid
            This one.

        Raises
        ------
        Conflict
            Others change the grid all the time.
        ValidationError
            JSON has no form for one of them.

        Examples
        --------
        >>> grid.set_metadata({"unit": "kg"}).metadata
        {'unit': 'kg'}
        """
        check_metadata(metadata)

        def attach(_: int) -> None:
            there = self.refresh().all_metadata
            kept = {SCHEMA_KEY: there[SCHEMA_KEY]} if SCHEMA_KEY in there else {}
            body = json.dumps({"metadata": {**metadata, **kept}})
            headers = if_match(self.revision)
            self._took(self._session.send("PATCH", self._address(), body=body, headers=headers))

        insist(attach)
        return self

    def view(self) -> Any:
        """Show the grid as a scrollable table: a :class:`plotly_nbext.GridView`.

        Returns
        -------
        GridView

        Examples
        --------
        >>> grid.view().sort("total", descending=True)
        """
        return plotly_nbext.GridView(self)

    def take(self, meta: Mapping[str, Any] | None) -> None:
        """Note what the server tells of the grid after a change, or ask where it tells nothing.

        Parameters
        ----------
        meta : mapping or None
            What it told.
        """
        announcements.announce(self.fid)
        if not isinstance(meta, dict) or "fid" not in meta:
            self.refresh()
        else:
            told = self._session.checked({**self._meta, **meta}, self._shape)
            if "cols" in told and "cols" not in meta and "row_count" in meta:
                # rows were appended, which gives each column as many values
                told["cols"] = [column | {"length": meta["row_count"]} for column in told["cols"]]
            self._meta = told
            self._note()
