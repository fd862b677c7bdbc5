"""``plotly-nbext backup``, ``restore`` and ``verify`` that are stopped: what is there then."""

from __future__ import annotations

import re
import signal
import sqlite3
import subprocess
import sys
import time
from contextlib import closing
from typing import TYPE_CHECKING

import numpy as np
import psutil
import pyarrow as pa
import pytest

from plotly_nbext.server.store import Database, files, grids, users
from plotly_nbext.server.store.schema import HOME

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

pytestmark = pytest.mark.sqlite  # whose files these are

COMMAND = [sys.executable, "-m", "plotly_nbext"]
ROWS = 1_000_000
SIGNALS = [signal.SIGINT, signal.SIGTERM, signal.SIGHUP]


@pytest.fixture(scope="module")
def data(tmp_path_factory):
    """A database that takes a while to be read, and is in no use."""
    folder = tmp_path_factory.mktemp("full")
    random = np.random.default_rng(0)
    table = pa.table({f"c{n}": random.random(ROWS) for n in range(8)})
    with closing(Database(folder)) as database, database.write() as connection:
        users.add(connection, "alice")
        grid = files.create(
            connection, owner="alice", filetype="grid", filename="long", parent=HOME
        )
        grids.load_batches(connection, grid, table.schema, table.to_batches(16_384))
    return folder


@pytest.fixture(scope="module")
def backup(data, tmp_path_factory):
    path = tmp_path_factory.mktemp("backups") / "all.backup"
    subprocess.run([*COMMAND, "backup", path, "--data", data], check=True, capture_output=True)
    return path


def stopped(
    arguments: list[object], number: signal.Signals, has_begun: Callable[[], bool]
) -> tuple[int, str, str]:
    """Run a command, and send it a signal as soon as something is so."""
    with subprocess.Popen(
        [*COMMAND, *map(str, arguments)],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        start_new_session=True,
    ) as process:
        deadline = time.monotonic() + 60
        while not has_begun():
            assert process.poll() is None
            assert time.monotonic() < deadline
        process.send_signal(number)
        said = process.communicate(timeout=60)
    return process.returncode, *said


def has_draft(folder: Path) -> Callable[[], bool]:
    return lambda: any(folder.glob(".plotly-nbext-unfinished-*/*"))


@pytest.mark.parametrize("number", SIGNALS)
def test_a_backup_that_is_stopped_leaves_nothing_and_says_so(data, tmp_path, number):
    path = tmp_path / "x.backup"
    done = stopped(["backup", path, "--data", data], number, has_draft(tmp_path))
    assert done == (128 + number, "", "plotly-nbext: stopped. There is no backup.\n")
    assert [*tmp_path.iterdir()] == []


def test_what_a_killed_backup_has_left_is_no_backup_and_goes_with_the_next(data, tmp_path):
    path = tmp_path / "x.backup"
    stopped(["backup", path, "--data", data], signal.SIGKILL, has_draft(tmp_path))
    assert not path.exists()
    assert len([*tmp_path.iterdir()]) == 1
    again = [*COMMAND, "backup", path, "--data", data]
    subprocess.run(again, check=True, capture_output=True)
    assert [*tmp_path.iterdir()] == [path]


@pytest.mark.parametrize("number", SIGNALS)
def test_a_restore_that_is_stopped_leaves_no_database(backup, tmp_path, number):
    folder = tmp_path / "new" / "data"
    done = stopped(["restore", backup, "--data", folder], number, has_draft(folder))
    assert done == (128 + number, "", "plotly-nbext: stopped. Nothing is restored.\n")
    assert [*tmp_path.iterdir()] == []


def test_a_restore_that_is_stopped_late_says_that_all_is_there(backup, tmp_path):
    Database(tmp_path).close()
    file = tmp_path / "grids.db"

    def is_restored() -> bool:
        with closing(sqlite3.connect(file)) as connection:
            return bool(connection.execute("SELECT count(*) FROM users").fetchone()[0])

    arguments = ["restore", backup, "--data", tmp_path]
    status, shown, told = stopped(arguments, signal.SIGTERM, is_restored)
    assert (status, shown) == (143, "")
    assert re.fullmatch(r"plotly-nbext: stopped\. All (of it )?is restored, .*\.\n", told)
    verified = subprocess.run(
        [*COMMAND, "verify", "--data", tmp_path], check=True, capture_output=True, text=True
    )
    assert "Nothing is damaged." in verified.stdout


def test_a_verification_is_stopped_at_once_and_says_so_in_a_line(data):
    """Also while it waits within SQLite: another has the database to itself."""
    read = str(data / "grids.db")

    def has_begun() -> bool:
        return any(each.path == read for process in running() for each in process.open_files())

    with closing(sqlite3.connect(read, isolation_level=None)) as other:
        other.execute("PRAGMA locking_mode = EXCLUSIVE")
        other.execute("BEGIN EXCLUSIVE")
        done = stopped(["verify", "--data", data], signal.SIGINT, has_begun)
        other.execute("ROLLBACK")
    assert done == (130, "", "plotly-nbext: stopped. Not all was looked at.\n")


def running() -> list[psutil.Process]:
    """List what this test has started."""
    return psutil.Process().children(recursive=True)


def test_a_stop_is_one_also_where_nobody_hears_of_it(data):
    """As when a terminal is closed: what is told there fails."""
    read = str(data / "grids.db")

    def has_begun() -> bool:
        return any(each.path == read for process in running() for each in process.open_files())

    with closing(sqlite3.connect(read, isolation_level=None)) as other:
        other.execute("PRAGMA locking_mode = EXCLUSIVE")
        other.execute("BEGIN EXCLUSIVE")
        arguments = [*COMMAND, "verify", "--data", str(data)]
        with subprocess.Popen(arguments, stderr=subprocess.PIPE) as process:
            process.stderr.close()
            deadline = time.monotonic() + 60
            while not has_begun():
                assert process.poll() is None
                assert time.monotonic() < deadline
            process.send_signal(signal.SIGTERM)
            assert process.wait(20) == 143
        other.execute("ROLLBACK")
