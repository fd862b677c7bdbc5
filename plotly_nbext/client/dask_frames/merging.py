"""The types of the whole, of those of its partitions."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
import pyarrow as pa

from plotly_nbext.columns import EncodedColumn, Table, merge_schemas
from plotly_nbext.columns.merge import as_objects
from plotly_nbext.errors import ValidationError

if TYPE_CHECKING:
    from collections.abc import Sequence

    from plotly_nbext.client.dask_frames.sending import Nulls, Sent

__all__ = ["counts_rows", "merged", "without_index"]


def counts_rows(parts: Sequence[Sent]) -> bool:
    """Tell whether row labels say no more than where each row is.

    They count the rows of the whole from 0, or those of each partition, which all readers of files
    give them.
    """
    before = 0
    for sent in parts:
        if sent.row_count and sent.first_label not in {0, before}:
            return False
        if sent.first_label is None:
            return False
        before += sent.row_count
    return True


def without_index(schema: dict[str, Any]) -> dict[str, Any]:
    """Leave the row labels out of a schema."""
    index = schema.get("index")
    if not index:
        return schema
    kept = {name: spec for name, spec in schema["columns"].items() if name not in index["columns"]}
    return {key: value for key, value in schema.items() if key != "index"} | {"columns": kept}


def merged(
    parts: Sequence[Sent], *, stored: dict[str, Any] | None = None, row_count: int = 0
) -> dict[str, Any]:
    """Make the schema of all partitions, one after the other.

    Parameters
    ----------
    parts : sequence of Sent
        In the order of their rows; one without rows has no say in it, unless all are.
    stored : dict, optional
        The schema of a grid whose rows come first; its types stay what they can.
    row_count : int
        How many these are.

    Raises
    ------
    ValidationError
        No type holds all of a column; it names the partition.
    """
    found = stored
    for number, sent in enumerate(parts):
        if sent.row_count or (found is None and number == len(parts) - 1):
            if found is None:
                found = sent.schema
                seen = {name: nulls.count for name, nulls in sent.nulls.items()}
            else:
                found = _joined(found, sent, number, row_count, None if stored else seen)
                if not stored:
                    for name, nulls in sent.nulls.items():
                        seen[name] += nulls.count
        row_count += sent.row_count
    assert found is not None  # noqa: S101 - Dask has no frame without a partition
    return found


def _joined(
    found: dict[str, Any],
    sent: Sent,
    number: int,
    row_count: int,
    nulls_before: dict[str, int] | None,
) -> dict[str, Any]:
    """Join the types of a partition to those before it."""
    while True:
        columns = [
            EncodedColumn(name, _stand_in(sent.nulls[name], sent.row_count))
            for name in sent.schema["columns"]
        ]
        try:
            joined = merge_schemas(
                found, Table(columns, sent.schema, sent.row_count), row_count=row_count
            )
        except ValidationError as error:
            # pandas makes objects of what differs from part to part
            name = error.field or ""
            wider = (
                as_objects(found["columns"][name], has_null=nulls_before[name] > 0)
                if nulls_before is not None and name in found["columns"] and name in nulls_before
                else None
            )
            if wider is None:
                raise _of_partition(number, error, name) from None
            found = found | {"columns": found["columns"] | {name: wider}}
            continue
        _check_nulls(joined, sent, number)
        return joined


def _stand_in(nulls: Nulls, length: int) -> pa.Array:
    """Make an array with nulls where a column has some: of its values nothing is asked."""
    mask = nulls.mask(length)
    if mask is None:  # the rows are not asked for, else _check_nulls says so
        mask = np.arange(length) < nulls.count
    return pa.array(np.zeros(length, bool), mask=mask)


def _check_nulls(joined: dict[str, Any], sent: Sent, number: int) -> None:
    """Refuse what would need to know which rows of a column are null."""
    for name, nulls in sent.nulls.items():
        is_object = joined["columns"][name]["dtype"] == "object"
        if is_object and nulls.mask(sent.row_count) is None:
            raise ValidationError(
                f"Partition {number}: the column {name!r} is of the type "
                f"{sent.schema['columns'][name]['dtype']}, and of objects in others.",
                field=name,
                hint=f"Give it one type first: ddf.astype({{{name!r}: object}}).",
            )


def _of_partition(number: int, error: ValidationError, name: str) -> ValidationError:
    return ValidationError(
        f"Partition {number} does not fit those before it, or the grid: {error.message}",
        field=error.field,
        hint=f"Give the column one type first, e.g. with ddf.astype({{{name!r}: …}})."
        if name
        else error.hint,
    )
