"""What was read of grids, to be read once."""

from __future__ import annotations

import threading
from typing import TYPE_CHECKING, ClassVar, Final
from weakref import WeakSet

if TYPE_CHECKING:
    from collections.abc import Hashable

    import pyarrow as pa

__all__ = ["Cache"]

# a notebook keeps its widgets until it is closed: this is for all of them
MOST_BYTES: Final = 1 << 29
_BYTES_OF_AN_ARRAY: Final = 500  # beside its values


class Cache:
    """Arrays by their keys. Any thread may use it.

    All caches share a number of bytes: beyond these, what was used least recently is forgotten,
    whichever it is in. What is in one goes with it.

    Attributes
    ----------
    size : int
        Of what is here, in bytes.
    """

    _lock: ClassVar = threading.Lock()
    _all: ClassVar[WeakSet[Cache]] = WeakSet()
    _uses: ClassVar = 0

    def __init__(self) -> None:
        self.size = 0
        # by their last use: the one that is longest ago is first
        self._kept: dict[Hashable, tuple[int, pa.Array]] = {}
        with Cache._lock:
            Cache._all.add(self)

    @property
    def longest_ago(self) -> int:
        """Which use is the last one of what was used least recently; there has to be some."""
        return next(iter(self._kept.values()))[0]

    def get(self, key: Hashable) -> pa.Array | None:
        """Give an array, if it is here."""
        with Cache._lock:
            if key not in self._kept:
                return None
            _, array = self._kept.pop(key)
            self._note_use(key, array)
            return array

    def keep(self, key: Hashable, array: pa.Array) -> None:
        """Keep an array, unless it takes all the room there is."""
        if _size(array) > MOST_BYTES:
            return
        with Cache._lock:
            if key in self._kept:
                self.size -= _size(self._kept.pop(key)[1])
            self.size += _size(array)
            self._note_use(key, array)
            while sum(cache.size for cache in Cache._all) > MOST_BYTES:
                used = [cache for cache in Cache._all if cache.size]
                min(used, key=lambda cache: cache.longest_ago).forget()

    def forget(self) -> None:
        """Forget what was used least recently."""
        _, array = self._kept.pop(next(iter(self._kept)))
        self.size -= _size(array)

    def _note_use(self, key: Hashable, array: pa.Array) -> None:
        Cache._uses += 1
        self._kept[key] = Cache._uses, array


def _size(array: pa.Array) -> int:
    return int(array.nbytes) + _BYTES_OF_AN_ARRAY
