"""The kinds of columns: what may be typed into one, and what its values become."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

import numpy as np
import pandas as pd
import pyarrow as pa

from plotly_nbext.columns import kinds, wire
from plotly_nbext.columns.refusal import Refusal
from plotly_nbext.columns.schema import Column
from plotly_nbext.notebook.tables import column_type

if TYPE_CHECKING:
    from collections.abc import Sequence

    from plotly_nbext.notebook.sheet.reading import StoredColumn

__all__ = ["ADDED", "Kind", "added_kind", "kind_of"]


@dataclass(frozen=True)
class Kind:
    """What the values of a column are.

    Parameters
    ----------
    name : str
        ``integer``, ``number``, ``boolean``, ``text``, ``date``, ``datetime``, ``duration``,
        ``category`` or ``anything``.
    word : str
        What a reader is told: the same, or more where no type was pushed with the column.
    spec : Column, optional
        The type that was pushed, which values have to fit.
    zone : str, optional
        Of datetimes: the time zone of those that are typed without an offset.
    choices : tuple
        Of a category: the values that there are.
    """

    name: str
    word: str
    spec: Column | None = None
    zone: str | None = None
    choices: tuple[Any, ...] = ()

    def fitted(self, values: Sequence[Any]) -> list[Any]:
        """Write values as the column has them: a float32 with its digits, a moment in its zone.

        Raises
        ------
        ValueError
            One does not fit the type.
        """
        if self.spec is None or self.name == "category":
            return list(values)
        absent = [value is None for value in values]
        present = [value for value in values if value is not None]
        try:
            array, _ = kinds.encode(kinds.decode(_rounded(present, self.spec), self.spec))
        except (*kinds.BROKEN, Refusal) as error:
            raise ValueError(f"the values are not of type {self.spec.dtype}") from error
        written = iter(wire.to_values(array))
        return [None if is_absent else next(written) for is_absent in absent]


def _rounded(values: list[Any], spec: Column) -> list[Any]:
    """Give numbers the digits that a column of a narrow float can tell apart."""
    own = kinds.wire_type_of(spec)
    if own is None or not pa.types.is_floating(own):
        return values
    with np.errstate(over="ignore"):
        narrow = np.array(values, np.float64).astype(own.to_pandas_dtype())
    if not np.isfinite(narrow).all():
        raise OverflowError("a number is too large")
    return wire.to_values(pa.array(narrow))


def kind_of(column: StoredColumn, head: pa.Array) -> Kind:
    """Tell the kind of a column.

    Parameters
    ----------
    column : StoredColumn
        The column.
    head : pyarrow.Array
        Its first values, in the type of all of them.
    """
    if column.spec is not None:
        try:
            dtype = kinds.dtype_of(column.spec)
        except kinds.BROKEN:
            return _inferred(head)
        return _pushed(dtype, column.spec, head)
    return _inferred(head)


def added_kind(name: str) -> Kind:
    """Make the kind of a new column, of a name among :data:`ADDED`."""
    return Kind(name, "mixed" if name == "anything" else name, ADDED[name])


ADDED: Final[dict[str, Column | None]] = {
    "integer": Column(dtype="Int64"),
    "number": Column(dtype="float64"),
    "boolean": Column(dtype="boolean"),
    "text": Column(dtype="str", storage="python"),
    "date": Column(dtype="object", item="date", missing="None"),
    "datetime": Column(dtype="datetime64[us]"),
    "duration": Column(dtype="timedelta64[us]"),
    "anything": None,
}


def _inferred(head: pa.Array) -> Kind:
    """Tell the kind of a column by its values alone; numbers may be whole or not then."""
    kind = head.type
    word = column_type(wire.to_values(head))
    if pa.types.is_boolean(kind):
        return Kind("boolean", word)
    if pa.types.is_integer(kind) or pa.types.is_floating(kind):
        return Kind("number", word)
    if pa.types.is_timestamp(kind):
        return Kind("datetime", word, zone=kind.tz)
    return Kind("text" if pa.types.is_string(kind) else "anything", word)


def _pushed(dtype: Any, spec: Column, head: pa.Array) -> Kind:
    match dtype:
        case pd.SparseDtype():
            dtype = dtype.subtype
        case pd.CategoricalDtype() if spec.categories is not None:
            return Kind("category", "category", spec, choices=tuple(spec.categories.wire))
        case pd.ArrowDtype():
            return _arrow(dtype.pyarrow_dtype, spec)
        case pd.DatetimeTZDtype():
            return Kind("datetime", "datetime", spec, zone=str(dtype.tz))
        case pd.PeriodDtype():
            return Kind("text", "period", spec)
        case pd.StringDtype():
            word = column_type(wire.to_values(head))
            return Kind("text", word if word in {"date", "datetime"} else "text", spec)
    name = _BY_LETTER[dtype.kind]
    if name != "anything":
        return Kind(name, name, spec)
    if spec.item in _BY_ITEM:
        name = _BY_ITEM[spec.item]
        return Kind(name, spec.item if name == "text" else name, spec, zone=spec.zone)
    return _inferred(head)


def _arrow(kind: pa.DataType, spec: Column) -> Kind:
    if pa.types.is_dictionary(kind):
        if spec.categories is not None:
            return Kind("category", "category", spec, choices=tuple(spec.categories.wire))
        kind = kind.value_type
    for is_one, name in _ARROW:
        if is_one(kind):
            zone = kind.tz if pa.types.is_timestamp(kind) else None
            return Kind(name, name, spec, zone=zone)
    is_time = pa.types.is_time(kind)
    return Kind("text", "time", spec) if is_time else Kind("anything", "mixed", spec)


# by numpy's letters for dtypes, which pandas' own have too
_BY_LETTER: Final = {
    "b": "boolean",
    "i": "integer",
    "u": "integer",
    "f": "number",
    "M": "datetime",
    "m": "duration",
    "O": "anything",
}
_BY_ITEM: Final = {
    "date": "date",
    "time": "text",
    "datetime": "datetime",
    "Timestamp": "datetime",
    "timedelta": "duration",
    "Timedelta": "duration",
    "Decimal": "number",
}
_ARROW: Final = (
    (pa.types.is_boolean, "boolean"),
    (pa.types.is_integer, "integer"),
    (pa.types.is_floating, "number"),
    (pa.types.is_decimal, "number"),
    (pa.types.is_date, "date"),
    (pa.types.is_timestamp, "datetime"),
    (pa.types.is_duration, "duration"),
    (pa.types.is_string, "text"),
    (pa.types.is_large_string, "text"),
    (pa.types.is_string_view, "text"),
)
