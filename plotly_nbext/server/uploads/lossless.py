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
from collections.abc import Callable, Sequence
from decimal import Decimal
from itertools import starmap
from typing import Any

from plotly_nbext.columns import json

__all__ = ["KINDS", "Kind", "text"]

Kind = Callable[[Sequence[str]], bytes | None]
"""Writes cells as the text of a JSON array; None if one of them is not of this kind."""

_MINUS_ZERO = re.compile(r"(?<![\deE.])-0(?=\s*[,\]])")
_NUMBERS = {int, float, type(None)}
# with so few characters a decimal has at most 15 digits, which a double always tells apart …
_SURE_CHARACTERS = 15
# … unless it is about to underflow
_SURE_SIZE = 1e-290
_DIGITS_OF_A_DOUBLE = 767  # as many as its exact value may have


def numbers(cells: Sequence[str]) -> bytes | None:
    """Write cells that are numbers."""
    text = "[" + ",".join([cell or "null" for cell in cells]) + "]"
    if "-0" in text:
        text = _MINUS_ZERO.sub("-0.0", text)
    try:
        values = json.loads(text)
    except ValueError:
        return None
    # as many numbers as cells: then none of them has a comma, and each is one number
    if len(values) != len(cells) or not _NUMBERS.issuperset(map(type, values)):
        return None
    if values.count(None) != cells.count(""):
        return None
    data = json.dumps(values)
    if data == text.encode():
        return data
    written = data[1:-1].decode().split(",")
    others = (
        (value, cell)
        for value, cell, same in zip(values, cells, written, strict=True)
        if cell != same
    )
    return data if all(starmap(_says_the_same, others)) else None


def booleans(true: str, false: str) -> Kind:
    """Make the kind of cells that are booleans in one spelling."""
    values = {true: True, false: False, "": None}

    def kind(cells: Sequence[str]) -> bytes | None:
        if not values.keys() >= set(cells):
            return None
        return json.dumps([values[cell] for cell in cells])

    return kind


def text(cells: Sequence[str]) -> bytes:
    """Write any cells, as they are."""
    return json.dumps([cell or None for cell in cells])


KINDS: tuple[Kind, ...] = (
    numbers,
    booleans("true", "false"),
    booleans("True", "False"),
    booleans("TRUE", "FALSE"),
    text,
)
"""All kinds; the last takes any cells."""


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
