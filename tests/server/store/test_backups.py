"""A backup holds all of one moment, and a database of either kind can be made from it."""

from __future__ import annotations

import contextlib
import threading
from contextlib import closing

import pyarrow as pa
import pytest
from sqlalchemy import select

from plotly_nbext.columns import json
from plotly_nbext.errors import ServiceError
from plotly_nbext.server.store import Database, backups, files, grids, plots, references, users
from plotly_nbext.server.store.files import FOLDER, PLOT
from plotly_nbext.server.store.grids import ColumnChange
from plotly_nbext.server.store.schema import CHUNK_ROWS, HOME, chunks, metadata
from plotly_nbext.server.verifying import verify

VALUES = [*range(CHUNK_ROWS + 10)]


def rows(connection) -> dict[str, set]:
    """Read all that there is."""
    return {
        table.name: {tuple(row) for row in connection.execute(select(table))}
        for table in metadata.sorted_tables
    }


@pytest.fixture
def filled(database):
    """A database with a folder, a grid of numbers, texts and JSON, appended rows, and a plot."""
    with database.write() as connection:
        folder = files.create(
            connection, owner="alice", filetype=FOLDER, filename="sales", parent=HOME
        )
        grid = files.create(
            connection, owner="alice", filetype="grid", filename="n", parent=folder.idlocal
        )
        words = pa.array([f"w{number}" for number in VALUES])
        columns = {"x": VALUES, "words": words, "mixed": [None, 1.5, {"a": "ü"}]}
        changes = [ColumnChange(name, values) for name, values in columns.items()]
        grids.add_columns(connection, grid, changes)
        grid = files.load(connection, grid)
        grids.append_rows(connection, grid, [[1, "new", [2]], [3]])
        column = grids.list_columns(connection, grid)[0]
        plot = files.create(connection, owner="alice", filetype=PLOT, filename=None, parent=HOME)
        figure = {"data": [{"xsrc": f"{grid.fid}:{column.uid}"}]}
        plots.create(connection, plot, json.dumps(figure))
        references.set_references(connection, plot, [grid])
    return database


@pytest.fixture
def backup(filled, tmp_path):
    path = tmp_path / "all.backup"
    backups.back_up(filled, path)
    return path


@pytest.fixture(params=["sqlite", pytest.param("postgresql", marks=pytest.mark.postgres)])
def empty(request, tmp_path):
    """Another database, with nothing in it."""
    if request.param == "sqlite":
        (tmp_path / "other").mkdir()
        with closing(Database(tmp_path / "other")) as database:
            yield database
        return
    with (
        request.getfixturevalue("postgres_server").database() as url,
        closing(Database(url)) as database,
    ):
        yield database


def test_all_that_was_backed_up_is_there_again(filled, backup, empty):
    backups.restore(backup, empty)
    with filled.read() as before, empty.read() as after:
        assert rows(after) == rows(before)
        report = verify(after)
    assert (report.users, report.files, report.damaged, report.dangling) == (2, 3, [], [])


def test_what_is_made_after_a_restore_is_beside_what_was_restored(backup, empty):
    backups.restore(backup, empty)
    with empty.write() as connection:
        made = files.create(connection, owner="alice", filetype="grid", filename="z", parent=HOME)
        assert made.idlocal == 3
        grids.add_columns(connection, made, [ColumnChange("x", [1])])
        assert verify(connection).damaged == []


def test_a_backup_holds_one_moment_while_others_write(filled, tmp_path):
    """Two grids grow together, so a backup with more rows in one than in the other is torn."""
    with filled.write() as connection:
        both = []
        for name in "ab":
            grid = files.create(
                connection, owner="bob", filetype="grid", filename=name, parent=HOME
            )
            grids.add_columns(connection, grid, [ColumnChange("x", [0])])
            both.append(files.load(connection, grid))
    stop = threading.Event()
    written = threading.Event()

    def write() -> None:
        number = 0
        while not stop.is_set():
            number += 1
            with filled.write() as connection:
                for grid in both:
                    grids.append_rows(connection, grid, [[number]])
            if number >= 5:
                written.set()

    writer = threading.Thread(target=write)
    writer.start()
    try:
        assert written.wait(60)
        lengths = []
        for number in range(3):
            path = tmp_path / f"{number}.backup"
            backups.back_up(filled, path)
            with backups.opened(path) as connection:
                found = [files.head(connection, grid.fid).row_count for grid in both]
                assert found[0] == found[1] > 5
                assert verify(connection).damaged == []
                lengths.append(found[0])
    finally:
        stop.set()
        writer.join()
    assert lengths == sorted(lengths)


def test_a_database_with_users_is_not_restored_to(backup, database):
    with database.read() as connection:
        before = rows(connection)
    with pytest.raises(ServiceError, match="There are users in the database already"):
        backups.restore(backup, database)
    with database.read() as connection:
        assert rows(connection) == before


