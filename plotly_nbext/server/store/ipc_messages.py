"""Arrow IPC messages by their headers alone, with no buffer unpacked.

Whoever sends a packed buffer also says how long it is unpacked, and Arrow reserves that much: here
it is known before. And columns that were packed one by one become a record batch as they are.

The headers are flatbuffers (Message.fbs and Schema.fbs of Arrow's format). pyarrow has checked that
they are well-formed when it gives them out, but neither gives out what is in them nor writes one.
"""

from __future__ import annotations

import struct
from typing import TYPE_CHECKING, Final, TypeAlias

if TYPE_CHECKING:
    from collections.abc import Iterable

    import pyarrow as pa

__all__ = ["END", "is_little_endian", "joined", "unpacked_bytes"]

Pairs: TypeAlias = "list[tuple[int, ...]]"

END: Final = b"\xff\xff\xff\xff\0\0\0\0"
"""The end of a stream."""

# places in their tables
_HEADER: Final = 2  # of a Message
_BODY_LENGTH: Final = 3
_ENDIANNESS: Final = 0  # of a Schema
_NODES: Final = 1  # of a RecordBatch
_BUFFERS: Final = 2
_COMPRESSION: Final = 3

_PAIR: Final = struct.Struct("<qq")  # a buffer: offset, length; a node: length, nulls
_SIZE: Final = struct.Struct("<q")
_UNCOMPRESSED: Final = -1

# before a header: that one follows, and how long it is
_FRAME: Final = struct.Struct("<Ii")
_CONTINUES: Final = 0xFFFFFFFF

# the header of a record batch that is packed by LZ4, up to its nodes
_START: Final = struct.Struct(
    "<I"  # where the Message is
    "6H iIqhBx"  # its fields; the Message: RecordBatch, body length, version, type
    "6H iIqII"  # those of the RecordBatch: nodes, length, buffers, compression
    "2H i"  # the compression, which is by LZ4 where nothing is said of it
    "4xI"  # how many nodes follow
)
_COUNT: Final = struct.Struct("<4xI")  # how many buffers follow
# how long a list of fields is and how long their table, and where in this each field is
_MESSAGE: Final = (12, 20, 16, 18, 4, 8)  # version, type, RecordBatch, body length
_BATCH: Final = (12, 24, 8, 4, 16, 20)  # length, nodes, buffers, compression
_COMPRESSED: Final = (4, 4)
_VERSION_5: Final = 4
_RECORD_BATCH: Final = 3


def is_little_endian(message: pa.ipc.Message) -> bool:
    """Tell whether the numbers of a stream are as most machines have them, by its schema."""
    table = _Table.of(memoryview(message.metadata)).table(_HEADER)
    place = table.place(_ENDIANNESS)
    return place is None or table.read("<h", place) == 0


def unpacked_bytes(message: pa.ipc.Message) -> int:
    """Tell how many bytes the buffers of a record batch will have, together.

    One that lies in several places of the batch counts as often.
    """
    table = _Table.of(memoryview(message.metadata)).table(_HEADER)
    buffers = table.pairs(_BUFFERS)
    if table.place(_COMPRESSION) is None:
        return sum(max(length, 0) for _, length in buffers)
    body = memoryview(message.body) if buffers else memoryview(b"")
    total = 0
    for offset, length in buffers:
        # each packed buffer starts with its length when unpacked; an empty one with nothing
        if length > 0:
            (unpacked,) = _SIZE.unpack_from(body, offset)
            total += length if unpacked == _UNCOMPRESSED else max(unpacked, 0)
    return total


def joined(streams: Iterable[bytes]) -> bytes:
    """Put columns beside each other, in the message of one record batch.

    Parameters
    ----------
    streams : iterable of bytes
        At least one IPC stream of a record batch of one column, packed by LZ4; all of as many rows.
    """
    nodes: Pairs = []
    buffers: Pairs = []
    bodies: list[memoryview] = []
    size = 0
    for stream in streams:
        own_nodes, own_buffers, body = _batch_of(memoryview(stream))
        nodes += own_nodes
        buffers += [(size + offset, length) for offset, length in own_buffers]
        bodies.append(body)
        size += len(body)
    return b"".join([_header(nodes, buffers, size), *bodies])


def _batch_of(stream: memoryview) -> tuple[Pairs, Pairs, memoryview]:
    """Find the nodes, the buffers and the body of the record batch that a stream begins with."""
    _, size = _FRAME.unpack_from(stream)
    start = _FRAME.size + size  # after the schema, which has no body
    _, size = _FRAME.unpack_from(stream, start)
    start += _FRAME.size
    message = _Table.of(stream[start : start + size])
    batch = message.table(_HEADER)
    length = message.place(_BODY_LENGTH)  # which is left out where it is 0
    body = start + size
    end = body if length is None else body + message.read("<q", length)
    return batch.pairs(_NODES), batch.pairs(_BUFFERS), stream[body:end]


def _header(nodes: Pairs, buffers: Pairs, size: int) -> bytes:
    """Write a message but for its body, which has so many bytes."""
    rows, _ = nodes[0]
    # how far a table is behind its fields, and what is referred to behind the reference
    start = _START.pack(
        16,
        *(*_MESSAGE, 12, 28, size, _VERSION_5, _RECORD_BATCH),
        *(*_BATCH, 12, 32, rows, 28 + _PAIR.size * len(nodes), 8),
        *(*_COMPRESSED, 4),
        len(nodes),
    )
    header = [
        start,
        *(_PAIR.pack(*node) for node in nodes),
        _COUNT.pack(len(buffers)),
        *(_PAIR.pack(*buffer) for buffer in buffers),
    ]
    length = sum(map(len, header))
    return b"".join([_FRAME.pack(_CONTINUES, length), *header])


class _Table:
    """A table of a flatbuffer: fields by number, each of which may be left out."""

    def __init__(self, data: memoryview, start: int) -> None:
        self._data = data
        self._start = start
        self._fields = start - self.read("<i", start)
        self._fields_size = self.read("<H", self._fields)

    @classmethod
    def of(cls, header: memoryview) -> _Table:
        """Take the message itself."""
        return cls(header, struct.unpack_from("<I", header)[0])

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

    def pairs(self, field: int) -> list[tuple[int, ...]]:
        """Read the vector that a field leads to, of two numbers an item."""
        place = self.place(field)
        if place is None:
            return []
        start = place + self.read("<I", place)
        end = start + 4 + self.read("<I", start) * _PAIR.size
        return list(_PAIR.iter_unpack(self._data[start + 4 : end]))
