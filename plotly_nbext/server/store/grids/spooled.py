"""The values of a column in packed chunks on disk, before there is a transaction to write them."""

from __future__ import annotations

from typing import TYPE_CHECKING, BinaryIO

from plotly_nbext.server.store.chunks import Chunk

if TYPE_CHECKING:
    from collections.abc import Iterator

__all__ = ["SpooledValues"]


class SpooledValues:
    """Values that were packed as they came; the length of this is how many there are.

    Parameters
    ----------
    file : BinaryIO
        Where the chunks go; several columns may share it, and be read once all are written.

    Attributes
    ----------
    head : list of str
        The first values as short texts, ten if there are as many.
    """

    def __init__(self, file: BinaryIO) -> None:
        self._file = file
        self._places: list[tuple[str, int, int, int, int]] = []
        self._length = 0
        self.head: list[str] = []

    def __len__(self) -> int:
        return self._length

    def add(self, chunk: Chunk) -> None:
        """Take the next ``CHUNK_ROWS`` values, or the last ones."""
        place = self._file.tell()
        self._file.write(chunk.data)
        self._places.append((chunk.type, chunk.length, chunk.size, place, len(chunk.data)))
        self._length += chunk.length

    def chunks(self) -> Iterator[Chunk]:
        """Read what was taken."""
        for kind, length, size, place, stored in self._places:
            self._file.seek(place)
            yield Chunk(kind, length, size, self._file.read(stored))
