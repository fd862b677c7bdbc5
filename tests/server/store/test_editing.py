"""Edits of a grid in the store: what is written of it, and what is refused."""

from __future__ import annotations

import pyarrow as pa
import pytest
from sqlalchemy import select

from plotly_nbext.columns import wire
from plotly_nbext.errors import ValidationError
from plotly_nbext.server.store import files, grids
from plotly_nbext.server.store.grids import ColumnChange, EditedColumn, Edits
from plotly_nbext.server.store.schema import CHUNK_ROWS, chunks

ROWS = 3 * CHUNK_ROWS + 5
SCHEMA = pa.schema([("x", pa.int8()), ("y", pa.string()), ("z", pa.float32())])


@pytest.fixture
def grid(connection, make):
    """A grid of three full chunks and one of five rows."""
    numbers = pa.array(range(ROWS))
    arrays = [
        pa.array([row % 100 for row in range(ROWS)], pa.int8()),
        numbers.cast(pa.string()),
        pa.array([row / 2 for row in range(ROWS)], pa.float32()),
    ]
    batch = pa.record_batch(arrays, schema=SCHEMA)
    fingerprints = {name: f"of {name}" for name in SCHEMA.names}
    return grids.load_batches(connection, make(), SCHEMA, [batch], fingerprints)


@pytest.fixture
def uids(connection, grid) -> dict[str, str]:
    return {column.name: column.uid for column in grids.list_columns(connection, grid)}


def stored(connection, grid) -> dict[tuple[str, int], tuple[str, bytes]]:
    """Tell the type and the bytes of each chunk, by its column's name and its first row."""
    names = {column.uid: column.name for column in grids.list_columns(connection, grid)}
    rows = connection.execute(select(chunks).where(chunks.c.file_id == grid.id))
    return {(names[row.uid], row.start): (row.type, row.data) for row in rows}


def table(connection, grid) -> dict[str, list]:
    return {
        column.name: grids.values(connection, grid, column)
        for column in grids.list_columns(connection, grid)
    }


def changed(connection, grid, edits) -> set[tuple[str, int]]:
    """Edit a grid, and tell which chunks hold something else then."""
    before = stored(connection, grid)
    grids.edit(connection, grid, edits)
    after = stored(connection, grid)
    return {key for key in before.keys() | after.keys() if before.get(key) != after.get(key)}


def test_a_cell_changes_one_chunk_and_the_fingerprint_of_its_column(
    connection, grid, uids, statements
):
    statements.clear()
    row = CHUNK_ROWS + 7
    assert changed(connection, grid, Edits({uids["y"]: ([row], ["new"])})) == {("y", CHUNK_ROWS)}
    written = [each for each in statements if not each.startswith("SELECT")]
    assert sum("chunks" in each for each in written) == 1
    column = grids.pick_columns(connection, grid, [uids["y"]])[0]
    assert grids.values(connection, grid, column, row - 1, row + 2) == [
        str(row - 1),
        "new",
        str(row + 1),
    ]
    fingerprints = {each.name: each.fingerprint for each in grids.list_columns(connection, grid)}
    assert fingerprints == {"x": "of x", "y": None, "z": "of z"}


def test_a_row_that_goes_changes_what_is_behind_it_only(connection, grid):
    row = CHUNK_ROWS + 7
    there = table(connection, grid)
    starts = [start * CHUNK_ROWS for start in (1, 2, 3)]
    expected = {(name, start) for name in SCHEMA.names for start in starts}
    assert changed(connection, grid, Edits({}, deleted=[(row, row + 1)])) == expected
    assert table(connection, grid) == {
        name: values[:row] + values[row + 1 :] for name, values in there.items()
    }
    assert files.load(connection, grid).row_count == ROWS - 1


def test_rows_at_the_end_change_the_last_chunk_only(connection, grid):
    edits = Edits({}, inserted=[(ROWS, [[1, "a", 0.5]] * CHUNK_ROWS)])
    starts = [3 * CHUNK_ROWS, 4 * CHUNK_ROWS]
    assert changed(connection, grid, edits) == {
        (name, start) for name in SCHEMA.names for start in starts
    }
    assert {kind for kind, _ in stored(connection, grid).values()} == {"int8", "string", "float"}


def test_a_chunk_gets_another_type_only_where_its_own_holds_a_value_no_longer(
    connection, grid, uids
):
    cells = {
        uids["x"]: ([0, CHUNK_ROWS, 2 * CHUNK_ROWS], [None, 1000, "one"]),
        uids["y"]: ([0, 1], ["2026-11-22", {"a": []}]),
        uids["z"]: ([0, CHUNK_ROWS], [0.25, 0.1234567890123]),
    }
    grids.edit(connection, grid, Edits(cells))
    kinds = {key: kind for key, (kind, _) in stored(connection, grid).items()}
    assert [kinds["x", start * CHUNK_ROWS] for start in range(4)] == [
        "int8",
        "int64",
        "json",
        "int8",
    ]
    assert [kinds["y", start * CHUNK_ROWS] for start in range(2)] == ["json", "string"]
    assert [kinds["z", start * CHUNK_ROWS] for start in range(3)] == ["float", "double", "float"]
    found = table(connection, grid)
    for name, uid in uids.items():
        rows, values = cells[uid]
        assert [found[name][row] for row in rows] == values
    assert found["x"][1:3] == [1, 2]


