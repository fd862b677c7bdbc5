"""Rows that are appended: what it costs, what it changes, and that none is lost or comes twice."""

from __future__ import annotations

import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from itertools import count
from pathlib import Path

import pyarrow as pa
import pytest
from sqlalchemy import func, select

from plotly_nbext.errors import NotFoundError, ValidationError
from plotly_nbext.server.store import Database, files, grids, trash
from plotly_nbext.server.store.grids import ColumnChange
from plotly_nbext.server.store.schema import HOME, row_log

from ..arrow import batches

WRITER = Path(__file__).parent / "writer.py"


@pytest.fixture
def grid(connection, make):
    """A grid of twelve rows, whose second column has three."""
    grid = make()
    columns = [("x", pa.array(range(12)), "f"), ("y", ["a", "b", "c"], "g")]
    new = [ColumnChange(name, values, fingerprint=known) for name, values, known in columns]
    grids.add_columns(connection, grid, new)
    return files.load(connection, grid)


def test_an_append_is_an_update_and_an_insert(connection, grid, statements):
    statements.clear()
    grids.append_rows(connection, grid, [[1, "z"]])
    assert [statement.split()[0] for statement in statements] == ["UPDATE", "INSERT"]


def test_the_record_of_an_append_is_what_is_stored(connection, grid):
    for rows in ([[1]], [[2, "z"], []], []):
        before, grid = grid, grids.append_rows(connection, grid, rows)
        assert grid == files.load(connection, grid)
        assert grid.revision == before.revision + 1
        assert grid.row_count == before.row_count + len(rows)
    assert grid.logged == 3


def test_a_short_column_is_filled_up_before_its_row(connection, grid):
    grid = grids.append_rows(connection, grid, [[12, "z"], [13]])
    expected = [[*range(14)], ["a", "b", "c", *[None] * 9, "z", None]]
    for fold in (False, True):
        if fold:
            grids.fold(connection, grid)
        there = grids.list_columns(connection, grid)
        assert [grids.values(connection, grid, column) for column in there] == expected
        assert there[1].preview == ["a", "b", "c", *["None"] * 7]
        assert [column.fingerprint for column in there] == [None, None]


def test_a_row_that_is_too_long_is_refused(database):
    with database.write() as connection:
        grid = files.create(connection, owner="alice", filetype="grid", filename="g", parent=HOME)
        grids.add_columns(connection, grid, [ColumnChange("x", [*range(20)])])
    for rows in ([[1], [1, 2]], [[1]] * 2000 + [[1, 2]]):
        with (
            pytest.raises(ValidationError, match=rf"Row {len(rows) - 1} has 2 values") as refusal,
            database.write() as connection,
        ):
            grids.append_rows(connection, grid, rows)
        assert (refusal.value.status_code, refusal.value.field) == (400, "rows")
    with database.read() as connection:
        (column,) = grids.list_columns(connection, grid)
        assert grids.values(connection, grid, column) == [*range(20)]


def test_a_grid_without_columns_has_no_rows(connection, make):
    grid = grids.append_rows(connection, make(), [[], []])
    assert (grid.row_count, grid.logged) == (0, 0)
    with pytest.raises(ValidationError, match="Row 0 has 1 values, but the grid has 0 columns"):
        grids.append_rows(connection, grid, [[1]])


def test_nothing_is_appended_to_a_grid_that_is_gone(connection, grid):
    trash.remove(connection, trash.trash(connection, grid))
    with pytest.raises(NotFoundError):
        grids.append_rows(connection, grid, [[1]])
    with pytest.raises(NotFoundError):
        grids.fold(connection, grid)


@pytest.mark.parametrize(("rows", "times"), [([[0]], 1_024), ([["x" * 100_000]], 10)])
def test_it_is_told_when_a_log_is_long(connection, grid, rows, times):
    for number in range(times):
        assert not grids.wants_fold(grid), number
        grid = grids.append_rows(connection, grid, rows)
    assert grids.wants_fold(grid)
    grids.fold(connection, grid)
    assert not grids.wants_fold(files.load(connection, grid))


def test_many_rows_go_to_the_chunks_at_once(connection, grid):
    grids.append_rows(connection, grid, [[0]])
    grid = grids.append_rows(connection, grid, [[number] for number in range(40_000)])
    assert grid.logged == 0
    column, _ = grids.list_columns(connection, grid)
    assert grids.values(connection, grid, column) == [*range(12), 0, *range(40_000)]
    schema = grids.arrow_schema(connection, grid, [column])
    assert schema.types == [pa.int64()]


