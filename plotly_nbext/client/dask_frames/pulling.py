"""A grid is read lazily, some rows a partition, by the workers that want them."""

from __future__ import annotations

import platform
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Final

import numpy as np
import pandas as pd

from plotly_nbext.accounts import is_loopback
from plotly_nbext.client.content import Content
from plotly_nbext.client.dask_frames.sending import this_machine
from plotly_nbext.client.file import SCHEMA_KEY
from plotly_nbext.client.forms import COLUMNS_A_REQUEST
from plotly_nbext.client.session import Session
from plotly_nbext.columns.schema import is_readable, of_rows
from plotly_nbext.errors import Conflict, NotFoundError, ServiceError, ValidationError

if TYPE_CHECKING:
    from collections.abc import Sequence

    from plotly_nbext.accounts import Account
    from plotly_nbext.client.grid import Grid

__all__ = ["pull"]

CHUNK_ROWS: Final = 16_384
"""Rows of a chunk on the server, which are read together."""

CELLS_A_PARTITION: Final = 8_000_000


def pull(grid: Grid, chunksize: int | None) -> Any:
    """Read a grid as a DataFrame of Dask; see :meth:`Client.pull`."""
    try:
        import dask
        import dask.dataframe as dd  # for those who have it
    except ImportError:
        raise ValidationError(
            "Dask is not installed, so nothing can be read as its DataFrame.",
            field="as_",
            hint='Install it: pip install "plotly_nbext[dask]"',
        ) from None
    session = grid.place.session
    if not session.takes_arrow:
        raise ValidationError(
            f"{session.account.url} gives no grid by windows of one revision.",
            field="as_",
            hint="Read it here and share it out: dask.dataframe.from_pandas(plotly_nbext.pull(…)).",
        )
    grid.refresh()
    names = [(column.name, column.uid) for column in grid.columns]
    window = _Window(
        session.account, this_machine(), grid.fid, grid.path, grid.revision or 0, tuple(names)
    )
    empty = grid.content(start="0", stop="0")
    if empty.revision != grid.revision:
        raise window.changed()
    window = _Window(**(vars(window) | {"announced": _announced(grid, empty)}))
    step = _step(chunksize, len(names))
    starts = [*range(0, grid.row_count, step)] or [0]
    rows = [(start, min(start + step, grid.row_count)) for start in starts]
    counted = not window.index_names(empty) and grid.row_count
    from_map: Any = dd.from_map  # which has no types
    # it would make text of objects, such as lists and dicts
    with dask.config.set({"dataframe.convert-string": False}):
        return from_map(
            window,
            rows,
            meta=window.announced,
            divisions=(*starts, grid.row_count - 1) if counted else None,
            label="plotly-grid",
        )


