"""Request bodies that are Arrow IPC streams: columns as they are kept, other fields beside them.

A stream is anyone's. It lies on disk while it is read, one record batch at a time, and each is
known to fit into memory before it is unpacked.
"""

from __future__ import annotations

import os
import struct
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any, BinaryIO, Final

import pyarrow as pa

from plotly_nbext.columns import wire
from plotly_nbext.errors import ValidationError
from plotly_nbext.server.bodies import bad_request, parse_fields
from plotly_nbext.server.store.ipc_messages import END, is_little_endian, unpacked_bytes
from plotly_nbext.server.store.schema import CHUNK_ROWS, MAX_COLUMNS

if TYPE_CHECKING:
    from collections.abc import Iterator

__all__ = ["ARROW", "FIELDS_KEY", "ArrowBody"]

ARROW: Final = "application/vnd.apache.arrow.stream"
FIELDS_KEY: Final = b"plotly_nbext"
"""The key of a schema's metadata whose value is JSON text: what is said beside the columns."""

MIN_ROWS: Final = 64
"""Rows of a record batch, on average: each batch takes time, and others wait to write meanwhile."""
FREE_ARRAYS: Final = 200_000
"""Up to here, batches may have fewer; of each, its columns are counted and a few for itself."""
MAX_CHUNK_BYTES: Final = 256_000_000
"""Of all columns together, unpacked, in the rows of one chunk: so much is in memory at a time."""
MAX_BYTES: Final = 8_000_000_000
"""Of all columns together, unpacked."""
MAX_TABLE_BYTES: Final = 500_000_000
"""The same, where they are in memory all at once."""
MAX_RATIO: Final = 256
"""Unpacked bytes a byte of the body: LZ4 packs no tighter."""
FREE_BYTES: Final = 256_000_000
"""Up to here, a stream may be packed as tightly as it likes."""
MAX_CELLS_A_BYTE: Final = 16
"""Cells an unpacked byte; only columns of nothing but nulls have more than eight."""
FREE_CELLS: Final = 100_000_000

# of a stream that isn't one, pyarrow and the reading of its headers tell in many ways
_UNREADABLE: Final = (
    pa.ArrowException,
    ValueError,
    OverflowError,
    OSError,
    MemoryError,
    IndexError,
    KeyError,
    struct.error,
)


class ArrowBody:
    """A stream that lies in a file.

    Parameters
    ----------
    file : file object
        Open and unbuffered, with all of the stream in it.

    Attributes
    ----------
    schema : pyarrow.Schema
        The columns; all are of types for the wire.
    fields : dict
        What is said beside them.

    Raises
    ------
    ValidationError
        400: it is no stream, or ends before its end, or holds what no grid can.
    """

    def __init__(self, file: BinaryIO) -> None:
        self._size = file.seek(0, os.SEEK_END)
        file.seek(max(self._size - len(END), 0))
        # without it the stream may be the first part of a longer one
        if file.read(len(END)) != END:
            raise bad_request("The body is no Arrow stream, or ends before its end marker.")
        file.seek(0)
        self._source = pa.PythonFile(file, mode="r")
        with _in_words("The body is no Arrow stream"):
            self._messages = pa.ipc.MessageReader.open_stream(self._source)
            message = self._messages.read_next_message()
            if message.type != "schema":
                raise ValueError(f"it begins with a {message.type}")
            if not is_little_endian(message):
                raise ValueError("it is big-endian")
            self.schema: pa.Schema = pa.ipc.read_schema(message)
            names = self.schema.names
            metadata = self.schema.metadata or {}
        _check_schema(self.schema, names)
        self.fields: dict[str, Any] = parse_fields(metadata.get(FIELDS_KEY, b""))

    def read(self) -> pa.Table:
        """Read all rows, once, into memory: in place of :meth:`batches`, for less of them.

        Raises
        ------
        ValidationError
            As there.
        """
        return pa.Table.from_batches(self.batches(MAX_TABLE_BYTES), self.schema)

    def batches(self, most: int = MAX_BYTES) -> Iterator[pa.RecordBatch]:
        """Read the rows, once, and check all that is in them.

        Parameters
        ----------
        most : int
            How many bytes they may be, unpacked.

        Raises
        ------
        ValidationError
            400: something is broken, or unpacks to more than a stream may.
        """
        limits = _Limits(len(self.schema), min(max(FREE_BYTES, MAX_RATIO * self._size), most))
        while (message := self._next()) is not None:
            with _in_words("The Arrow stream is broken"):
                if message.type != "record batch":
                    raise ValueError(f"a {message.type} has no place in it")
                size = unpacked_bytes(message)
            limits.check_bytes(size)
            with _in_words("The Arrow stream is broken"):
                batch = pa.ipc.read_record_batch(message, self.schema)
            limits.check_rows(batch.num_rows, size)
            yield _checked(batch)
            del message, batch  # or both would stay until the next one is there

    def _next(self) -> pa.ipc.Message | None:
        with _in_words("The Arrow stream is broken"):
            try:
                return self._messages.read_next_message()
            except StopIteration:
                if self._source.tell() != self._size:
                    raise ValueError("something follows its end") from None
                return None


