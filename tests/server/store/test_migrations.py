"""A database of an earlier version is brought up to date, one of a later version left alone."""

from __future__ import annotations

import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from threading import Barrier

import pytest
import sqlalchemy as sa
from alembic.autogenerate import compare_metadata
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory

from plotly_nbext.columns import json
from plotly_nbext.errors import ServiceError
from plotly_nbext.server.store import Database, files, grids, migrations, users
from plotly_nbext.server.store.schema import REVISION, metadata

VALUES = [[*range(16_384 + 3)], ["a\0", None, 2**90, -0.0, {"b": [1.0]}]]


@pytest.fixture
def raw(location):
    """The database, without our own code about it."""
    url = location if isinstance(location, str) else f"sqlite:///{location / 'grids.db'}"
    engine = sa.create_engine(url, poolclass=sa.NullPool)
    with engine.connect() as connection:
        yield connection
    engine.dispose()


def make_unreleased(connection) -> None:
    """Make what versions before the first release left: a grid of two columns."""
    old = sa.MetaData()

    def key(name, kind=sa.Integer):
        return sa.Column(name, kind, primary_key=True)

    def field(name, kind=sa.Integer):
        return sa.Column(name, kind, nullable=False)

    def of(target, name, **options):
        return sa.Column(name, sa.ForeignKey(target, ondelete="CASCADE"), **options)

    user_table = sa.Table(
        "users",
        old,
        key("username", sa.String(100)),
        field("api_key_sha256", sa.String(64)),
        field("next_idlocal"),
        field("created", sa.DateTime),
    )
    file_table = sa.Table(
        "files",
        old,
        sa.Column("id", sa.Integer, primary_key=True, autoincrement=True),
        of("users.username", "owner", nullable=False),
        *(field("idlocal"), field("filetype", sa.String(20)), field("filename", sa.String(100))),
        *(field("parent"), sa.Column("trashed_with", sa.Integer)),
        *(field("world_readable", sa.Boolean), field("share_key", sa.String(40))),
        *(field("share_key_enabled", sa.Boolean), field("metadata", sa.Text)),
        *(sa.Column(f"source_{name}", sa.Text) for name in ("fid", "url", "referer")),
        *(field("revision"), field("row_count")),
        *(field("created", sa.DateTime), field("modified", sa.DateTime)),
        sa.UniqueConstraint("owner", "idlocal"),
    )
    column_table = sa.Table(
        "columns",
        old,
        *(of("files.id", "file_id", primary_key=True), key("uid", sa.String(6))),
        *(field("name", sa.Text), field("position"), field("length"), field("preview", sa.Text)),
    )
    chunk_table = sa.Table(
        "chunks",
        old,
        *(of("files.id", "file_id", primary_key=True), key("uid", sa.String(6)), key("start")),
        *(field("length"), field("data", sa.LargeBinary)),
    )
    old.create_all(connection)
    now = files.now()
    connection.execute(
        user_table.insert().values(username="alice", api_key_sha256="", next_idlocal=1, created=now)
    )
    grid = {"owner": "alice", "idlocal": 0, "filetype": "grid", "filename": "old", "parent": -1}
    grid |= {"world_readable": False, "share_key": "", "share_key_enabled": False, "metadata": "{}"}
    grid |= {"revision": 3, "row_count": len(VALUES[0]), "created": now, "modified": now}
    connection.execute(file_table.insert().values(grid))
    (file_id,) = connection.execute(sa.select(file_table.c.id)).scalars()
    for position, (uid, values) in enumerate(zip(("aaaaaa", "bbbbbb"), VALUES, strict=True)):
        column = {"file_id": file_id, "uid": uid, "name": uid[0], "position": position}
        column |= {"length": len(values), "preview": '["a"]'}
        connection.execute(column_table.insert().values(column))
        for start in range(0, len(values), 16_384):
            part = values[start : start + 16_384]
            chunk = {"file_id": file_id, "uid": uid, "start": start, "length": len(part)}
            connection.execute(chunk_table.insert().values(chunk | {"data": json.dumps(part)}))