def _step(chunksize: int | None, width: int) -> int:
    if chunksize is None:
        return max(CELLS_A_PARTITION // max(width, 1) // CHUNK_ROWS, 1) * CHUNK_ROWS
    if not isinstance(chunksize, int) or isinstance(chunksize, bool) or chunksize < 1:
        raise ValidationError(
            f"chunksize must be a number of rows, 1 or more, not {chunksize!r}.", field="chunksize"
        )
    return -(-chunksize // CHUNK_ROWS) * CHUNK_ROWS


def _announced(grid: Grid, empty: Content) -> pd.DataFrame:
    """Make a frame without rows, of the dtypes that all partitions will have.

    Of what another client wrote, only the values tell the types, and whether some are missing: the
    first rows tell for all, and integers and booleans are nullable.
    """
    schema = empty.schema
    known = schema["columns"] if is_readable(schema) else {}
    unknown = {name for name, _ in empty.columns if name not in known}
    there = Content(empty.columns, {**empty.metadata, SCHEMA_KEY: of_rows(schema, 0, 0)})
    frame = there.frame()
    if not unknown:
        return frame
    first = grid.head(CHUNK_ROWS)
    kept = _index_names(schema)
    names = [name for name, _ in empty.columns if name not in kept]
    made = [
        _nullable(first.iloc[:, place]) if name in unknown else frame.iloc[:, place]
        for place, name in enumerate(names)
    ]
    announced = pd.DataFrame(dict(enumerate(made)), index=frame.index)
    announced.columns = frame.columns
    return announced


def _nullable(first: pd.Series[Any]) -> pd.Series[Any]:
    none = first[:0].reset_index(drop=True)
    return none.convert_dtypes() if first.dtype.kind in "iub" else none


def _converted(series: pd.Series[Any], dtype: Any) -> pd.Series[Any] | None:
    """Give a column another dtype; None if its values would be others."""
    ours = series.dtype
    if dtype.kind == "O" and isinstance(dtype, np.dtype):
        return series.astype(object)
    if series.isna().all():
        return pd.Series([None] * len(series), index=series.index).astype(dtype)
    numbers = ours.kind in "iuf" and dtype.kind in "iuf"
    if not (numbers or ours.kind == dtype.kind == "b"):
        return None
    try:
        found = series.astype(dtype)
    except (TypeError, ValueError):
        return None
    there = series.notna()
    return found if found[there].tolist() == series[there].tolist() else None


def _index_names(schema: dict[str, Any] | None) -> list[str]:
    index = schema.get("index") if schema and is_readable(schema) else None
    return list(index["columns"]) if index else []


@dataclass(frozen=True)
class _Window:
    """Reads some rows of a grid; Dask shows its repr, in which there is no key."""

    account: Account = field(repr=False)
    machine: str = field(repr=False)
    fid: str
    path: str | None = field(repr=False)
    revision: int
    columns: tuple[tuple[str, str], ...] = field(repr=False)
    announced: pd.DataFrame = field(default_factory=pd.DataFrame, repr=False)

    def __dask_tokenize__(self) -> tuple[str, str, int]:
        return self.account.url, self.fid, self.revision

    def __call__(self, rows: tuple[int, int], columns: Sequence[Any] | None = None) -> pd.DataFrame:
        account = self.account
        if is_loopback(account.url) and this_machine() != self.machine:
            raise ServiceError(
                f"The worker on {platform.node()!r} can't reach {account.url}: that address is "
                "known on one machine alone, and the grid was asked for on another.",
                hint="Name a server that all can reach: plotly-nbext serve --host, then "
                "plotly_nbext.connect(url).",
            )
        from plotly_nbext.client.grid import Grid  # which comes here

        name = (self.path or self.fid).rpartition("/")[2]
        meta = {"fid": self.fid, "filename": name}
        grid = Grid(Session(lambda: account), meta, self.path)
        start, stop = rows
        query = {"start": str(start), "stop": str(stop), **self._query(columns)}
        try:
            content = grid.content(**query)
        except NotFoundError:
            raise self.changed() from None
        if content.revision != self.revision:
            raise self.changed()
        schema = of_rows(content.schema, start, stop)
        frame = Content(content.columns, {**content.metadata, SCHEMA_KEY: schema}).frame()
        if not self.index_names(content):
            frame.index = pd.RangeIndex(start, start + len(frame))
        return self._as_announced(frame if columns is None else frame[list(columns)], start)

    def changed(self) -> Conflict:
        """Tell that the grid is no longer what it was."""
        return Conflict(
            f"The grid {self.path or self.fid!r} was changed while it was read: it is no longer at "
            f"revision {self.revision}.",
            hint="Pull it again.",
        )

    def index_names(self, content: Content) -> list[str]:
        """Name the columns that hold row labels."""
        return _index_names(content.schema)

    def _query(self, columns: Sequence[Any] | None) -> dict[str, str]:
        """Ask for some columns only, where that can be said."""
        labels = list(self.announced.columns)
        if columns is None or not columns or len(set(labels)) < len(labels):
            return {}
        beside = len(self.columns) - len(labels)
        # those of row labels are the first, or wherever an edit put them: then all are read
        values = self.columns[beside:]
        uids = [uid for _, uid in self.columns[:beside]]
        uids += [uid for (_, uid), label in zip(values, labels, strict=True) if label in columns]
        return {"cols": ",".join(uids)} if len(uids) <= COLUMNS_A_REQUEST else {}

    def _as_announced(self, frame: pd.DataFrame, start: int) -> pd.DataFrame:
        """Give columns whose dtype only their own values told the one that was announced."""
        for place, label in enumerate(frame.columns):
            dtype = frame.dtypes.iloc[place]
            wanted = self._dtype_of(label, place, frame)
            if dtype == wanted:
                continue
            found: Any = _converted(frame.iloc[:, place], wanted)
            if found is None:
                raise ValidationError(
                    f"The column {label!r} holds {dtype} from row {start:,} on, and {wanted} "
                    "in the first rows.",
                    field=str(label),
                    hint="Pull it as pandas: there a column is read as a whole.",
                )
            frame.isetitem(place, found)
        return frame

    def _dtype_of(self, label: Any, place: int, frame: pd.DataFrame) -> Any:
        announced = self.announced
        if frame.shape[1] == announced.shape[1]:
            return announced.dtypes.iloc[place]
        return announced.dtypes.loc[label]
