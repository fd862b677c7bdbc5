"""Requests at once: what only one of them can have, one gets, and the others are told."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from threading import Barrier

import pytest

from plotly_nbext.errors import ValidationError
from plotly_nbext.server.store import copying, files, listing, paths, popularity, trash, users
from plotly_nbext.server.store.files import FOLDER
from plotly_nbext.server.store.listing import Listing
from plotly_nbext.server.store.schema import HOME

CALLERS = 8


@pytest.fixture
def at_once(database):
    """Run an action for each of some things at once; give what came of each, errors too."""

    def at_once(action, things) -> list:
        start = Barrier(len(things))

        def run(thing):
            start.wait(30)
            try:
                with database.write() as connection:
                    users.lock(connection, "alice")  # as all do who change what a user has
                    return action(connection, thing)
            except Exception as error:  # noqa: BLE001 - whatever comes is what is looked at
                return error

        with ThreadPoolExecutor(len(things)) as threads:
            return list(threads.map(run, things))

    return at_once


@pytest.fixture
def create(database):
    def create(filetype: str = "grid", filename: str | None = None, **fields) -> files.FileRecord:
        fields = {"owner": "alice", "parent": HOME} | fields
        with database.write() as connection:
            return files.create(connection, filetype=filetype, filename=filename, **fields)

    return create


def assert_one_got_it(results: list) -> None:
    refused = [result for result in results if isinstance(result, Exception)]
    assert len(refused) == len(results) - 1
    for error in refused:
        assert isinstance(error, ValidationError), error
        assert error.status_code == 400
        assert "already exists" in error.message


def test_a_name_that_many_create_is_one_files(at_once):
    def action(connection, _):
        return files.create(
            connection, owner="alice", filetype="grid", filename="sales", parent=HOME
        )

    assert_one_got_it(at_once(action, range(CALLERS)))


def test_a_name_that_many_move_to_is_one_files(at_once, create):
    target = create(FOLDER)
    grids = [create(filename="sales", parent=create(FOLDER).idlocal) for _ in range(CALLERS)]
    results = at_once(
        lambda connection, grid: files.change(connection, grid, parent=target.idlocal), grids
    )
    assert_one_got_it(results)


def test_a_name_that_many_are_restored_to_is_one_files(at_once, create, database):
    trashed = []
    for _ in range(CALLERS):
        grid = create(filename="sales")
        with database.write() as connection:
            trashed.append(trash.trash(connection, grid))
    assert_one_got_it(at_once(trash.restore, trashed))


def test_a_name_that_many_copy_to_is_one_files(at_once, create):
    grid = create(filename="sales")

    def action(connection, _):
        return copying.copy(connection, grid, owner="alice", parent=HOME, filename="copy")

    assert_one_got_it(at_once(action, range(CALLERS)))


def test_copies_made_at_once_get_numbers_of_their_own(at_once, create):
    grid = create(filename="sales")
    copies = at_once(
        lambda connection, _: copying.copy(connection, grid, owner="alice", parent=HOME),
        range(CALLERS),
    )
    expected = {f"sales ({number})" for number in range(2, CALLERS + 2)}
    assert {copy.filename for copy in copies} == expected
    assert len({copy.fid for copy in copies}) == CALLERS


def test_the_folders_of_a_path_are_made_once(at_once, database):
    made = at_once(
        lambda connection, _: paths.ensure_folders(connection, "alice", HOME, "a/b"),
        range(CALLERS),
    )
    assert len({innermost for innermost, _ in made}) == 1
    with database.read() as connection:
        assert listing.count(connection, Listing("alice", reader="alice")) == 2


def test_two_folders_are_not_moved_into_each_other(at_once, create):
    folders = [create(FOLDER), create(FOLDER)]
    results = at_once(
        lambda connection, pair: files.change(connection, pair[0], parent=pair[1].idlocal),
        [folders, folders[::-1]],
    )
    (refused,) = (result for result in results if isinstance(result, Exception))
    assert isinstance(refused, ValidationError)
    assert "into itself" in refused.message


def test_a_star_given_many_times_at_once_is_one(at_once, create, database):
    grid = create()
    at_once(lambda connection, _: popularity.star(connection, grid, "bob"), range(CALLERS))
    with database.read() as connection:
        assert popularity.stars_of(connection, [grid]) == {grid.id: (["bob"], 1)}


def test_what_is_put_into_a_folder_while_that_is_trashed_is_trashed_or_refused(
    at_once, create, database
):
    folder = create(FOLDER)

    def action(connection, what):
        if what == "trash":
            return trash.trash(connection, folder)
        return files.create(
            connection, owner="alice", filetype="grid", filename=None, parent=folder.idlocal
        )

    results = at_once(action, ["create", "trash", "create", "create"])
    with database.read() as connection:
        assert listing.count(connection, Listing("alice", reader="alice")) == 0
    assert all(isinstance(result, files.FileRecord | ValidationError) for result in results), (
        results
    )
