"""The structure of JSON text that comes in parts: its brackets, commas, colons and quotes."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Final

import numpy as np

if TYPE_CHECKING:
    from numpy.typing import NDArray

__all__ = ["Part", "Scanner"]

_QUOTE, _COMMA = b'",'
_STRUCTURE: Final = np.zeros(256, np.bool_)
_STRUCTURE[[*b"[]{},:"]] = True
_STEP: Final = np.zeros(256, np.int8)
_STEP[[*b"[{"]] = 1
_STEP[[*b"]}"]] = -1


@dataclass(frozen=True)
class Part:
    """Some of the text; a mark is a letter of its structure.

    Attributes
    ----------
    text : bytes
        It, up to an escape that has no end here.
    marks : ndarray
        Where the marks are.
    depths : ndarray
        In how many arrays and objects each is; an opening bracket is in its own, too.
    """

    text: bytes
    marks: NDArray[np.intp]
    depths: NDArray[np.int64]
    _letters: NDArray[np.uint8]
    _found: dict[tuple[str, int], NDArray[np.intp]] = field(default_factory=dict)

    def end_of(self, depth: int, mark: int) -> int | None:
        """Find the first mark from ``mark`` on that closes what is so deep."""
        return self._next(("end", depth), mark)

    def end_of_text(self, mark: int) -> int | None:
        """Find the first quote from ``mark`` on."""
        return self._next(("quote", 0), mark)

    def commas(self, depth: int, start: int, stop: int) -> NDArray[np.intp]:
        """Find where commas lie that are so deep, of the marks ``start`` … ``stop`` - 1."""
        found = self._places(("comma", depth))
        first, last = np.searchsorted(found, (start, stop))
        return self.marks[found[first:last]]

    def _next(self, what: tuple[str, int], mark: int) -> int | None:
        found = self._places(what)
        place = int(np.searchsorted(found, mark))
        return int(found[place]) if place < len(found) else None

    def _places(self, what: tuple[str, int]) -> NDArray[np.intp]:
        # each is looked for once in a part, however many arrays there are in it
        if what not in self._found:
            kind, depth = what
            if kind == "end":
                is_it = self.depths < depth
            elif kind == "quote":
                is_it = self._letters == _QUOTE
            else:
                is_it = (self._letters == _COMMA) & (self.depths == depth)
            self._found[what] = np.flatnonzero(is_it)
        return self._found[what]


class Scanner:
    """What is known of a text so far; one that is no JSON has marks too, and no errors."""

    def __init__(self) -> None:
        self._left = b""
        self._inside = np.uint8(0)
        self._depth = 0

    def scan(self, data: bytes) -> Part:
        """Take the next part."""
        text = self._left + data
        end = len(text) - (len(text) - len(text.rstrip(b"\\"))) % 2
        text, self._left = text[:end], text[end:]
        # then each quote begins or ends a string
        plain = text.replace(rb"\\", b"  ").replace(rb"\"", b"  ") if b"\\" in text else text
        letters = np.frombuffer(plain, np.uint8)
        quotes = letters == _QUOTE
        inside = np.bitwise_xor.accumulate(quotes.view(np.uint8)) ^ self._inside
        marks = np.flatnonzero(_STRUCTURE[letters] & (inside == 0) | quotes)
        found = letters[marks]
        depths = np.cumsum(_STEP[found], dtype=np.int64) + self._depth
        if len(text):
            self._inside = inside[-1]
        if len(marks):
            self._depth = int(depths[-1])
        return Part(text, marks, depths, found)
