"""Filters: which cells of a column compare with a value."""

from __future__ import annotations

import functools
from collections.abc import Iterable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.compute as pc

from plotly_nbext.columns import wire
from plotly_nbext.errors import ValidationError
from plotly_nbext.notebook.sheet.keys import NUMBERS, sort_keys
from plotly_nbext.notebook.sheet.texts import text_array
from plotly_nbext.notebook.sheet.typed import edit_text, read_texts

if TYPE_CHECKING:
    from collections.abc import Callable

    import numpy.typing as npt

    from plotly_nbext.notebook.sheet.change import Column

    Mask = npt.NDArray[np.bool_]

__all__ = ["OPERATORS", "Filter", "condition", "passing"]


@dataclass(frozen=True)
class Filter:
    """To show the rows of which a column's value compares with another.

    Parameters
    ----------
    column : str
        The column's uid.
    op : str
        One of :data:`OPERATORS`.
    value : str or list of str
        What is compared with, as it is typed; a list for ``one of``. Empty text is null. What
        contains it is told by the text that is shown, whatever its capitals.
    """

    column: str
    op: str
    value: Any = ""

    def words(self, name: str) -> str:
        """Write it as one reads it, of a column of a name."""
        if self.op in {"is empty", "is not empty"}:
            return f"{name} {self.op}"
        if isinstance(self.value, list):
            return f"{name} {self.op} {', '.join(one or 'empty' for one in self.value)}"
        return f"{name} {self.op} {self.value or 'empty'}"


_COMPARISONS: Final[dict[str, Callable[[Any, Any], Any]]] = {
    "=": pc.equal,
    "<": pc.less,
    "≤": pc.less_equal,
    ">": pc.greater,
    "≥": pc.greater_equal,
}
OPERATORS: Final = (
    *("=", "≠", "<", "≤", ">", "≥"),
    *("contains", "is empty", "is not empty", "one of"),
)


# as Python has them
_SPELLINGS: Final = {"==": "=", "!=": "≠", "<=": "≤", ">=": "≥"}


def condition(column: Column, op: str, value: Any = None) -> Filter:
    """Make a filter that compares with a value, and not with what is typed."""
    op = _SPELLINGS.get(op, op)
    if op == "contains":
        return Filter(column.uid, op, str(value))
    if op == "one of" and isinstance(value, Iterable) and not isinstance(value, str):
        return Filter(column.uid, op, [_typed(one, column) for one in value])
    return Filter(column.uid, op, _typed(value, column))


def _typed(value: Any, column: Column) -> str:
    """Write a value as it is typed; a moment, a date or a duration by its text."""
    match value:
        case np.datetime64():
            value = pd.Timestamp(value)
        case np.timedelta64():
            value = pd.Timedelta(value)
        case np.generic():
            value = value.item()
    if pd.api.types.is_scalar(value) and pd.isna(value):
        return ""
    if isinstance(value, str | int | float | bool | list | dict):
        return edit_text(value, column.kind)
    return str(value)


def passing(one: Filter, column: Column, cells: pa.Array) -> Mask:
    """Tell which cells pass a filter.

    Parameters
    ----------
    one : Filter
        The filter.
    column : Column
        Its column.
    cells : pyarrow.Array
        The column's cells.

    Raises
    ------
    ValidationError
        There is no such operator.
    CellError
        The value is none of the column.
    """
    texts = one.value if isinstance(one.value, list) else [one.value]
    match one.op:
        case "is empty":
            return _mask(cells.is_null())
        case "is not empty":
            return _mask(cells.is_valid())
        case "contains":
            shown = text_array(cells, column.kind)
            return _mask(pc.match_substring(shown, str(one.value), ignore_case=True))
        case "one of":
            found = [_equal(value, column, cells) for value in read_texts(texts, column)]
            return functools.reduce(np.logical_or, found, np.zeros(len(cells), np.bool_))
        case "≠":
            (value,) = read_texts(texts, column)
            return ~_equal(value, column, cells)
    if one.op not in _COMPARISONS:
        raise ValidationError(
            f"{one.op!r} is no way to compare; write one of {', '.join(OPERATORS)}.", field="op"
        )
    (value,) = read_texts(texts, column)
    if one.op == "=":
        return _equal(value, column, cells)
    return _compared(_COMPARISONS[one.op], value, column, cells)


def _equal(value: Any, column: Column, cells: pa.Array) -> Mask:
    if value is None:
        return _mask(cells.is_null())
    return _compared(pc.equal, value, column, cells)


def _compared(
    compare: Callable[[Any, Any], Any], value: Any, column: Column, cells: pa.Array
) -> Mask:
    """Compare with what is of the value's type: nothing else is less or more."""
    if value is None or pa.types.is_null(cells.type):
        return np.zeros(len(cells), np.bool_)
    other = wire.fit([value], cells.type)
    if other is None:
        other = pa.array([float(value)])
    keys, others = sort_keys(cells, column.kind), sort_keys(other, column.kind)
    if len(keys) == 1:
        return _mask(compare(keys[0], others[0][0]))
    ranks, numbers, texts = keys
    rank, number, text = (key[0] for key in others)
    is_comparable = pc.equal(ranks, rank)
    if rank.as_py() == NUMBERS:
        return _mask(pc.and_(is_comparable, compare(numbers, number)))
    return _mask(pc.and_(is_comparable, compare(texts, text)))


def _mask(found: pa.Array) -> Mask:
    mask: Mask = pc.fill_null(found, fill_value=False).to_numpy(zero_copy_only=False)
    return mask
