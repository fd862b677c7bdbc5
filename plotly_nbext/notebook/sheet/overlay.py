"""The edited cells of one column."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, NamedTuple

import numpy as np

from plotly_nbext.notebook.sheet.change import Patch

if TYPE_CHECKING:
    import numpy.typing as npt

    from plotly_nbext.notebook.sheet.change import Ids

__all__ = ["NO_CELLS", "Overlay"]


class Overlay(NamedTuple):
    """The edited cells of a column."""

    ids: Ids
    """Their rows, ascending."""
    values: npt.NDArray[np.object_]

    def patched(self, patch: Patch) -> tuple[Overlay, Patch]:
        """Give what is edited after a patch, and the patch that takes that back."""
        places, was_edited = self._found(patch.ids)
        replaced = places[was_edited]
        before = np.full(len(patch.ids), None)
        before[was_edited] = self.values[replaced]
        ids = np.concatenate([np.delete(self.ids, replaced), patch.ids[patch.is_edited]])
        values = np.concatenate([np.delete(self.values, replaced), patch.values[patch.is_edited]])
        order = np.argsort(ids, kind="stable")
        return Overlay(ids[order], values[order]), Patch(patch.ids, was_edited, before)

    def among(self, ids: Ids) -> tuple[Ids, list[Any]]:
        """Find which of some rows, in any order, are edited: their places, and the values."""
        places, is_edited = self._found(ids)
        return np.flatnonzero(is_edited), self.values[places[is_edited]].tolist()

    def _found(self, ids: Ids) -> tuple[Ids, npt.NDArray[np.bool_]]:
        places = np.searchsorted(self.ids, ids)
        is_edited = places < len(self.ids)
        is_edited[is_edited] = self.ids[places[is_edited]] == ids[is_edited]
        return places, is_edited


NO_CELLS = Overlay(np.empty(0, np.int64), np.empty(0, object))
