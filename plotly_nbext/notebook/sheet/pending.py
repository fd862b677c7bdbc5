"""How much of a grid is edited."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple, Self

import numpy as np

if TYPE_CHECKING:
    from plotly_nbext.notebook.sheet.draft import Draft

__all__ = ["Pending"]


class Pending(NamedTuple):
    """How much of a draft is not as it is stored."""

    cells: int
    """Cells of stored rows and columns."""
    rows_added: int
    rows_deleted: int
    columns: int
    """Columns that are new, gone or renamed, and one if others have other places."""

    @classmethod
    def of(cls, draft: Draft) -> Self:
        """Count what is edited."""
        stored = draft.stored
        cells = sum(
            int(np.searchsorted(overlay.ids, stored.row_count))
            for uid, overlay in draft.cells.items()
            if stored.has(uid)
        )
        added = 0 if draft.rows is None else int(np.count_nonzero(draft.rows >= stored.row_count))
        before = {column.uid: column.name for column in stored.columns}
        now = {column.uid: column.name for column in draft.columns}
        changed = sum(name != now.get(uid) for uid, name in before.items())
        new = len(now.keys() - before.keys())
        moved = [uid for uid in before if uid in now] != [uid for uid in now if uid in before]
        deleted = stored.row_count + added - draft.total_rows
        return cls(cells, added, deleted, changed + new + moved)

    @property
    def total(self) -> int:
        """How many edits that is."""
        return sum(self)
