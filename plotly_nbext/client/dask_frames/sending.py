"""A partition is sent, by the worker that has it."""

from __future__ import annotations

import platform
import uuid
import zlib
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal

import numpy as np
import pandas as pd

from plotly_nbext.accounts import is_loopback
from plotly_nbext.client.arrow_form import put_part
from plotly_nbext.client.fitting import table_of_rows
from plotly_nbext.client.forms import Place
from plotly_nbext.client.session import Session
from plotly_nbext.columns import encode_frame
from plotly_nbext.columns.encode import as_frame
from plotly_nbext.errors import PlotlyNbextError, ServiceError

if TYPE_CHECKING:
    from collections.abc import Mapping

    import pyarrow as pa

    from plotly_nbext.accounts import Account
    from plotly_nbext.columns import Table

__all__ = ["Nulls", "Sender", "Sent", "send_partition", "this_machine"]


@dataclass(frozen=True)
class Sender:
    """What a worker has to know. Dask shows its repr, in which there is no key.

    Attributes
    ----------
    account : Account
        The server, and who sends.
    machine : str
        Where the push was begun: no other one reaches a server at its own loopback address.
    push : str
        What the server calls the push.
    dtypes : tuple
        The dtypes of the columns, as Dask announced them.
    index : "auto" or bool
        Whether row labels become columns.
    metadata : mapping, optional
        That of the grid which the rows are for, if it is there and keeps its types.
    """

    account: Account = field(repr=False)
    machine: str = field(repr=False)
    push: str
    dtypes: tuple[Any, ...] = field(repr=False)
    index: Literal["auto"] | bool
    metadata: Mapping[str, Any] | None = field(default=None, repr=False)

    def __dask_tokenize__(self) -> str:
        return self.push


@dataclass(frozen=True)
class Nulls:
    """Where a column has null: how often, and the rows as zipped bits where these matter."""

    count: int
    rows: bytes | None = None

    @classmethod
    def of(cls, array: pa.Array, dtype: str) -> Nulls:
        """Note them of a column: what they stand for may differ where it holds objects."""
        if dtype != "object" or array.null_count in {0, len(array)}:
            return cls(array.null_count)
        missing = array.is_null().to_numpy(zero_copy_only=False)
        return cls(array.null_count, zlib.compress(np.packbits(missing).tobytes(), 1))

    def mask(self, length: int) -> np.ndarray[Any, Any] | None:
        """Give the rows, of so many; None where they were not noted."""
        if self.count in {0, length}:
            return np.full(length, self.count > 0)
        if self.rows is None:
            return None
        bits = np.frombuffer(zlib.decompress(self.rows), np.uint8)
        return np.unpackbits(bits, count=length).astype(bool)


@dataclass(frozen=True)
class Sent:
    """What is known of a partition that was sent, or why it could not be.

    Attributes
    ----------
    part : str
        What the server calls it.
    row_count : int
        How many rows it has.
    schema : dict
        Their types.
    nulls : dict
        By the names of the columns.
    first_label : int, optional
        The label of the first row, where labels only count the rows from there.
    error : PlotlyNbextError, optional
        Why it was not sent; the rest is nothing then.
    """

    part: str = ""
    row_count: int = 0
    schema: dict[str, Any] = field(default_factory=dict)
    nulls: dict[str, Nulls] = field(default_factory=dict)
    first_label: int | None = None
    error: PlotlyNbextError | None = None

    def sharing(self, other: Sent) -> Sent:
        """Take what is the same in another partition from there: there may be thousands."""
        columns, nulls = self.schema["columns"], self.nulls
        theirs = other.schema["columns"]
        if columns == theirs:
            columns = theirs
        if nulls == other.nulls:
            nulls = other.nulls
        else:
            same = other.nulls
            nulls = {
                name: same[name] if each == same.get(name) else each for name, each in nulls.items()
            }
        return replace(self, schema=self.schema | {"columns": columns}, nulls=nulls)


