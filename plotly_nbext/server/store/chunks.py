"""A chunk of a column: packed to lie in the database, unpacked as whoever asks wants it.

What came as JSON is kept as JSON text, and what came as Arrow as Arrow: nothing is converted before
someone asks for the other form.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

import pyarrow as pa

from plotly_nbext.columns import json, wire
from plotly_nbext.server.store import json_cells
from plotly_nbext.server.store.checksums import checksum, is_whole

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

__all__ = ["Chunk", "json_bytes", "pack", "type_named"]

_JSON: Final = "json"
_ARROW_JSON: Final = "arrow.json"

_WRITE = pa.ipc.IpcWriteOptions(compression="lz4", use_threads=False)
_READ = pa.ipc.IpcReadOptions(use_threads=False)

_TYPES: Final = {
    str(each): each
    for each in (
        *(pa.null(), pa.bool_(), pa.string()),
        *(pa.int8(), pa.int16(), pa.int32(), pa.int64()),
        *(pa.uint8(), pa.uint16(), pa.uint32(), pa.uint64()),
        *(pa.float16(), pa.float32(), pa.float64()),
    )
} | dict.fromkeys((_JSON, _ARROW_JSON), wire.JSON)
_TIMESTAMP = re.compile(r"timestamp\[(s|ms|us|ns)(?:, tz=(.*))?\]", re.DOTALL)

# about what a value takes as JSON text, its comma included; a text takes what it takes
_JSON_BYTES: Final = {"null": 5, "bool": 6, "float": 12, "halffloat": 12, "double": 19}
_MOMENT_BYTES = 30
_INTEGER_BYTES = 21


@dataclass(frozen=True, slots=True)
class Chunk:
    """Values of one column that follow each other.

    Attributes
    ----------
    type : str
        ``"json"``, or the name of the values' Arrow type (``"arrow.json"`` for the wire's JSON).
    length : int
        How many values there are.
    size : int
        The bytes that they take unpacked.
    data : bytes
        The text of a JSON array, compressed by zstd; or the IPC stream of a record batch of one
        column, compressed by LZ4.
    """

    type: str
    length: int
    size: int
    data: bytes

    @property
    def checksum(self) -> int:
        """The checksum of the bytes, and of what else is known of them."""
        return checksum(self.data, self.type, self.length, self.size)

    def is_whole(self, written: int) -> bool:
        """Tell whether it has the checksum that was written with it."""
        return is_whole(self.data, written, self.type, self.length, self.size)

    @classmethod
    def of_json(cls, text: bytes, length: int) -> Chunk:
        """Pack the text of a JSON array, which is compact."""
        return cls(_JSON, length, len(text), pa.compress(text, codec="zstd", asbytes=True))

    @classmethod
    def of_array(cls, array: pa.Array) -> Chunk:
        """Pack an array of a wire type."""
        batch = pa.record_batch([array], names=[""])
        sink = pa.BufferOutputStream()
        with pa.ipc.new_stream(sink, batch.schema, options=_WRITE) as stream:
            stream.write_batch(batch)
        packed = sink.getvalue().to_pybytes()
        return cls(_name_of(array.type), len(array), array.nbytes, packed)

    def json(self, start: int = 0, stop: int | None = None) -> bytes:
        """Unpack the values ``start`` … ``stop`` - 1 as the text of a JSON array."""
        if self.type != _JSON:
            return wire.to_json(self._arrow(start, stop))
        text = self._text()
        start, stop, _ = slice(start, stop).indices(self.length)
        if stop - start == self.length:
            return text
        return json_cells.part_of(text, json_cells.places(text), start, stop)

    def values(self, start: int = 0, stop: int | None = None) -> list[Any]:
        """Unpack the values ``start`` … ``stop`` - 1 as JSON values."""
        if self.type != _JSON:
            return wire.to_values(self._arrow(start, stop))
        text = self.json(start, stop)
        # what was as deep as JSON may be lies in an array here
        values: list[Any] = json.loads(text, max_depth=json.MAX_DEPTH + 1)
        return values

    def array(self, start: int = 0, stop: int | None = None) -> pa.Array:
        """Unpack the values ``start`` … ``stop`` - 1 as an array, of type ``json`` if kept so."""
        if self.type != _JSON:
            return self._arrow(start, stop)
        text = self.json(start, stop)
        return json_cells.array_of(text, json_cells.places(text))

    def packed(self, kind: pa.DataType) -> bytes:
        """Give all values as the IPC stream of an array of a type that they fit."""
        if self.type == _name_of(kind):
            return self.data
        return Chunk.of_array(wire.cast(self.array(), kind)).data

    def cut(self, ranges: Iterable[tuple[int, int]]) -> Iterator[Chunk]:
        """Pack the values of each of some ranges for themselves."""
        if self.type != _JSON:
            array = self._arrow(0, None)
            yield from (Chunk.of_array(array[start:stop]) for start, stop in ranges)
            return
        text = self._text()
        found = json_cells.places(text)
        for start, stop in ranges:
            begin, end = min(start, self.length), min(stop, self.length)
            yield Chunk.of_json(json_cells.part_of(text, found, begin, end), end - begin)

    def joined(self, added: pa.Array | list[Any]) -> Chunk:
        """Pack these values and others after them.

        The chunk keeps its type for JSON values that have it too, and for an array of a narrower
        type; it takes the array's type if that is the wider one, and is JSON else.
        """
        if not isinstance(added, pa.Array):
            fitting = None if self.type == _JSON else wire.fit(added, type_named(self.type))
            if fitting is None:
                return self._spliced(json.dumps(added), len(added))
            added = fitting
        kind = wire.common_type([type_named(self.type), added.type])
        if kind == wire.JSON:
            return self._spliced(wire.to_json(added), len(added))
        parts = [wire.cast(part, kind) for part in (self._arrow(0, None), added)]
        return Chunk.of_array(pa.concat_arrays(parts))

    def _spliced(self, text: bytes, length: int) -> Chunk:
        """Join two texts; neither array is empty."""
        return Chunk.of_json(self.json()[:-1] + b"," + text[1:], self.length + length)

    def _text(self) -> bytes:
        text: bytes = pa.decompress(self.data, self.size, codec="zstd", asbytes=True)
        return text

    def _arrow(self, start: int, stop: int | None) -> pa.Array:
        with pa.ipc.open_stream(self.data, options=_READ) as stream:
            array = stream.read_next_batch().column(0)
        return array[start:stop]


def pack(values: pa.Array | list[Any], like: str = _JSON) -> Chunk:
    """Pack an array as it is, and JSON values as those of type ``like`` if they have it."""
    if isinstance(values, pa.Array):
        return Chunk.of_array(values)
    fitting = None if like == _JSON else wire.fit(values, type_named(like))
    if fitting is None:
        return Chunk.of_json(json.dumps(values), len(values))
    return Chunk.of_array(fitting)


def type_named(name: str) -> pa.DataType:
    """Return the Arrow type of a chunk's values by the name of its type."""
    if match := _TIMESTAMP.fullmatch(name):
        return pa.timestamp(match[1], match[2])
    return _TYPES[name]


def _name_of(kind: pa.DataType) -> str:
    return _ARROW_JSON if kind == wire.JSON else str(kind)


def json_bytes(name: str, length: int, size: int) -> int:
    """Tell about how long the JSON text of a chunk is, by its type, length and size."""
    if name in {_JSON, _ARROW_JSON, "string"}:
        return size + 3 * length * (name == "string")
    if name.startswith("timestamp"):
        return _MOMENT_BYTES * length
    return _JSON_BYTES.get(name, _INTEGER_BYTES) * length
