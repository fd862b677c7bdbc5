"""What is measured: how soon a table is there, how it is scrolled, how soon an edit is known."""

from __future__ import annotations

import json
from dataclasses import dataclass, field
from itertools import pairwise
from typing import TYPE_CHECKING, Any

from tests.benchmarks.grids.measures import Times

from .frames import first_text
from .hands import Hands

if TYPE_CHECKING:
    from .notebook import Notebook
    from .tables import Table

__all__ = ["Found", "Scroll", "measure"]


@dataclass
class Scroll:
    """The frames of a page while its table was scrolled."""

    intervals: Times = field(default_factory=Times)
    cells: int = 0
    empty: int = 0
    renewed: int = 0

    def add(self, recorded: dict[str, Any]) -> None:
        """Add what a page recorded."""
        self.intervals.seconds += [(b - a) / 1000 for a, b in pairwise(recorded["times"])]
        self.cells += recorded["cells"]
        self.empty += recorded["empty"]
        self.renewed += recorded["renewed"]

    @property
    def rate(self) -> float:
        """Frames a second."""
        return len(self.intervals.seconds) / sum(self.intervals.seconds)

    @property
    def renewal(self) -> float:
        """The part of the frames that show something else than those before them."""
        return self.renewed / len(self.intervals.seconds)

    @property
    def emptiness(self) -> float:
        """The part of the cells in view that are empty."""
        return self.empty / self.cells


@dataclass
class Found:
    """What was measured of a table, round after round."""

    first: Times = field(default_factory=Times)
    run: Times = field(default_factory=Times)
    paint: Times = field(default_factory=Times)
    wheel: Scroll = field(default_factory=Scroll)
    drag: Scroll = field(default_factory=Scroll)
    end: Times = field(default_factory=Times)
    edit: Times = field(default_factory=Times)
    save: Times = field(default_factory=Times)
    shown_bytes: int = 0
    screen_bytes: list[int] = field(default_factory=list)
    saved_bytes: int = 0
    module_bytes: int = 0
    remark: str = ""
    failure: str = ""


async def measure(
    table: Table, notebook: Notebook, rows: int, found: Found, seconds: float
) -> None:
    """Show a table once more and work it, and add what that took to what was found.

    Raises
    ------
    FailureError
        It can't be shown, or worked.
    """
    hands = Hands(table, notebook)
    notebook.task = "to be shown"
    is_first = not found.first.seconds
    before = await notebook.traffic()
    took = await notebook.call("probe.show", table.selector, first_text())
    found.shown_bytes = await notebook.traffic() - before
    (found.first if is_first else found.run).seconds.append(took["fromRun"] / 1000)
    found.paint.seconds.append(took["fromOutput"] / 1000)
    if is_first:
        found.saved_bytes = await _saved_bytes(notebook)
        found.remark = await notebook.call("probe.downsampled")
        found.module_bytes = await _module_bytes(table, notebook)
    if table.is_scrolled:
        notebook.task = "to be scrolled"
        found.wheel.add(await hands.turn_wheel(seconds))
        found.drag.add(await hands.drag(seconds))
    if table.has_end:
        notebook.task = "to show its last row"
        before = await notebook.traffic()
        found.end.seconds.append(await hands.go_to_end(rows))
        found.screen_bytes.append(await notebook.traffic() - before)
    if table.edit:
        notebook.task = "to take an edit"
        found.edit.seconds.append(await hands.edit(str(1000 + len(found.edit.seconds))))
    if table.save:
        notebook.task = "to save"
        found.save.seconds.append(await hands.save())


async def _saved_bytes(notebook: Notebook) -> int:
    """Count what the table leaves in the notebook: outputs, and the state of widgets."""
    saved = await notebook.saved()
    parts = [*(cell.outputs for cell in saved.cells), saved.metadata.get("widgets", {})]
    return sum(len(json.dumps(part).encode()) for part in parts if part)


async def _module_bytes(table: Table, notebook: Notebook) -> int:
    """Count the scripts and styles of a widget, as they are before compression."""
    if fetched := await notebook.call("probe.fetched", table.package):
        return int(fetched)
    names = "('_esm', '_css')"
    return int(await notebook.value(f"sum(len(str(getattr(table, n, ''))) for n in {names})"))
