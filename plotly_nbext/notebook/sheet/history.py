"""What was done and undone, to undo and to do again."""

from __future__ import annotations

from collections import deque
from typing import TYPE_CHECKING, Final, NamedTuple

if TYPE_CHECKING:
    from plotly_nbext.notebook.sheet.change import Change

__all__ = ["Entry", "History"]

MOST_ENTRIES: Final = 200
# of cells and rows, together
MOST_PARTS: Final = 5_000_000


class Entry(NamedTuple):
    """Something that was done, or undone."""

    label: str
    """What it is called: "Paste 12 cells"."""
    change: Change
    """What takes it back."""


class History:
    """The edits of a sheet one by one; when they are many, the oldest are forgotten."""

    def __init__(self) -> None:
        self.done: deque[Entry] = deque(maxlen=MOST_ENTRIES)
        self.undone: deque[Entry] = deque(maxlen=MOST_ENTRIES)

    @property
    def undo_label(self) -> str:
        """What would be undone; empty if there is nothing."""
        return self.done[-1].label if self.done else ""

    @property
    def redo_label(self) -> str:
        """What would be done again; empty if there is nothing."""
        return self.undone[-1].label if self.undone else ""

    def add(self, entry: Entry) -> None:
        """Note what was done; what was undone before can't be done again."""
        self.done.append(entry)
        self.undone.clear()
        parts = 0
        for place, (_, change) in enumerate(reversed(self.done)):
            parts += change.size
            if place and parts > MOST_PARTS:
                self.done = deque(list(self.done)[-place:], MOST_ENTRIES)
                break
