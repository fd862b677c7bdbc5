"""The schema of a grid to which rows were appended."""

from __future__ import annotations

import reprlib
from typing import Any, TypeVar

import msgspec
import numpy as np
import pandas as pd
import pyarrow as pa

from plotly_nbext.columns import kinds, numeric, objects
from plotly_nbext.columns.encode import EncodedColumn, Table, check_same_columns
from plotly_nbext.columns.remedy import remedy
from plotly_nbext.columns.schema import Column, Schema, Spec, read, write
from plotly_nbext.errors import ValidationError

__all__ = ["as_objects", "merge_schemas", "merge_specs", "widened"]

_S = TypeVar("_S", bound=Spec)
_SHORT = reprlib.Repr()
_WIDEST = 8  # bytes of a float64


def merge_schemas(
    stored: dict[str, Any], appended: Table, *, row_count: int | None = None
) -> dict[str, Any]:
    """Make the schema of a grid after an append.

    Numbers, datetimes and timedeltas get the type that ``pandas.concat`` gives them, and categories
    are joined. A type of Arrow takes in what is the same on the wire, and so does one of pandas. A
    part with nothing but missing values takes the other's type (integers and booleans become
    nullable ones), and so do rows of NaN alone where no type holds both parts else. A column of any
    JSON values takes in numbers, booleans and strings.

    Parameters
    ----------
    stored : dict
        The schema of the grid.
    appended : Table
        The appended frame.
    row_count : int, optional
        How many rows the grid had before these: what the server says, since others may have
        appended too. The default is what *stored* says.

    Returns
    -------
    dict
        The schema; labels and index are those of *stored*.

    Raises
    ------
    ValidationError
        If the frame lacks a column or has one too many, or if no type holds both parts of a column
        unchanged; it names the column, both types, and what to do.
    """
    grid, frame = _readable(stored), _readable(appended.schema)
    check_same_columns(grid=list(grid.columns), frame=list(frame.columns))
    offset = grid.row_count if row_count is None else row_count
    arrays = {column.name: column.array for column in appended.columns}
    for name, column in grid.columns.items():
        part = frame.columns[name]
        merged = _merge_part(column, part, arrays[name], offset)
        if merged is None:
            raise _misfit(name, column, part, arrays[name])
        grid.columns[name] = msgspec.structs.replace(merged, label=column.label)
    grid.row_count = offset + frame.row_count
    return write(grid)


def widened(stored: dict[str, Any], appended: Table) -> Table:
    """Give narrow floats of a frame the width that they get in a grid.

    On the wire they have just the digits of their own width, which a wider float would take for
    other numbers.
    """
    grid, frame = read(stored), read(appended.schema)
    if grid is None or frame is None:
        return appended
    columns = []
    for column in appended.columns:
        array = column.array
        there, spec = grid.columns.get(column.name), frame.columns[column.name]
        if there is not None and (wider := _wider(there, spec)):
            array = array.cast(pa.float64() if wider.itemsize == _WIDEST else pa.float32())
            frame.columns[column.name] = msgspec.structs.replace(spec, dtype=str(wider))
        columns.append(EncodedColumn(column.name, array))
    return Table(columns, write(frame), appended.row_count)


def as_objects(column: dict[str, Any], *, has_null: bool) -> dict[str, Any] | None:
    """Give a column of a schema the type that pandas.concat gives it beside values of other types.

    Parameters
    ----------
    column : dict
        Its entry in a schema.
    has_null : bool
        Whether anything is missing in it.

    Returns
    -------
    dict or None
        None if it is of objects already, or its values are none that JSON tells apart.
    """
    spec = msgspec.convert(column, Column)
    if spec.dtype == "object" or not _is_json(spec):
        return None
    missing = _MISSING_OF.get(spec.dtype, "NA") if has_null else None
    plain: dict[str, Any] = msgspec.to_builtins(
        Column(
            dtype="object",
            item="json",
            missing=missing,
            nan=spec.nan,
            inf=spec.inf,
            minus_inf=spec.minus_inf,
            label=spec.label,
        )
    )
    return plain


def merge_specs(stored: _S, appended: _S, row_count: int) -> _S | None:
    """Make the type of a column after an append; None if there is none.

    Parameters
    ----------
    stored, appended : Spec
        The types of both parts.
    row_count : int
        How many rows the first part has.
    """
    return _merge(stored, _shifted(appended, row_count))


def _readable(plain: dict[str, Any]) -> Schema:
    schema = read(plain)
    if schema is None:
        raise ValidationError(
            "the grid's types were written by another version of plotly_nbext",
            field="metadata",
            hint='Upgrade plotly_nbext, or write the grid anew with mode="replace".',
        )
    return schema


def _merge_part(grid: Column, frame: Column, array: pa.Array, offset: int) -> Column | None:
    """Make the type of a column after an append, with a look at the appended values."""
    merged = merge_specs(grid, _told_apart(grid, frame, array), offset)
    if merged is None and frame.dtype in _FLOATS and _is_empty(frame, array):
        nothing = Column(dtype="object", item="null", missing="NaN")
        merged = merge_specs(grid, _told_apart(grid, nothing, array), offset)
    return merged


