"""What an edit does to the columns, the cells and the rows of a sheet.

Rows have ids: 0 … n - 1 are those of the stored grid, n and more are new ones.
"""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, NamedTuple

import msgspec
import numpy as np

if TYPE_CHECKING:
    from collections.abc import Mapping

    import numpy.typing as npt

    from plotly_nbext.notebook.sheet.kinds import Kind

    Ids = npt.NDArray[np.int64]

__all__ = ["Change", "Column", "Moved", "Patch", "Place", "Seen"]


class Place(NamedTuple):
    """A cell, as it is shown."""

    row: int
    column: int


class Seen(NamedTuple):
    """Where a change is seen."""

    row: int | None
    """The first row of it, as it is shown; None if it is of columns."""
    column: str
    """The uid of a column."""


@dataclass(frozen=True)
class Column:
    """A column of a sheet.

    Parameters
    ----------
    uid : str
        That of the stored column, or one that was made up.
    name : str
        Its name.
    kind : Kind
        What may be typed into it.
    """

    uid: str
    name: str
    kind: Kind = field(compare=False)

    def renamed(self, name: str) -> Column:
        """Give it another name, and the label that it had under the old one no longer."""
        kind = self.kind
        if name != self.name and kind.spec is not None and kind.spec.label is not msgspec.UNSET:
            kind = replace(kind, spec=msgspec.structs.replace(kind.spec, label=msgspec.UNSET))
        return Column(self.uid, name, kind)


class Patch(NamedTuple):
    """Cells of a column: the edited value of each of them, or that it has none."""

    ids: Ids
    """The rows, ascending."""
    is_edited: npt.NDArray[np.bool_]
    values: npt.NDArray[np.object_]

    @classmethod
    def of(cls, ids: Ids, values: npt.NDArray[np.object_]) -> Patch:
        """Put values into cells."""
        return cls(ids, np.ones(len(ids), np.bool_), values).of_rows(ids)

    @classmethod
    def dropping(cls, ids: Ids) -> Patch:
        """Leave cells as they are stored."""
        return cls(np.sort(ids), np.zeros(len(ids), np.bool_), np.full(len(ids), None))

    def of_rows(self, ids: Ids) -> Patch:
        """Do the same to the cells of other rows, in any order."""
        order = np.argsort(ids, kind="stable")
        return Patch(ids[order], self.is_edited[order], self.values[order])


class Moved(NamedTuple):
    """Rows that come, or go."""

    ids: Ids
    places: Ids
    """Where they are while they are there, ascending."""
    come: bool

    def inverse(self) -> Moved:
        """Make them go, or come."""
        return self._replace(come=not self.come)

    def applied(self, rows: Ids) -> Ids:
        """Give the rows with, or without them."""
        if not self.come:
            return np.delete(rows, self.places)
        after = np.empty(len(rows) + len(self.ids), np.int64)
        stayed = np.ones(len(after), np.bool_)
        stayed[self.places] = False
        after[self.places], after[stayed] = self.ids, rows
        return after


@dataclass(frozen=True)
class Change:
    """What one edit does.

    Parameters
    ----------
    columns : tuple of Column, optional
        All columns afterwards; None if they stay.
    cells : dict of str to Patch
        By the columns' uids.
    rows : Moved, optional
        Rows that come or go.
    shown : Moved, optional
        The same among the rows that are shown, while they are arranged.
    arrangement : int
        Which arrangement that is.
    """

    columns: tuple[Column, ...] | None = None
    cells: Mapping[str, Patch] = field(default_factory=dict)
    rows: Moved | None = None
    shown: Moved | None = None
    arrangement: int = 0

    @property
    def size(self) -> int:
        """How many cells and rows are kept for it."""
        rows = 0 if self.rows is None else len(self.rows.ids)
        return rows + sum(len(patch.ids) for patch in self.cells.values())
