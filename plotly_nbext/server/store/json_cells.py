"""The text of a JSON array, cut into its cells without reading what is in them."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final, TypeAlias

import numpy as np
import pyarrow as pa

from plotly_nbext.columns import wire

if TYPE_CHECKING:
    from numpy.typing import NDArray

__all__ = ["array_of", "part_of", "places"]

Places: TypeAlias = "NDArray[np.intp]"
"""Where a cell begins, less one, and the one before it ends: the brackets and the commas."""

_QUOTE, _COMMA, _N = b'",n'
_OPENING, _CLOSING = tuple(b"[{"), tuple(b"]}")
_NULL: Final = b"null"


def places(text: bytes) -> Places:
    """Find where the cells of an array lie.

    Parameters
    ----------
    text : bytes
        Compact JSON.
    """
    if text == b"[]":
        return np.zeros(1, np.intp)
    # then each quote begins or ends a string
    plain = text.replace(rb"\\", b"  ").replace(rb"\"", b"  ") if b"\\" in text else text
    letters = np.frombuffer(plain, np.uint8)
    # 1 inside of strings
    inside = np.bitwise_xor.accumulate((letters == _QUOTE).view(np.uint8))
    commas = (letters == _COMMA) & (inside == 0)
    if text.find(b"[", 1) >= 0 or b"{" in text:
        commas &= _depth(letters, inside == 0) == 1
    return np.concatenate(([0], np.flatnonzero(commas), [len(text) - 1]))


def part_of(text: bytes, found: Places, start: int, stop: int) -> bytes:
    """Cut the array of the cells ``start`` … ``stop`` - 1, which are there."""
    return b"[" + text[found[start] + 1 : found[stop]] + b"]"


def array_of(text: bytes, found: Places) -> pa.Array:
    """Make an array of type ``json`` of all cells."""
    letters = np.frombuffer(text, np.uint8)
    starts = found[:-1] + 1
    # only null has four letters and begins so
    null = np.diff(found) == len(_NULL) + 1
    null[null] = letters[starts[null]] == _N
    kept = np.ones(len(letters), dtype=bool)
    kept[found] = False
    offsets = (found - np.arange(len(found))).astype(np.int32)
    buffers: list[Any] = [np.packbits(~null, bitorder="little"), offsets, letters[kept]]
    storage = pa.StringArray.from_buffers(
        len(starts), *map(pa.py_buffer, buffers[1:]), pa.py_buffer(buffers[0])
    )
    return pa.ExtensionArray.from_storage(wire.JSON, storage)


def _depth(letters: NDArray[np.uint8], outside: NDArray[np.bool_]) -> NDArray[np.int32]:
    """Count in how many arrays and objects each letter lies."""
    opening = np.isin(letters, _OPENING) & outside
    closing = np.isin(letters, _CLOSING) & outside
    return np.cumsum(opening.view(np.int8) - closing.view(np.int8), dtype=np.int32)
