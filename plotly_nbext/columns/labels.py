"""A frame's ``columns`` ⇄ the schema.

A label is kept with its column, as it is where JSON has a form for it, else as ``{"tuple": […]}``
or as one typed value; a label that is just the column's name in the grid is not kept twice.
"""

from __future__ import annotations

from typing import Any

import msgspec
import pandas as pd

from plotly_nbext.columns import kinds
from plotly_nbext.columns.frequency import frequency_name, with_frequency
from plotly_nbext.columns.refusal import Refusal
from plotly_nbext.columns.schema import PLAIN_LABELS, Column, Labels, Schema, Typed
from plotly_nbext.errors import ValidationError

__all__ = ["label_from_json", "label_to_json", "read_labels", "write_labels"]

_TEXT = pd.Index([""]).dtype  # `str` or, before pandas 3, `object`
_HINT = "Rename it first, e.g. frame.columns = frame.columns.map(str)."


def write_labels(columns: pd.Index[Any]) -> Labels:
    """Keep what a frame's labels have in common.

    Raises
    ------
    ValidationError
        If labels of that dtype can't be kept.
    """
    levels = [columns.get_level_values(level) for level in range(columns.nlevels)]
    try:
        specs = [kinds.encode(pd.Series([], dtype=level.dtype))[1] for level in levels]
    except Refusal as refusal:
        raise ValidationError(
            f"the frame's labels: {refusal.reason}", field="columns", hint=_HINT
        ) from None
    names = [label_to_json(name) for name in columns.names]
    return Labels(
        specs, names, multi=isinstance(columns, pd.MultiIndex), freq=frequency_name(columns)
    )


def read_labels(names: list[str], schema: Schema) -> pd.Index[Any]:
    """Make a frame's ``columns`` again, for the columns of these names.

    A column that the schema doesn't know is labelled by its name.
    """
    columns = [schema.columns.get(name) for name in names]
    labels = [_label(name, column) for name, column in zip(names, columns, strict=True)]
    complete = None not in columns
    kept = schema.labels
    level_names = [label_from_json(name) for name in kept.names]
    if not kept.multi:
        flat = with_frequency(_level(labels, kept, 0, complete=complete), kept.freq)
        flat.name = level_names[0]
        return flat
    depth = len(kept.levels)
    rows = [label if isinstance(label, tuple) else (label,) for label in labels]
    rows = [(*row, *[""] * (depth - len(row))) for row in rows]
    levels = [
        _level([row[level] for row in rows], kept, level, complete=complete)
        for level in range(depth)
    ]
    return pd.MultiIndex.from_arrays(levels, names=level_names)


def label_to_json(label: Any) -> Any:
    """Write a label.

    Raises
    ------
    ValidationError
        If it would not come back the same.
    """
    if label is None or type(label) in {str, int, bool}:
        return label
    if type(label) is tuple:
        return {"tuple": [label_to_json(part) for part in label]}
    for dtype in (object, None):  # as Python's own value, or as what pandas makes of it
        try:
            typed = kinds.make_typed(pd.Series([label], dtype=dtype))
            again = kinds.read_typed(typed)[0]
        except kinds.BROKEN:
            continue
        # what is missing is not even equal to itself, and NA can't tell
        if type(again) is type(label) and (pd.isna(again) if pd.isna(label) else again == label):
            plain: Any = msgspec.to_builtins(typed)
            return plain
    kind = type(label).__qualname__
    raise ValidationError(
        f"the label {label!r} ({kind}) can't be kept", field=str(label), hint=_HINT
    )


def label_from_json(plain: Any) -> Any:
    """Read what :func:`label_to_json` wrote."""
    if not isinstance(plain, dict):
        return plain
    if "tuple" in plain:
        return tuple(label_from_json(part) for part in plain["tuple"])
    return kinds.read_typed(msgspec.convert(plain, Typed))[0]


def _label(name: str, column: Column | None) -> Any:
    if column is None or column.label is msgspec.UNSET:
        return name
    return label_from_json(column.label)


def _level(labels: list[Any], kept: Labels, level: int, *, complete: bool) -> pd.Index[Any]:
    dtype = _TEXT if kept == PLAIN_LABELS else kinds.dtype_of(kept.levels[level])
    if not complete and not isinstance(dtype, pd.StringDtype):
        dtype = object
    index: pd.Index[Any] = pd.Index(labels, dtype=dtype, tupleize_cols=False)
    return index
