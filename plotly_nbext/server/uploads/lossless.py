"""Text → JSON values, where nothing of the text is lost.

A column of text becomes numbers (or booleans) only if every cell is one *as JSON writes it* and
says no more than the number does:

===========================  =======================================================
``1``, ``-2.50``, ``1e-3``   a number; spaces around it are no part of it
``9007199254740993``         an integer of any size, exactly
``-0``                       ``-0.0``: no integer has its sign
``0.1``, ``1.0e-01``         the nearest double, if written with as many digits (or with as few
                             as tell it from others) it is the same number: true of all that
                             programs write of doubles
``true``, ``True``, ``TRUE`` a boolean, if the column has one such spelling
``007``, ``+1``, ``1,5``,    text: a code, a telephone number, an ambiguity
``.5``, ``0x1F``, ``NaN``
``1e400``, ``0.3…3``         text: no double says the same (here with 20 digits)
``n/a``, ``2020-01-02``      text
(empty)                      null, in a column of any kind
===========================  =======================================================

One cell that is not like the others makes its whole column text, as it stands in the file.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from decimal import Decimal
from itertools import starmap
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from plotly_nbext.columns import json, wire

__all__ = ["KINDS", "Kind", "numbers", "read_numbers", "text"]

Kind = Callable[[pa.Array], pa.Array | None]
"""Makes values of cells, which are strings or null; None if one of them is not of this kind."""

_MINUS_ZERO = re.compile(r"(?<![\deE.])-0(?=\s*[,\]])")
_NUMBERS = {int, float, type(None)}
# with so few characters a decimal has at most 15 digits, which a double always tells apart …
_SURE_CHARACTERS = 15
# … unless it is about to underflow
_SURE_SIZE = 1e-290
_DIGITS_OF_A_DOUBLE = 767  # as many as its exact value may have
_INTEGER, _FLOAT = b"-0123456789", b"+-.0123456789Ee"
_FRACTION = r"^-?(0|[1-9][0-9]*)\.[0-9]+$"


def numbers(cells: pa.Array) -> pa.Array | None:
    """Read cells that are numbers."""
    for read in (_integers, _floats):
        values = read(cells)
        if values is not None:
            return values
    each = read_numbers(cells.to_pylist())
    return None if each is None else wire.from_values(each)


def booleans(true: str, false: str) -> Kind:
    """Make the kind of cells that are booleans in one spelling."""

    def kind(cells: pa.Array) -> pa.Array | None:
        values = pc.equal(cells, true)
        return values if _all(pc.or_(values, pc.equal(cells, false))) else None

    return kind


def text(cells: pa.Array) -> pa.Array:
    """Take any cells, as they are."""
    return cells


KINDS: tuple[Kind, ...] = (
    numbers,
    booleans("true", "false"),
    booleans("True", "False"),
    booleans("TRUE", "FALSE"),
    text,
)
"""All kinds; the last takes any cells."""


def _integers(cells: pa.Array) -> pa.Array | None:
    """Read cells that are all integers of 64 bits, as JSON writes them."""
    if not _consist_of(_INTEGER, cells):
        return None
    try:
        values = cells.cast(pa.int64())
    except pa.ArrowInvalid:
        return None
    return values if values.cast(pa.string()).equals(cells) else None


def _floats(cells: pa.Array) -> pa.Array | None:
    """Read cells that are all floats, or floats and short integers."""
    if not _consist_of(_FLOAT, cells):
        return None
    try:
        values = cells.cast(pa.float64())
    except pa.ArrowInvalid:
        return None
    if np.count_nonzero(np.isfinite(values)) < len(cells) - cells.null_count:
        return None
    if wire.to_json(values)[1:-1] == wire.joined(cells.fill_null("null"), ","):
        return values
    written = wire.texts(values)
    as_written = pc.equal(cells, written)
    whole = pc.and_(
        pc.equal(pc.binary_join_element_wise(cells, "0", "."), written),
        pc.not_equal(cells, "-0"),  # which no integer says
    )
    if not _are_floats(cells.filter(pc.invert(pc.or_(as_written, whole)))):
        return None
    if not pc.any(whole).as_py():
        return values
    return pa.ExtensionArray.from_storage(wire.JSON, pc.if_else(whole, cells, written))


def _are_floats(cells: pa.Array) -> bool:
    """Tell whether the nearest doubles say the same as these cells, and none is an integer."""
    sure = pc.and_(
        pc.less_equal(pc.binary_length(cells), _SURE_CHARACTERS),
        pc.match_substring_regex(cells, _FRACTION),
    )
    values = read_numbers(cells.filter(pc.invert(sure)).to_pylist())
    return values is not None and {float}.issuperset(map(type, values))


def _consist_of(characters: bytes, cells: pa.Array) -> bool:
    """Tell it fast, since Arrow reports every cell that it can't read."""
    _, bounds, text = cells.buffers()
    first, last = np.frombuffer(bounds, np.int32)[[cells.offset, cells.offset + len(cells)]]
    return not text[first:last].to_pybytes().translate(None, delete=characters)


def _all(array: pa.Array) -> bool:
    every: bool = pc.all(array, min_count=0).as_py()
    return every


def read_numbers(cells: list[str | None]) -> list[int | float | None] | None:
    """Read cells that are numbers as JSON writes them, and say no more; None if one is not."""
    text = "[" + ",".join([cell or "null" for cell in cells]) + "]"
    if "-0" in text:
        text = _MINUS_ZERO.sub("-0.0", text)
    try:
        values: list[Any] = json.loads(text)
    except ValueError:
        return None
    # as many numbers as cells: then none of them has a comma, and each is one number
    if len(values) != len(cells) or not _NUMBERS.issuperset(map(type, values)):
        return None
    if values.count(None) != cells.count(None):
        return None
    written = json.dumps(values).decode()
    if written == text:
        return values
    others = (
        (value, cell)
        for value, cell, same in zip(values, cells, written[1:-1].split(","), strict=True)
        if cell is not None and cell != same
    )
    return values if all(starmap(_says_the_same, others)) else None


def _says_the_same(value: Any, cell: str) -> bool:
    """Tell whether a double, written with the digits of a cell, is the number in the cell."""
    if not isinstance(value, float):
        return True
    if len(cell) <= _SURE_CHARACTERS and abs(value) > _SURE_SIZE:
        return True
    written = Decimal(cell.strip())
    if written == Decimal(repr(value)):
        return True
    digits = len(written.as_tuple().digits)
    return digits <= _DIGITS_OF_A_DOUBLE and written == Decimal(f"{value:.{digits - 1}e}")
