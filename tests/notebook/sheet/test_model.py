"""Whatever is done in whatever order, a sheet shows what a list of lists would."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pandas as pd
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from plotly_nbext.client import Edits
from plotly_nbext.notebook.frame_table import FrameTable
from plotly_nbext.notebook.sheet import Sheet, operations
from plotly_nbext.notebook.sheet.cells import values
from plotly_nbext.notebook.sheet.filters import Filter
from plotly_nbext.notebook.sheet.order import Arrangement, Sort
from plotly_nbext.notebook.sheet.saving import edits_of

from .model import Model

if TYPE_CHECKING:
    from plotly_nbext.client import Client

KINDS = {"n": "integer", "x": "number", "t": "text", "b": "boolean"}
VALUES = {
    "integer": st.none() | st.integers(-3, 3),
    "number": st.none() | st.sampled_from([-1.5, 0.0, 0.25, 2.0]),
    "text": st.none() | st.sampled_from(["", "a", "B", "ab", "ä", 'say "hi"', "two\nlines", "1"]),
    "boolean": st.none() | st.booleans(),
}
DTYPES = {"n": "Int64", "x": "float64", "t": "str", "b": "boolean"}


def typed(value: Any) -> str:
    """Write a value as it is typed."""
    if value is None:
        return ""
    if value == "":
        return '""'
    return str(value).lower() if isinstance(value, bool) else str(value)


def operand(op: str, value: Any) -> Any:
    """Write what a filter compares with."""
    if op == "contains":
        return value
    return [typed(one) for one in value] if isinstance(value, list) else typed(value)


def applied(edits: Edits, stored: list[tuple[str, str]], values: list[list[Any]]) -> Any:
    """Do to rows of values what edits say, as a server does."""
    rows = [list(row) for row in values]
    places = {uid: x for x, (uid, _) in enumerate(stored)}
    gone = {row for start, stop in edits.deleted for row in range(start, stop)}
    assert edits.deleted == sorted(edits.deleted)
    for uid, (numbers, cells) in edits.cells.items():
        assert numbers == sorted(set(numbers) - gone)
        for number, cell in zip(numbers, cells, strict=True):
            rows[number][places[uid]] = cell
    before = dict(edits.inserted)
    assert list(before) == sorted(before)
    after: list[list[Any]] = []
    for number in range(len(rows) + 1):
        after += [list(row) for row in before.get(number, [])]
        after += rows[number : number + 1] if number not in gone else []
    if edits.columns is None:
        return [name for _, name in stored], after
    lists = [
        column.values  # noqa: PD011 - it is none of pandas
        if column.uid is None
        else [row[places[column.uid]] for row in after]
        for column in edits.columns
    ]
    names = [column.name for column in edits.columns]
    return names, list(map(list, zip(*map(list, lists), strict=True)))


class Pair:
    """A sheet, and what it should be."""

    def __init__(self, sheet: Sheet, columns: dict[str, list[Any]], data: st.DataObject) -> None:
        self.sheet = sheet
        self.model = Model(columns)
        self.kinds = dict(KINDS)
        self.data = data
        self.names = 0
        self.stored = self.model.values()

    def draw(self, strategy: st.SearchStrategy[Any], label: str) -> Any:
        return self.data.draw(strategy, label)

    def number(self, below: int, label: str) -> int:
        return self.draw(st.integers(0, max(below - 1, 0)), label)

    def span(self, length: int, label: str) -> tuple[int, int]:
        start = self.number(length, label)
        return start, min(length, start + self.draw(st.integers(1, 4), label))

    def uid(self, key: str) -> str:
        return self.sheet.draft.columns[self.model.state.columns.index(key)].uid

    def key(self) -> str:
        columns = self.model.state.columns
        return columns[self.number(len(columns), "column")]

    def do(self, operation: operations.Operation | None) -> None:
        self.sheet.do(operation)

    def set(self) -> None:
        visible = self.model.visible
        if not visible:
            return
        y, key = self.number(len(visible), "row"), self.key()
        value = self.draw(VALUES[self.kinds[key]], "value")
        before = self.model.state.cells.get((visible[y], key))
        self.do(operations.set_cell(self.sheet.draft, y, self.uid(key), typed(value)))
        if value != before or type(value) is not type(before):
            self.model.set({(visible[y], key): value})

    def paste(self) -> None:
        visible, columns = self.model.visible, self.model.state.columns
        y, x = self.number(len(visible) + 1, "row"), self.number(len(columns), "column")
        height, keys = self.draw(st.integers(1, 3), "height"), columns[x : x + 2]
        block = [
            [self.draw(VALUES[self.kinds[key]], "value") for key in keys] for _ in range(height)
        ]
        texts = [[typed(value) for value in row] for row in block]
        self.do(operations.paste(self.sheet.draft, y, x, texts))
        added = self.model.new(max(0, y + height - len(visible)))
        rows = (visible[y : y + height]) + added
        cells = {
            (row, key): value
            for row, line in zip(rows, block, strict=True)
            for key, value in zip(keys, line, strict=True)
        }
        self.model.set(cells, added)

    def clear(self) -> None:
        rows = self.span(len(self.model.visible), "rows")
        columns = self.span(len(self.model.state.columns), "columns")
        self.do(operations.clear(self.sheet.draft, rows, columns))
        ids, keys = self.model.visible[slice(*rows)], self.model.state.columns[slice(*columns)]
        if ids:
            self.model.set({(row, key): None for row in ids for key in keys})

    def fill(self) -> None:
        rows = self.span(len(self.model.visible), "rows")
        columns = self.span(len(self.model.state.columns), "columns")
        self.do(operations.fill(self.sheet.draft, rows, columns))
        ids, keys = self.model.visible[slice(*rows)], self.model.state.columns[slice(*columns)]
        if len(ids) > 1:
            cells = self.model.state.cells
            self.model.set(
                {(row, key): cells.get((ids[0], key)) for row in ids[1:] for key in keys}
            )

    def insert(self) -> None:
        at, count = (
            self.number(len(self.model.visible) + 1, "at"),
            self.draw(st.integers(1, 3), "n"),
        )
        self.do(operations.insert_rows(self.sheet.draft, at, count))
        self.model.insert(at, count)

    def delete(self) -> None:
        rows = self.span(len(self.model.visible), "rows")
        self.do(operations.delete_rows(self.sheet.draft, rows))
        if self.model.visible:
            self.model.delete(*rows)

    def move(self) -> None:
        key, columns = self.key(), self.model.state.columns
        to = self.number(len(columns), "to")
        self.do(operations.move(self.sheet.draft, self.uid(key), to))
        rest = [one for one in columns if one != key]
        rest.insert(to, key)
        if tuple(rest) != columns:
            self.model.arrange_columns(tuple(rest))

    def rename(self) -> None:
        key = self.key()
        self.names += 1
        name = f"name {self.names}"
        self.do(operations.rename(self.sheet.draft, self.uid(key), name))
        self.model.rename(key, name)

    def add_column(self) -> None:
        self.names += 1
        name, kind = f"name {self.names}", self.draw(st.sampled_from(sorted(VALUES)), "kind")
        at = self.number(len(self.model.state.columns) + 1, "at")
        self.do(operations.add_column(self.sheet.draft, name, kind, at))
        columns = list(self.model.state.columns)
        columns.insert(at, name)
        self.kinds[name] = kind
        self.model.state.names[name] = name
        self.model.arrange_columns(tuple(columns))

    def delete_column(self) -> None:
        key, columns = self.key(), self.model.state.columns
        if len(columns) > 1:
            self.do(operations.delete_columns(self.sheet.draft, [self.uid(key)]))
            self.model.arrange_columns(tuple(one for one in columns if one != key))

    def undo(self) -> None:
        assert bool(self.sheet.history.undo_label) == bool(self.model.done)
        self.sheet.undo()
        if self.model.done:
            self.model.undo()

    def redo(self) -> None:
        assert bool(self.sheet.history.redo_label) == bool(self.model.undone)
        self.sheet.redo()
        if self.model.undone:
            self.model.redo()

    def arrange(self) -> None:
        sort = [
            (self.key(), self.draw(st.booleans(), "descending")) for _ in range(self.number(3, "n"))
        ]
        filters = []
        if self.draw(st.booleans(), "filter"):
            key = self.key()
            value = self.draw(
                VALUES[self.kinds[key]].filter(lambda value: value is not None), "value"
            )
            ops = ["=", "≠", "<", "≤", ">", "≥", "is empty", "is not empty", "one of"]
            if self.kinds[key] == "text":
                ops.append("contains")
            op = self.draw(st.sampled_from(ops), "op")
            filters.append((key, op, [value, None] if op == "one of" else value))
        self.sheet.arrange(
            Arrangement(
                tuple(Sort(self.uid(key), descending) for key, descending in sort),
                tuple(Filter(self.uid(key), op, operand(op, value)) for key, op, value in filters),
            )
        )
        self.model.arrange(sort, filters)

    def check(self) -> None:
        draft, state = self.sheet.draft, self.model.state
        assert [column.name for column in draft.columns] == [state.names[k] for k in state.columns]
        assert draft.total_rows == len(state.rows)
        shown = values(draft, draft.columns, draft.ids(0, draft.shown_rows))
        assert list(map(list, zip(*shown, strict=True))) == self.model.values()
        uids = [(column.uid, column.name) for column in draft.stored.columns]
        names, rows = applied(edits_of(draft), uids, self.stored)
        assert (names, rows) == (
            [state.names[key] for key in state.columns],
            self.model.values(shown=False),
        )
        half = len(self.model.visible) // 2
        window = values(draft, draft.columns, draft.ids(half, half + 3))
        assert list(map(list, zip(*window, strict=True))) == self.model.values()[half : half + 3]


ACTIONS = [
    *("set", "paste", "clear", "fill", "insert", "delete", "move", "rename", "add_column"),
    *("delete_column", "undo", "undo", "redo", "arrange"),
]


class SavedPair(Pair):
    """A sheet of a grid on a server."""

    def __init__(self, client: Client, columns: dict[str, list[Any]], data: st.DataObject) -> None:
        self.client = client
        frame = pd.DataFrame(columns).astype(DTYPES)
        super().__init__(Sheet(client.push(frame, "model", progress=False)), columns, data)

    def save(self) -> None:
        self.sheet.save()
        assert self.sheet.draft.pending.total == 0
        assert len(self.sheet.history.done) == len(self.model.done)
        assert len(self.sheet.history.undone) == len(self.model.undone)
        self.stored = self.model.values(shown=False)
        self.check()
        self.check_stored()

    def check_stored(self) -> None:
        """See what somebody else reads."""
        frame = self.client.pull("model")
        state = self.model.state
        assert list(frame.columns) == [state.names[key] for key in state.columns]
        found = [
            [None if pd.isna(cell) else cell for cell in row] for row in frame.to_numpy().tolist()
        ]
        assert found == self.model.values(shown=False)

    def revert(self) -> None:
        """Go back to what was saved last."""
        frame = self.client.pull("model")
        self.sheet.revert()
        assert self.sheet.frame().equals(frame)
        assert self.sheet.draft.pending.total == 0


@st.composite
def frames(draw: st.DrawFn) -> dict[str, list[Any]]:
    length = draw(st.integers(0, 12))
    return {
        name: draw(st.lists(VALUES[kind], min_size=length, max_size=length))
        for name, kind in KINDS.items()
    }


@given(data=st.data())
@settings(max_examples=200, deadline=None)
def test_edits_undo_redo_and_arrangements_are_those_of_lists(data: st.DataObject) -> None:
    columns = data.draw(frames())
    frame = pd.DataFrame(columns).astype(DTYPES)
    pair = Pair(Sheet(FrameTable(frame)), columns, data)
    pair.check()
    for action in data.draw(st.lists(st.sampled_from(ACTIONS), min_size=5, max_size=25)):
        getattr(pair, action)()
        pair.check()


@given(data=st.data())
@settings(
    max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
def test_what_is_saved_is_what_was_shown_and_can_be_undone(
    client: Client, data: st.DataObject
) -> None:
    columns = data.draw(frames())
    pair = SavedPair(client, columns, data)
    for action in data.draw(
        st.lists(st.sampled_from([*ACTIONS, "undo", "save", "save", "save"]), max_size=14)
    ):
        getattr(pair, action)()
        pair.check()
    pair.save()
    pair.revert()
