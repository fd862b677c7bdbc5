"""A table → the columns of a grid, and the schema that goes with them."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING, Any, Literal, Protocol, TypeAlias

import msgspec
import pandas as pd
import pyarrow as pa

from plotly_nbext.columns import arrow, kinds, wire
from plotly_nbext.columns.labels import label_to_json, write_labels
from plotly_nbext.columns.names import column_names, why_no_name
from plotly_nbext.columns.refusal import Refusal
from plotly_nbext.columns.row_index import is_default, level_labels, levels_of, write_index
from plotly_nbext.columns.schema import VERSION, Column, Schema, Spec, write
from plotly_nbext.errors import ValidationError

if TYPE_CHECKING:
    from collections.abc import Callable

__all__ = [
    "ArrowStream",
    "EncodedColumn",
    "Frame",
    "Table",
    "as_frame",
    "check_same_columns",
    "encode_frame",
    "held",
]


class ArrowStream(Protocol):
    """A table of polars, pyarrow, DuckDB, ibis or another library that speaks Arrow."""

    def __arrow_c_stream__(self, requested_schema: object | None = None) -> object: ...


Frame: TypeAlias = "pd.DataFrame | pd.Series[Any] | ArrowStream"


@dataclass(frozen=True)
class EncodedColumn:
    """One column of a grid.

    Parameters
    ----------
    name : str
        Its name, unique in the grid.
    array : pyarrow.Array
        Its values, of a type for the wire.
    """

    name: str
    array: pa.Array

    @cached_property
    def data(self) -> bytes:
        """The values as the text of a JSON array, as Chart Studio's clients write them."""
        return wire.to_json(self.array)


@dataclass(frozen=True)
class Table:
    """A frame as a grid takes it.

    Parameters
    ----------
    columns : list of EncodedColumn
        The columns in order, those of the index first.
    schema : dict
        What JSON loses of the frame, as plain JSON values.
    row_count : int
        How many values the longest column has; those of a frame are all as long.
    """

    columns: list[EncodedColumn]
    schema: dict[str, Any]
    row_count: int

    @property
    def is_even(self) -> bool:
        """Whether all columns are as long."""
        return len({len(column.array) for column in self.columns}) <= 1

    def to_arrow(self) -> pa.Table:
        """Give the columns as one table; their arrays are not copied."""
        return pa.table([column.array for column in self.columns], self._names)

    @property
    def _names(self) -> list[str]:
        return [column.name for column in self.columns]

    def rows(self, order: list[str]) -> list[list[Any]]:
        """Give the values row by row, to append them to a grid.

        Parameters
        ----------
        order : list of str
            The names of the grid's columns, in its order.

        Returns
        -------
        list of list
            The wire values of each row.

        Raises
        ------
        ValidationError
            If these are not the columns of this table.
        """
        check_same_columns(grid=order, frame=self._names)
        if not order:
            return [[] for _ in range(self.row_count)]
        arrays = {column.name: column.array for column in self.columns}
        return list(map(list, zip(*(wire.to_values(arrays[name]) for name in order), strict=True)))


def encode_frame(frame: Frame, *, index: Literal["auto"] | bool = "auto") -> Table:
    """Write a table as the columns of a grid.

    Parameters
    ----------
    frame : DataFrame, Series or any table with the Arrow PyCapsule interface
        Any number of rows and columns.
    index : "auto" or bool, default "auto"
        Whether the index of a DataFrame becomes columns too: True, False, or only if it says more
        than the position of each row, that is has a name, or other values than 0, 1, 2, ….

    Returns
    -------
    Table
        The columns, and the schema with which :func:`decode_frame` and :func:`decode_arrow` make an
        equal frame.

    Raises
    ------
    ValidationError
        If *frame* is no table, or a value or a label would not come back the same. It names the
        column, the row's position, the type, and what to do.
    """
    if index not in {"auto", True, False}:
        raise ValidationError(f'index must be "auto", True or False, not {index!r}', field="index")
    frame = held(frame)
    if not isinstance(frame, pd.DataFrame):
        return _encode_table(frame)
    keep_index = not is_default(frame.index) if index == "auto" else index
    levels = levels_of(frame.index) if keep_index else []
    # the frame's own columns are named first, so that an index takes no name from them
    level_names = level_labels(frame.index)[: len(levels)]
    names = column_names([*frame.columns, *level_names])
    width = frame.shape[1]

    encoded = [
        _encoded(name, kinds.encode, level)
        for name, level in zip(names[width:], levels, strict=True)
    ]
    for position, label in enumerate(frame.columns):
        name = names[position]
        column, spec = _encoded(name, kinds.encode, frame.iloc[:, position])
        if type(label) is not str or label != name:
            spec.label = label_to_json(label)
        encoded.append((column, spec))

    schema = Schema(
        version=VERSION,
        row_count=len(frame),
        columns={column.name: spec for column, spec in encoded},
        labels=write_labels(frame.columns),
        index=write_index(frame.index, names[width:]) if keep_index else None,
    )
    return Table([column for column, _ in encoded], write(schema), len(frame))


