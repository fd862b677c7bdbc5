"""A column as an Arrow array ⇄ the same column as JSON.

Whatever form a column comes in, these are the types of its Arrow array, on the wire and in the
store:

==============================  ====================================================
Arrow                           JSON
==============================  ====================================================
``null``                        null
``bool``                        true, false
``int8`` … ``uint64``           integer
``float16``, ``32``, ``64``     number, with just the digits that tell it from others
                                of its type; NaN, ∞ and -∞ null
``string``                      string
``timestamp[unit]``,            text, see :mod:`plotly_nbext.columns.moments`
``timestamp[unit, zone]``
``json``                        any value: that of which each cell is the JSON text
==============================  ====================================================

``json`` is Arrow's canonical extension type ``arrow.json`` over ``string``. Null is null in each.
"""

from __future__ import annotations

import functools
import re
from typing import TYPE_CHECKING, Any, Final

import numpy as np
import orjson
import pyarrow as pa
import pyarrow.compute as pc

from plotly_nbext.columns import json, moments
from plotly_nbext.errors import ValidationError

if TYPE_CHECKING:
    from collections.abc import Iterable

__all__ = [
    "JSON",
    "alike",
    "canonical",
    "cast",
    "check_schema",
    "checked",
    "codes",
    "common_type",
    "fit",
    "from_values",
    "is_wire_type",
    "joined",
    "texts",
    "to_json",
    "to_values",
]

JSON: Final = pa.json_(pa.string())

_SIGNED: Final = (pa.int8(), pa.int16(), pa.int32(), pa.int64())
_UNSIGNED: Final = (pa.uint8(), pa.uint16(), pa.uint32(), pa.uint64())
_INTEGERS: Final = frozenset({*_SIGNED, *_UNSIGNED})
_FLOATS: Final = frozenset({pa.float16(), pa.float32(), pa.float64()})
_NUMBERS: Final = _INTEGERS | _FLOATS
_PLAIN: Final = frozenset({pa.null(), pa.bool_(), *_NUMBERS, pa.string(), JSON})
_NARROWEST: Final = {
    bool: (pa.bool_(),),
    int: (pa.int64(), pa.uint64()),
    float: (pa.float64(),),
    str: (pa.string(),),
}
_OFFSET: Final = re.compile(r"[+-]\d\d:\d\d")  # as Arrow has them: to the minute
# the one float32 whose shortest digits, read as a float64, round to its neighbour (all were tried)
_DIGITS, _FLOAT32 = 7.038531e-26, np.array(0x15AE43FD, dtype=np.uint32).view(np.float32)
_BLOCK_ROWS: Final = 1 << 16  # of text at a time, which stays in the processor's cache
_OF_NUMPY: Final = orjson.OPT_SERIALIZE_NUMPY
_NEWLINE, _COMMA, _N, _SPACE, _QUOTE, _BACKSLASH = b'\n,n "\\'


def is_wire_type(kind: pa.DataType) -> bool:
    """Tell whether a column on the wire may be of an Arrow type."""
    if pa.types.is_timestamp(kind):
        return kind.tz is None or _is_zone(kind.tz)
    return kind in _PLAIN


def check_schema(schema: pa.Schema) -> None:
    """Check that all columns are of types for the wire.

    Raises
    ------
    ValidationError
        If one is not; it names the column and its type.
    """
    for field in schema:
        if not is_wire_type(field.type):
            raise ValidationError(
                f"column {field.name!r} is of the Arrow type {field.type}",
                field=field.name,
                hint="Send null, bool, integers, floats, string, timestamp or arrow.json.",
            )


def checked(name: str, array: pa.Array) -> pa.Array:
    """Check all of an array that anyone may have sent.

    Parameters
    ----------
    name : str
        The column's name.
    array : pyarrow.Array
        Of a type for the wire.

    Returns
    -------
    pyarrow.Array
        The same values, as :func:`from_values` writes them: compact JSON, null for NaN and ±∞.

    Raises
    ------
    ValidationError
        If the array is broken, a text is not Unicode, or a value no JSON; it names the column.
    """
    try:
        array.validate(full=True)
        return canonical(array)
    except (pa.ArrowException, ValueError) as error:
        reason = str(error).strip().partition("\n")[0]
        raise ValidationError(f"column {name!r}: {reason}", field=name) from None