def send_partition(rows: pd.DataFrame | pd.Series[Any], sender: Sender) -> pd.Series[Any]:
    """Send a partition, as one part of a push: ``PUT /v2/pushes/PUSH/PART``.

    Each run of this makes another part, so that one that is run again, since a worker was lost,
    does no harm: of which runs the parts are meant is told in the end.

    Returns
    -------
    Series
        Of one :class:`Sent`: Dask wants a piece of a collection. What goes wrong with the data or
        the server is in it, since a scheduler would log it with all that led to it.
    """
    try:
        sent = _sent(rows, sender)
    except PlotlyNbextError as error:
        sent = Sent(error=error.with_traceback(None))
    return pd.Series([sent], dtype=object)


def this_machine() -> str:
    """Name this machine, as others that share its loopback address would."""
    try:
        boot = Path("/proc/sys/kernel/random/boot_id").read_text(encoding="ascii").strip()
    except OSError:  # as on systems without it
        boot = ""
    return f"{platform.node()} {boot}"


def _sent(rows: pd.DataFrame | pd.Series[Any], sender: Sender) -> Sent:
    account = sender.account
    if is_loopback(account.url) and this_machine() != sender.machine:
        raise ServiceError(
            f"The worker on {platform.node()!r} can't reach {account.url}: that address is known "
            "on one machine alone, and the push was begun on another.",
            hint="Name a server that all can reach: plotly-nbext serve --host, then "
            "plotly_nbext.connect(url).",
        )
    frame = as_frame(rows)
    assert isinstance(frame, pd.DataFrame)  # noqa: S101 - for Dask has none else here
    table = _encoded(_as_announced(frame, sender.dtypes), sender)
    part = uuid.uuid4().hex
    session = Session(lambda: account)
    put_part(Place(session, f"/pushes/{sender.push}/{part}", part), table)
    columns = table.schema["columns"]
    return Sent(
        part,
        table.row_count,
        table.schema,
        {
            column.name: Nulls.of(column.array, columns[column.name]["dtype"])
            for column in table.columns
        },
        _first_label(frame.index),
    )


def _encoded(frame: pd.DataFrame, sender: Sender) -> Table:
    if sender.metadata is not None:
        return table_of_rows(frame, sender.metadata, sender.index)
    # what labels say is known once all of them are: see pushing.py
    return encode_frame(frame, index=bool(sender.index))


def _first_label(index: pd.Index[Any]) -> int | None:
    """Give the first label if labels do no more than count the rows; 0 where there is no row."""
    if isinstance(index, pd.MultiIndex) or index.name is not None:
        return None
    if not len(index):
        return 0
    if index.dtype != "int64":
        return None
    first = int(index[0])
    return first if index.equals(pd.RangeIndex(first, first + len(index))) else None


def _as_announced(frame: pd.DataFrame, dtypes: tuple[Any, ...]) -> pd.DataFrame:
    """Give columns the dtype that Dask announced, where pandas would for the whole.

    Parts of a column of objects, or of floats, may have been taken for something narrower.
    """
    if frame.shape[1] != len(dtypes):
        return frame
    series = [
        _widened(frame.iloc[:, place], dtype) if ours != dtype else None
        for place, (ours, dtype) in enumerate(zip(frame.dtypes, dtypes, strict=True))
    ]
    if not any(each is not None for each in series):
        return frame
    columns = [frame.iloc[:, place] if each is None else each for place, each in enumerate(series)]
    made = pd.DataFrame(dict(enumerate(columns)), index=frame.index)
    made.columns = frame.columns
    return made


def _widened(series: pd.Series[Any], dtype: Any) -> pd.Series[Any]:
    if dtype.kind == "O" and isinstance(dtype, np.dtype):
        return series.astype(object)
    ours = series.dtype
    if not (isinstance(dtype, np.dtype) and isinstance(ours, np.dtype)):
        return series
    if dtype.kind != "f" or ours.kind not in "iuf" or ours.itemsize > dtype.itemsize:
        return series
    found = series.astype(dtype)
    exact = ours.kind == "f" or found.astype(ours).equals(series)
    return found if exact else series