def _is_empty(spec: Spec, array: pa.Array) -> bool:
    return array.null_count == len(array) and not (spec.inf or spec.minus_inf)


def _told_apart(grid: Spec, frame: _S, array: pa.Array) -> _S:
    """Note the rows where another thing is missing than where the grid has null."""
    if grid.dtype != "object" or not array.null_count:
        return frame
    theirs = frame.missing if frame.dtype == "object" else _MISSING_OF.get(frame.dtype, "NA")
    if grid.missing in {None, theirs}:
        return msgspec.structs.replace(frame, missing=theirs)
    told = {*frame.none, *frame.nan, *frame.inf, *frame.minus_inf}
    rows = [row for row in np.flatnonzero(array.is_null()).tolist() if row not in told]
    typed = frame if grid.item == "null" else grid
    if theirs == objects.nan_of(typed):
        return msgspec.structs.replace(frame, missing=None, nan=sorted([*frame.nan, *rows]))
    if grid.missing == "None":
        return msgspec.structs.replace(frame, missing=None)
    return msgspec.structs.replace(frame, missing=None, none=sorted([*frame.none, *rows]))


def _misfit(name: str, grid: Column, frame: Column, array: pa.Array) -> ValidationError:
    """Say of what types two columns are, and what differs where their dtypes read the same."""

    def fits(array: pa.Array, spec: Spec) -> bool:
        part = msgspec.convert(spec, Column, from_attributes=True)
        return _merge_part(grid, part, array, 0) is not None

    ours, theirs = _described(grid), _described(frame)
    hint = remedy(grid, frame, array, fits)
    if ours == theirs:
        ours, theirs = f"{ours} {_details(grid)}", f"{theirs} {_details(frame)}"
    return ValidationError(
        f"column {name!r} holds {ours} in the grid and {theirs} in the frame",
        field=name,
        hint=hint,
    )


def _described(spec: Spec) -> str:
    return spec.dtype if spec.item is None else f"{spec.dtype} ({spec.item})"


def _details(spec: Spec) -> str:
    """Tell of a type what its dtype doesn't."""
    if spec.categories is not None:
        what = "order" if spec.ordered or spec.arrow else "categories"
        return f"with the {what} {_SHORT.repr(spec.categories.wire)}"
    if spec.fill is not None:
        return f"with the fill value {spec.fill.wire[0]}"
    if spec.zone is not None:
        return f"in {spec.zone}"
    if spec.missing == "NaN":
        return "with NaN for what is missing"
    if spec.missing == "None":
        return "with null for what is missing"
    return "with other parameters"


def _shifted(spec: _S, offset: int) -> _S:
    """Count the rows of an appended part from the grid's first row."""
    return msgspec.structs.replace(
        spec,
        none=[row + offset for row in spec.none],
        nan=[row + offset for row in spec.nan],
        inf=[row + offset for row in spec.inf],
        minus_inf=[row + offset for row in spec.minus_inf],
        of=spec.of and _shifted(spec.of, offset),
    )


def _merge(grid: _S, frame: _S) -> _S | None:
    """Make the type of both parts; None if there is none."""
    if grid.item == "null" and frame.dtype != "object":
        grid = msgspec.structs.replace(grid, nan=[], none=[])
        merged: _S | None = _nullable(frame)
    elif frame.item == "null" and grid.dtype != "object":
        frame = msgspec.structs.replace(frame, nan=[], none=[])
        merged = _nullable(grid)
    elif (grid.arrow is None) != (frame.arrow is None):
        merged = _merge_across(grid, frame)
    elif grid.dtype == frame.dtype:
        merged = _merge_alike(grid, frame)
    elif _is_text(grid) and _is_text(frame):
        merged = grid
    elif grid.item == "json":
        merged = _with_missing(grid, frame) if _is_json(frame) else None
    else:
        merged = _promoted(grid, frame)
    return merged and msgspec.structs.replace(
        merged,
        none=grid.none + frame.none,
        nan=grid.nan + frame.nan,
        inf=grid.inf + frame.inf,
        minus_inf=grid.minus_inf + frame.minus_inf,
    )


def _merge_alike(grid: _S, frame: _S) -> _S | None:
    """Merge two types of the same dtype, whose parameters may differ."""
    if grid.dtype == "object":
        return _merge_objects(grid, frame)
    if grid.dtype == "category":
        return _merge_categories(grid, frame)
    if grid.arrow or frame.arrow:
        return _merge_arrow(grid, frame)
    if grid.fill != frame.fill:
        return None
    if grid.of is None or frame.of is None:
        return grid
    of = _merge(grid.of, frame.of)
    kept = of is not None and of.dtype == grid.of.dtype
    return msgspec.structs.replace(grid, of=of) if kept else None