def check_same_columns(*, grid: list[str], frame: list[str]) -> None:
    """Raise a ValidationError unless a frame has just the columns of a grid."""
    in_grid, in_frame = set(grid), set(frame)
    missing = [name for name in grid if name not in in_frame]
    extra = [name for name in frame if name not in in_grid]
    if not missing and not extra:
        return
    problems = [f"lacks {_listed(missing)} of the grid"] if missing else []
    if extra:
        problems.append(f"has {_listed(extra)} that the grid lacks")
    raise ValidationError(
        f"the frame {' and '.join(problems)}",
        field=(missing or extra)[0],
        hint="Appends and upserts take frames with just the grid's columns; "
        "with index=False the index is not one of them.",
    )


def as_frame(frame: Frame) -> pd.DataFrame | ArrowStream:
    """Give a table as it is, and of a Series a frame of one column, of the same library.

    Raises
    ------
    ValidationError
        It is no table.
    """
    if isinstance(frame, pd.DataFrame):
        return frame
    if hasattr(frame, "__dask_graph__"):
        raise ValidationError(
            f"A {type(frame).__name__} of Dask can only be pushed.",
            field="frame",
            hint="For the rest make one of pandas of it, with its .compute() or .head().",
        )
    is_arrow = hasattr(frame, "__arrow_c_stream__")
    if isinstance(frame, pd.Series) or (is_arrow and hasattr(frame, "to_frame")):
        series: Any = frame
        return as_frame(series.to_frame())
    if not is_arrow:
        hint = next(
            (f"Call its .{name}()." for name in ("collect", "to_frame") if hasattr(frame, name)),
            "Make one of it: pandas.DataFrame(…).",
        )
        raise ValidationError(
            f"frame must be a pandas DataFrame or an Arrow table, not {type(frame).__name__}.",
            field="frame",
            hint=hint,
        )
    return frame


def held(frame: Frame) -> pd.DataFrame | pa.Table:
    """Take a table into memory: a stream gives it once, and it may be needed twice.

    Raises
    ------
    ValidationError
        It is none.
    """
    table = as_frame(frame)
    # through the interface, a name would end before its first NUL
    if isinstance(table, pd.DataFrame | pa.Table):
        return table
    try:
        return pa.table(table)
    except pa.ArrowException as error:  # no table, or of a type that only its library has
        raise ValidationError(
            f"{type(frame).__name__} gives no table that Arrow can read: {error}",
            field="frame",
            hint="Make one of it: pandas.DataFrame(…).",
        ) from None


def _encode_table(table: pa.Table) -> Table:
    names = column_names(table.column_names)
    encoded = [
        _encoded(name, arrow.encode, column)
        for name, column in zip(names, table.columns, strict=True)
    ]
    for field, (column, spec) in zip(table.schema, encoded, strict=True):
        arrow.note_field(field, spec)
        if field.name != column.name:
            spec.label = field.name
    schema = Schema(
        version=VERSION,
        row_count=table.num_rows,
        columns={column.name: spec for column, spec in encoded},
        labels=write_labels(pd.Index(table.column_names)),
    )
    return Table([column for column, _ in encoded], write(schema), table.num_rows)


def _encoded(
    name: str, encode: Callable[[Any], tuple[pa.Array, Spec]], values: Any
) -> tuple[EncodedColumn, Column]:
    if why := why_no_name(name):
        raise ValidationError(
            f"{name!r} can't be the name of a column: {why}",
            field="columns",
            hint="Rename it first, e.g. with frame.rename(columns=…).",
        )
    try:
        array, spec = encode(values)
    except Refusal as refusal:
        raise refusal.of_column(name) from None
    return EncodedColumn(name, array), msgspec.convert(spec, Column, from_attributes=True)


def _listed(names: list[str]) -> str:
    return ("column " if len(names) == 1 else "columns ") + ", ".join(map(repr, names))