def test_a_file_that_is_there_is_not_written_over(filled, tmp_path):
    path = tmp_path / "precious"
    path.write_text("precious")
    with pytest.raises(FileExistsError):
        backups.back_up(filled, path)
    assert path.read_text() == "precious"


def test_a_backup_is_for_its_owner_alone(backup):
    assert backup.stat().st_mode & 0o777 == 0o600


def test_a_backup_that_can_not_be_finished_leaves_nothing(filled, tmp_path, monkeypatch):
    before = sorted(tmp_path.iterdir())
    full = pytest.importorskip("resource")
    limits = full.getrlimit(full.RLIMIT_FSIZE)
    full.setrlimit(full.RLIMIT_FSIZE, (50_000, limits[1]))
    try:
        with pytest.raises(ServiceError, match="The backup can't be made: ") as caught:
            backups.back_up(filled, tmp_path / "x.backup")
    finally:
        full.setrlimit(full.RLIMIT_FSIZE, limits)
    assert sorted(tmp_path.iterdir()) == before
    assert "damage" not in str(caught.value)


@pytest.mark.parametrize("name", ["a b?c", "50%41#", "a?mode=rwc&x", "ü'\"\\"])
def test_a_backup_is_in_the_file_that_was_named_whatever_it_is_called(filled, tmp_path, name):
    folder = tmp_path / f"{name} folder"
    folder.mkdir()
    backups.back_up(filled, folder / name)
    assert [*folder.iterdir()] == [folder / name]
    with filled.read() as before, backups.opened(folder / name) as after:
        assert rows(after) == rows(before)
    data = tmp_path / f"{name} data"
    data.mkdir()
    with closing(Database(data)) as made:
        assert (data / "grids.db").is_file()
        backups.restore(folder / name, made)


@pytest.mark.parametrize("location", ["sqlite"], indirect=True)
def test_a_damaged_page_is_told_wherever_it_is(backup, filled, tmp_path):
    """Also where it keeps SQLite from finding its way: the rest is looked at all the same."""
    with filled.read() as connection:
        before = rows(connection)
    content = backup.read_bytes()
    damaged = tmp_path / "damaged"
    for number, start in enumerate(range(4096, len(content), 4096)):
        damaged.write_bytes(content[:start] + bytes(4096) + content[start + 4096 :])
        # which tells of the page that says what the file is
        with contextlib.suppress(ServiceError), backups.opened(damaged) as connection:
            assert verify(connection).damaged or backups.altered(connection)
        if number % 10 == 0:
            (tmp_path / str(number)).mkdir()
            with closing(Database(tmp_path / str(number))) as database:
                try:
                    backups.restore(damaged, database)
                except ServiceError:
                    expected = {name: set() for name in before}
                else:  # it was a page of an index
                    expected = before
                with database.read() as connection:
                    assert rows(connection) == expected


def flip(path, place: int) -> None:
    with path.open("r+b") as file:
        file.seek(place)
        byte = file.read(1)[0]
        file.seek(place)
        file.write(bytes([byte ^ 1]))


def test_a_damaged_backup_is_refused_and_what_can_be_read_of_it_is_to_be_had(backup, empty):
    with backups.opened(backup) as connection:
        data = connection.execute(select(chunks.c.data).order_by(chunks.c.size.desc())).scalar()
    flip(backup, backup.read_bytes().index(data[-64:]) + 1)
    with backups.opened(backup) as connection:
        assert backups.altered(connection) == ["chunks"]
        (found,) = verify(connection).damaged
    assert "alice:1 (sales/n), column" in found.where
    with pytest.raises(ServiceError, match=r"is damaged \(chunks\); nothing is restored"):
        backups.restore(backup, empty)
    with empty.read() as connection:
        assert users.names(connection) == []
    backups.restore(backup, empty, damaged=True)
    with empty.read() as connection:
        assert verify(connection).damaged == [found]
        assert rows(connection)["plots"]


def test_a_row_that_is_changed_in_a_backup_is_noticed(backup):
    content = backup.read_bytes()
    flip(backup, content.index(b"w0") if b"w0" in content else content.index(b"sales"))
    with backups.opened(backup) as connection:
        assert backups.altered(connection) != []


@pytest.mark.parametrize("content", [b"", b"no backup", b"SQLite format 3\0" + b"\0" * 4000])
def test_a_file_that_is_no_backup_is_told_so(tmp_path, content):
    path = tmp_path / "x"
    path.write_bytes(content)
    with pytest.raises(ServiceError, match="is no backup"), backups.opened(path):
        pass


def test_a_backup_of_other_tables_names_the_version_to_use(backup, monkeypatch):
    monkeypatch.setattr("plotly_nbext.server.store.schema.REVISION", "9999")
    with pytest.raises(ServiceError, match="tables are those of revision"), backups.opened(backup):
        pass
