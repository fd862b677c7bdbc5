"""The values of a grid as a file: parquet with the types that they have on the wire, or csv.

What the types of a DataFrame are beyond that is in the grid's metadata. A csv's cells are texts as
they are, or JSON where the column's values are no texts; an empty cell is null, and ``""`` is the
empty text. Columns of different lengths end in nulls, and the manifest tells where.
"""

from __future__ import annotations

import base64
from typing import TYPE_CHECKING, Final

import pyarrow as pa
import pyarrow.csv as pa_csv
import pyarrow.parquet as pq

from plotly_nbext.columns import json, wire

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from plotly_nbext.client.column import GridColumn
    from plotly_nbext.client.content import Content
    from plotly_nbext.moving.manifest import Column

__all__ = ["ENDINGS", "arrays_of", "is_text", "read_table", "write_table"]

ENDINGS: Final = {"parquet": ".parquet", "csv": ".csv"}

_TYPES: Final = b"ARROW:schema"
_MAX_BLOCK: Final = 2**31 - 1
_NO_FIXED_LINES: Final = pa_csv.ParseOptions(newlines_in_values=True, ignore_empty_lines=False)


def _array(values: list[object] | pa.ChunkedArray, length: int) -> pa.Array:
    """Make one array of as many values of a column as it has; what follows is filled up."""
    if isinstance(values, list):
        return wire.from_values(values[:length])
    chunks = [chunk for chunk in values.slice(0, length).chunks if len(chunk)]
    return pa.concat_arrays(chunks) if chunks else pa.array([], values.type)


def arrays_of(columns: Sequence[GridColumn], content: Content) -> list[pa.Array]:
    """Make the arrays of a grid's columns, each as long as it is."""
    return [
        _array(values, len(values) if column.length is None else column.length)
        for column, (_, values) in zip(columns, content.columns, strict=True)
    ]


def is_text(array: pa.Array) -> bool:
    """Tell whether the values of a column are texts in JSON."""
    return bool(pa.types.is_string(array.type) or pa.types.is_timestamp(array.type))


def write_table(path: Path, names: Sequence[str], arrays: Sequence[pa.Array]) -> None:
    """Write columns to a file of the format that its name ends in.

    Parameters
    ----------
    path : Path
        The file.
    names : sequence of str
        The columns' names.
    arrays : sequence of pyarrow.Array
        Their values, of types for the wire, maybe of different lengths.
    """
    if path.suffix == ENDINGS["csv"]:
        arrays = [_cells(array) for array in arrays]
    height = max(map(len, arrays), default=0)
    padded = [
        pa.concat_arrays([array, pa.nulls(height - len(array), array.type)])
        if len(array) < height
        else array
        for array in arrays
    ]
    table = pa.table(padded, names=list(names))
    if path.suffix == ENDINGS["csv"]:
        pa_csv.write_csv(table, path)
    else:
        pq.write_table(table, path, compression="zstd")


def read_table(path: Path, columns: Sequence[Column]) -> list[pa.Array]:
    """Read what :func:`write_table` wrote.

    Raises
    ------
    ValueError
        It is another table than that of these columns.
    """
    if not columns:
        return []
    is_csv = path.suffix == ENDINGS["csv"]
    height = max(column.length for column in columns)
    table = _read_csv(path, len(columns)) if is_csv else _read_parquet(path, height)
    if table.num_columns != len(columns):
        raise ValueError(f"{path} has {table.num_columns} columns, not {len(columns)}")
    found = []
    for place, column in enumerate(columns):
        array = _array(table.column(place), column.length)
        if len(array) != column.length:
            raise ValueError(f"{path} has {len(array)} rows of the column {column.name!r}")
        found.append(_values(array) if is_csv and not column.is_text else array)
    return found


def _cells(array: pa.Array) -> pa.Array:
    if array.type == wire.JSON:
        return array.storage
    if is_text(array):
        return pa.array(wire.to_values(array), pa.string())
    if pa.types.is_null(array.type):
        return array.cast(pa.string())
    return wire.texts(array)


def _values(cells: pa.Array) -> pa.Array:
    if not len(cells):
        return pa.nulls(0)
    return wire.from_values(json.loads(b"[" + wire.joined(cells.fill_null("null"), ",") + b"]"))


def _read_csv(path: Path, width: int) -> pa.Table:
    names = [f"f{place}" for place in range(width)]
    table = pa_csv.read_csv(
        path,
        read_options=pa_csv.ReadOptions(
            autogenerate_column_names=True,
            block_size=min(path.stat().st_size + 1, _MAX_BLOCK),  # no row may be in two
        ),
        parse_options=_NO_FIXED_LINES,
        convert_options=pa_csv.ConvertOptions(
            column_types=dict.fromkeys(names, pa.string()),
            null_values=[""],
            strings_can_be_null=True,
            quoted_strings_can_be_null=False,
        ),
    )
    return table.slice(1)  # without the names


def _read_parquet(path: Path, height: int) -> pa.Table:
    """Read a file, with the types that were written: parquet has no seconds."""
    facts = pq.read_metadata(path)
    told = facts.metadata or {}
    if facts.num_rows != height or _TYPES not in told:  # a few bytes may say billions of rows
        raise ValueError(f"{path} is not the table of {height} rows that was written")
    table = pq.read_table(path)
    written = pa.ipc.read_schema(pa.py_buffer(base64.b64decode(told[_TYPES])))
    return pa.table(
        [
            column if column.type == field.type else column.cast(field.type)
            for column, field in zip(table.columns, written, strict=True)
        ],
        schema=written,
    )
