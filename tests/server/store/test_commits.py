"""Changes that wait for their turn together: each whole or not at all, and none told early."""

from __future__ import annotations

import asyncio
import threading
import traceback

import pytest
from sqlalchemy import insert

from plotly_nbext.errors import ValidationError
from plotly_nbext.server.commits import Commits
from plotly_nbext.server.lanes import Lanes
from plotly_nbext.server.store import Database, files, grids
from plotly_nbext.server.store.grids import ColumnChange
from plotly_nbext.server.store.schema import HOME, row_log

CHANGES = 12


@pytest.fixture
def grid(database):
    """A grid of one column and no rows."""
    with database.write() as connection:
        grid = files.create(connection, owner="alice", filetype="grid", filename="g", parent=HOME)
        grids.add_columns(connection, grid, [ColumnChange("n", [])])
        return grid


@pytest.fixture
def rows(database, grid):
    def rows() -> list:
        """Give what the grid has now."""
        with database.read() as connection:
            (column,) = grids.list_columns(connection, grid)
            return grids.values(connection, grid, column)

    return rows


@pytest.fixture
def append(grid):
    """Make a change that appends a number, and fails afterwards if there is an error for it."""

    def append(number: int, error: Exception | None = None):
        def change(connection) -> int:
            grids.append_rows(connection, grid, [[number]])
            if error is not None:
                raise error
            return number

        return change

    return append


@pytest.fixture
async def commits(database):
    """What makes short changes; it is waited for at the end."""
    commits = Commits(database, Lanes(1 if database.one_writer else 8))
    yield commits
    await asyncio.wait_for(commits.close(), 60)


def test_one_of_many_changes_that_fails_is_undone_alone(database, append, rows):
    wrong = ValidationError("no")
    made = database.write_each([append(1), append(2, wrong), append(3)])
    assert made == [1, wrong, 3]
    assert rows() == [1, 3]


@pytest.mark.parametrize("location", ["sqlite"], indirect=True)
def test_when_the_commit_fails_none_is_kept_and_the_next_can_write(database, append, rows):
    def refused_at_commit(connection) -> None:
        connection.exec_driver_sql("PRAGMA defer_foreign_keys = ON")
        entry = {"file_id": 1_000_000, "start": 0, "length": 1, "checksum": 0, "data": b"[[0]]"}
        connection.execute(insert(row_log).values(entry))

    with pytest.raises(Exception, match="FOREIGN KEY"):
        database.write_each([append(1), refused_at_commit, append(2)])
    assert rows() == []
    assert database.write_each([append(3)]) == [3]
    assert rows() == [3]


@pytest.mark.parametrize("location", ["sqlite"], indirect=True)
def test_when_the_database_undoes_all_of_them_none_is_said_to_be_kept(database, append, rows):
    """As SQLite does by itself when the disk is full."""

    def undo_all(connection) -> None:
        connection.connection.driver_connection.execute("ROLLBACK")
        raise OSError("the disk is full")

    with pytest.raises(Exception, match="no such savepoint"):
        database.write_each([append(1), undo_all, append(2)])
    assert rows() == []
    assert database.write_each([append(3)]) == [3]


async def test_what_waits_together_is_told_all_at_once_and_in_order(
    database, commits, append, rows
):
    """And, where there is one writer, has one transaction."""
    told: list[int] = []
    too_early: list[int] = []

    async def make(number: int) -> object:
        def change(connection) -> object:
            too_early.extend(told)
            append(number)(connection)
            return connection.get_transaction()

        transaction = await commits.make(change)
        told.append(number)
        return transaction

    transactions = await asyncio.gather(*(make(number) for number in range(CHANGES)))
    assert sorted(rows()) == sorted(told) == [*range(CHANGES)]
    if database.one_writer:
        assert rows() == told == [*range(CHANGES)]
        assert len(set(map(id, transactions))) == 1
        assert too_early == []


@pytest.mark.parametrize("error", [ValidationError("no"), StopIteration(), OSError("no")])
async def test_each_is_told_of_its_own_failure(commits, append, rows, error):
    changes = [append(number, error if number % 3 == 1 else None) for number in range(CHANGES)]
    made = await asyncio.gather(*map(commits.make, changes), return_exceptions=True)
    assert sorted(rows()) == [number for number in range(CHANGES) if number % 3 != 1]
    for number, result in enumerate(made):
        if number % 3 == 1:
            # a coroutine can't raise a StopIteration
            assert error in {result, result.__cause__}
        else:
            assert result == number