def canonical(array: pa.Array) -> pa.Array:
    """Write values as :func:`from_values` does: compact JSON texts, null for NaN, ∞ and -∞.

    Raises
    ------
    ValueError
        If a text is no JSON, or not of one value.
    """
    if array.type == JSON:
        return _canonical_texts(array)
    return _finite(array) if array.type in _FLOATS else array


def to_json(array: pa.Array) -> bytes:
    """Write a column as the text of a JSON array.

    Parameters
    ----------
    array : pyarrow.Array
        Of a type for the wire.

    Returns
    -------
    bytes
        Compact, UTF-8.
    """
    blocks = (array.slice(row, _BLOCK_ROWS) for row in range(0, len(array), _BLOCK_ROWS))
    return b"[" + b",".join(map(_block, blocks)) + b"]"


def texts(array: pa.Array) -> pa.Array:
    """Write each value as JSON text, for itself.

    Parameters
    ----------
    array : pyarrow.Array
        Of numbers or booleans.

    Returns
    -------
    pyarrow.Array
        Of strings; null is null.
    """
    ended = to_json(array)[1:-1] + b"," if len(array) else b""
    return _split(ended, _COMMA, len(array))


def to_values(array: pa.Array) -> list[Any]:
    """Read a column as JSON values."""
    if array.null_count == 0 and (array.type in _INTEGERS or array.type == pa.float64()):
        values: list[Any] = _numpy(array).tolist()
        return values
    loaded: list[Any] = json.loads(to_json(array))
    return loaded


def from_values(values: list[Any]) -> pa.Array:
    """Make a column of JSON values, of the narrowest type that keeps each of them as it is.

    Parameters
    ----------
    values : list
        JSON values.

    Returns
    -------
    pyarrow.Array
        Of type ``null``, ``bool``, ``int64``, ``uint64``, ``float64``, ``string`` or ``json``.

    Raises
    ------
    ValueError
        If a text holds half a surrogate pair, or the nesting is too deep.
    TypeError
        If JSON has no form for a value.
    """
    kinds = _kinds(values)
    if not kinds:
        return pa.nulls(len(values))
    for candidate in _NARROWEST.get(next(iter(kinds)), ()) if len(kinds) == 1 else ():
        array = fit(values, candidate)
        if array is not None:
            return array
    return _texts(values)


def fit(values: list[Any], kind: pa.DataType) -> pa.Array | None:
    """Make a column of one type, if it keeps each JSON value as it is.

    Parameters
    ----------
    values : list
        JSON values.
    kind : pyarrow.DataType
        A type for the wire.

    Returns
    -------
    pyarrow.Array or None
        Of just that type; None if a value would be another, or written otherwise.
    """
    kinds = _kinds(values)
    if not kinds:
        return pa.nulls(len(values), kind)
    if kind == JSON:
        return _texts(values)
    if kinds != {_python_type(kind)}:
        return None
    try:
        if pa.types.is_timestamp(kind):
            # as integers: a cast to a time zone may shift them
            array = pa.array(moments.read(values, kind.unit, aware=kind.tz is not None)).view(kind)
        elif kind in _FLOATS:
            array = _floats(values, kind)
        else:
            array = pa.array(values, kind)
    except UnicodeEncodeError:
        raise ValueError(json.LONE_SURROGATE) from None
    except (pa.ArrowException, OverflowError, ValueError):
        return None
    if isinstance(array, pa.ChunkedArray):
        raise ValueError(_TOO_LONG)  # noqa: TRY004 - it is not the caller's type
    exact = kind == pa.bool_() or kind in _INTEGERS or kind in {pa.float64(), pa.string()}
    return array if exact or to_values(array) == values else None


