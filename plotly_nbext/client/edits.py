"""How a grid shall differ from what is stored, cell by cell."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

import numpy as np
import pyarrow as pa

from plotly_nbext.columns.splicing import extended, order_of, with_values

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

__all__ = ["EditedColumn", "Edits", "edited", "fields_of"]


@dataclass(frozen=True)
class EditedColumn:
    """A column of an edited grid.

    Parameters
    ----------
    uid : str, optional
        None for a new one.
    name : str
        Its name.
    values : list, optional
        Of a new column: one JSON value a row, afterwards; nulls by default.
    """

    uid: str | None
    name: str
    values: list[Any] | None = None


@dataclass(frozen=True)
class Edits:
    """How a grid shall differ from what is stored; rows have the numbers that they have there.

    Parameters
    ----------
    cells : dict
        By the columns' uids: the numbers of rows, ascending, and their JSON values.
    deleted : list of (int, int)
        Ranges of rows, ascending.
    inserted : list of (int, list of list)
        The row before which rows come (the row count: the end), and those: a JSON value for each
        stored column, in stored order.
    columns : list of EditedColumn, optional
        All columns by their order; None if they are as they were.
    metadata : mapping, optional
        The grid's metadata, with the types of its columns; None if it is as it was.
    """

    cells: dict[str, tuple[list[int], list[Any]]] = field(default_factory=dict)
    deleted: list[tuple[int, int]] = field(default_factory=list)
    inserted: list[tuple[int, list[list[Any]]]] = field(default_factory=list)
    columns: list[EditedColumn] | None = None
    metadata: Mapping[str, Any] | None = None


def fields_of(edits: Edits) -> dict[str, Any]:
    """Write edits as the body of ``PATCH /v2/grids/FID/content``."""
    fields: dict[str, Any] = {
        "cells": {
            uid: {"rows": rows, "values": values} for uid, (rows, values) in edits.cells.items()
        },
        "delete": edits.deleted,
        "insert": [{"before": before, "rows": rows} for before, rows in edits.inserted],
    }
    if edits.columns is not None:
        # where none stays, the values of new columns say how many rows there are
        is_counted = any(column.uid for column in edits.columns)
        fields["cols"] = [_column_fields(one, is_counted=is_counted) for one in edits.columns]
    if edits.metadata is not None:
        fields["metadata"] = edits.metadata
    return fields


def _column_fields(column: EditedColumn, *, is_counted: bool) -> dict[str, Any]:
    if column.uid is not None:
        return {"uid": column.uid, "name": column.name}
    if is_counted and all(value is None for value in column.values or ()):
        return {"name": column.name}
    return {"name": column.name, "data": column.values}


def edited(
    arrays: Mapping[str, pa.Array], edits: Edits, uids: Sequence[str]
) -> dict[str, pa.Array]:
    """Give the values of columns as they are with the edits.

    Parameters
    ----------
    arrays : mapping of pyarrow.Array
        The values of some columns, by their uids; all of one length.
    edits : Edits
        What is said of others is passed over.
    uids : sequence of str
        All stored columns, in stored order.
    """
    row_count = max(map(len, arrays.values()), default=0)
    order = None
    if edits.deleted or edits.inserted:
        is_kept = np.ones(row_count, np.bool_)
        for start, stop in edits.deleted:
            is_kept[start:stop] = False
        order = order_of(is_kept, [(before, len(rows)) for before, rows in edits.inserted])
    new = [row for _, rows in edits.inserted for row in rows]
    found = {}
    for place, uid in enumerate(uids):
        if uid not in arrays:
            continue
        array = arrays[uid]
        if uid in edits.cells:
            array = with_values(array, *edits.cells[uid])
        if order is not None:
            array = extended(array, [row[place] for row in new]).take(pa.array(order))
        found[uid] = array
    return found
