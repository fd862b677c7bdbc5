"""Which rows of a sheet are shown, and in which order."""

from __future__ import annotations

import functools
from dataclasses import asdict, dataclass
from typing import TYPE_CHECKING, Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from plotly_nbext.notebook.sheet.cells import array
from plotly_nbext.notebook.sheet.filters import Filter, passing
from plotly_nbext.notebook.sheet.keys import sort_keys

if TYPE_CHECKING:
    from collections.abc import Mapping

    from plotly_nbext.notebook.sheet.change import Ids
    from plotly_nbext.notebook.sheet.draft import Draft

__all__ = ["Arrangement", "Sort", "arranged"]


@dataclass(frozen=True)
class Sort:
    """To sort by a column; null comes last either way."""

    column: str
    descending: bool = False


@dataclass(frozen=True)
class Arrangement:
    """Which rows are shown, and in which order: those that pass all filters, sorted."""

    sort: tuple[Sort, ...] = ()
    filters: tuple[Filter, ...] = ()

    @classmethod
    def read(cls, plain: Mapping[str, Any]) -> Arrangement:
        """Read what :meth:`plain` writes."""
        return cls(
            tuple(Sort(one["column"], bool(one.get("descending"))) for one in plain["sort"]),
            tuple(
                Filter(one["column"], one["op"], "" if one["value"] is None else one["value"])
                for one in plain["filters"]
            ),
        )

    def plain(self) -> dict[str, list[dict[str, Any]]]:
        """Write it as JSON values."""
        return {
            "sort": [asdict(sort) for sort in self.sort],
            "filters": [asdict(one) for one in self.filters],
        }

    @property
    def uids(self) -> list[str]:
        """The columns that it is about."""
        return [one.column for one in self.filters] + [one.column for one in self.sort]

    def of_columns(self, uids: set[str]) -> Arrangement:
        """Leave out what is about other columns."""
        return Arrangement(
            tuple(sort for sort in self.sort if sort.column in uids),
            tuple(one for one in self.filters if one.column in uids),
        )


def arranged(draft: Draft, arrangement: Arrangement) -> Ids | None:
    """Find the rows that an arrangement shows.

    Returns
    -------
    ndarray of int64 or None
        The ids of the rows in order; None if all are shown as they lie.

    Raises
    ------
    ValidationError
        There is no such column or operator.
    CellError
        The value of a filter is none of its column.
    """
    columns = {column.uid: column for column in draft.columns}
    for uid in arrangement.uids:
        draft.column(uid)
    if not arrangement.filters and not arrangement.sort:
        return None
    ids = draft.all_ids()
    if arrangement.filters:
        masks = (
            passing(one, columns[one.column], array(draft, one.column))
            for one in arrangement.filters
        )
        ids = ids[functools.reduce(np.logical_and, masks)]
    if arrangement.sort and len(ids):
        rows = None if len(ids) == draft.total_rows else ids
        keys = [
            (key, "descending" if sort.descending else "ascending")
            for sort in arrangement.sort
            for key in sort_keys(array(draft, sort.column, rows), columns[sort.column].kind)
        ]
        ids = ids[_sorted(keys)]
    return ids


def _sorted(keys: list[tuple[pa.Array, str]]) -> Ids:
    """Sort by the first key, then by the next; null comes last."""
    places: Ids | None = None
    # the last one first: each of these sorts leaves in its order what is equal
    for key, order in reversed(keys):
        cells = key if places is None else key.take(pa.array(places))
        found = np.asarray(pc.array_sort_indices(cells, order=order, null_placement="at_end"))
        places = found.astype(np.int64) if places is None else places[found]
    return np.arange(0) if places is None else places
