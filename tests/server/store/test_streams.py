"""Streams of Arrow batches into grids, and out of them."""

from __future__ import annotations

import gc

import numpy as np
import pyarrow as pa
import pytest

from plotly_nbext.errors import ValidationError
from plotly_nbext.server.store import files, grids, rows
from plotly_nbext.server.store.grids import ColumnChange
from plotly_nbext.server.store.schema import CHUNK_ROWS

from ..arrow import batches

SCHEMA = pa.schema([("x", pa.int64()), ("y", pa.string())])


def batch(first: int, length: int) -> pa.RecordBatch:
    numbers = pa.array(range(first, first + length))
    return pa.record_batch([numbers, numbers.cast(pa.string())], schema=SCHEMA)


@pytest.fixture
def grid(connection, make):
    """A grid of x, y, and z, which JSON made."""
    grids.load_batches(connection, grid := make(), SCHEMA, [batch(0, 3)], {"x": "of x"})
    grids.add_columns(connection, grid, [ColumnChange("z", [1, "two"], fingerprint="of z")])
    return files.load(connection, grid)


def table(connection, grid) -> dict[str, list]:
    return {
        column.name: grids.values(connection, grid, column)
        for column in grids.list_columns(connection, grid)
    }


def uids(connection, grid) -> dict[str, str]:
    return {column.name: column.uid for column in grids.list_columns(connection, grid)}


def fingerprints(connection, grid) -> dict[str, str | None]:
    return {column.name: column.fingerprint for column in grids.list_columns(connection, grid)}


def test_batches_of_any_size_are_kept_in_chunks_of_one(connection, make):
    sizes = [1, 0, CHUNK_ROWS - 1, 5, CHUNK_ROWS, 2 * CHUNK_ROWS + 7]
    firsts = np.cumsum([0, *sizes[:-1]]).tolist()
    made = map(batch, firsts, sizes)
    grid = grids.load_batches(connection, make(), SCHEMA, made)
    assert grid.row_count == sum(sizes)
    there = grids.list_columns(connection, grid)
    schema = grids.arrow_schema(connection, grid, there)
    assert schema == SCHEMA
    found = list(batches(grids.arrow_stream(connection, grid, there, schema)))
    assert [each.num_rows for each in found] == [CHUNK_ROWS] * 4 + [12]
    assert pa.Table.from_batches(found).equals(pa.Table.from_batches([batch(0, sum(sizes))]))


def test_a_column_keeps_its_uid_with_its_name(connection, grid):
    before = uids(connection, grid)
    after = grids.replace_content(
        connection,
        grid,
        pa.schema([("y", pa.string()), ("new", pa.null())]),
        [pa.record_batch([pa.array(["a"]), pa.nulls(1)], names=["y", "new"])],
        order=["new", "z", "y"],
        kept=[before["z"]],
        fingerprints={"y": "of y"},
    )
    assert table(connection, grid) == {"new": [None], "z": [1, "two"], "y": ["a"]}
    assert list(table(connection, grid)) == ["new", "z", "y"]
    now = uids(connection, grid)
    assert (now["z"], now["y"]) == (before["z"], before["y"])
    assert now["new"] not in before.values()
    assert fingerprints(connection, grid) == {"new": None, "z": "of z", "y": "of y"}
    assert (after.row_count, after.revision) == (2, grid.revision + 1)


def test_without_an_order_what_stays_is_first(connection, grid):
    kept = [uids(connection, grid)[name] for name in ("z", "x")]
    grids.replace_content(connection, grid, pa.schema([("w", pa.null())]), [], kept=kept)
    assert list(table(connection, grid)) == ["x", "z", "w"]


def test_rows_in_the_log_stay_with_the_columns_that_stay(connection, make):
    grid = make()
    grids.load_batches(connection, grid, SCHEMA, [batch(0, 20)])
    grid = grids.append_rows(connection, files.load(connection, grid), [[20, "last"]])
    assert grid.logged == 1
    schema = pa.schema([("y", pa.string())])
    kept = [uids(connection, grid)["x"]]
    grids.replace_content(connection, grid, schema, [], kept=kept)
    assert table(connection, grid) == {"x": [*range(21)], "y": []}


