"""A pandas DataFrame ⇄ the columns of a Chart Studio grid: the type rules, once.

A grid holds JSON: numbers, strings, booleans, null, lists and objects. :func:`encode_frame` writes
each column as Chart Studio's clients do, and keeps what JSON loses in a *schema*, plain JSON in the
grid's metadata; with both, :func:`decode_frame` makes an equal frame, in values and dtypes.

==============================  ==================================  ================================
pandas                          on the wire                         kept in the schema
==============================  ==================================  ================================
``int8`` … ``uint64``           number                              dtype
``float16``, ``32``, ``64``     number; NaN, ∞ and -∞ null          dtype; rows of ∞ and -∞
``longdouble``                  number, if a float64 is equal       dtype; rows of ∞ and -∞
``bool``                        true, false                         dtype
``Int8`` … ``UInt64``,          number or boolean; NA null          dtype; rows of ∞, -∞ and of NaN
``Float32``, ``64``,                                                that is not NA
``boolean``
``str``, ``string``             string; missing null                dtype, storage
``datetime64[unit]``            ``"2020-01-02T03:04:05"``, with 6   dtype
                                or 9 digits of a fraction if there
                                is one; NaT null
``datetime64[unit, zone]``      the same in local time, and its     dtype, zone
                                offset: ``"…T03:04:05-05:00"``
``timedelta64[unit]``           ``"P1DT2H3M4.5S"``; NaT null        dtype
``period[freq]``                its text: ``"2020-01"``             dtype
``category``                    the category; missing null          categories, their dtype, order
``Sparse[dtype, fill]``         as the dense column                 dtype, fill value
Arrow-backed                    as the pandas dtype or the Python   Arrow type
                                type of equal values
``object``, JSON values         themselves; numpy's numbers and     what stands for null; rows of ∞
                                strings as Python's                 and -∞
``object``, all ``date``,       ``isoformat()``                     the type, what stands for null,
``time``, ``datetime`` or                                           zone
``Timestamp``
``object``, all ``timedelta``   ``"P1DT2H3M4.5S"``                  the type, what stands for null
or ``Timedelta``
``object``, all ``Decimal``     number, if a float64 has just its   the type, what stands for null,
                                digits                              the exponent if all have one
==============================  ==================================  ================================

The JSON values of an ``object`` column may differ from row to row: str, int of any size, float,
bool, None, and lists and dicts (with string keys) of these. Where several things stand for null
(None and NaN, say), all of them come back as None.

Anything else is refused with a :class:`~plotly_nbext.errors.ValidationError` that names the column,
the row's position, the value and its type, and what to do: bytes, complex numbers, intervals,
tuples, sets, arrays in cells, half surrogate pairs, other Python objects and extension dtypes,
values of different types that JSON would make alike (a date beside a string), NaN inside a list,
time zones without a name.

The index becomes columns too, if it has a name or says more than the position of each row; labels
that are no strings, equal labels and those of a MultiIndex get unique names (``"x"``, ``"x (2)"``,
``"a / b"``) and are kept in the schema. ``frame.attrs`` is not kept.

Without a schema, as for a grid that another program made, each column gets the dtype that holds its
values unchanged, and no text is taken for a date. The same is done for a single column that the
schema doesn't know or that no longer fits it: a value is never changed to fit a type.
"""

from __future__ import annotations

import importlib
from typing import TYPE_CHECKING, Any

from plotly_nbext.columns import json

if TYPE_CHECKING:
    from plotly_nbext.columns.decode import decode_frame
    from plotly_nbext.columns.encode import EncodedColumn, Table, encode_frame
    from plotly_nbext.columns.merge import merge_schemas

__all__ = [
    "EncodedColumn",
    "Table",
    "decode_frame",
    "encode_frame",
    "json",
    "merge_schemas",
]

# the server needs the JSON alone, and starts in half the time without pandas
_HOME_OF = {
    "EncodedColumn": "encode",
    "Table": "encode",
    "decode_frame": "decode",
    "encode_frame": "encode",
    "merge_schemas": "merge",
}


def __getattr__(name: str) -> Any:
    if name not in _HOME_OF:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    return getattr(importlib.import_module(f"{__name__}.{_HOME_OF[name]}"), name)
