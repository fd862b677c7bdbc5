"""What a save would send, in words and in numbers."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

from plotly_nbext.notebook.sheet.saving import edits_of

if TYPE_CHECKING:
    from plotly_nbext.notebook.sheet.draft import Draft

__all__ = ["Changes", "changes_of"]

# so many cells are named
MOST_CELLS: Final = 5


@dataclass(frozen=True)
class Changes:
    """What is edited and not saved; false if nothing is.

    Attributes
    ----------
    cells : dict
        By the names of columns: the numbers of the rows as they are stored, and the values.
    inserted : list of (int, int)
        The stored row before which rows come (the row count: after the last), and how many.
    deleted : list of (int, int)
        Ranges of stored rows: the first, and the one after the last.
    renamed : dict
        By the names of columns: the new names.
    added, removed : list of str
        The names of columns.
    moved : bool
        Whether columns have other places.
    """

    cells: dict[str, tuple[list[int], list[Any]]]
    inserted: list[tuple[int, int]]
    deleted: list[tuple[int, int]]
    renamed: dict[str, str]
    added: list[str]
    removed: list[str]
    moved: bool

    def __bool__(self) -> bool:
        return any(vars(self).values())

    def __repr__(self) -> str:
        cells = [
            f"{name}[{row}] = {value!r}"
            for name, (rows, values) in self.cells.items()
            for row, value in zip(rows[:MOST_CELLS], values[:MOST_CELLS], strict=False)
        ]
        count = sum(len(rows) for rows, _ in self.cells.values())
        more = [f"… ({count:,} cells)"] if count > len(cells[:MOST_CELLS]) else []
        lines = [
            *cells[:MOST_CELLS],
            *more,
            *(f"{number} rows before row {row}" for row, number in self.inserted),
            *(f"rows {start}–{stop - 1} deleted" for start, stop in self.deleted),
            *(f"column {name!r} renamed to {new!r}" for name, new in self.renamed.items()),
            *(f"column {name!r} added" for name in self.added),
            *(f"column {name!r} deleted" for name in self.removed),
            *(["columns moved"] if self.moved else []),
        ]
        return f"Changes({', '.join(lines)})"


def changes_of(draft: Draft) -> Changes:
    """Tell what a save of a draft would send."""
    edits = edits_of(draft)
    before = {column.uid: column.name for column in draft.stored.columns}
    now = {column.uid: column.name for column in draft.columns}
    kept = [uid for uid in before if uid in now]
    return Changes(
        cells={now[uid]: cells for uid, cells in edits.cells.items()},
        inserted=[(before_row, len(rows)) for before_row, rows in edits.inserted],
        deleted=edits.deleted,
        renamed={before[uid]: now[uid] for uid in kept if before[uid] != now[uid]},
        added=[name for uid, name in now.items() if uid not in before],
        removed=[name for uid, name in before.items() if uid not in now],
        moved=kept != [uid for uid in now if uid in before],
    )
