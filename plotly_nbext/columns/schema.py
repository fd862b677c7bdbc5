"""What JSON loses of a DataFrame, written down: the schema that is kept in the grid's metadata.

A schema is plain JSON. It has one entry for each column under the column's name in the grid, and
each entry stands alone, so that columns can be added, replaced and dropped by changing entries::

    {"version": 1, "row_count": 3,
     "columns": {"day": {"dtype": "datetime64[us]"}, "x": {"dtype": "float32", "inf": [2]}},
     "labels": {"levels": [{"dtype": "str", "storage": "python"}], "names": [null]},
     "index": {"columns": ["day"], "names": ["day"], "freq": "D"}}
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final, TypeGuard

import msgspec

if TYPE_CHECKING:
    from collections.abc import Mapping

__all__ = [
    "METADATA_KEY",
    "NOTED",
    "PLAIN_LABELS",
    "VERSION",
    "Column",
    "Labels",
    "RowIndex",
    "Schema",
    "Spec",
    "Typed",
    "forget_rows",
    "is_readable",
    "of_columns",
    "of_rows",
    "read",
    "write",
]

VERSION = 1
METADATA_KEY = "plotly_nbext"
"""Where the schema is in a grid's metadata."""

NOTED = ("none", "nan", "inf", "-inf")
"""What a column's entry says of the rows whose null stands for something else."""


class Spec(msgspec.Struct, omit_defaults=True, kw_only=True):
    """The type of a column, and what of its values JSON has no form for.

    Parameters
    ----------
    dtype : str
        As pandas writes it; ``"category"`` and ``"Sparse"`` without their parameters.
    storage : str, optional
        Of strings: ``"python"`` or ``"pyarrow"``.
    item : str, optional
        Of ``object``: what the values are (see :mod:`plotly_nbext.columns.objects`).
    missing : str, optional
        Of ``object``: the Python value that stands for null; None where there was no null.
        Of Arrow floats: ``"NaN"`` if all nulls on the wire stand for it, ``"None"`` if not all.
    zone : str, optional
        Of ``object``: the time zone of its datetimes, where it is more than an offset.
    exponent : int, optional
        Of ``object``: the exponent that all of its Decimals have.
    categories : Typed, optional
        Of ``category`` and ordered Arrow dictionaries: the categories.
    ordered : bool
        Of ``category``: whether they have an order.
    of : Spec, optional
        Of ``Sparse``: the type of the dense column.
    fill : Typed, optional
        Of ``Sparse``: the one value that is left out.
    arrow : str, optional
        Of Arrow columns: the Arrow type, an IPC schema message in base64.
    nan, inf, minus_inf : list of int
        Rows whose null on the wire stands for a NaN that is not missing, ∞ and -∞.
        Of ``object``: *nan* is for those where *missing* is something else.
    none : list of int
        Of ``object``: rows whose null stands for None, where *missing* is something else.
    """

    dtype: str
    storage: str | None = None
    item: str | None = None
    missing: str | None = None
    zone: str | None = None
    exponent: int | None = None
    categories: Typed | None = None
    ordered: bool = False
    of: Spec | None = None
    fill: Typed | None = None
    arrow: str | None = None
    none: list[int] = []
    nan: list[int] = []
    inf: list[int] = []
    minus_inf: list[int] = msgspec.field(default_factory=list, name="-inf")


class Typed(msgspec.Struct):
    """A few values as they are on the wire, with their type."""

    type: Spec
    wire: list[Any]


class Column(Spec, omit_defaults=True, kw_only=True):
    """A column's type, and its label where that is not just its name in the grid.

    *container* is what a figure had its values in: a list, an array of numpy, ….
    """

    label: Any = msgspec.UNSET
    container: str | None = None


class Labels(msgspec.Struct, omit_defaults=True):
    """The frame's ``columns``: the type and the name of each level."""

    levels: list[Spec]
    names: list[Any]
    multi: bool = False
    freq: str | None = None


class RowIndex(msgspec.Struct, omit_defaults=True):
    """The frame's ``index``: the columns that hold its levels, and the levels' names."""

    columns: list[str]
    names: list[Any]
    multi: bool = False
    freq: str | None = None


class Schema(msgspec.Struct, omit_defaults=True):
    """All that is kept of a frame beside its values."""

    version: int
    row_count: int
    columns: dict[str, Column]
    labels: Labels
    index: RowIndex | None = None


PLAIN_LABELS: Final = Labels([Spec(dtype="str")], [None])
"""The labels of what was no frame of pandas."""


def of_columns(columns: Mapping[str, tuple[Spec, str]], row_count: int) -> Schema:
    """Make a schema of the types and labels of columns, by their names in the grid."""
    return Schema(
        VERSION,
        row_count,
        {name: _column(name, spec, label) for name, (spec, label) in columns.items()},
        PLAIN_LABELS,
    )


def _column(name: str, spec: Spec, label: str) -> Column:
    column = msgspec.convert(spec, Column, from_attributes=True)
    if label != name:
        column.label = label
    return column


def write(schema: Schema) -> dict[str, Any]:
    """Turn a schema into plain JSON values."""
    plain: dict[str, Any] = msgspec.to_builtins(schema)
    return plain


def read(plain: dict[str, Any] | None) -> Schema | None:
    """Read a schema; None if it is none of ours, or of a version that this code doesn't know."""
    try:
        schema = msgspec.convert(plain, Schema)
    except (msgspec.ValidationError, RecursionError):
        return None
    return schema if schema.version == VERSION else None


def is_readable(plain: Any) -> TypeGuard[dict[str, Any]]:
    """Tell whether this is a schema of a version that this code knows."""
    return read(plain) is not None


def of_rows(schema: dict[str, Any] | None, start: int, stop: int) -> dict[str, Any] | None:
    """Make of a schema that of the rows ``start`` … ``stop`` - 1; None of none."""
    if not is_readable(schema):
        return schema
    columns = {name: _of_rows(column, start, stop) for name, column in schema["columns"].items()}
    return schema | {"columns": columns, "row_count": stop - start}


def _of_rows(spec: dict[str, Any], start: int, stop: int) -> dict[str, Any]:
    noted = {
        key: [row - start for row in spec[key] if start <= row < stop]
        for key in NOTED
        if key in spec
    }
    of = {"of": _of_rows(spec["of"], start, stop)} if "of" in spec else {}
    return spec | noted | of


def forget_rows(schema: dict[str, Any]) -> dict[str, Any]:
    """Leave out what a schema says of single rows: the values are about to change.

    What is left never makes a wrong value: a column that no longer fits its type is read without.
    """
    columns = {name: _without_rows(column) for name, column in schema["columns"].items()}
    return schema | {"columns": columns}


def _without_rows(spec: dict[str, Any]) -> dict[str, Any]:
    kept = {key: value for key, value in spec.items() if key not in NOTED}
    return kept | {"of": _without_rows(kept["of"])} if "of" in kept else kept