def test_previews_are_those_of_the_first_rows(connection, grid, uids):
    grids.edit(connection, grid, Edits({uids["x"]: ([1, CHUNK_ROWS], [50, 60])}, [(0, 1)]))
    previews = {each.name: each.preview for each in grids.list_columns(connection, grid)}
    assert previews["x"] == ["50", *map(str, range(2, 11))]
    assert previews["y"] == [str(row) for row in range(1, 11)]
    grids.edit(connection, grid, Edits({}, [(2, ROWS - 1)]))
    assert grids.list_columns(connection, grid)[0].preview == ["50", "2"]
    grids.edit(connection, grid, Edits({}, [(0, 2)]))
    assert table(connection, grid) == {"x": [], "y": [], "z": []}
    assert grids.list_columns(connection, grid)[0].preview == []


def test_columns_move_without_their_values(connection, grid, uids, statements):
    columns = [
        EditedColumn(uids["z"], "x"),
        EditedColumn(None, "y", list(range(ROWS))),
        EditedColumn(None, "empty"),
        EditedColumn(uids["x"], "z"),
    ]
    before = stored(connection, grid)
    statements.clear()
    record = grids.edit(connection, grid, Edits({}, columns=columns))
    assert not [each for each in statements if each.startswith("UPDATE chunks")]
    after = stored(connection, grid)
    assert after["x", 0] == before["z", 0]
    assert after["z", 0] == before["x", 0]
    assert after["empty", 0][0] == "null"
    there = grids.list_columns(connection, grid)
    assert [each.name for each in there] == ["x", "y", "empty", "z"]
    assert [each.fingerprint for each in there] == ["of z", None, None, "of x"]
    assert record.revision == grid.revision + 1
    assert table(connection, grid)["y"] == list(range(ROWS))


@pytest.mark.parametrize(
    ("values", "rows"), [((None, None), ROWS), ((None, [1, 2]), 2), (([1], [1, 2]), 2)]
)
def test_columns_that_replace_all_others_say_how_many_rows_there_are_or_keep_them(
    connection, grid, values, rows
):
    new = [EditedColumn(None, name, of) for name, of in zip("ab", values, strict=True)]
    assert grids.edit(connection, grid, Edits({}, columns=new)).row_count == rows
    assert table(connection, grid) == {
        name: [None] * rows if of is None else of for name, of in zip("ab", values, strict=True)
    }


def test_rows_of_the_log_are_edited_as_others(connection, make):
    grid = make()
    grids.add_columns(connection, grid, [ColumnChange("x", list(range(20)))])
    grid = grids.append_rows(connection, files.load(connection, grid), [[20], [21]])
    assert grid.logged == 2
    uid = grids.list_columns(connection, grid)[0].uid
    record = grids.edit(connection, grid, Edits({uid: ([21], ["last"])}, [(0, 19)]))
    assert (record.row_count, record.logged, record.revision) == (3, 0, grid.revision + 1)
    assert table(connection, record) == {"x": [19, 20, "last"]}


def test_the_text_of_a_number_stays_as_it_came(connection, make):
    grid = make()
    long = 10**30
    grids.add_columns(connection, grid, [ColumnChange("x", [long, 0.1, "é", [1, {"a": None}]])])
    uid = grids.list_columns(connection, grid)[0].uid
    grids.edit(connection, grid, Edits({uid: ([1], [None])}, [], [(4, [[2.0]])]))
    column = grids.list_columns(connection, grid)[0]
    text = b"".join(grids.json_runs(connection, grid, column))
    assert text == b'%d,null,"\xc3\xa9",[1,{"a":null}],2.0' % long


@pytest.mark.parametrize(
    ("edits", "field"),
    [
        (lambda _: Edits({"000000": ([0], [1])}), "cells"),
        (lambda uids: Edits({uids["x"]: ([0, ROWS], [1, 2])}), "cells['{x}'].rows"),
        (lambda _: Edits({}, [(0, 1), (5, ROWS + 1)]), "delete[1]"),
        (lambda _: Edits({}, [], [(0, [[]]), (ROWS + 1, [[1]])]), "insert[1].before"),
        (lambda _: Edits({}, [], [(0, [[1], [1, 2, 3, 4]])]), "insert[0].rows[1]"),
        (lambda _: Edits({}, columns=[EditedColumn("000000", "x")]), "cols[0].uid"),
        (
            lambda uids: Edits({}, columns=[EditedColumn(uids["x"], name) for name in "xy"]),
            "cols[1].uid",
        ),
        (
            lambda uids: Edits({}, columns=[EditedColumn(uids[name], "x") for name in "xy"]),
            "cols",
        ),
        (
            lambda uids: Edits(
                {}, [(0, 1)], columns=[EditedColumn(uids["x"], "x"), EditedColumn(None, "n", [1])]
            ),
            "cols[1].data",
        ),
    ],
)
def test_what_is_not_there_is_refused_by_its_name(connection, grid, uids, edits, field):
    before = stored(connection, grid)
    with pytest.raises(ValidationError) as refused:
        grids.edit(connection, grid, edits(uids))
    assert refused.value.field == field.replace("{x}", uids["x"])
    assert refused.value.status_code == 400
    assert stored(connection, grid) == before
    assert files.load(connection, grid) == grid


def test_a_column_of_json_of_arrow_s_keeps_its_values(connection, make):
    values = [{"a": 1}, None, [2]]
    schema = pa.schema([("x", wire.JSON)])
    batch = pa.record_batch([wire.fit(values, wire.JSON)], schema=schema)
    grid = grids.load_batches(connection, make(), schema, [batch])
    uid = grids.list_columns(connection, grid)[0].uid
    grids.edit(connection, grid, Edits({uid: ([1], [{"b": []}])}, [], [(0, [[None]])]))
    assert table(connection, grid) == {"x": [None, {"a": 1}, {"b": []}, [2]]}
