"""A DataFrame → the columns of a grid, and the schema that goes with them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Literal

import msgspec
import pandas as pd

from plotly_nbext.columns import json, kinds
from plotly_nbext.columns.labels import label_to_json, write_labels
from plotly_nbext.columns.names import column_names
from plotly_nbext.columns.refusal import Refusal
from plotly_nbext.columns.row_index import is_default, level_labels, levels_of, write_index
from plotly_nbext.columns.schema import VERSION, Column, Schema, write
from plotly_nbext.errors import ValidationError

__all__ = ["EncodedColumn", "Table", "check_same_columns", "encode_frame"]


@dataclass(frozen=True, slots=True)
class EncodedColumn:
    """One column of a grid.

    Parameters
    ----------
    name : str
        Its name, unique in the grid.
    data : bytes
        Its values: the text of a JSON array, as Chart Studio's clients write them.
    """

    name: str
    data: bytes


@dataclass(frozen=True, slots=True)
class Table:
    """A frame as a grid takes it.

    Parameters
    ----------
    columns : list of EncodedColumn
        The columns in order, those of the index first.
    schema : dict
        What JSON loses of the frame, as plain JSON values.
    row_count : int
        How many values each column has.
    """

    columns: list[EncodedColumn]
    schema: dict[str, Any]
    row_count: int

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
        data = {column.name: column.data for column in self.columns}
        check_same_columns(grid=order, frame=list(data))
        if not order:
            return [[] for _ in range(self.row_count)]
        return list(map(list, zip(*(json.loads(data[name]) for name in order), strict=True)))


def encode_frame(frame: pd.DataFrame, *, index: Literal["auto"] | bool = "auto") -> Table:
    """Write a DataFrame as the columns of a grid.

    Parameters
    ----------
    frame : DataFrame
        Any number of rows and columns.
    index : "auto" or bool, default "auto"
        Whether the index becomes columns too: True, False, or only if it says more than the
        position of each row, that is has a name, or other values than 0, 1, 2, ….

    Returns
    -------
    Table
        The columns, and the schema with which :func:`decode_frame` makes an equal frame.

    Raises
    ------
    ValidationError
        If *frame* is no DataFrame, or a value or a label would not come back the same. It names the
        column, the row's position, the type, and what to do.
    """
    if not isinstance(frame, pd.DataFrame):
        raise ValidationError(
            f"frame must be a pandas DataFrame, not {type(frame).__name__}.",
            field="frame",
            hint="Call its .to_frame()."
            if isinstance(frame, pd.Series)
            else "Make one of it: pandas.DataFrame(…).",
        )
    if index not in {"auto", True, False}:
        raise ValidationError(f'index must be "auto", True or False, not {index!r}', field="index")
    keep_index = not is_default(frame.index) if index == "auto" else index
    levels = levels_of(frame.index) if keep_index else []
    # the frame's own columns are named first, so that an index takes no name from them
    level_names = level_labels(frame.index)[: len(levels)]
    names = column_names([*frame.columns, *level_names])
    width = frame.shape[1]

    encoded = [_encode(name, level) for name, level in zip(names[width:], levels, strict=True)]
    for position, label in enumerate(frame.columns):
        name = names[position]
        column, spec = _encode(name, frame.iloc[:, position])
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
        hint="Rows are appended from a frame with the grid's columns; "
        "with index=False its index is not one of them.",
    )


def _encode(name: str, series: pd.Series[Any]) -> tuple[EncodedColumn, Column]:
    try:
        json.dumps(name)
    except ValueError as error:
        raise ValidationError(
            f"{name!r} can't be the name of a column: {error}",
            field="columns",
            hint="Rename it first, e.g. with frame.rename(columns=…).",
        ) from None
    try:
        data, spec = kinds.encode(series)
    except Refusal as refusal:
        raise refusal.of_column(name) from None
    return EncodedColumn(name, data), msgspec.convert(spec, Column, from_attributes=True)


def _listed(names: list[str]) -> str:
    return ("column " if len(names) == 1 else "columns ") + ", ".join(map(repr, names))