@pytest.mark.parametrize(
    ("names", "kept", "order", "why"),
    [
        (["x"], ["x"], None, "two columns named 'x'"),
        (["w", "w"], [], None, "two columns named 'w'"),
        (["w"], ["?"], None, r"no column with uid '\?'"),
        (["w"], ["x"], ["w"], "must name each of the columns"),
        (["w"], [], ["w", "w"], "must name each of the columns"),
    ],
)
def test_what_would_not_be_a_grid_is_refused(connection, grid, *, names, kept, order, why):
    there = uids(connection, grid)
    schema = pa.schema([(name, pa.null()) for name in names])
    uids_kept = [there.get(name, "?") for name in kept]
    with pytest.raises(ValidationError, match=why) as refusal:
        grids.replace_content(connection, grid, schema, [], order=order, kept=uids_kept)
    assert refusal.value.status_code == 400


def test_a_stream_that_breaks_leaves_the_grid_as_it_was(database, make_grid):
    grid = make_grid()

    def broken():
        yield batch(0, 3 * CHUNK_ROWS)
        raise pa.ArrowInvalid("cut off")

    for write in (grids.replace_content, grids.append_batches):
        with pytest.raises(pa.ArrowInvalid), database.write() as connection:
            write(connection, grid, SCHEMA, broken())
        with database.read() as connection:
            assert files.load(connection, grid) == grid
            assert table(connection, grid) == {"x": [0, 1], "y": ["0", "1"]}


@pytest.fixture
def make_grid(database):
    def make():
        with database.write() as connection:
            grid = files.create(
                connection, owner="alice", filetype="grid", filename=None, parent=-1
            )
            return grids.load_batches(connection, grid, SCHEMA, [batch(0, 2)])

    return make


def test_appended_batches_go_to_the_columns_of_their_names(connection, grid):
    schema = pa.schema([("z", pa.float64()), ("x", pa.int8())])
    new = pa.record_batch([pa.array([0.5, 1]), pa.array([-1, None], pa.int8())], schema=schema)
    grids.append_batches(connection, grid, schema, [new, new])
    assert repr(table(connection, grid)) == repr(
        {
            "x": [0, 1, 2, -1, None, -1, None],
            "y": ["0", "1", "2", *[None] * 4],
            "z": [1, "two", None, 0.5, 1.0, 0.5, 1.0],
        }
    )
    there = grids.list_columns(connection, grid)
    assert grids.arrow_schema(connection, grid, there).field("x").type == pa.int64()
    assert fingerprints(connection, grid) == dict.fromkeys("xyz")


def test_a_column_that_a_grid_does_not_have_is_not_appended_to(connection, grid):
    with pytest.raises(ValidationError, match="has no column named 'w'") as refusal:
        grids.append_batches(connection, grid, pa.schema([("w", pa.null())]), [])
    assert (refusal.value.status_code, refusal.value.field) == (400, "rows")


def test_what_does_not_change_a_columns_values_keeps_its_fingerprint(connection, grid):
    uid = uids(connection, grid)["x"]
    for change in (ColumnChange(name="w"), ColumnChange(order=1)):
        grids.replace_columns(connection, grid, [uid], [change])
    grids.add_columns(connection, grid, [ColumnChange("v", [*range(99)])])
    grids.delete_columns(connection, grid, [uids(connection, grid)["z"]])
    assert fingerprints(connection, grid)["w"] == "of x"
    grids.replace_columns(connection, grid, [uid], [ColumnChange(values=[1])])
    assert fingerprints(connection, grid)["w"] is None


def test_a_wide_grid_takes_no_more_memory_than_a_narrow_one(connection, make):
    width = 600
    column = pa.array(np.random.default_rng(0).normal(size=CHUNK_ROWS))
    schema = pa.schema([(f"c{number}", column.type) for number in range(width)])
    gc.collect()
    before = pa.total_allocated_bytes()
    grid = grids.load_batches(
        connection, make(), schema, [pa.record_batch([column] * width, schema=schema)]
    )
    there = grids.list_columns(connection, grid)
    most = 0
    found = []
    for part in batches(grids.arrow_stream(connection, grid, there, schema)):
        most = max(most, pa.total_allocated_bytes() - before)
        found.append(part.num_rows)
        assert part.column(width - 1).equals(column[sum(found[:-1]) : sum(found)])
    assert len(found) > 1
    assert sum(found) == CHUNK_ROWS
    assert most < 2 * 64_000_000
    for block in rows.blocks(connection, grid, there, 0, CHUNK_ROWS):
        assert len(block) == width
        assert len(block[0]) * width <= rows.BLOCK_CELLS