def common_type(kinds: Iterable[pa.DataType]) -> pa.DataType:
    """Find the type for the wire to which columns of several can be :func:`cast`."""
    distinct = set(kinds) - {pa.null()}
    if len(distinct) <= 1:
        return next(iter(distinct), pa.null())
    if distinct <= _FLOATS:
        return pa.float64()
    if distinct <= _INTEGERS:
        return _common_integer(distinct)
    if all(kind == pa.string() or pa.types.is_timestamp(kind) for kind in distinct):
        return pa.string()
    return JSON


def cast(array: pa.Array, kind: pa.DataType) -> pa.Array:
    """Give a column the type that :func:`common_type` found; its JSON values stay the same.

    Raises
    ------
    ValueError
        If they would not.
    """
    if array.type == kind:
        return array
    if array.type == pa.null():
        return pa.nulls(len(array), kind)
    if array.type in _INTEGERS and kind in _INTEGERS:
        return array.cast(kind)
    if kind == JSON and (array.type in _NUMBERS or array.type == pa.bool_()):
        return pa.ExtensionArray.from_storage(JSON, texts(array))
    fitted = fit(to_values(array), kind)
    if fitted is None:
        raise ValueError(f"values of type {array.type} can't be {kind}")
    return fitted


def alike(ours: pa.Array, theirs: pa.Array) -> bool:
    """Tell whether two columns have the same JSON values.

    True is not 1, but another program may write a whole float as an integer.
    """
    if ours.type == theirs.type:
        return bool(ours.equals(theirs))
    values, others = to_values(ours), to_values(theirs)
    if values != others:
        return False
    kinds = _kinds(values)
    return _kinds(others) - kinds <= ({int} if float in kinds else set())


def codes(array: pa.Array, categories: pa.Array) -> pa.Array:
    """Find each value among those of another column of the same type.

    Returns
    -------
    pyarrow.Array
        The places, and null for null.

    Raises
    ------
    ValueError
        If a value is not among them.
    """
    if array.type == JSON:
        array, categories = array.storage, categories.storage
    places = pc.index_in(array, value_set=categories, skip_nulls=True)
    if places.null_count != array.null_count:
        raise ValueError("a value is none of the categories")
    return places


_TOO_LONG: Final = "the texts of a column are longer than 2 GB together"


def _kinds(values: list[Any]) -> set[type]:
    return set(map(type, values)) - {type(None)}


def _python_type(kind: pa.DataType) -> type:
    if kind in _INTEGERS:
        return int
    if kind in _FLOATS:
        return float
    return bool if kind == pa.bool_() else str


def _common_integer(kinds: set[pa.DataType]) -> pa.DataType:
    signed = [kind.bit_width for kind in kinds if kind in _SIGNED]
    unsigned = [kind.bit_width for kind in kinds if kind in _UNSIGNED]
    if not signed:
        return max(kinds, key=lambda kind: kind.bit_width)
    bits = max(*signed, *(2 * width for width in unsigned))
    return next((kind for kind in _SIGNED if kind.bit_width >= bits), JSON)


@functools.lru_cache(maxsize=1000)
def _is_zone(name: str) -> bool:
    try:
        moments.timezone(name)
    except ValueError:
        return False
    return not name.startswith(("+", "-")) or _OFFSET.fullmatch(name) is not None


def _block(array: pa.Array) -> bytes:
    """Write some values, without the brackets."""
    kind = array.type
    if kind == pa.string():
        return _quoted(array)
    if kind == JSON:
        return joined(array.storage.fill_null("null"), ",")
    if kind in _FLOATS:
        return _spelled(orjson.dumps(_numpy(array), option=_OF_NUMPY)[1:-1], kind)
    if kind in _INTEGERS and array.null_count == 0:
        return orjson.dumps(_numpy(array), option=_OF_NUMPY)[1:-1]
    if pa.types.is_timestamp(kind):
        return moments.write(_numpy(array), kind.tz)[1:-1]
    return joined(array.cast(pa.string()).fill_null("null"), ",")


