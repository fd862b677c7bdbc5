"""What was read of a file, on its way to the store: columns as Arrow arrays on disk.

A *span* of the spool file is an IPC stream of one array: a chunk of one column, of a type for the
wire. The *outcome*, in a file of its own, says which spans make which columns of which tables, or
why there are none.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, BinaryIO

import msgspec
import pyarrow as pa

from plotly_nbext.columns import schema, wire
from plotly_nbext.columns.names import clean, column_names
from plotly_nbext.columns.preview import PREVIEW_ROWS, preview
from plotly_nbext.server.uploads.limits import (
    FREE_CELLS,
    MAX_CELLS,
    MAX_CELLS_A_BYTE,
    MAX_CHUNK_BYTES,
    MAX_COLUMNS,
    MAX_TABLES,
    MAX_TOTAL_COLUMNS,
    Unreadable,
)

if TYPE_CHECKING:
    from collections.abc import Sequence

    from plotly_nbext.columns.schema import Spec

__all__ = [
    "BODY",
    "OUTCOME",
    "SPOOL",
    "Column",
    "ColumnWriter",
    "Job",
    "Outcome",
    "Span",
    "Spool",
    "Table",
    "block_rows",
    "check_size",
    "read_span",
]

BODY = "body"
SPOOL = "spool"
OUTCOME = "outcome"
"""What is in an upload's folder: what was sent, what was read of it, and how that ended."""

MAX_WARNINGS = 100
BLOCK_CELLS = 500_000
# each column takes its time anew for every block
FEWEST_BLOCK_ROWS = 128


class Job(msgspec.Struct, frozen=True):
    """What the child is to read: the file :data:`BODY`, which its sender calls ``name``."""

    name: str
    chunk_rows: int


class Span(msgspec.Struct, array_like=True, frozen=True):
    """Some bytes of the spool file."""

    offset: int
    size: int


class Column(msgspec.Struct, frozen=True):
    """A column: its name, its length, its first values as texts, and its chunks by their order."""

    name: str
    length: int
    preview: list[str]
    chunks: list[Span]


class Table(msgspec.Struct, frozen=True):
    """A table, and where it was: sheets and members of archives have a path.

    Its schema says what the types of its columns were, if the file has any.
    """

    path: list[str]
    columns: list[Column]
    schema: dict[str, Any] | None = None


class Outcome(msgspec.Struct, frozen=True):
    """How reading ended.

    Attributes
    ----------
    tables : list of Table
        One or more; none if the file is refused.
    warnings : list of str
        What was left out or renamed.
    refusal : str
        Why nothing was read, for the sender of the file.
    failure : str
        The fault in our own code by which nothing was read, for the log.
    """

    tables: list[Table] = []
    warnings: list[str] = []
    refusal: str = ""
    failure: str = ""


class Spool:
    """Where readers put what they read.

    Parameters
    ----------
    file : binary file
        The spool file.
    chunk_rows : int
        Values in a chunk; the last one of a column may have fewer.
    """

    def __init__(self, file: BinaryIO, chunk_rows: int) -> None:
        self.chunk_rows = chunk_rows
        self.tables: list[Table] = []
        self.warnings: list[str] = []
        self._file = file
        self._cells = 0
        self._columns = 0

    def write(self, array: pa.Array) -> Span:
        """Keep a chunk."""
        start = self._file.tell()
        batch = pa.record_batch([array], names=[""])
        with pa.ipc.new_stream(self._file, batch.schema) as stream:
            stream.write_batch(batch)
        return Span(start, self._file.tell() - start)

    def count(self, cells: int) -> None:
        """Count cells in, or out again.

        Raises
        ------
        Unreadable
            They are too many.
        """
        self._cells += cells
        if self._cells > MAX_CELLS:
            raise Unreadable(f"The file has more than {MAX_CELLS:,} cells.")

    def warn(self, message: str) -> None:
        """Tell the sender what is not as it was in the file."""
        if len(self.warnings) < MAX_WARNINGS:
            self.warnings.append(message)

    def add(
        self,
        path: Sequence[str],
        labels: Sequence[Any],
        columns: Sequence[ColumnWriter],
        specs: Sequence[Spec | None] | None = None,
    ) -> None:
        """Add a table of these columns; what is empty without a label is none.

        The specs say what the types of its columns were, if the file has any.
        """
        if len(self.tables) == MAX_TABLES:
            raise Unreadable(f"The file has more than {MAX_TABLES} tables.")
        where = f" of {'/'.join(path)!r}" if path else ""
        cleaned = [*map(_cleaned, labels)]
        for label, ours in zip(labels, cleaned, strict=True):
            if label != ours:
                self.warn(f"A column{where} named {label!r} is now {ours!r}.")
        kept = [
            (f"Column {place}" if label in ("", None) else label, column, spec)
            for place, (label, column, spec) in enumerate(
                zip(cleaned, columns, specs or [None] * len(labels), strict=True), start=1
            )
            if column.written or label not in ("", None)
        ]
        if not kept:
            self.warn(f"The table{where} is left out: it is empty.")
            return
        self._columns += len(kept)
        if self._columns > MAX_TOTAL_COLUMNS:
            raise Unreadable(f"The file's tables have more than {MAX_TOTAL_COLUMNS:,} columns.")
        names = column_names(label for label, _, _ in kept)
        for name, (label, _, _) in zip(names, kept, strict=True):
            if isinstance(label, str) and name != label:
                self.warn(f"A second column{where} named {label!r} is now {name!r}.")
        typed = {
            name: (spec, label)
            for name, (label, _, spec) in zip(names, kept, strict=True)
            if spec is not None
        }
        length = max(column.length for _, column, _ in kept)
        self.tables.append(
            Table(
                list(path),
                [column.finish(name) for name, (_, column, _) in zip(names, kept, strict=True)],
                schema.write(schema.of_columns(typed, length)) if typed else None,
            )
        )


