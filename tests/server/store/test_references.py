"""What the tables know of references, while the files at both ends change."""

from __future__ import annotations

from contextlib import closing

import pytest

from plotly_nbext.server.store import Database, files, references, trash, users
from plotly_nbext.server.store.files import FOLDER, GRID, PLOT
from plotly_nbext.server.store.schema import HOME


@pytest.fixture
def database(tmp_path):
    with closing(Database(tmp_path)) as database:
        yield database


@pytest.fixture
def connection(database):
    with database.write() as connection:
        users.add(connection, "alice")
        yield connection


@pytest.fixture
def make(connection):
    """Make a file of alice's."""

    def make(filetype: str, parent: int = HOME) -> files.FileRecord:
        return files.create(
            connection, owner="alice", filetype=filetype, filename=None, parent=parent
        )

    return make


def known(connection, plot, grid) -> tuple[list[str], list[str]]:
    """Tell what the plot references, and what references the grid."""
    return (
        references.referenced_fids(connection, [plot], "alice")[plot.id],
        references.referencer_fids(connection, [grid], "alice")[grid.id],
    )


def test_both_ends_are_told(connection, make):
    plot, grid = make(PLOT), make(GRID)
    references.set_references(connection, plot, [grid, grid])
    assert known(connection, plot, grid) == ([grid.fid], [plot.fid])
    assert known(connection, grid, plot) == ([], [])
    assert references.referenced_by(connection, [plot, grid]) == {plot.id: [grid], grid.id: []}


def test_what_is_set_replaces_what_was(connection, make):
    plot, old, new = make(PLOT), make(GRID), make(GRID)
    references.set_references(connection, plot, [old])
    references.set_references(connection, plot, [new])
    assert known(connection, plot, old) == ([new.fid], [])
    references.set_references(connection, plot, [])
    assert known(connection, plot, new) == ([], [])


def test_one_reference_is_dropped_and_the_others_stay(connection, make):
    plot, other, first, second = make(PLOT), make(PLOT), make(GRID), make(GRID)
    for referencer in (plot, other):
        references.set_references(connection, referencer, [first, second])
    references.drop(connection, plot, first.fid)
    references.drop(connection, plot, first.fid)
    assert known(connection, plot, first) == ([second.fid], [other.fid])


@pytest.mark.parametrize("end", ["plot", "grid"])
def test_the_trash_hides_a_reference_until_it_is_restored(connection, make, end):
    ends = {"plot": make(PLOT), "grid": make(GRID)}
    references.set_references(connection, ends["plot"], [ends["grid"]])
    before = known(connection, **ends)
    gone = trash.trash(connection, ends[end])
    there = known(connection, **ends)
    assert there[end == "plot"] == []
    trash.restore(connection, gone)
    assert known(connection, **ends) == before


@pytest.mark.parametrize("end", ["plot", "grid"])
def test_nothing_is_left_of_a_file_that_is_deleted_for_good(connection, make, end):
    folder = make(FOLDER)
    ends = {"plot": make(PLOT, folder.idlocal), "grid": make(GRID)}
    references.set_references(connection, ends["plot"], [ends["grid"]])
    trash.remove(connection, trash.trash(connection, folder if end == "plot" else ends["grid"]))
    assert known(connection, **ends) == ([], [])


def test_nothing_is_left_of_a_user_who_is_removed(connection, make):
    users.add(connection, "bob")
    plot = make(PLOT)
    grid = files.create(connection, owner="bob", filetype=GRID, filename=None, parent=HOME)
    references.set_references(connection, plot, [grid])
    users.remove(connection, "bob")
    assert references.referenced_by(connection, [plot]) == {plot.id: []}
