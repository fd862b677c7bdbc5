"""The tables that a client keeps as grids, and reads back."""

from __future__ import annotations

from dataclasses import replace
from typing import IO, TYPE_CHECKING, Any, Literal, cast, overload

from plotly_nbext.client.dask_frames import is_dask
from plotly_nbext.client.difference import Difference
from plotly_nbext.client.facts import check_metadata
from plotly_nbext.client.fitting import key_names, key_of
from plotly_nbext.client.grid import Grid
from plotly_nbext.client.library import Library
from plotly_nbext.client.matching import check_key
from plotly_nbext.client.paths import check_mode, checked_path
from plotly_nbext.columns import encode_frame
from plotly_nbext.columns.encode import held
from plotly_nbext.errors import ValidationError

if TYPE_CHECKING:
    import os
    from collections.abc import Mapping

    import dask.dataframe as dd
    import pandas as pd
    import polars as pl
    import pyarrow as pa

    from plotly_nbext.client.fitting import Key
    from plotly_nbext.client.folder import Folder
    from plotly_nbext.columns import Table
    from plotly_nbext.columns.encode import Frame

    Mode = Literal["replace", "create", "append", "upsert"]

__all__ = ["Tables"]


class Tables(Library):
    """What a :class:`Client` does with tables."""

    @overload
    def push(
        self,
        frame: Frame | dd.DataFrame | dd.Series,
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
        frame: Frame | dd.DataFrame | dd.Series,
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
        frame: Frame | dd.DataFrame | dd.Series,
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
        """Write a DataFrame as a grid: ``POST /v2/grids``, or in place.

        In place it is one request, ``PUT /v2/grids/FID/content`` or ``POST /v2/grids/FID/row``,
        made whole or not at all, where the server offers Arrow streams; else several of JSON.
        Ctrl-C or the kernel's interrupt ends it, and what was there stays, unless it comes while
        the last of it is made lasting: look, or run the cell again, which would append twice.

        Parameters
        ----------
        frame : DataFrame or Series of pandas or Dask, or anything with ``__arrow_c_stream__``
            What to write; polars, pyarrow, DuckDB, ibis and others have the latter. That of Dask is
            computed, and each partition sent by the worker that has it; the grid changes once all
            of them are there (see Notes).
        name : str
            The grid's name or path; missing folders are made.
        mode : {"replace", "create", "append", "upsert"}
            ``replace`` updates a grid of that name in place (its fid and the uids of columns
            that stay survive) or makes it, and sends only columns that are not there as they are;
            ``create`` refuses one that is there; ``append`` adds rows to it, or makes it;
            ``upsert`` puts rows in place of those with the same ``key``, adds the others, or makes
            it.
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

        Notes
        -----
        A DataFrame of Dask is computed by the scheduler that Dask would take. Its workers send to
        the server themselves (``PUT /v2/pushes/PUSH/PART``), so that they have to reach its address
        and to have this package, and no process ever holds more than the partitions that it works
        on. With the work they are given your API key, which is in no name, page or log of Dask's:
        use a cluster that you trust, with TLS where it is on several machines. At the end one
        request (``POST /v2/pushes/PUSH``) makes a grid of all of them, in their order, or puts them
        in the place or after the rows of the one that is there; what fails before leaves nothing.
        ``upsert`` and ``dry_run``, which compare all rows, are refused, and so is a server that
        takes no parts. By ``index="auto"``, row labels without a name that count the rows of the
        whole, or of each partition, from 0 are not kept.

        Examples
        --------
        >>> sales = pd.DataFrame({"day": ["mon", "tue"], "total": [5, 6]})
        >>> client.push(sales, "sales/2026")
        Grid('sales/2026', 2 rows × 2 columns)
        >>> client.push(sales.assign(total=7), "sales/2026", dry_run=True)
        Difference('sales/2026')
          ~ column 'total': 2 values
          ~ 2 rows

        The workers of Dask send what they compute:

        >>> import dask.dataframe as dd
        >>> client.push(dd.from_pandas(sales, npartitions=2), "sales/2026")
        Grid('sales/2026', 2 rows × 2 columns)
        """
        check_mode(mode, "replace", "create", "append", "upsert")
        path = checked_path(parent, name, self._session.account.username)
        if is_dask(frame):
            check_metadata(metadata or {})
            return self._push_parts(
                frame,
                path,
                mode=mode,
                key=key,
                index=index,
                world_readable=world_readable,
                metadata=metadata,
                dry_run=dry_run,
                progress=progress,
            )
        frame = held(frame)
        keys = key_of(mode, key, frame, dry_run=dry_run)
        check_metadata(metadata or {})

        def table() -> Table:
            encoded = encode_frame(frame, index=index)
            if keys:
                check_key(encoded, key_names(keys, encoded, frame))
            return encoded

        if dry_run:
            if mode != "create" and (there := self._find(Grid, path)):
                found = there.diff(frame, mode=mode, key=key, index=index)
                other = metadata is not None and metadata != there.metadata
                return replace(found, metadata_changed=other)
            self._check_free(Grid, path)
            return Difference.of_new(path, table())

        def make() -> Grid:
            return Grid.create(
                self._session,
                table(),
                path,
                metadata=metadata,
                world_readable=world_readable,
                progress=progress,
            )

        grid, made = self._make_or_find(Grid, path, make, must_make=mode == "create")
        if made:
            return grid
        match mode:
            case "append":
                grid.append(frame, index=index, metadata=metadata, progress=progress)
            case "upsert":
                grid.upsert(frame, key=keys, index=index, metadata=metadata, progress=progress)
            case _:
                grid.update_to(table(), metadata=metadata, progress=progress)
        return grid.publish() if world_readable else grid

    def _push_parts(
        self,
        frame: Any,
        path: str,
        *,
        mode: Mode,
        key: Key | None,
        index: Literal["auto"] | bool,
        world_readable: bool,
        metadata: Mapping[str, Any] | None,
        dry_run: bool,
        progress: bool,
    ) -> Grid:
        """Write a DataFrame of Dask, whose workers send it."""
        from plotly_nbext.client.dask_frames.pushing import begin, check_whole  # brings pandas

        check_whole(mode, key, dry_run=dry_run)
        must_make = mode == "create"
        if must_make:
            self._check_free(Grid, path)
        there = None if must_make else self._find(Grid, path)
        appends = mode == "append"
        with begin(
            self._session,
            frame,
            path,
            index=index,
            there=there if appends else None,
            progress=progress,
        ) as push:

            def make() -> Grid:
                return push.make(metadata=metadata, world_readable=world_readable)

            grid, made = self._make_or_find(Grid, path, make, must_make=must_make)
            if made:
                return grid
            write = push.append if appends else push.replace
            write(grid, metadata=metadata)
        return grid.publish() if world_readable else grid

    @overload
    def pull(
        self, grid: Grid | str, as_: Literal["pandas"] = ..., *, progress: bool = ...
    ) -> pd.DataFrame: ...

    @overload
    def pull(
        self, grid: Grid | str, as_: Literal["polars"], *, progress: bool = ...
    ) -> pl.DataFrame: ...

    @overload
    def pull(
        self, grid: Grid | str, as_: Literal["arrow"], *, progress: bool = ...
    ) -> pa.Table: ...

    @overload
    def pull(
        self,
        grid: Grid | str,
        as_: Literal["dask"],
        *,
        chunksize: int | None = ...,
        progress: bool = ...,
    ) -> dd.DataFrame: ...

    def pull(
        self,
        grid: Grid | str,
        as_: Literal["pandas", "polars", "arrow", "dask"] = "pandas",
        *,
        chunksize: int | None = None,
        progress: bool = True,
    ) -> pd.DataFrame | pl.DataFrame | pa.Table | dd.DataFrame:
        """Read a grid: ``GET /v2/grids/FID/content``.

        Parameters
        ----------
        grid : Grid or str
            The grid, its fid or its path.
        as_ : {"pandas", "polars", "arrow", "dask"}
            What to read it as. A DataFrame of Dask is read by whoever computes it, some rows a
            partition, and only the columns that are asked for; it has your API key in it, which
            is seen nowhere, but is part of what is pickled.
        chunksize : int, optional
            Of ``"dask"``: about how many rows a partition has; the server's chunks of 16,384 rows
            are not cut. By default as many as have some 8 million cells.
        progress : bool
            Whether a bar is shown when it takes more than a second to receive.

        Returns
        -------
        pandas.DataFrame, polars.DataFrame, pyarrow.Table or dask.dataframe.DataFrame
            Equal to what was pushed, in values and types; see :meth:`Grid.to_frame`. All partitions
            of Dask are of the grid as it is now: once it is changed, they are refused
            (:class:`Conflict`). Of what other clients wrote, integers and booleans are nullable
            there.

        Raises
        ------
        NotFoundError
            There is no such grid.
        ValidationError
            It is to be read as something that is not installed.

        Examples
        --------
        >>> client.pull("sales/2026")
           day  total
        0  mon      5
        1  tue      6

        Dask reads what it computes, and no more:

        >>> frame = client.pull("sales/2026", "dask")
        >>> int(frame["total"].sum().compute())
        11
        """
        readers = {"pandas": Grid.to_frame, "polars": Grid.to_polars, "arrow": Grid.to_arrow}
        if as_ not in {*readers, "dask"}:
            raise ValidationError(
                f"as_ must be one of {', '.join(readers)}, dask, not {as_!r}.", field="as_"
            )
        if chunksize is not None and as_ != "dask":
            raise ValidationError(f"chunksize has no meaning for as_={as_!r}.", field="chunksize")
        found = grid if isinstance(grid, Grid) else self.grid(grid)
        if as_ == "dask":
            from plotly_nbext.client.dask_frames import pulling  # brings pandas

            return cast("dd.DataFrame", pulling.pull(found, chunksize))
        return readers[as_](found, progress=progress)

    def upload(
        self,
        file: str | os.PathLike[str] | IO[bytes],
        name: str | None = None,
        *,
        parent: str | None = None,
        world_readable: bool = False,
        progress: bool = True,
    ) -> Grid | Folder:
        """Upload a file of tables, as it is: ``POST /v2/grids/upload``.

        The server reads csv, tsv, json, Excel, OpenDocument and parquet, and zip archives of
        these. What it has to say of them is shown as :class:`PlotlyNbextWarning`. The file is read
        while it is sent, which Ctrl-C or the kernel's interrupt ends; it is sent once only.

        Parameters
        ----------
        file : path or binary file object
            What to upload.
        name : str, optional
            The new file's name or path, whose ending tells the format where the content doesn't;
            by default the file's own. Missing folders are made.
        parent : str, optional
            The folder that ``name`` starts from.
        world_readable : bool
            Whether anyone may read it.
        progress : bool
            Whether a bar is shown when it takes more than a second.

        Returns
        -------
        Grid or Folder
            A grid for one table; for several, a folder of grids.

        Raises
        ------
        ValidationError
            The file can't be read, is no table or too large, or the name is taken.

        Examples
        --------
        >>> sales.to_csv("stores.csv", index=False)
        >>> client.upload("stores.csv", "sales/stores")
        Grid('sales/stores', 2 rows × 2 columns)
        """
        from plotly_nbext.client.upload import upload  # brings tqdm

        return upload(
            self._session,
            file,
            name,
            parent=parent,
            world_readable=world_readable,
            progress=progress,
        )