@pytest.mark.parametrize("make", [lambda _: None, make_unreleased], ids=["new", "unreleased"])
def test_the_tables_are_those_of_the_schema(location, raw, make):
    make(raw)
    raw.commit()
    with closing(Database(location)):
        pass
    assert compare_metadata(MigrationContext.configure(raw), metadata) == []
    assert raw.execute(sa.text("SELECT version_num FROM alembic_version")).scalar() == REVISION
    order = [column["name"] for column in sa.inspect(raw).get_columns("chunks")]
    if raw.dialect.name == "sqlite":
        assert order == [column.name for column in metadata.tables["chunks"].columns]
    else:
        storage = "SELECT attstorage FROM pg_attribute WHERE attrelid = 'chunks'::regclass"
        kept = raw.execute(sa.text(storage + " AND attname = 'data'")).scalar()
        assert kept in {"e", b"e"}


def test_the_revision_is_that_of_the_last_migration():
    script = ScriptDirectory(migrations.__path__[0])
    assert script.get_heads() == [REVISION]


def test_the_values_of_an_unreleased_version_are_kept(location, raw):
    make_unreleased(raw)
    raw.commit()
    with closing(Database(location)) as database, database.write() as connection:
        grid = files.load(connection, files.head(connection, "alice:0"))
        assert (grid.revision, grid.row_count) == (3, len(VALUES[0]))
        there = grids.list_columns(connection, grid)
        found = [grids.values(connection, grid, column) for column in there]
        assert repr(found) == repr(VALUES)
        grids.append_rows(connection, grid, [[1, 2]])
        grids.fold(connection, grid)
        assert grids.values(connection, grid, grids.list_columns(connection, grid)[1])[-1] == 2
        new = files.create(connection, owner="alice", filetype="grid", filename=None, parent=-1)
        assert new.fid == "alice:1"


def test_a_migration_that_fails_changes_nothing(location, raw, monkeypatch):
    make_unreleased(raw)
    raw.commit()

    def fail(*_arguments, **_options):
        raise RuntimeError

    monkeypatch.setattr("pyarrow.compress", fail)
    with pytest.raises(RuntimeError):
        Database(location)
    monkeypatch.undo()
    with closing(Database(location)) as database, database.read() as connection:
        grid = files.load(connection, files.head(connection, "alice:0"))
        there = grids.list_columns(connection, grid)
        assert repr([grids.values(connection, grid, each) for each in there]) == repr(VALUES)


def test_a_database_of_a_newer_version_is_refused_and_left_alone(location, database, raw):
    raw.execute(sa.text("UPDATE alembic_version SET version_num = '9999'"))
    raw.commit()
    with pytest.raises(ServiceError, match=r"by a newer plotly_nbext: .* revision 9999") as error:
        Database(location)
    assert error.value.hint.startswith("Upgrade plotly_nbext")
    with database.read() as connection:
        assert users.exists(connection, "alice")


def test_servers_that_start_at_once_make_the_tables_once(location):
    start = Barrier(4)

    def open_it(_) -> None:
        start.wait(30)
        Database(location).close()

    with ThreadPoolExecutor(4) as threads:
        list(threads.map(open_it, range(4)))


def test_a_database_that_is_up_to_date_is_opened_without_alembic(tmp_path):
    with closing(Database(tmp_path)):
        pass
    code = f"""
import sys, pathlib
from plotly_nbext.server.store import Database
Database(pathlib.Path({str(tmp_path)!r})).close()
print("alembic" in sys.modules)
"""
    run = subprocess.run([sys.executable, "-c", code], check=True, capture_output=True, text=True)
    assert run.stdout.strip() == "False"


def test_who_only_reads_leaves_the_tables_to_the_server_that_uses_them(location, raw):
    """A server of an earlier version could write nothing more into tables that were upgraded."""
    with pytest.raises(ServiceError, match="There are no tables in the database"):
        Database(location, upgrades=False)
    Database(location).close()
    raw.execute(sa.text("UPDATE alembic_version SET version_num = '0002'"))
    raw.commit()
    with pytest.raises(ServiceError, match="tables are those of revision 0002") as refused:
        Database(location, upgrades=False)
    assert "plotly_nbext that its server runs with" in (refused.value.hint or "")
    assert raw.execute(sa.text("SELECT version_num FROM alembic_version")).scalar() == "0002"
