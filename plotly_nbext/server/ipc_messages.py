"""What the header of an Arrow IPC message says of its buffers, before any of them is unpacked.

Whoever sends a packed buffer also says how long it is unpacked, and Arrow reserves that much. The
headers are flatbuffers (Message.fbs and Schema.fbs of Arrow's format); pyarrow has checked that
they are well-formed when it gives them out, but does not give out what is in them.
"""

from __future__ import annotations

import struct
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    import pyarrow as pa

__all__ = ["is_little_endian", "unpacked_bytes"]

# places in their tables
_HEADER: Final = 2  # of a Message
_ENDIANNESS: Final = 0  # of a Schema
_BUFFERS: Final = 2  # of a RecordBatch
_COMPRESSION: Final = 3

_BUFFER: Final = struct.Struct("<qq")  # offset, length
_LENGTH: Final = struct.Struct("<q")
_UNCOMPRESSED: Final = -1


def is_little_endian(message: pa.ipc.Message) -> bool:
    """Tell whether the numbers of a stream are as most machines have them, by its schema."""
    table = _Table.of(message).table(_HEADER)
    place = table.place(_ENDIANNESS)
    return place is None or table.read("<h", place) == 0


def unpacked_bytes(message: pa.ipc.Message) -> int:
    """Tell how many bytes the buffers of a record batch will have, together.

    One that lies in several places of the batch counts as often.
    """
    table = _Table.of(message).table(_HEADER)
    place = table.place(_BUFFERS)
    if place is None:
        return 0
    buffers = table.vector(place, _BUFFER)
    if table.place(_COMPRESSION) is None:
        return sum(max(length, 0) for _, length in buffers)
    body = memoryview(message.body)
    total = 0
    for offset, length in buffers:
        # each packed buffer starts with its length when unpacked; an empty one with nothing
        if length > 0:
            (unpacked,) = _LENGTH.unpack_from(body, offset)
            total += length if unpacked == _UNCOMPRESSED else max(unpacked, 0)
    return total


class _Table:
    """A table of a flatbuffer: fields by number, each of which may be left out."""

    def __init__(self, data: memoryview, start: int) -> None:
        self._data = data
        self._start = start
        self._fields = start - self.read("<i", start)
        self._fields_size = self.read("<H", self._fields)

    @classmethod
    def of(cls, message: pa.ipc.Message) -> _Table:
        """Take the message itself."""
        data = memoryview(message.metadata)
        return cls(data, struct.unpack_from("<I", data)[0])

    def read(self, form: str, place: int) -> int:
        """Read one number."""
        (value,) = struct.unpack_from(form, self._data, place)
        return int(value)

    def place(self, field: int) -> int | None:
        """Find a field."""
        entry = 4 + 2 * field
        if entry >= self._fields_size:
            return None
        offset = self.read("<H", self._fields + entry)
        return self._start + offset if offset else None

    def table(self, field: int) -> _Table:
        """Take the table that a field leads to."""
        place = self.place(field)
        if place is None:
            raise ValueError("the header of a message is missing")
        return _Table(self._data, place + self.read("<I", place))

    def vector(self, place: int, item: struct.Struct) -> list[tuple[int, ...]]:
        """Read the items of a vector."""
        start = place + self.read("<I", place)
        end = start + 4 + self.read("<I", start) * item.size
        return list(item.iter_unpack(self._data[start + 4 : end]))