class _Limits:
    """What a stream unpacks to, as far as it was read."""

    def __init__(self, width: int, most: int) -> None:
        self._width = width
        self._most = most
        self._batches = 0
        self._rows = 0
        self._bytes = 0
        self._chunk_bytes = 0

    def check_bytes(self, size: int) -> None:
        """Count a batch that is not unpacked yet."""
        self._batches += 1
        self._bytes += size
        self._chunk_bytes += size
        if self._chunk_bytes > MAX_CHUNK_BYTES:
            raise bad_request(
                f"The Arrow stream has more than {MAX_CHUNK_BYTES:,} bytes in {CHUNK_ROWS:,} rows "
                "or in one record batch: send smaller batches, or fewer columns at a time."
            )
        if self._bytes > self._most:
            raise bad_request(f"The Arrow stream unpacks to more than {self._most:,} bytes.")

    def check_rows(self, rows: int, size: int) -> None:
        """Count the rows of that batch."""
        before = self._rows
        self._rows += rows
        if self._rows // CHUNK_ROWS > before // CHUNK_ROWS:
            self._chunk_bytes = size if self._rows % CHUNK_ROWS else 0
        if self._batches > max(FREE_ARRAYS // (self._width + 10), self._rows // MIN_ROWS):
            raise bad_request(
                f"The Arrow stream has {self._rows:,} rows in {self._batches:,} record batches or "
                f"more: {CHUNK_ROWS:,} rows make a good one."
            )
        if self._rows * self._width > max(FREE_CELLS, MAX_CELLS_A_BYTE * self._bytes):
            raise bad_request(
                f"The Arrow stream has {self._rows:,} rows or more of {self._width:,} columns, "
                "almost all of them empty."
            )


def _check_schema(schema: pa.Schema, names: list[str]) -> None:
    if len(names) > MAX_COLUMNS:
        raise bad_request(
            f"The Arrow stream has {len(names):,} columns; {MAX_COLUMNS:,} are the most."
        )
    try:
        wire.check_schema(schema)
    except ValidationError as error:
        raise _refused(error) from None
    except UnicodeDecodeError:
        raise bad_request("The Arrow stream's schema has a text that is no UTF-8.") from None
    for field in schema:
        # a type that this machine doesn't know comes as what it is kept in
        name = (field.metadata or {}).get(b"ARROW:extension:name")
        if name is not None:
            raise bad_request(
                f"Column {field.name!r} is of the Arrow extension type "
                f"{name.decode(errors='replace')!r}, which is not known here.",
                field.name,
            )


def _checked(batch: pa.RecordBatch) -> pa.RecordBatch:
    try:
        arrays = [
            wire.checked(name, array)
            for name, array in zip(batch.schema.names, batch.columns, strict=True)
        ]
    except ValidationError as error:
        raise _refused(error) from None
    return pa.RecordBatch.from_arrays(arrays, schema=batch.schema)


def _refused(error: ValidationError) -> ValidationError:
    """Say what is wrong with a column in whole sentences, for an answer has no hint."""
    message = f"{error.message[:1].upper()}{error.message[1:]}."
    return bad_request(f"{message} {error.hint}" if error.hint else message, error.field)


@contextmanager
def _in_words(what: str) -> Iterator[None]:
    """Refuse with 400 what can't be read."""
    try:
        yield
    except StopIteration:
        raise bad_request(f"{what}: it is empty.") from None
    except _UNREADABLE as error:
        reason = str(error).strip().partition("\n")[0] or type(error).__name__
        raise bad_request(f"{what}: {reason.rstrip('.')}.") from None