class ColumnWriter:
    """One column, of which only the last chunk is in memory."""

    def __init__(self, spool: Spool) -> None:
        self.length = 0
        self.written = False
        """Whether there is anything but nulls that fill it up."""
        self._spool = spool
        self._spans: list[Span] = []
        self._pieces: list[pa.Array] = []
        self._bytes = 0
        self._preview: list[str] = []

    def extend(self, values: pa.Array) -> None:
        """Append values of any types for the wire."""
        self.written = True
        self._append(values)

    def pad(self, count: int) -> None:
        """Append nulls."""
        self._append(pa.nulls(count))

    def restart(self) -> None:
        """Forget the values."""
        self._spool.count(-self.length)
        self.length = 0
        self._spans.clear()
        self._pieces.clear()
        self._bytes = 0
        self._preview.clear()

    def finish(self, name: str) -> Column:
        """Write what is still in memory."""
        if self._pieces:
            self._flush()
        return Column(name, self.length, self._preview, self._spans)

    def _append(self, values: pa.Array) -> None:
        self._spool.count(len(values))
        if missing := PREVIEW_ROWS - len(self._preview):
            self._preview += preview(wire.to_values(values[:missing]))
        place = 0
        while place < len(values):
            room = self._spool.chunk_rows - self.length % self._spool.chunk_rows
            piece = values[place : place + room]
            self._bytes += piece.nbytes
            if self._bytes > MAX_CHUNK_BYTES:
                raise Unreadable(
                    f"A column has more than {MAX_CHUNK_BYTES:,} bytes in "
                    f"{self._spool.chunk_rows:,} rows or fewer."
                )
            self._pieces.append(piece)
            self.length += len(piece)
            place += len(piece)
            if len(piece) == room:
                self._flush()

    def _flush(self) -> None:
        self._spans.append(self._spool.write(_in_one(self._pieces)))
        self._pieces.clear()
        self._bytes = 0


def read_span(file: BinaryIO, span: Span) -> pa.Array:
    """Read what :meth:`Spool.write` kept."""
    file.seek(span.offset)
    with pa.ipc.open_stream(file.read(span.size)) as stream:
        return stream.read_next_batch().column(0)


def _cleaned(label: Any) -> Any:
    if isinstance(label, tuple):
        return tuple(map(_cleaned, label))
    return clean(label) if isinstance(label, str) else label


def _in_one(pieces: list[pa.Array]) -> pa.Array:
    kind = wire.common_type(piece.type for piece in pieces)
    return pa.concat_arrays([wire.cast(piece, kind) for piece in pieces])


def check_size(rows: int, columns: int, file_bytes: int) -> None:
    """Refuse a table that is wider than a spreadsheet can be, or that is hardly more than gaps.

    Raises
    ------
    Unreadable
        It is so.
    """
    if columns > MAX_COLUMNS:
        raise Unreadable(
            f"The table has {columns:,} columns; {MAX_COLUMNS:,} are the most. "
            "Is it to be transposed, or is it not delimited as it seems?"
        )
    if rows * columns > max(FREE_CELLS, MAX_CELLS_A_BYTE * file_bytes):
        raise Unreadable(
            f"The table has {rows:,} rows of {columns:,} columns, almost all of them empty."
        )


def block_rows(columns: int, chunk_rows: int) -> int:
    """Tell how many rows to read at once: a part of a chunk, and fewer of a wide table."""
    rows = chunk_rows
    while rows > FEWEST_BLOCK_ROWS and rows % 2 == 0 and rows * columns > BLOCK_CELLS:
        rows //= 2
    return rows
