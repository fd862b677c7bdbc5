"""What the tests of the store share: a database of their own with two users, and files in it.

Each test that has one runs on SQLite, and (``-m postgres``) on PostgreSQL.
"""

from __future__ import annotations

import secrets
from contextlib import closing

import pytest
from sqlalchemy import event, insert, text

from plotly_nbext.server.store import Database, files, users
from plotly_nbext.server.store.files import FOLDER
from plotly_nbext.server.store.prepared import Prepared
from plotly_nbext.server.store.schema import HOME
from plotly_nbext.server.store.schema import files as table

from ... import postgres

ENGINES = ("sqlite", pytest.param("postgresql", marks=pytest.mark.postgres))


@pytest.fixture(scope="session")
def postgres_server():
    """A PostgreSQL server."""
    with postgres.running() as server:
        yield server


@pytest.fixture(params=ENGINES)
def location(request, tmp_path):
    """Where a database may be that is not there yet."""
    if request.param == "sqlite":
        yield tmp_path
        return
    with request.getfixturevalue("postgres_server").database() as url:
        yield url


@pytest.fixture
def database(location):
    with closing(Database(location)) as database:
        with database.write() as connection:
            users.add(connection, "alice")
            users.add(connection, "bob")
        yield database


@pytest.fixture
def connection(database):
    with database.write() as connection:
        yield connection


@pytest.fixture
def statements(connection, monkeypatch):
    """The SQL that is sent."""
    sent: list[str] = []
    run = Prepared.__call__

    def note(_connection, _cursor, statement, *_rest) -> None:
        sent.append(statement)

    def run_noted(statement, connection, **values) -> list:
        sent.append(str(statement))
        return run(statement, connection, **values)

    monkeypatch.setattr(Prepared, "__call__", run_noted)
    event.listen(connection, "before_cursor_execute", note)
    yield sent
    event.remove(connection, "before_cursor_execute", note)


@pytest.fixture
def make(connection):
    """Make a file, of alice's at home if not said otherwise."""

    def make(filetype: str = "grid", filename: str | None = None, **fields) -> files.FileRecord:
        fields = {"owner": "alice", "parent": HOME} | fields
        return files.create(connection, filetype=filetype, filename=filename, **fields)

    return make


@pytest.fixture
def make_many(connection):
    """Make grids of alice's in a folder, in one statement."""

    def make_many(folder: files.FileRecord, count: int) -> None:
        first = files.take_idlocals(connection, "alice", count)
        same = {
            "owner": "alice",
            "filetype": "grid",
            "parent": folder.idlocal,
            "world_readable": True,
            "share_key_enabled": False,
            "metadata": "{}",
            "created": files.now(),
            "modified": files.now(),
        }
        rows = [
            same
            | {
                "idlocal": first + number,
                "filename": f"grid {number}",
                "share_key": secrets.token_urlsafe(24),
            }
            for number in range(count)
        ]
        connection.execute(insert(table), rows)
        if connection.dialect.name == "postgresql":
            # what its autovacuum does a minute after there are many more rows than before
            connection.execute(text("ANALYZE files"))

    return make_many


@pytest.fixture
def make_deep(make):
    """Make folders in each other, the outermost first."""

    def make_deep(depth: int) -> list[files.FileRecord]:
        folders = [make(FOLDER, "0")]
        for number in range(1, depth):
            folders.append(make(FOLDER, str(number), parent=folders[-1].idlocal))
        return folders

    return make_deep