def _spelled(numbers: bytes, kind: pa.DataType) -> bytes:
    """Spell floats as :func:`json.dumps` does: 1e16, and a narrow one as the double it reads as."""
    if kind == pa.float64():
        return numbers.replace(b"e+", b"e")
    if b"e" in numbers or b".00000" in numbers:
        return json.dumps(json.loads(b"[" + numbers + b"]"))[1:-1]
    return numbers


def _numpy(array: pa.Array) -> np.ndarray[Any, Any]:
    data: np.ndarray[Any, Any] = array.to_numpy(zero_copy_only=False)
    return data


def joined(texts: pa.Array, separator: str) -> bytes:
    """Join strings, of which none is null."""
    lists = pa.ListArray.from_arrays(pa.array([0, len(texts)], pa.int32()), texts)
    text: bytes = pc.binary_join(lists, separator)[0].as_buffer().to_pybytes()
    return text


def _quoted(texts: pa.Array) -> bytes:
    if _has_escapes(texts):
        return json.dumps(texts.to_pylist())[1:-1]
    if texts.null_count == 0:
        return b'"' + joined(texts, '","') + b'"'
    quoted = pc.binary_join_element_wise('"', texts, '"', "")
    return joined(quoted.fill_null("null"), ",")


def _has_escapes(texts: pa.Array) -> bool:
    """Tell whether JSON spells a character of these texts with a backslash."""
    _, ends, data = texts.buffers()
    if data is None:
        return False
    ends = np.frombuffer(ends, np.int32)[texts.offset : texts.offset + len(texts) + 1]
    text = np.frombuffer(data, np.uint8)[ends[0] : ends[-1]]
    return bool(((text < _SPACE) | (text == _QUOTE) | (text == _BACKSLASH)).any())


def _finite(array: pa.Array) -> pa.Array:
    data = array.to_numpy(zero_copy_only=False)
    odd = ~np.isfinite(data)
    return pa.array(data, mask=odd) if np.count_nonzero(odd) > array.null_count else array


def _floats(values: list[Any], kind: pa.DataType) -> pa.Array:
    wide = np.array(values, dtype=np.float64)
    with np.errstate(over="ignore"):  # an infinity is not what was there
        data = wide.astype(kind.to_pandas_dtype())
    if kind == pa.float32():
        tied = np.abs(wide) == _DIGITS
        data[tied] = np.copysign(_FLOAT32, wide[tied])
    return pa.array(data, mask=~np.isfinite(wide))


def _texts(values: list[Any]) -> pa.Array:
    """Write each value as JSON."""
    lines = json.dumps_lines(values)
    if len(lines) > np.iinfo(np.int32).max:
        raise ValueError(_TOO_LONG)
    return pa.ExtensionArray.from_storage(JSON, _split(lines, _NEWLINE, len(values)))


def _split(text: bytes, end: int, length: int) -> pa.Array:
    """Make strings of JSON values, each of which is followed by some character."""
    characters = np.frombuffer(text, np.uint8)
    is_end = characters == end
    offsets = np.zeros(length + 1, np.int32)
    offsets[1:] = np.flatnonzero(is_end)
    offsets[1:] -= np.arange(length, dtype=np.int32)
    characters = characters[~is_end]
    null = np.diff(offsets) == len("null")
    null[null] = characters[offsets[:-1][null]] == _N
    buffers = [np.packbits(~null, bitorder="little"), offsets, characters]
    return pa.Array.from_buffers(pa.string(), length, [*map(pa.py_buffer, buffers)])


def _canonical_texts(array: pa.Array) -> pa.Array:
    """Write JSON texts as we do, of which each must be one value."""
    texts = array.storage
    lines = joined(texts.fill_null("null"), "\n")
    try:
        values = json.loads_lines(lines)
        # as many lines as cells: then none of them has a newline, and each is one value
        if len(values) == len(array) and json.dumps_lines(values) == lines + b"\n":
            ours = not pc.any(pc.equal(texts, "null")).as_py()
        else:
            ours = False
    except ValueError:
        ours = False
    if ours:
        return array
    return _texts(
        [
            None if cell is None else json.loads(cell, max_depth=json.MAX_CELL_DEPTH)
            for cell in texts.to_pylist()
        ]
    )
