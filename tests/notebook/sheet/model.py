"""A sheet in plain lists: what the real one is compared with."""

from __future__ import annotations

import itertools
from dataclasses import dataclass, replace
from typing import Any

Sort = list[tuple[str, bool]]
Filters = list[tuple[str, str, Any]]

PASSES = {
    "=": lambda a, b: a == b if a is not None or b is None else False,
    "≠": lambda a, b: a != b,
    "<": lambda a, b: a is not None and a < b,
    "≤": lambda a, b: a is not None and a <= b,
    ">": lambda a, b: a is not None and a > b,
    "≥": lambda a, b: a is not None and a >= b,
    "is empty": lambda a, _: a is None,
    "is not empty": lambda a, _: a is not None,
    "contains": lambda a, b: a is not None and b.lower() in a.lower(),
    "one of": lambda a, b: a in b,
}


@dataclass(frozen=True)
class State:
    """What can be edited: the columns, the rows by their ids, and the cells."""

    columns: tuple[str, ...]
    """Made-up keys, which outlive a rename."""
    names: dict[str, str]
    rows: tuple[int, ...]
    cells: dict[tuple[int, str], Any]


@dataclass(frozen=True)
class Done:
    """An edit: what was before and after, and which rows were shown then."""

    before: State
    after: State
    shown_before: tuple[int, ...] | None
    shown_after: tuple[int, ...] | None
    arrangement: int


class Model:
    """The sheet."""

    def __init__(self, columns: dict[str, list[Any]]) -> None:
        self._ids = itertools.count()
        length = len(next(iter(columns.values())))
        rows = tuple(next(self._ids) for _ in range(length))
        cells = {(row, key): columns[key][row] for key in columns for row in rows}
        self.state = State(tuple(columns), {key: key for key in columns}, rows, cells)
        self.shown: tuple[int, ...] | None = None
        self.sort: Sort = []
        self.filters: Filters = []
        self.arrangement = 0
        self.done: list[Done] = []
        self.undone: list[Done] = []

    @property
    def visible(self) -> tuple[int, ...]:
        """The rows that are shown."""
        return self.state.rows if self.shown is None else self.shown

    def values(self, *, shown: bool = True) -> list[list[Any]]:
        """The values of the rows that are shown, or of all."""
        rows = self.visible if shown else self.state.rows
        return [[self.state.cells.get((row, key)) for key in self.state.columns] for row in rows]

    def set(self, cells: dict[tuple[int, str], Any], added: tuple[int, ...] = ()) -> None:
        """Set cells by row id and column, in rows some of which come after the others."""
        state = self.state
        after = replace(state, rows=state.rows + added, cells=state.cells | cells)
        self._do(after, self.shown if self.shown is None else self.shown + added)

    def new(self, count: int) -> tuple[int, ...]:
        """Make ids."""
        return tuple(next(self._ids) for _ in range(count))

    def insert(self, at: int, count: int) -> None:
        """Insert rows before the one that is shown at a place."""
        ids = self.new(count)
        rows, shown = self.state.rows, self.shown
        place = rows.index(self.visible[at]) if at < len(self.visible) else len(rows)
        if shown is not None:
            shown = shown[:at] + ids + shown[at:]
        self._do(replace(self.state, rows=rows[:place] + ids + rows[place:]), shown)

    def delete(self, start: int, stop: int) -> None:
        """Delete rows that are shown."""
        gone = set(self.visible[start:stop])
        rows = tuple(row for row in self.state.rows if row not in gone)
        shown = self.shown and tuple(row for row in self.shown if row not in gone)
        self._do(replace(self.state, rows=rows), shown)

    def arrange_columns(self, columns: tuple[str, ...]) -> None:
        """Have other columns, or in another order."""
        self._do(replace(self.state, columns=columns), self.shown)

    def rename(self, key: str, name: str) -> None:
        """Rename a column."""
        self._do(replace(self.state, names=self.state.names | {key: name}), self.shown)

    def arrange(self, sort: Sort, filters: Filters) -> None:
        """Sort and filter."""
        self.sort, self.filters = sort, filters
        self.arrangement += 1
        self.shown = None
        if not sort and not filters:
            return
        cells = self.state.cells
        rows = [
            row
            for row in self.state.rows
            if all(PASSES[op](cells.get((row, key)), value) for key, op, value in filters)
        ]
        for key, descending in reversed(sort):
            there = [row for row in rows if cells.get((row, key)) is not None]
            there.sort(key=lambda row, key=key: cells[row, key], reverse=descending)
            rows = there + [row for row in rows if cells.get((row, key)) is None]
        self.shown = tuple(rows)

    def undo(self) -> None:
        """Take back."""
        done = self.done.pop()
        self.undone.append(done)
        self._go(done.before, done.shown_before, done)

    def redo(self) -> None:
        """Do again."""
        done = self.undone.pop()
        self.done.append(done)
        self._go(done.after, done.shown_after, done)

    def _do(self, after: State, shown: tuple[int, ...] | None) -> None:
        self.done.append(Done(self.state, after, self.shown, shown, self.arrangement))
        self.undone.clear()
        self.state, self.shown = after, shown

    def _go(self, state: State, shown: tuple[int, ...] | None, done: Done) -> None:
        self.state = state
        if done.before.rows == done.after.rows or self.shown is None:
            return
        if done.arrangement == self.arrangement:
            self.shown = shown
        else:
            there = set(state.columns)
            self.arrange(
                [one for one in self.sort if one[0] in there],
                [one for one in self.filters if one[0] in there],
            )
