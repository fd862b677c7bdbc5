"""The values of a grid as it is stored, all of one revision: by pages, and by whole columns."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final, NamedTuple, Protocol

import numpy as np
import pyarrow as pa

from plotly_nbext.client.file import SCHEMA_KEY
from plotly_nbext.columns import wire
from plotly_nbext.columns.schema import read
from plotly_nbext.notebook.sheet.cache import Cache
from plotly_nbext.notebook.sheet.errors import Stale

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    import numpy.typing as npt

    from plotly_nbext.client.content import Content
    from plotly_nbext.columns.schema import Column as Spec

    Rows = npt.NDArray[np.int64]

__all__ = ["NOWHERE", "Source", "Stored", "StoredColumn"]

# the row of a value that is stored nowhere
NOWHERE: Final = -1

# a server reads chunks of 16,384, and sends as many as this in about the time of a few
PAGE_ROWS: Final = 4096
# rows of more pages than these are taken from whole columns
MOST_PAGES: Final = 16
# more uids than these are too long for an address
MOST_UIDS: Final = 500
# from so many the types of columns are told that nothing else tells
HEAD_ROWS: Final = 100

# of whole columns, in one request
CELLS_AT_ONCE: Final = 1 << 24


class SourceColumn(Protocol):
    """What is known of a column."""

    @property
    def name(self) -> str:
        """What stands above it."""

    @property
    def uid(self) -> str:
        """What it is called by."""


class Source(Protocol):
    """What a sheet reads: a :class:`~plotly_nbext.Grid`, or what is read like one."""

    @property
    def path(self) -> str:
        """What it is called."""

    @property
    def columns(self) -> Sequence[SourceColumn]:
        """The columns by their order."""

    @property
    def told_rows(self) -> int | None:
        """The number of rows; None where all have to be read to tell."""

    @property
    def revision(self) -> int | None:
        """Which state of it is known; None where none are told apart."""

    @property
    def all_metadata(self) -> dict[str, Any]:
        """What is attached to it, the types of its columns with it."""

    def content(self, **query: str) -> Content:
        """Read values: all, the rows ``start`` … ``stop`` - 1, the columns ``cols``."""

    def refresh(self) -> object:
        """Ask what is known of it now."""


class StoredColumn(NamedTuple):
    """A column as it is stored."""

    uid: str
    name: str
    spec: Spec | None
    """The type that was pushed."""


class Stored:
    """A grid at one revision.

    Parameters
    ----------
    source : Source
        The grid, which others may refresh: what is read here is never of another revision than
        the first.

    Attributes
    ----------
    columns : list of StoredColumn
        The columns by their order.
    row_count : int
        The number of rows.
    head : dict of str to pyarrow.Array
        The first rows of each column, by its uid.
    """

    def __init__(self, source: Source) -> None:
        self._source = source
        self._cache = Cache()
        told, content = self._head()
        self._names = {column.uid: column.name for column in self.columns}
        self.row_count = content.row_count if told is None else told
        arrays = content.arrays()
        self.head = {uid: arrays[name][:HEAD_ROWS] for uid, name in self._names.items()}
        # where a server knows no windows, all of it is here
        here = self._names if told is None else {}
        self._here = {uid: arrays[name] for uid, name in here.items()}

    def has(self, uid: str) -> bool:
        """Tell whether a column is stored."""
        return uid in self._names

    def is_like(self, other: Stored) -> bool:
        """Tell whether it has as many rows as another, and the same columns of the same types."""
        return self.row_count == other.row_count and self.columns == other.columns

    def holds_what(self, other: Stored) -> bool:
        """Tell whether it holds the same values as another, in the same columns."""
        return self.is_like(other) and all(
            self.column(column.uid).equals(other.column(column.uid)) for column in self.columns
        )

    def read(self, uids: Sequence[str], rows: Rows) -> list[pa.Array]:
        """Read cells.

        Parameters
        ----------
        uids : sequence of str
            Columns that are stored.
        rows : ndarray of int64
            Rows in any order; null is read for :data:`NOWHERE`.

        Returns
        -------
        list of pyarrow.Array
            An array of a type for the wire for each column.

        Raises
        ------
        Stale
            The grid was changed since.
        """
        pages = np.unique(rows[rows != NOWHERE] // PAGE_ROWS)
        if len(pages) > MOST_PAGES:
            return [_take(array, rows) for array in self._whole(uids)]
        columns = {uid: self._kept(uid) for uid in uids}
        missing = [uid for uid, array in columns.items() if array is None]
        held = self._fetched(missing, pages.tolist())
        places = np.where(
            rows == NOWHERE,
            NOWHERE,
            np.searchsorted(pages, rows // PAGE_ROWS) * PAGE_ROWS + rows % PAGE_ROWS,
        )
        return [
            _take(held[uid], places) if columns[uid] is None else _take(columns[uid], rows)
            for uid in uids
        ]

    def column(self, uid: str) -> pa.Array:
        """Read a whole column.

        Raises
        ------
        Stale
            The grid was changed since.
        """
        (array,) = self._whole([uid])
        return array

    def known(self, uid: str, rows: Rows) -> pa.Array | None:
        """Give cells of rows that are stored, as far as they were read: None if some were not."""
        array = self._kept(uid)
        if array is None and (rows < len(self.head[uid])).all():
            array = self.head[uid]
        if array is not None:
            return _take(array, rows)
        pages, places = np.unique(rows // PAGE_ROWS, return_inverse=True)
        parts = []
        for page in pages.tolist():
            part = self._cache.get((uid, page))
            if part is None:
                return None
            parts.append(part)
        starts = np.cumsum([0, *map(len, parts)])
        return _take(_joined(parts), starts[places] + rows % PAGE_ROWS)

    def _whole(self, uids: Sequence[str]) -> Iterator[pa.Array]:
        """Read whole columns, some at a time."""
        step = max(CELLS_AT_ONCE // max(self.row_count, 1), 1)
        for place in range(0, len(uids), step):
            some = uids[place : place + step]
            columns = {uid: self._kept(uid) for uid in some}
            missing = [uid for uid, array in columns.items() if array is None]
            read = self._content(missing, 0, self.row_count) if missing else []
            for uid, array in zip(missing, read, strict=True):
                columns[uid] = array
                self._cache.keep(uid, array)
            yield from [columns[uid] for uid in some]

    def _kept(self, uid: str) -> pa.Array | None:
        """Give a whole column that was read already."""
        return self._here[uid] if uid in self._here else self._cache.get(uid)

    def _head(self) -> tuple[int | None, Content]:
        """Note what is known, and read the first rows, all of one revision; tell how many rows.

        Whoever has the source, too, may refresh it meanwhile.
        """
        source = self._source
        while True:
            self.revision = source.revision
            self.metadata: Mapping[str, Any] = source.all_metadata
            self.columns = _columns(source.columns, self.metadata)
            told = source.told_rows
            if told is None:
                return None, source.content()
            content = source.content(start="0", stop=str(HEAD_ROWS))
            if content.revision == self.revision == source.revision:
                return told, content
            if content.revision != source.revision:
                source.refresh()

    def _fetched(self, uids: Sequence[str], pages: Sequence[int]) -> dict[str, pa.Array]:
        """Give some pages of columns in one array a column, reading those that are not here."""
        held: dict[tuple[str, int], pa.Array] = {}
        for run in _runs(pages):
            unknown = []
            for uid in uids:
                kept = {page: self._cache.get((uid, page)) for page in run}
                if None in kept.values():
                    unknown.append(uid)
                else:
                    held |= {(uid, page): array for page, array in kept.items()}
            if not unknown:
                continue
            start, stop = run[0] * PAGE_ROWS, min((run[-1] + 1) * PAGE_ROWS, self.row_count)
            for uid, array in zip(unknown, self._content(unknown, start, stop), strict=True):
                for place, page in enumerate(run):
                    part = array[place * PAGE_ROWS : (place + 1) * PAGE_ROWS]
                    held[uid, page] = part
                    # a part by itself, which doesn't hold the others
                    self._cache.keep((uid, page), pa.concat_arrays([part]))
        return {uid: _joined([held[uid, page] for page in pages]) for uid in uids}

    def _content(self, uids: Sequence[str], start: int, stop: int) -> list[pa.Array]:
        query = {} if len(uids) > MOST_UIDS else {"cols": ",".join(uids)}
        if (start, stop) != (0, self.row_count):
            query |= {"start": str(start), "stop": str(stop)}
        content = self._source.content(**query)
        if content.revision != self.revision:
            raise Stale(self._source.path)
        arrays = content.arrays()
        return [_padded(arrays[self._names[uid]], stop - start) for uid in uids]


def _columns(columns: Sequence[SourceColumn], metadata: Mapping[str, Any]) -> list[StoredColumn]:
    schema = read(metadata.get(SCHEMA_KEY))
    specs: Mapping[str, Spec] = schema.columns if schema else {}
    return [StoredColumn(column.uid, column.name, specs.get(column.name)) for column in columns]


def _take(array: pa.Array, rows: Rows) -> pa.Array:
    absent = rows == NOWHERE
    return array.take(pa.array(rows, mask=absent if absent.any() else None))


def _runs(pages: Sequence[int]) -> Iterator[list[int]]:
    """Part pages into those that lie behind each other."""
    run: list[int] = []
    for page in pages:
        if run and page != run[-1] + 1:
            yield run
            run = []
        run.append(page)
    if run:
        yield run


def _joined(arrays: list[pa.Array]) -> pa.Array:
    """Put pages of a column behind each other, whose types differ where a server sends JSON."""
    if not arrays:
        return pa.nulls(0)
    kind = wire.common_type(array.type for array in arrays)
    return pa.concat_arrays([wire.cast(array, kind) for array in arrays])


def _padded(array: pa.Array, length: int) -> pa.Array:
    if len(array) == length:
        return array
    return pa.concat_arrays([array, pa.nulls(length - len(array), array.type)])
