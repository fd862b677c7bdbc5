"""The columns of a grid → a DataFrame, or an Arrow table."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final, TypeAlias

import pandas as pd
import pyarrow as pa

from plotly_nbext.columns import arrow, kinds, text, wire
from plotly_nbext.columns.infer import infer
from plotly_nbext.columns.labels import read_labels
from plotly_nbext.columns.row_index import make_index
from plotly_nbext.columns.schema import (
    PLAIN_LABELS,
    VERSION,
    Column,
    RowIndex,
    Schema,
    read,
)

if TYPE_CHECKING:
    from collections.abc import Sequence

__all__ = ["decode_arrow", "decode_frame"]

MANY_COLUMNS: Final = 100

Values: TypeAlias = "list[Any] | pa.Array | pa.ChunkedArray"


def decode_frame(
    columns: Sequence[tuple[str, Values]], schema: dict[str, Any] | None
) -> pd.DataFrame:
    """Make a DataFrame of a grid's columns.

    Parameters
    ----------
    columns : sequence of (str, list or Array or ChunkedArray)
        Name of each column in the grid's order, and its JSON values or the same on the wire.
        Columns may differ in length: the shorter ones are filled up with null.
    schema : dict or None
        What :func:`encode_frame` said of the frame, as it is in the grid's metadata.

    Returns
    -------
    DataFrame
        Equal to the frame that was written. A column that is not in the schema, or no longer of the
        type that it says, has the dtype that holds its values unchanged; so have all columns if
        there is no schema, or none that this version reads.
    """
    known = read(schema) or _NOTHING_KNOWN
    height = max((len(values) for _, values in columns), default=known.row_count)
    series = [(name, _column(values, height, known.columns.get(name))) for name, values in columns]
    index = _index(dict(series), known.index)
    if known.index and index is not None:
        series = [(name, column) for name, column in series if name not in known.index.columns]
    frame = pd.DataFrame(
        dict(enumerate(column for _, column in series)),
        index=pd.RangeIndex(height),
        # they are no one else's; but of a frame of many arrays, pandas warns who adds a column
        copy=len(series) > MANY_COLUMNS,
    )
    frame.columns = _labels([name for name, _ in series], known)
    if index is not None:
        frame.index = index
    return frame


def decode_arrow(columns: Sequence[tuple[str, Values]], schema: dict[str, Any] | None) -> pa.Table:
    """Make an Arrow table of a grid's columns.

    Parameters
    ----------
    columns, schema
        As :func:`decode_frame` takes them.

    Returns
    -------
    pyarrow.Table
        The columns, those of an index too, under their names in the grid. One that was pushed from
        Arrow has its type then; one of pandas the type that pyarrow gives to its dtype; and what
        Arrow has no type for (or differs from row to row) that of its values on the wire.
    """
    known = read(schema) or _NOTHING_KNOWN
    height = max((len(values) for _, values in columns), default=known.row_count)
    arrays = [_array(values, height, known.columns.get(name)) for name, values in columns]
    fields = [
        _field(name, array.type, known.columns.get(name))
        for (name, _), array in zip(columns, arrays, strict=True)
    ]
    return pa.table(arrays, schema=pa.schema(fields))


_NOTHING_KNOWN = Schema(VERSION, 0, {}, PLAIN_LABELS)


def _column(values: Values, height: int, spec: Column | None) -> pd.Series[Any]:
    padded = _padded(values, height)
    if spec is not None:
        try:
            return kinds.decode(padded, spec)
        except kinds.BROKEN:  # another program changed it, or its type can't be had here
            pass
    return infer(_narrowest(padded))


def _array(values: Values, height: int, spec: Column | None) -> pa.Array:
    array = _narrowest(_padded(values, height))
    if spec is None:
        return array
    try:
        if spec.arrow:
            return arrow.decode(array, spec)
        found = pa.array(kinds.decode(array, spec), from_pandas=True)
    except kinds.BROKEN:
        return array
    # Arrow would make like what differs from cell to cell, and pandas' own types are for pandas
    is_plain = array.type != wire.JSON and not isinstance(found.type, pa.BaseExtensionType)
    return found if is_plain else array


def _field(name: str, kind: pa.DataType, spec: Column | None) -> pa.Field:
    """Name a column, and say what is a type to polars alone."""
    field = pa.field(name, kind)
    if spec is None or not spec.arrow:
        return field
    try:
        kept = arrow.field_of(spec)
    except kinds.BROKEN:
        return field
    return field.with_metadata(kept.metadata) if kept.type == kind else field


def _padded(values: Values, height: int) -> list[Any] | pa.Array:
    """Give values in one piece, filled up with null."""
    if isinstance(values, pa.ChunkedArray):
        values = text.in_one_piece(values)
    missing = height - len(values)
    if not missing:
        return values
    if isinstance(values, list):
        return values + [None] * missing
    return pa.concat_arrays([values, pa.nulls(missing, values.type)])


def _narrowest(values: list[Any] | pa.Array) -> pa.Array:
    """Give values the type that they have by themselves; in a grid any may be kept as JSON."""
    if isinstance(values, list):
        return wire.from_values(values)
    return wire.from_values(wire.to_values(values)) if values.type == wire.JSON else values


def _index(columns: dict[str, pd.Series[Any]], kept: RowIndex | None) -> pd.Index[Any] | None:
    """Make the index of those of its columns that are there."""
    levels = {name: columns[name] for name in kept.columns if name in columns} if kept else {}
    if kept is None or not levels:
        return None
    try:
        return make_index(levels, kept)
    except kinds.BROKEN:
        return None


def _labels(names: list[str], known: Schema) -> pd.Index[Any]:
    try:
        return read_labels(names, known)
    except kinds.BROKEN:
        return pd.Index(names)