def test_moments_that_are_appended_as_text_stay_moments(connection, make):
    moments = pa.array([0, 10**15, None] * 10, pa.timestamp("us", "Europe/Berlin"))
    grid = grids.load_batches(
        connection, make(), pa.schema([("t", moments.type)]), [pa.record_batch([moments], ["t"])]
    )
    (column,) = grids.list_columns(connection, grid)
    texts = grids.values(connection, grid, column)
    for text in texts[:3]:
        grid = grids.append_rows(connection, grid, [[text]])
    for fold in (False, True):
        if fold:
            grids.fold(connection, grid)
        (column,) = grids.list_columns(connection, grid)
        schema = grids.arrow_schema(connection, grid, [column])
        assert schema.types == [moments.type]
        (batch,) = batches(grids.arrow_stream(connection, grid, [column], schema))
        assert batch.column(0).equals(pa.concat_arrays([moments, moments[:3]]))


def test_a_window_that_is_as_long_as_a_chunk_but_begins_in_it_has_its_own_rows(connection, make):
    grid = make()
    grids.add_columns(connection, grid, [ColumnChange("x", pa.array(range(12)))])
    grids.append_rows(connection, files.load(connection, grid), [[n] for n in range(12, 17)])
    grid = files.load(connection, grid)
    there = grids.list_columns(connection, grid)
    schema = grids.arrow_schema(connection, grid, there)
    found = list(batches(grids.arrow_stream(connection, grid, there, schema, start=5, stop=17)))
    assert pa.Table.from_batches(found).column(0).to_pylist() == [*range(5, 17)]


def test_appends_at_once_land_whole_and_in_each_writers_order(location, database):
    writers, times = 4, 40
    with database.write() as connection:
        grid = files.create(connection, owner="alice", filetype="grid", filename="g", parent=HOME)
        grids.add_columns(connection, grid, [ColumnChange(name, []) for name in "abc"])

    def append(writer: int) -> None:
        with closing(Database(location)) as own:
            for number in range(times):
                with own.write() as connection:
                    rows = [[writer, number, part] for part in range(1 + number % 3)]
                    grids.append_rows(connection, grid, rows)
                if number % 10 == writer:
                    with own.write() as connection:
                        grids.fold(connection, grid)

    with ThreadPoolExecutor(writers) as threads:
        list(threads.map(append, range(writers)))
    with database.read() as connection:
        there = grids.list_columns(connection, grid)
        rows = [*zip(*(grids.values(connection, grid, each) for each in there), strict=True)]
    expected = [(number, part) for number in range(times) for part in range(1 + number % 3)]
    for writer in range(writers):
        assert [row[1:] for row in rows if row[0] == writer] == expected
    assert len(rows) == writers * len(expected)
    starts = [place for place, row in enumerate(rows) if row[2] == 0]
    for start, end in zip(starts, [*starts[1:], len(rows)], strict=True):
        assert len({row[:2] for row in rows[start:end]}) == 1


def test_a_writer_that_is_killed_loses_nothing_that_it_was_told_is_kept(location, database):
    with database.write() as connection:
        grid = files.create(connection, owner="alice", filetype="grid", filename="g", parent=HOME)
        grids.add_columns(connection, grid, [ColumnChange("n", []), ColumnChange("t", [])])
    kept = 0
    for turn in count():
        writer = subprocess.Popen(
            [sys.executable, WRITER, str(location), grid.fid, str(kept)], stdout=subprocess.PIPE
        )
        told = [writer.stdout.readline() for _ in range(150 + 31 * turn)]
        writer.kill()
        told += writer.stdout.readlines()
        writer.wait(60)
        acknowledged = int([line for line in told if line.endswith(b"\n")][-1])
        with database.read() as connection:
            there = grids.list_columns(connection, grid)
            numbers, texts = (grids.values(connection, grid, column) for column in there)
            logged = connection.execute(select(func.sum(row_log.c.length))).scalar() or 0
            assert files.load(connection, grid).logged == logged
        assert numbers == [*range(len(numbers))]
        assert texts == [f"row {number}" for number in numbers]
        # one more may be kept than was told
        assert acknowledged <= len(numbers) <= acknowledged + 3
        kept = len(numbers)
        if turn == 5:
            break
