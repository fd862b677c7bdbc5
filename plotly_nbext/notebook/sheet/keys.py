"""What sorts and compares as the values of a column do.

Moments and durations by their time, categories that have an order by that, numbers by their size;
of values of several types numbers come first, then texts, then false and true, then the others.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import pyarrow as pa
import pyarrow.compute as pc

from plotly_nbext.columns import durations, kinds, wire

if TYPE_CHECKING:
    from plotly_nbext.notebook.sheet.kinds import Kind

__all__ = ["NUMBERS", "sort_keys"]

# the rank of numbers among values of several types
NUMBERS: Final = 0
_TEXTS, _BOOLEANS, _OTHERS = 1, 2, 3
_MOST_DIGITS: Final = 300  # a float has no more


def sort_keys(cells: pa.Array, kind: Kind) -> list[pa.Array]:
    """Make the keys of cells: they sort by the first, then by the next.

    Parameters
    ----------
    cells : pyarrow.Array
        Of a type for the wire.
    kind : Kind
        What they are.

    Returns
    -------
    list of pyarrow.Array
        One key, or for values of several types three: their rank, the numbers, the texts.
    """
    if kind.spec is not None:
        try:
            own = kinds.wire_type_of(kind.spec)
            cells = cells if own is None else wire.cast(cells, own)
            if kind.name == "duration":
                return [pa.array(durations.read_all(cells, "us").view("int64"), mask=_nulls(cells))]
            if kind.name == "category" and _is_ordered(kind):
                return [wire.codes(cells, wire.fit(list(kind.choices), cells.type))]
        except kinds.BROKEN:  # the values are no longer of their type
            pass
    return _mixed(cells) if cells.type == wire.JSON else [cells]


def _is_ordered(kind: Kind) -> bool:
    spec = kind.spec
    return spec is not None and (spec.ordered or spec.arrow is not None)


def _nulls(cells: pa.Array) -> object:
    return cells.is_null().to_numpy(zero_copy_only=False)


def _mixed(cells: pa.Array) -> list[pa.Array]:
    texts = cells.storage
    is_number = pc.match_substring_regex(texts, r"^-?\d")
    is_text = pc.starts_with(texts, '"')
    is_boolean = pc.is_in(texts, pa.array(["true", "false"]))
    ranks = pc.if_else(
        is_number,
        NUMBERS,
        pc.if_else(is_text, _TEXTS, pc.if_else(is_boolean, _BOOLEANS, _OTHERS)),
    )
    is_long = pc.greater(pc.utf8_length(texts), _MOST_DIGITS)
    huge = pc.if_else(pc.starts_with(texts, "-"), "-inf", "inf")
    digits = pc.if_else(is_number, pc.if_else(is_long, huge, texts), None)
    bare = pc.if_else(is_text, pc.utf8_slice_codeunits(texts, 1, -1), texts)
    return [ranks, digits.cast(pa.float64()), bare]