def _merge_arrow(grid: _S, frame: _S) -> _S | None:
    missing = {grid.missing, frame.missing} - {None}
    if grid.arrow != frame.arrow or grid.categories != frame.categories or len(missing) > 1:
        return None
    return msgspec.structs.replace(grid, missing=next(iter(missing), None))


def _merge_across(grid: _S, frame: _S) -> _S | None:
    """Merge a type of Arrow with one of pandas that is the same on the wire."""
    own_type = kinds.wire_type_of(grid)
    if own_type is None or own_type != kinds.wire_type_of(frame):
        return None
    of_arrow, of_pandas = (grid, frame) if grid.arrow else (frame, grid)
    # Arrow's null may stand for NaN, which numpy's floats have in its place, and pandas' NA is not
    if of_arrow.missing == "NaN" and not isinstance(kinds.dtype_of(of_pandas), np.dtype):
        return None
    return grid if grid.arrow else _nullable(grid)


def _merge_objects(grid: _S, frame: _S) -> _S | None:
    items = {grid.item, frame.item} - {"null"}
    if len(items) > 1:
        return None
    typed = frame if grid.item == "null" else grid
    if grid.item == frame.item and grid.zone != frame.zone:
        return None
    one_exponent = grid.exponent == frame.exponent or grid.item != frame.item
    exponent = typed.exponent if one_exponent else None
    return msgspec.structs.replace(typed, missing=grid.missing or frame.missing, exponent=exponent)


def _with_missing(grid: _S, frame: _S) -> _S:
    return msgspec.structs.replace(grid, missing=grid.missing or frame.missing)


def _merge_categories(grid: _S, frame: _S) -> _S | None:
    parts = [pd.Categorical([], dtype=kinds.dtype_of(spec)) for spec in (grid, frame)]
    try:
        categories = pd.api.types.union_categoricals(parts).categories
    except TypeError:  # of other types, or in another order
        return None
    typed = kinds.make_typed(pd.Series(categories.array, dtype=categories.dtype))
    return msgspec.structs.replace(grid, categories=typed)


def _promoted(grid: _S, frame: _S) -> _S | None:
    """Find the dtype that pandas.concat gives to numbers, booleans, datetimes and timedeltas."""
    dtypes = [kinds.dtype_of(grid), kinds.dtype_of(frame)]
    if (
        grid.of
        or frame.of
        or grid.arrow
        or frame.arrow
        or {dtype.kind for dtype in dtypes} not in _PROMOTED
    ):
        return None
    both = _concatenated(dtypes)
    if both.kind == "O" or any(_loses_digits(dtype, both) for dtype in dtypes):
        return None
    return msgspec.structs.replace(grid, dtype=kinds.encode(pd.Series([], dtype=both))[1].dtype)


def _concatenated(dtypes: list[Any]) -> Any:
    return pd.concat([pd.Series([0], dtype=dtype) for dtype in dtypes]).dtype


def _wider(grid: Spec, frame: Spec) -> Any:
    """Give the dtype of narrow floats among a grid's values, if it is a wider one."""
    if frame.dtype not in _NARROW or grid.arrow or grid.of:
        return None
    if grid.item == "json":
        return np.dtype("float64")
    dtypes = [kinds.dtype_of(grid), kinds.dtype_of(frame)]
    if {dtype.kind for dtype in dtypes} not in _PROMOTED:
        return None
    both = _concatenated(dtypes)
    # only the frame's own values can be written anew
    wider = both.kind == "f" and both.itemsize > dtypes[1].itemsize
    return both if wider and not _loses_digits(dtypes[0], both) else None


_FLOATS = ("float16", "float32", "float64")
_NARROW = ("float16", "float32", "Float32")
_MISSING_OF = {**dict.fromkeys(_FLOATS, "NaN"), "str": "NaN"}
_PROMOTED = [*({a, b} for a in "iuf" for b in "iuf"), {"b"}, {"M"}, {"m"}]


def _loses_digits(dtype: Any, wider: Any) -> Any:
    """Tell whether a narrow float, written with just its own digits, would become another one."""
    return dtype.kind == "f" and dtype.itemsize < _WIDEST and dtype.itemsize != wider.itemsize


def _nullable(spec: _S) -> _S:
    dtype = kinds.dtype_of(spec)
    if not isinstance(dtype, np.dtype) or dtype.kind not in "iub":
        return spec
    return msgspec.structs.replace(spec, dtype=str(numeric.nullable(dtype)))


def _is_text(spec: Spec) -> bool:
    return spec.dtype in {"str", "string"}


def _is_json(spec: Spec) -> bool:
    """Tell whether values are the same when they are read as plain JSON."""
    if _is_text(spec) or spec.of or spec.arrow:
        return _is_text(spec)
    dtype = kinds.dtype_of(spec)
    return dtype.kind in "iub" or (dtype.kind == "f" and dtype.itemsize == _WIDEST)
