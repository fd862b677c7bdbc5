"""Arrow arrays of any type ⇄ columns on the wire.

What is a date, a time or a duration is text there, a decimal a number, an element of a dictionary
itself, and what has parts (lists, structs) JSON.
"""

from __future__ import annotations

import base64
from typing import Any

import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.compute as pc

from plotly_nbext.columns import arrow_types, numeric, text, wire
from plotly_nbext.columns.refusal import Refusal
from plotly_nbext.columns.schema import Spec, Typed

__all__ = ["decode", "dtype_of", "encode", "field_of", "note_field", "wire_type_of"]

_ENUM = b"_PL_ENUM"  # how the name of what polars says of it begins, in any version
_NAT = np.iinfo(np.int64).min


def encode(array: pa.Array | pa.ChunkedArray) -> tuple[pa.Array, Spec]:
    """Write an array of any type.

    Returns
    -------
    pyarrow.Array
        The column on the wire.
    Spec
        What brings the array back from it.

    Raises
    ------
    Refusal
        If a value, or the type, would not come back.
    """
    kind = array.type
    if isinstance(array, pa.ChunkedArray):
        array = text.in_one_piece(array)
    spec = Spec(dtype=f"{kind}[pyarrow]", arrow=_field_to_text(pa.field("", kind)))
    try:
        written = _write(array, spec)
        # of the wire's own types, the spec tells of what is null there, and none is checked
        if written.type == kind or _same(_read(written, kind, spec), array):
            return written, spec
    except Refusal:
        raise
    except (pa.ArrowException, ArithmeticError, NotImplementedError, TypeError, ValueError):
        pass
    raise Refusal(f"the Arrow type {kind} holds values that JSON's own types can't")


def decode(array: pa.Array, spec: Spec) -> pa.Array:
    """Read an array of the type that a spec names.

    Raises
    ------
    ValueError, TypeError, NotImplementedError or ArithmeticError
        If the values are not, or no longer, of that type.
    """
    kind = field_of(spec).type
    if wire.is_wire_type(kind):
        return _read(wire.cast(array, kind), kind, spec)
    found = _read(array, kind, spec)
    if not wire.alike(_write(found, Spec(dtype="")), array):
        raise ValueError(f"the values are not of the Arrow type {kind}")
    return found


def dtype_of(spec: Spec) -> pd.ArrowDtype:
    """Make the dtype of pandas for the type that a spec names."""
    kind = field_of(spec).type
    if pa.types.is_dictionary(kind):
        values = _known_to_pandas(kind.value_type)
        return pd.ArrowDtype(pa.dictionary(kind.index_type, values, kind.ordered))
    return pd.ArrowDtype(_known_to_pandas(kind))


def wire_type_of(spec: Spec) -> pa.DataType | None:
    """Name the type on the wire of columns that are the same there; None if they are not."""
    kind = field_of(spec).type
    if arrow_types.is_text(kind):
        return pa.string()
    return kind if wire.is_wire_type(kind) else None


def _known_to_pandas(kind: pa.DataType) -> pa.DataType:
    return pa.large_string() if pa.types.is_string_view(kind) else kind


def note_field(field: pa.Field, spec: Spec) -> None:
    """Keep of a field what makes an Enum of a dictionary to polars."""
    kept = {key: text for key, text in (field.metadata or {}).items() if key.startswith(_ENUM)}
    if kept:
        spec.arrow = _field_to_text(pa.field("", field.type, metadata=kept))


def field_of(spec: Spec) -> pa.Field:
    """Make the field, without its name, that a spec names."""
    return pa.ipc.read_schema(pa.py_buffer(base64.b64decode(spec.arrow or ""))).field(0)


def _field_to_text(field: pa.Field) -> str:
    """Write a type with all of its parameters: an IPC schema message in base64."""
    return base64.b64encode(pa.schema([field]).serialize().to_pybytes()).decode()


def _write(array: pa.Array, spec: Spec) -> pa.Array:
    kind = array.type
    if pa.types.is_floating(kind):
        return _write_floats(array, spec)
    if pa.types.is_dictionary(kind):
        if kind.ordered:
            order = _write(array.dictionary, Spec(dtype=""))
            spec.categories = Typed(Spec(dtype=""), wire.to_values(order))
        return _write(_dense(array), spec)
    if not wire.is_wire_type(kind):
        return arrow_types.write(array)
    if pa.types.is_timestamp(kind):
        _refuse_first(pc.equal(array.view(pa.int64()), _NAT), "-2^63 is no moment to numpy")
    if kind != wire.JSON:
        return array
    try:
        written = wire.canonical(array)
    except ValueError as error:
        raise Refusal(str(error)) from None
    _refuse_first(
        pc.and_(array.is_valid(), written.is_null()),
        "the JSON text 'null' would come back as a missing value",
    )
    return written


def _refuse_first(wrong: pa.BooleanArray, reason: str) -> None:
    row = pc.index(wrong, value=True).as_py()
    if row >= 0:
        raise Refusal(reason, row=row)


def _read(array: pa.Array, kind: pa.DataType, spec: Spec) -> pa.Array:
    """Make an array of a type; whether it is right is sure only of the wire's own."""
    if pa.types.is_dictionary(kind):
        return _read_dictionary(array, kind, spec)
    if pa.types.is_floating(kind):
        return _read_floats(wire.cast(array, kind), spec)
    return wire.cast(array, kind) if wire.is_wire_type(kind) else arrow_types.read(array, kind)


def _write_floats(array: pa.Array, spec: Spec) -> pa.Array:
    """Tell of NaN's rows only where there is null too: a column may be full of NaN."""
    written = numeric.take_out(array, spec, nan=array.null_count > 0)
    if array.null_count:
        spec.missing = "None"
    elif written.null_count > len(spec.inf) + len(spec.minus_inf):
        spec.missing = "NaN"
    return written


def _read_floats(array: pa.Array, spec: Spec) -> pa.Array:
    """Put NaN and the infinities back where they were."""
    if not (spec.nan or spec.inf or spec.minus_inf or spec.missing == "NaN"):
        return array
    missing = np.array(array.is_null())
    data = np.array(array.to_numpy(zero_copy_only=False))
    for rows, number in numeric.unwritten(missing.copy(), spec):
        data[rows], missing[rows] = number, False
    return pa.array(data, mask=None if spec.missing == "NaN" else missing)


def _read_dictionary(array: pa.Array, kind: pa.DictionaryType, spec: Spec) -> pa.Array:
    # Arrow makes no dictionary of a string_view
    is_text = arrow_types.is_text(kind.value_type)
    values = _read(array, pa.string() if is_text else kind.value_type, spec)
    if spec.categories:
        order = _read(wire.from_values(spec.categories.wire), values.type, Spec(dtype=""))
        codes = wire.codes(values, order)
    else:
        encoded = values.dictionary_encode()
        codes, order = encoded.indices, encoded.dictionary
    entries = text.laid_out(order, kind.value_type) if is_text else order.cast(kind.value_type)
    return pa.DictionaryArray.from_arrays(
        codes.cast(kind.index_type), entries, ordered=kind.ordered
    )


def _dense(array: pa.DictionaryArray) -> pa.Array:
    values = array.dictionary
    # Arrow takes nothing from a string_view
    values = text.narrowed(values) if arrow_types.is_text(values.type) else values
    return values.take(array.indices)


def _same(ours: pa.Array, theirs: pa.Array) -> Any:
    """Compare dictionaries by what they stand for."""
    if pa.types.is_dictionary(ours.type):
        ours, theirs = _dense(ours), _dense(theirs)
    return ours.equals(theirs)