@pytest.mark.parametrize("location", ["sqlite"], indirect=True)
async def test_who_is_cancelled_before_its_turn_changes_nothing(database, append, rows):
    lanes = Lanes(1 if database.one_writer else 8)
    commits = Commits(database, lanes)
    async with lanes.writing:
        waiting = [asyncio.create_task(commits.make(append(number))) for number in range(4)]
        await asyncio.sleep(0)
        waiting[1].cancel()
        await asyncio.wait(waiting[1:2])
        assert rows() == []
    made = await asyncio.gather(*waiting, return_exceptions=True)
    assert made[:1] + made[2:] == [0, 2, 3]
    assert isinstance(made[1], asyncio.CancelledError)
    assert rows() == [0, 2, 3]


async def test_who_is_cancelled_in_its_turn_keeps_no_other_from_being_told(commits, append, rows):
    began, go_on = threading.Event(), threading.Event()

    def slow(connection) -> None:
        append(0)(connection)
        began.set()
        assert go_on.wait(60)

    leaving = asyncio.create_task(commits.make(slow))
    staying = asyncio.create_task(commits.make(append(1)))
    assert await asyncio.to_thread(began.wait, 60)
    leaving.cancel()
    go_on.set()
    assert await asyncio.wait_for(staying, 60) == 1
    assert sorted(rows()) == [0, 1]


async def test_what_has_begun_is_waited_for_at_the_end(database, append, rows):
    commits = Commits(database, Lanes(1 if database.one_writer else 8))
    began, go_on = threading.Event(), threading.Event()

    def slow(connection) -> None:
        began.set()
        assert go_on.wait(60)
        append(0)(connection)

    making = asyncio.create_task(commits.make(slow))
    assert await asyncio.to_thread(began.wait, 60)
    closing = asyncio.create_task(commits.close())
    go_on.set()
    await asyncio.wait_for(asyncio.gather(closing, making), 60)
    assert rows() == [0]


@pytest.mark.parametrize("location", ["sqlite"], indirect=True)
async def test_the_log_of_a_commit_that_fails_is_not_as_long_as_its_changes_are_many(
    commits, append, rows
):
    def refused_at_commit(connection) -> None:
        connection.exec_driver_sql("PRAGMA defer_foreign_keys = ON")
        entry = {"file_id": 1_000_000, "start": 0, "length": 1, "checksum": 0, "data": b"[[0]]"}
        connection.execute(insert(row_log).values(entry))

    changes = [append(1), refused_at_commit, *(append(number) for number in range(30))]
    made = await asyncio.gather(*map(commits.make, changes), return_exceptions=True)
    assert rows() == []
    assert len({*map(id, made)}) == len(changes)
    for error in made:
        assert "FOREIGN KEY" in str(error.__cause__)
        assert len(traceback.extract_tb(error.__traceback__)) < 10


@pytest.mark.parametrize("location", ["sqlite"], indirect=True)
async def test_nobody_waits_for_ever_when_there_is_no_thread(commits, append, rows, monkeypatch):
    async def none(*_, **__) -> None:
        raise RuntimeError("can't start new thread")

    with monkeypatch.context() as patch:
        patch.setattr("plotly_nbext.server.commits.run_sync", none)
        waiting = asyncio.gather(*map(commits.make, map(append, range(3))), return_exceptions=True)
        made = await asyncio.wait_for(waiting, 60)
    assert [str(error.__cause__) for error in made] == ["can't start new thread"] * 3
    assert await commits.make(append(7)) == 7
    assert rows() == [7]


def test_a_change_that_outlives_the_server_is_whole(location, database, append, rows):
    """Of one that takes longer than a server waits for it at its end, no part is kept alone."""
    leaving = Database(location)
    with leaving.write() as connection:
        append(0)(connection)
        leaving.close()
        assert rows() == []
        append(1)(connection)
    assert rows() == [0, 1]
    leaving.close()
