"""Whatever is done to a grid, it holds what a list of lists would."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass, field, replace
from itertools import count

import pyarrow as pa
import pytest
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    RuleBasedStateMachine,
    initialize,
    invariant,
    precondition,
    rule,
    run_state_machine_as_test,
)

from plotly_nbext.columns import json, wire
from plotly_nbext.columns.preview import PREVIEW_ROWS, preview
from plotly_nbext.server.store import copying, files, grids, rows
from plotly_nbext.server.store.grids import (
    ColumnChange,
    EditedColumn,
    Edits,
    moving,
    reading,
    row_log,
    streams,
    strips,
    writing,
)
from plotly_nbext.server.store.grids import columns as column_changes
from plotly_nbext.server.store.schema import HOME

CHUNK = 16

texts = st.text(st.characters(codec="utf-8"), max_size=4)
json_values = st.one_of(
    st.none(),
    st.booleans(),
    st.integers(-3, 3),
    st.integers(-(2**80), 2**80),
    st.floats(allow_nan=False, allow_infinity=False),
    texts,
    st.lists(st.integers(0, 9), max_size=2),
    st.dictionaries(texts, st.none() | st.integers(0, 9), max_size=2),
)
moments = st.datetimes(dt.datetime(1900, 1, 1), dt.datetime(2100, 1, 1))
of_type = {
    pa.null(): st.none(),
    pa.bool_(): st.booleans(),
    pa.int8(): st.integers(-128, 127),
    pa.int64(): st.integers(-(2**63), 2**63 - 1),
    pa.uint64(): st.integers(0, 2**64 - 1),
    pa.float32(): st.floats(width=32, allow_nan=False, allow_infinity=False),
    pa.float64(): st.floats(allow_nan=False, allow_infinity=False),
    pa.string(): texts,
    pa.timestamp("us"): moments,
    pa.timestamp("ns", "Europe/Berlin"): moments,
    wire.JSON: json_values,
}
kinds = st.sampled_from(list(of_type))


@st.composite
def arrays(draw, length=None, kind=None):
    """Draw an array of a wire type."""
    kind = draw(kinds) if kind is None else kind
    length = draw(st.integers(0, 3 * CHUNK)) if length is None else length
    values = draw(st.lists(st.none() | of_type[kind], min_size=length, max_size=length))
    return wire.fit(values, kind) if kind == wire.JSON else pa.array(values, kind)


def lists(values=json_values, max_size=3 * CHUNK):
    return st.lists(values, max_size=max_size)


alike = st.sampled_from([st.integers(0, 9), st.floats(0, 1), texts]).flatmap(lists)
twice = arrays().map(lambda array: pa.chunked_array([array, array]))
any_values = st.one_of(lists(), alike, arrays(), twice)


@st.composite
def few(draw, values, length) -> list:
    """Draw a value for each of some places; most are such as there are already."""
    same = st.sampled_from(values) if values else st.none()
    return draw(st.lists(same | same | json_values, min_size=length, max_size=length))


def plain(values) -> list:
    """Give the JSON values of what a column was made of."""
    if isinstance(values, pa.ChunkedArray):
        return [value for chunk in values.chunks for value in wire.to_values(chunk)]
    return wire.to_values(values) if isinstance(values, pa.Array) else list(values)


@dataclass
class Column:
    name: str
    values: list
    uid: str = ""
    fingerprint: str | None = field(default=None)


@pytest.fixture(autouse=True)
def small(monkeypatch):
    """Make what is many few."""
    for module in (writing, column_changes, moving, streams, reading, strips):
        monkeypatch.setattr(module, "CHUNK_ROWS", CHUNK)
    monkeypatch.setattr(row_log, "MAX_LOGGED", 12)
    monkeypatch.setattr(reading, "CELLS_AT_ONCE", 40)
    monkeypatch.setattr(reading, "BYTES_AT_ONCE", 1_000)
    monkeypatch.setattr(rows, "BLOCK_CELLS", 40)


class Grid(RuleBasedStateMachine):
    database = None
    numbers = count()

    def __init__(self) -> None:
        super().__init__()
        self.model: list[Column] = []
        self.rows = 0

    @initialize(
        types=st.lists(kinds, max_size=4), sizes=lists(st.integers(0, 20), 4), data=st.data()
    )
    def create(self, types, sizes, data) -> None:
        with self.database.write() as connection:
            self.grid = files.create(
                connection, owner="alice", filetype="grid", filename=None, parent=HOME
            )
            batches = self.batches(data, types, sizes)
            schema = self.schema([f"c{next(self.numbers)}" for _ in types], types)
            made = [pa.RecordBatch.from_arrays(batch, schema=schema) for batch in batches]
            fingerprints = {name: f"of {name}" for name in schema.names}
            self.grid = grids.load_batches(connection, self.grid, schema, made, fingerprints)
        self.model = [
            Column(name, self.of_stream(batches, place), "", f"of {name}")
            for place, name in enumerate(schema.names)
        ]
        self.recount()

    def batches(self, data, types, sizes) -> list[list[pa.Array]]:
        return [[data.draw(arrays(size, each)) for each in types] for size in sizes if types]

    def schema(self, names, types) -> pa.Schema:
        return pa.schema(list(zip(names, types, strict=True)))

    def of_stream(self, batches, place: int) -> list:
        return [value for batch in batches for value in wire.to_values(batch[place])]

    def recount(self) -> None:
        self.rows = max((len(column.values) for column in self.model), default=0)

    def pad(self) -> None:
        for column in self.model:
            column.values += [None] * (self.rows - len(column.values))
            column.fingerprint = None

    @rule(new=st.lists(any_values, min_size=1, max_size=3), order=st.none() | st.integers(0, 5))
    def add(self, new, order) -> None:
        changes = [ColumnChange(f"c{next(self.numbers)}", values, order, "new") for values in new]
        with self.database.write() as connection:
            added = grids.add_columns(connection, self.grid, changes)
        made = [
            Column(change.name, plain(change.values), record.uid, "new")
            for change, record in zip(changes, added, strict=True)
        ]
        there = len(self.model)
        for place, column in enumerate(made):
            self.model.insert(there + place if order is None else order, column)
        self.recount()

    @precondition(lambda self: self.model)
    @rule(data=st.data(), values=st.none() | any_values, rename=st.booleans(), move=st.booleans())
    def replace_columns(self, data, values, rename, move) -> None:
        column = data.draw(st.sampled_from(self.model))
        name = f"c{next(self.numbers)}" if rename else None
        order = data.draw(st.integers(0, len(self.model))) if move else None
        with self.database.write() as connection:
            change = ColumnChange(name, values, order, "other")
            grids.replace_columns(connection, self.grid, [column.uid], [change])
        column.name = name or column.name
        if values is not None:
            column.values, column.fingerprint = plain(values), "other"
        if order is not None:
            self.model.remove(column)
            self.model.insert(order, column)
        self.recount()

    @precondition(lambda self: self.model)
    @rule(data=st.data())
    def delete(self, data) -> None:
        column = data.draw(st.sampled_from(self.model))
        with self.database.write() as connection:
            grids.delete_columns(connection, self.grid, [column.uid])
        self.model.remove(column)
        self.recount()

    @precondition(lambda self: self.model)
    @rule(data=st.data(), many=st.booleans(), alike=st.booleans())
    def append_rows(self, data, many, alike) -> None:
        values = st.integers(0, 9) if alike else json_values
        row = st.lists(values, max_size=len(self.model))
        new = data.draw(st.lists(row, min_size=12 if many else 0, max_size=40 if many else 3))
        with self.database.write() as connection:
            record = grids.append_rows(connection, self.grid, new)
            assert record == files.load(connection, record)
        self.append(new)

    @precondition(lambda self: self.model)
    @rule(data=st.data(), times=st.integers(1, 20))
    def append_alike(self, data, times) -> None:
        """Append what the columns have already, as most appends do."""
        with self.database.write() as connection:
            for _ in range(times):
                row = [column.values[-1] if column.values else None for column in self.model]
                grids.append_rows(connection, self.grid, [row])
                self.append([row])

    def append(self, new) -> None:
        if not new:
            return
        self.pad()
        for place, column in enumerate(self.model):
            column.values += [row[place] if place < len(row) else None for row in new]
        self.rows += len(new)

    @precondition(lambda self: self.model)
    @rule(data=st.data(), sizes=lists(st.integers(0, 20), 3))
    def append_batches(self, data, sizes) -> None:
        some = data.draw(st.lists(st.sampled_from(self.model), unique_by=id, min_size=1))
        types = [data.draw(kinds) for _ in some]
        batches = self.batches(data, types, sizes)
        schema = self.schema([column.name for column in some], types)
        made = [pa.RecordBatch.from_arrays(batch, schema=schema) for batch in batches]
        with self.database.write() as connection:
            record = grids.append_batches(connection, self.grid, schema, made)
            assert record == files.load(connection, record)
        if not any(batch.num_rows for batch in made):
            return
        self.pad()
        for place, column in enumerate(some):
            column.values += self.of_stream(batches, place)
        self.rows += sum(batch.num_rows for batch in made)
        self.pad()

    @precondition(lambda self: self.model)
    @rule(data=st.data(), sizes=lists(st.integers(0, 20), 3))
    def replace_content(self, data, sizes) -> None:
        kept = data.draw(st.lists(st.sampled_from(self.model), unique_by=id))
        others = [column.name for column in self.model if not any(column is each for each in kept)]
        names = data.draw(st.lists(st.sampled_from(others), unique=True)) if others else []
        names += [f"c{next(self.numbers)}" for _ in range(data.draw(st.integers(0, 2)))]
        types = [data.draw(kinds) for _ in names]
        batches = self.batches(data, types, sizes)
        schema = self.schema(names, types)
        made = [pa.RecordBatch.from_arrays(batch, schema=schema) for batch in batches]
        order = data.draw(st.permutations([column.name for column in kept] + names))
        with self.database.write() as connection:
            before = {each.name: each.uid for each in grids.list_columns(connection, self.grid)}
            grids.replace_content(
                connection,
                self.grid,
                schema,
                made,
                order=order,
                kept=[before[column.name] for column in kept],
                fingerprints={names[0]: "first"} if names else {},
            )
            after = {each.name: each.uid for each in grids.list_columns(connection, self.grid)}
        assert all(after[name] == before[name] for name in order if name in before)
        made = {column.name: column for column in kept} | {
            name: Column(name, self.of_stream(batches, place), after[name])
            for place, name in enumerate(names)
        }
        for name in names[:1]:
            made[name].fingerprint = "first"
        self.model = [made[name] for name in order]
        self.recount()

    @rule(data=st.data(), cells=st.booleans(), move=st.booleans(), columns=st.booleans())
    def edit(self, data, cells, move, columns) -> None:
        edits = Edits(
            self.cells(data) if cells else {},
            self.ranges(data) if move else [],
            self.insertions(data) if move else [],
        )
        self.expect(edits)
        if columns:
            edits = replace(edits, columns=self.columns(data))
        with self.database.write() as connection:
            before = files.load(connection, self.grid)
            self.grid = grids.edit(connection, self.grid, edits, metadata={"edited": True})
            assert self.grid == files.load(connection, self.grid)
            assert self.grid.metadata == {"edited": True}
            assert self.grid.revision == before.revision + 1
        self.recount()

    def cells(self, data) -> dict:
        found = {}
        for column in self.model if self.rows else []:
            some = st.sets(st.integers(0, self.rows - 1), max_size=4)
            if picked := sorted(data.draw(some)):
                found[column.uid] = picked, data.draw(few(column.values, len(picked)))
        return found

    def ranges(self, data) -> list:
        ends = sorted(data.draw(st.sets(st.integers(0, self.rows), max_size=6)))
        return [*zip(ends[::2], ends[1::2], strict=False)]

    def insertions(self, data) -> list:
        places = sorted(data.draw(st.lists(st.integers(0, self.rows), max_size=3)))
        counts = [data.draw(st.integers(0, 20)) for _ in places]
        cells = [[data.draw(few(each.values, count)) for each in self.model] for count in counts]
        cut = data.draw(st.integers(0, len(self.model)))
        return [
            (place, [[column[row] for column in columns][:cut] for row in range(count)])
            for place, count, columns in zip(places, counts, cells, strict=True)
        ]

    def expect(self, edits) -> None:
        moves = edits.deleted or edits.inserted
        is_gone = {row for start, stop in edits.deleted for row in range(start, stop)}
        for place, column in enumerate(self.model):
            picked, values = edits.cells.get(column.uid, ([], []))
            if not picked and not moves:
                continue
            end = self.rows if moves else picked[-1] + 1
            column.values = column.values + [None] * (end - len(column.values))
            column.fingerprint = None
            for row, value in zip(picked, values, strict=True):
                column.values[row] = value
            after = []
            for row in range(self.rows + 1) if moves else ():
                for new in (new for before, new in edits.inserted if before == row):
                    after += [each[place] if place < len(each) else None for each in new]
                if row < self.rows and row not in is_gone:
                    after.append(column.values[row])
            column.values = after if moves else column.values
        if moves and self.model:
            inserted = sum(len(new) for _, new in edits.inserted)
            self.rows += inserted - len(is_gone)

    def columns(self, data) -> list[EditedColumn]:
        kept = data.draw(st.lists(st.sampled_from(self.model), unique_by=id)) if self.model else []
        for column in kept:
            if data.draw(st.booleans()):
                column.name = f"c{next(self.numbers)}"
        after = [(column, EditedColumn(column.uid, column.name)) for column in kept]
        for _ in range(data.draw(st.integers(0, 2))):
            name, place = f"c{next(self.numbers)}", data.draw(st.integers(0, len(after)))
            if kept or self.model:
                values = data.draw(st.none() | few([0], self.rows))
            else:
                values = data.draw(lists())
            column = Column(name, [None] * self.rows if values is None else values)
            after.insert(place, (column, EditedColumn(None, name, values)))
        self.model = [column for column, _ in after]
        return [column for _, column in after]

    @rule()
    def fold(self) -> None:
        with self.database.write() as connection:
            before = files.load(connection, self.grid)
            grids.fold(connection, self.grid)
            after = files.load(connection, self.grid)
            assert (after.revision, after.modified) == (before.revision, before.modified)
            assert (after.logged, after.logged_bytes) == (0, 0)

    @rule()
    def go_on_with_a_copy(self) -> None:
        with self.database.write() as connection:
            self.grid = copying.copy(
                connection, files.load(connection, self.grid), owner="alice", parent=HOME
            )

    @invariant()
    def columns_are_as_expected(self) -> None:
        if not hasattr(self, "grid"):
            return
        with self.database.read() as connection:
            grid = files.load(connection, self.grid)
            there = grids.list_columns(connection, grid)
            assert grid.row_count == self.rows
            assert [column.name for column in there] == [column.name for column in self.model]
            assert [column.position for column in there] == list(range(len(there)))
            for column, expected in zip(there, self.model, strict=True):
                expected.uid = expected.uid or column.uid
                assert column.uid == expected.uid
                assert column.fingerprint == expected.fingerprint
                assert column.length == len(expected.values)
                assert column.preview == preview(expected.values[:PREVIEW_ROWS])
                assert exact(grids.values(connection, grid, column)) == exact(expected.values)
                text = b"[" + b"".join(grids.json_runs(connection, grid, column)) + b"]"
                assert exact(json.loads(text)) == exact(expected.values)

    @precondition(lambda self: self.model)
    @rule(data=st.data())
    def window(self, data) -> None:
        start = data.draw(st.integers(0, self.rows + 2))
        stop = data.draw(st.none() | st.integers(start, self.rows + 2))
        some = data.draw(st.lists(st.sampled_from(self.model), unique_by=id))
        expected = [column.values[start:stop] for column in some]
        with self.database.read() as connection:
            grid = files.load(connection, self.grid)
            picked = grids.pick_columns(connection, grid, [column.uid for column in some])
            for column, values in zip(picked, expected, strict=True):
                found = grids.values(connection, grid, column, start, stop)
                assert exact(found) == exact(values)
            texts = [
                b"[" + b"".join(runs) + b"]"
                for _, runs in grids.json_texts(connection, grid, picked, start, stop)
            ]
            assert [exact(json.loads(text)) for text in texts] == [*map(exact, expected)]
            schema = grids.arrow_schema(connection, grid, picked)
            pieces = grids.arrow_stream(connection, grid, picked, schema, start=start, stop=stop)
            table = pa.ipc.open_stream(b"".join(pieces)).read_all()
            assert table.schema == schema
            table.validate(full=True)
            longest = max(map(len, expected), default=0)
            for place, values in enumerate(expected):
                padded = values + [None] * (longest - len(values))
                assert exact(plain(table.column(place))) == exact(padded)
            end = self.rows if stop is None else min(stop, self.rows)
            blocks = [*rows.blocks(connection, grid, picked, start, end)]
        for place, column in enumerate(some):
            found = [value for block in blocks for value in block[place]]
            assert exact(found) == exact(column.values[start:end])
        for block in blocks:
            longest = max(map(len, block))
            assert longest <= 1 or longest * len(block) <= rows.BLOCK_CELLS


def exact(values: list) -> str:
    """Spell values so that 1, 1.0 and True differ, and 0.0 and -0.0."""
    return repr(values)


def test_a_grid_holds_what_was_written(database):
    class OfDatabase(Grid):
        pass

    OfDatabase.database = database
    run_state_machine_as_test(
        OfDatabase,
        settings=settings(
            max_examples=25,
            stateful_step_count=20,
            deadline=None,
            suppress_health_check=list(HealthCheck),
            report_multiple_bugs=False,
        ),
    )
