"""What is damaged is told by its place, and is never read as if it were whole."""

from __future__ import annotations

import contextlib

import pyarrow as pa
import pytest
from sqlalchemy import delete, insert, select, update

from plotly_nbext.errors import ServiceError
from plotly_nbext.server.store import backups, files, grids, plots, references
from plotly_nbext.server.store.checksums import Damaged
from plotly_nbext.server.store.files import FOLDER, PLOT
from plotly_nbext.server.store.grids import ColumnChange
from plotly_nbext.server.store.schema import (
    CHUNK_ROWS,
    HOME,
    chunks,
    columns,
    file_references,
    row_log,
    users,
)
from plotly_nbext.server.store.schema import files as table
from plotly_nbext.server.store.schema import plots as figures
from plotly_nbext.server.verifying import verify

LONG = [*range(CHUNK_ROWS + 10)]


@pytest.fixture
def grid(connection, make):
    grid = make(filename="sales")
    changes = [ColumnChange("x", LONG), ColumnChange("y", pa.array(LONG))]
    grids.add_columns(connection, grid, changes)
    grid = files.load(connection, grid)
    grids.append_rows(connection, grid, [[7, 8], [9, 10]])
    return files.load(connection, grid)


@pytest.fixture
def plot(connection, make, grid):
    plot = make(PLOT, "drawn")
    uid = grids.list_columns(connection, grid)[0].uid
    figure = b'{"data":[{"xsrc":"%s:%s"}]}' % (grid.fid.encode(), uid.encode())
    plots.create(connection, plot, figure)
    references.set_references(connection, plot, [grid])
    return plot


def of_column(grid, column):
    return (chunks.c.file_id == grid.id) & (chunks.c.uid == column.uid)


def flipped(data: bytes) -> bytes:
    return data[:-5] + bytes([data[-5] ^ 1]) + data[-4:]


def found(connection) -> list[str]:
    return [str(each) for each in verify(connection).damaged]


@pytest.mark.usefixtures("plot")
def test_nothing_is_found_where_nothing_is_damaged(connection):
    report = verify(connection)
    assert (report.damaged, report.dangling) == ([], [])
    assert (report.users, report.files, report.chunks) == (2, 2, 4)


@pytest.mark.parametrize("place", [0, 1])
def test_a_damaged_chunk_is_told_by_grid_and_column_and_the_rest_is_read(connection, grid, place):
    there = grids.list_columns(connection, grid)
    damaged, whole = there[place], there[1 - place]
    here = of_column(grid, damaged) & (chunks.c.start == CHUNK_ROWS)
    data = connection.execute(select(chunks.c.data).where(here)).scalar_one()
    connection.execute(update(chunks).where(here).values(data=flipped(data)))

    (told,) = found(connection)
    assert told == (
        f"alice:0 (sales), column {damaged.name!r} ({damaged.uid}), rows {CHUNK_ROWS} to "
        f"{CHUNK_ROWS + 9}: the values are not as they were written."
    )
    part = rf"column '{damaged.uid}' of the grid alice:0 has in rows 16,384 to 16,393"
    with pytest.raises(Damaged, match=part):
        grids.values(connection, grid, damaged)
    with pytest.raises(Damaged, match=part):
        b"".join(grids.json_runs(connection, grid, damaged))
    schema = grids.arrow_schema(connection, grid, there)
    with pytest.raises(Damaged, match=part):
        list(grids.arrow_stream(connection, grid, there, schema))
    assert grids.values(connection, grid, damaged, 0, 3) == [0, 1, 2]
    assert grids.values(connection, grid, whole, CHUNK_ROWS)[:2] == LONG[CHUNK_ROWS:][:2]


def test_damage_is_not_folded_into_what_is_written_anew(connection, grid):
    column = grids.list_columns(connection, grid)[0]
    here = of_column(grid, column) & (chunks.c.start == CHUNK_ROWS)
    data = connection.execute(select(chunks.c.data).where(here)).scalar_one()
    connection.execute(update(chunks).where(here).values(data=flipped(data)))
    with pytest.raises(Damaged):
        grids.fold(connection, grid)


def test_damaged_rows_of_the_log_are_told(connection, grid):
    connection.execute(update(row_log).values(data=b"[[7,8],[9,11]]"))
    (told,) = found(connection)
    assert told == (
        f"alice:0 (sales), rows last appended, rows {len(LONG)} to {len(LONG) + 1}: "
        "they are not as they were written."
    )
    column = grids.list_columns(connection, grid)[0]
    with pytest.raises(Damaged, match=r"Row 16,394 of the grid alice:0, or one"):
        grids.values(connection, grid, column)
    assert grids.values(connection, grid, column, 0, 2) == [0, 1]


