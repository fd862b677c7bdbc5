"""A frame beside a grid that is there: whether it fits, and what the grid's types become."""

from __future__ import annotations

from collections.abc import Hashable, Iterable
from typing import TYPE_CHECKING, Any, Literal, cast

import pandas as pd

from plotly_nbext.client.file import SCHEMA_KEY
from plotly_nbext.columns import encode_frame, merge_schemas
from plotly_nbext.columns.merge import widened
from plotly_nbext.columns.row_index import is_default
from plotly_nbext.columns.schema import is_readable
from plotly_nbext.errors import ValidationError
from plotly_nbext.suggestions import did_you_mean

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from plotly_nbext.client.grid import Grid
    from plotly_nbext.columns import Table
    from plotly_nbext.columns.encode import Frame

    Key = Hashable | Sequence[Hashable]

__all__ = [
    "appended_schema",
    "columns_schema",
    "key_labels",
    "key_names",
    "key_of",
    "same_length",
    "table_of_columns",
    "table_of_rows",
]


def key_of(mode: str, key: Key | None, frame: Frame, *, dry_run: bool) -> list[Hashable]:
    """Read the key of a push in a mode; none where it needs none.

    Raises
    ------
    ValidationError
        It needs one, or takes none.
    """
    if key is None:
        if mode == "upsert":
            raise ValidationError(
                "mode='upsert' needs a key: the columns whose values tell rows apart.", field="key"
            )
        return []
    if not (mode == "upsert" or (mode == "replace" and dry_run)):
        raise ValidationError(
            f"key has no meaning for mode={mode!r}.",
            field="key",
            hint="mode='upsert' puts rows in place of those with the same key.",
        )
    return key_labels(key, frame)


def key_labels(key: Key, frame: Frame) -> list[Hashable]:
    """Read the labels of the columns that tell rows apart.

    Raises
    ------
    ValidationError
        There are none, or one is no label, or there twice.
    """
    is_one = not isinstance(key, Iterable) or isinstance(key, str)
    if isinstance(key, tuple) and isinstance(frame, pd.DataFrame):
        is_one = _is_label(key) and key in frame.columns  # a MultiIndex has such labels
    labels: list[Hashable] = [key] if is_one else list(cast("Sequence[Hashable]", key))
    if not labels or None in labels or not all(map(_is_label, labels)):
        raise ValidationError(
            f"key must be the label of a column, or a list of labels, not {key!r}.", field="key"
        )
    if len(set(labels)) < len(labels):
        raise ValidationError(f"key names a column twice: {key!r}.", field="key")
    return labels


def key_names(labels: Sequence[Hashable], table: Table, frame: Frame) -> list[str]:
    """Name the grid's columns that have some labels in a frame.

    Raises
    ------
    ValidationError
        There is none, or several.
    """
    names = [column.name for column in table.columns]
    return [
        label if isinstance(label, str) and label in names else _name_of(label, names, frame)
        for label in labels
    ]


def _name_of(label: Hashable, names: Sequence[str], frame: Frame) -> str:
    places: list[int] = []
    if isinstance(frame, pd.DataFrame):
        levels = len(names) - frame.shape[1]
        labels = [*frame.index.names[:levels], *frame.columns]
        places = [place for place, there in enumerate(labels) if there == label]
    if not places:
        known = ", ".join(map(repr, names))
        raise ValidationError(
            f"The frame has no key column {label!r}; it has {known}.",
            field=str(label),
            hint=did_you_mean(str(label), names),
        )
    if len(places) > 1:
        raise ValidationError(f"key names {len(places)} columns by {label!r}.", field="key")
    return names[places[0]]


def _is_label(label: object) -> bool:
    return isinstance(label, Hashable) and not (isinstance(label, tuple) and not label)


def table_of_columns(frame: Frame) -> Table:
    """Encode columns for a grid that is there; its rows are theirs by position."""
    if isinstance(frame, pd.DataFrame):
        if not is_default(frame.index):
            raise ValidationError(
                "The frame has row labels, which columns of a grid that is there can't keep.",
                field="index",
                hint="Put its rows in the grid's order, then call .reset_index(drop=True).",
            )
        for label in frame.columns:
            if not isinstance(label, str):
                raise ValidationError(
                    f"The column label {label!r} is not a string.",
                    field=str(label),
                    hint="Rename the column: frame.rename(columns=str).",
                )
    return encode_frame(frame, index=False)


def table_of_rows(
    frame: Frame, metadata: Mapping[str, Any], index: Literal["auto"] | bool
) -> Table:
    """Encode rows for a grid of which the metadata is known.

    By ``auto``, the row labels are data where the grid keeps them, or where they are more than mere
    numbers.
    """
    schema = metadata.get(SCHEMA_KEY)
    if index == "auto" and isinstance(frame, pd.DataFrame):
        rows = frame.index
        kept = is_readable(schema) and bool(schema.get("index"))
        index = kept or rows.name is not None or rows.nlevels > 1 or rows.dtype.kind not in "iu"
    table = encode_frame(frame, index=index)
    return widened(schema, table) if schema else table


def appended_schema(
    stored: dict[str, Any] | None, table: Table, names: Sequence[str], row_count: int
) -> dict[str, Any] | None:
    """Join the types of a grid and those of rows after its own; None where none were kept.

    No rows change no types.

    Parameters
    ----------
    stored : dict or None
        The grid's.
    table : Table
        The rows.
    names : sequence of str
        The grid's columns.
    row_count : int
        How many rows the grid has.

    Raises
    ------
    ValidationError
        No type holds both; it names the column.
    """
    if not stored:
        return None
    if is_readable(stored):
        # a column that another client made has the frame's type
        columns = table.schema["columns"] | stored["columns"]
        stored = stored | {"columns": {name: columns[name] for name in names}}
    merged = merge_schemas(stored, table, row_count=row_count)
    return merged if table.row_count else stored


def columns_schema(metadata: Mapping[str, Any], table: Table) -> dict[str, Any] | None:
    """Note the types of columns that were written into a grid; a column keeps its label."""
    stored = metadata.get(SCHEMA_KEY)
    if not is_readable(stored):
        return stored
    columns = dict(stored["columns"])
    for name, spec in table.schema["columns"].items():
        there = columns.get(name, {})
        columns[name] = spec | ({"label": there["label"]} if "label" in there else {})
    return stored | {"columns": columns}


def same_length(grid: Grid, table: Table) -> None:
    """Refuse columns that other columns of the grid would be longer or shorter than.

    Raises
    ------
    ValidationError
        They are.
    """
    given = {column.name for column in table.columns}
    others = [column for column in grid.columns if column.name not in given]
    if others and table.row_count != grid.row_count:
        raise ValidationError(
            f"The frame has {table.row_count} rows, and {grid!r} other columns of "
            f"{grid.row_count}.",
            field="frame",
        )
