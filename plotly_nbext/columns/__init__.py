"""A DataFrame ⇄ the columns of a Chart Studio grid: the type rules, once.

A grid holds JSON: numbers, strings, booleans, null, lists and objects. :func:`encode_frame` makes
of each column an Arrow array that stands for the JSON that Chart Studio's clients write (see
:mod:`plotly_nbext.columns.wire`), and keeps what is lost by that in a *schema*, plain JSON in the
grid's metadata; with both, :func:`decode_frame` makes an equal frame, in values and dtypes.

==============================  ===========================  ===========  ======================
pandas                          JSON                         Arrow        kept in the schema
==============================  ===========================  ===========  ======================
``int8`` … ``uint64``           number                       the same     dtype
``float16``, ``32``, ``64``     number; NaN, ∞ and -∞ null   the same     dtype; rows of ∞, -∞
``longdouble``                  number, if a float64 is      ``float64``  dtype; rows of ∞, -∞
                                equal
``bool``                        true, false                  ``bool``     dtype
``Int8`` … ``UInt64``,          number or boolean; NA null   the same     dtype; rows of ∞, -∞ and
``Float32``, ``64``,                                                      of NaN that is not NA
``boolean``
``str``, ``string``             string; missing null         ``string``   dtype, storage
``datetime64[unit]``            ``"2020-01-02T03:04:05"``,   the same,    dtype
                                with 6 or 9 digits of a      as
                                fraction if there is one;    ``timestamp``
                                NaT null
``datetime64[unit, zone]``      the same in local time, and  the same,    dtype, zone
                                its offset:                  as
                                ``"…T03:04:05-05:00"``       ``timestamp``
``timedelta64[unit]``           ``"P1DT2H3M4.5S"``; NaT      ``string``   dtype
                                null
``period[freq]``                its text: ``"2020-01"``      ``string``   dtype
``category``                    the category; missing null   as these     categories, their dtype,
                                                                          order
``Sparse[dtype, fill]``         as the dense column          as that      dtype, fill value
Arrow-backed                    as below                     as below     Arrow type
``object``, JSON values         themselves; numpy's numbers  as all of    what stands for null;
                                and strings as Python's      them are     rows of ∞, -∞
``object``, all ``date``,       ``isoformat()``              ``string``   the type, what stands
``time``, ``datetime`` or                                                 for null, zone
``Timestamp``
``object``, all ``timedelta``   ``"P1DT2H3M4.5S"``           ``string``   the type, what stands
or ``Timedelta``                                                          for null
``object``, all ``Decimal``     number, if a float64 has     ``float64``  the type, what stands
                                just its digits                           for null, the exponent
                                                                          if all have one
==============================  ===========================  ===========  ======================

Tables of any library that speaks Arrow (polars, pyarrow, DuckDB, ibis) keep their types, with which
:func:`decode_arrow` makes an equal table:

==============================  ===========================  ===========  ======================
Arrow                           JSON                         Arrow        kept in the schema
==============================  ===========================  ===========  ======================
``null``, ``bool``, integers,   as above                     the same     type
``string``, ``timestamp``
floats                          number; NaN, ∞ and -∞ null   the same     type; rows of ∞, -∞, and
                                                                          of NaN if some are null
``large_string``,               string                       ``string``   type
``string_view``
``dictionary``                  the value                    as these     type; the order, if it
                                                                          has one; that it is an
                                                                          Enum of polars
``date32``, ``64``,             ``isoformat()``; nine        ``string``   type
``time32``, ``64``              digits of a fraction for
                                nanoseconds
``duration``                    ``"P1DT2H3M4.5S"``           ``string``   type
``decimal``                     integer, if its scale is 0;  ``int64``,   type
                                number, if a float64 has     ``json``,
                                just its digits              ``float64``
lists, ``struct``               list, object                 ``json``     type
``arrow.json``                  the value, however it was    the same     type
                                spelled; not ``null``
==============================  ===========================  ===========  ======================

The JSON values of an ``object`` column may differ from row to row: str, int of any size, float,
bool, None, and lists and dicts (with string keys) of these. Where several things stand for null,
the schema has the rows of None and of NaN, and all others (NaT and NA, say) come back as None.

Anything else is refused with a :class:`~plotly_nbext.errors.ValidationError` that names the column,
the row's position, the value and its type, and what to do: bytes, complex numbers, intervals,
tuples, sets, arrays in cells, half surrogate pairs, other Python objects and extension dtypes,
values of different types that JSON would make alike (a date beside a string), NaN inside a list,
time zones without a name; Arrow's binary, intervals and maps, and a timestamp of -2^63.

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
    from plotly_nbext.columns.decode import decode_arrow, decode_frame
    from plotly_nbext.columns.encode import EncodedColumn, Table, encode_frame
    from plotly_nbext.columns.merge import merge_schemas

__all__ = [
    "EncodedColumn",
    "Table",
    "decode_arrow",
    "decode_frame",
    "encode_frame",
    "json",
    "merge_schemas",
]

# the server needs the JSON alone, and starts in half the time without pandas
_HOME_OF = {
    "EncodedColumn": "encode",
    "Table": "encode",
    "decode_arrow": "decode",
    "decode_frame": "decode",
    "encode_frame": "encode",
    "merge_schemas": "merge",
}


def __getattr__(name: str) -> Any:
    if name not in _HOME_OF:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    return getattr(importlib.import_module(f"{__name__}.{_HOME_OF[name]}"), name)