def test_a_damaged_figure_is_told(connection, plot):
    connection.execute(update(figures).values(figure=b'{"data":[]}'))
    assert found(connection) == ["alice:1 (drawn): its figure is not as it was written."]
    with pytest.raises(Damaged, match=r"The figure of the plot 'drawn' \(alice:1\) is"):
        plots.figure(connection, plot)


def gone(grid, columns_of):
    return delete(chunks).where(of_column(grid, columns_of[0]) & (chunks.c.start == 0))


def astray(grid, columns_of):
    return delete(columns).where(columns.c.file_id == grid.id, columns.c.uid == columns_of[1].uid)


def shorter(grid, _):
    return update(table).where(table.c.id == grid.id).values(row_count=5)


def misplaced(grid, _):
    return update(table).where(table.c.id == grid.id).values(parent=70)


def in_itself(grid, _):
    return update(table).where(table.c.filetype == FOLDER).values(parent=table.c.idlocal)


def counted_back(_, __):
    return update(users).where(users.c.username == "alice").values(next_idlocal=0)


def without_log(_, __):
    return delete(row_log)


def trashed_with_nothing(grid, _):
    return update(table).where(table.c.id == grid.id).values(trashed_with=70)


def _without_figure(plot):
    return delete(figures)


def _metadata_cut(plot):
    return update(table).where(table.c.id == plot.id).values(metadata="{")


@pytest.mark.parametrize("harm", [_without_figure, _metadata_cut])
def test_a_file_that_makes_no_sense_is_told_and_the_others_are_looked_at(
    connection, grid, plot, harm
):
    connection.execute(harm(plot))
    connection.execute(update(row_log).values(data=b"[[7,8],[9,11]]"))
    rows, its = found(connection)
    assert rows.startswith("alice:0 (sales), rows last appended")
    assert its.startswith("alice:1 (drawn): it ")


@pytest.mark.parametrize("location", ["sqlite"], indirect=True)
@pytest.mark.parametrize(
    "harm",
    [
        "UPDATE files SET created = 'no time'",
        "UPDATE columns SET name = CAST(x'ff' AS TEXT)",
        "UPDATE chunks SET start = 'x' WHERE start = 0",
        "UPDATE chunks SET data = 'x'",
        "UPDATE plots SET figure = 'x'",
        "UPDATE users SET next_idlocal = 'x'",
    ],
)
def test_what_is_of_another_kind_than_it_must_be_is_told(database, tmp_path, harm):
    """As SQLite lets it be, and a flipped bit of a row's head makes it."""
    with database.write() as connection:
        grid = files.create(
            connection, owner="alice", filetype="grid", filename="sales", parent=HOME
        )
        grids.add_columns(connection, grid, [ColumnChange("x", LONG)])
        drawn = files.create(connection, owner="alice", filetype=PLOT, filename="p", parent=HOME)
        plots.create(connection, drawn, b"{}")
        connection.exec_driver_sql(harm)
    with database.read() as connection:
        assert found(connection) != []
    with contextlib.suppress(ServiceError):  # and nothing else
        backups.back_up(database, tmp_path / "x.backup")


@pytest.mark.parametrize(
    ("harm", "told"),
    [
        (gone, ["they don't follow the 0 rows before them"]),
        (astray, ["2 belong to no column", "it has 1 columns, not 2 one after another"]),
        (shorter, ["its longest column has 16394 rows in chunks, not 3"]),
        (misplaced, ["it lies in alice:70, which is no folder"]),
        (in_itself, ["it lies in a folder that lies in itself"]),
        (counted_back, ["its number would be given out again"]),
        (without_log, ["they end at 16394, not 16396"]),
        (trashed_with_nothing, ["it went to the trash with a file that is not there"]),
    ],
)
def test_what_does_not_fit_together_is_told(connection, make, grid, harm, told):
    make(FOLDER, "folder")
    connection.execute(harm(grid, grids.list_columns(connection, grid)))
    texts = found(connection)
    assert [each for each in told if not any(each in text for text in texts)] == []


def test_a_plot_that_draws_on_what_is_gone_is_noted_and_not_called_damaged(connection, grid, plot):
    column = grids.list_columns(connection, grid)[0]
    grids.delete_columns(connection, grid, [column.uid])
    report = verify(connection)
    assert report.damaged == []
    (noted,) = report.dangling
    assert noted.where == "alice:1 (drawn)"
    assert f"names the column '{column.uid}', which the grid 'sales' has not" in noted.what


@pytest.mark.parametrize("location", ["sqlite"], indirect=True)
def test_a_reference_to_a_file_that_is_not_there_is_told(connection, plot):
    connection.exec_driver_sql("PRAGMA defer_foreign_keys = ON")
    row = {"referencer_id": plot.id, "referenced_id": 1_000_000}
    connection.execute(insert(file_references).values(row))
    assert found(connection) == [
        "the database: a row of file_references refers to one of files that is not there."
    ]
    connection.rollback()
