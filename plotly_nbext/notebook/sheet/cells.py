"""The cells of a sheet: the values that are stored, and over them those that were edited."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
import pyarrow as pa

from plotly_nbext.columns import wire
from plotly_nbext.notebook.sheet.reading import NOWHERE
from plotly_nbext.notebook.sheet.texts import text_of, texts_of

if TYPE_CHECKING:
    from collections.abc import Sequence

    import numpy.typing as npt

    from plotly_nbext.notebook.sheet.change import Column, Ids
    from plotly_nbext.notebook.sheet.draft import Draft

__all__ = ["array", "arrays", "marks", "stored_values", "texts", "values"]


def array(draft: Draft, uid: str, ids: Ids | None = None) -> pa.Array:
    """Read cells of a column.

    Parameters
    ----------
    draft : Draft
        What was edited, and of what.
    uid : str
        The column.
    ids : ndarray of int64, optional
        The rows; by default all, by their order.

    Returns
    -------
    pyarrow.Array
        Of a type for the wire.
    """
    if ids is not None or draft.rows is not None or not draft.stored.has(uid):
        (found,) = arrays(draft, [uid], draft.all_ids() if ids is None else ids)
        return found
    stored, cells = draft.stored.column(uid), draft.edited(uid)
    return _over(stored, *cells.among(draft.all_ids())) if len(cells.ids) else stored


def arrays(draft: Draft, uids: Sequence[str], ids: Ids) -> list[pa.Array]:
    """Read cells of columns; as :func:`array`."""
    found = zip(uids, _stored(draft, uids, ids), strict=True)
    return [_over(stored, *draft.edited(uid).among(ids)) for uid, stored in found]


def values(draft: Draft, columns: Sequence[Column], ids: Ids) -> list[list[Any]]:
    """Read the JSON values of the cells of some rows, one list a column."""
    uids = [column.uid for column in columns]
    found = [wire.to_values(stored) for stored in _stored(draft, uids, ids)]
    for uid, cells in zip(uids, found, strict=True):
        places, edited = draft.edited(uid).among(ids)
        for place, value in zip(places.tolist(), edited, strict=True):
            cells[place] = value
    return found


def stored_values(draft: Draft, uid: str, ids: Ids) -> npt.NDArray[np.object_]:
    """Read the JSON values of cells of a column as they are stored; null where they are not."""
    (cells,) = _stored(draft, [uid], ids)
    return np.fromiter(wire.to_values(cells), dtype=object, count=len(ids))


def texts(draft: Draft, columns: Sequence[Column], ids: Ids) -> list[list[str | None]]:
    """Write the cells of some rows as people read them, one list a column; None for null."""
    found = []
    stored = _stored(draft, [column.uid for column in columns], ids)
    for column, cells in zip(columns, stored, strict=True):
        written = texts_of(cells, column.kind)
        places, edited = draft.edited(column.uid).among(ids)
        for place, value in zip(places.tolist(), edited, strict=True):
            written[place] = None if value is None else text_of(value, column.kind)
        found.append(written)
    return found


def marks(draft: Draft, columns: Sequence[Column], ids: Ids) -> list[tuple[int, int, str]]:
    """Tell which cells of some rows are not those that are stored: their place, column, and why."""
    new = set(np.flatnonzero(ids >= draft.stored.row_count).tolist())
    found = []
    for x, column in enumerate(columns):
        if draft.stored.has(column.uid):
            places, _ = draft.edited(column.uid).among(ids)
            found += [(y, x, "new") for y in sorted(new)]
            found += [(y, x, "edited") for y in places.tolist() if y not in new]
        else:
            found += [(y, x, "new") for y in range(len(ids))]
    return found


def _stored(draft: Draft, uids: Sequence[str], ids: Ids) -> list[pa.Array]:
    """Read the cells as they are stored; null where they are not."""
    stored = draft.stored
    there = [uid for uid in uids if stored.has(uid)]
    rows = np.where(ids < stored.row_count, ids, NOWHERE)
    found = stored.read(there, rows)
    if stored.row_count and (rows == NOWHERE).all():
        # new rows alone are of the columns' types too
        kinds = stored.read(there, np.zeros(1, np.int64))
        found = [pa.nulls(len(ids), kind.type) for kind in kinds]
    read = dict(zip(there, found, strict=True))
    nulls = pa.nulls(len(ids))
    return [read.get(uid, nulls) for uid in uids]


def _over(base: pa.Array, places: Ids, values: list[Any]) -> pa.Array:
    """Put values over those of an array, in its type if that holds them."""
    if not values:
        return base
    new = wire.fit(values, base.type)
    if new is None:
        new = wire.from_values(values)
        kind = wire.common_type([base.type, new.type])
        base, new = wire.cast(base, kind), wire.cast(new, kind)
    indices = np.arange(len(base))
    indices[places] = len(base) + np.arange(len(values))
    return pa.concat_arrays([base, new]).take(pa.array(indices))
