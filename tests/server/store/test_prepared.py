"""Statements that are given to the driver: what they take and give is as from SQLAlchemy."""

from __future__ import annotations

import pytest
from sqlalchemy import bindparam, insert, select, update
from sqlalchemy.exc import IntegrityError

from plotly_nbext.server.store import files, grids, users
from plotly_nbext.server.store.grids import ColumnChange
from plotly_nbext.server.store.prepared import Prepared
from plotly_nbext.server.store.schema import files as file_table
from plotly_nbext.server.store.schema import row_log
from plotly_nbext.server.store.schema import users as user_table


def values_of(rows: list) -> list[dict]:
    return [vars(row) for row in rows]


def test_rows_are_as_sqlalchemy_gives_them(connection, make):
    """Times are times, booleans booleans, and bytes bytes, on every database."""
    grid = make(world_readable=True, metadata={"é": "\N{SNOWMAN}"})
    make(share_key_enabled=True)
    grids.add_columns(connection, grid, [ColumnChange("x", [*range(20)])])
    grids.append_rows(connection, grid, [["%s :x ?"]])
    for table in (file_table, user_table, row_log):
        statement = select(table).order_by(*table.primary_key)
        expected = [dict(row._mapping) for row in connection.execute(statement)]
        assert expected
        for _ in range(2):
            found = values_of(Prepared(statement)(connection))
            assert found == expected
            assert [[*map(type, row.values())] for row in found] == [
                [*map(type, row.values())] for row in expected
            ]


def test_values_are_kept_as_sqlalchemy_keeps_them(connection, make):
    grid = make()
    moment = files.now()
    note = Prepared(
        update(file_table)
        .where(file_table.c.id == bindparam("file_id"))
        .values(
            modified=bindparam("now"),
            world_readable=bindparam("public"),
            revision=file_table.c.revision + 1,
        )
        .returning(file_table.c.revision, file_table.c.modified)
    )
    for revision in (grid.revision + 1, grid.revision + 2):
        found = note(connection, file_id=grid.id, now=moment, public=True)
        assert values_of(found) == [{"revision": revision, "modified": moment}]
    assert note(connection, file_id=grid.id + 1, now=moment, public=False) == []
    changed = files.one(connection, file_table.c.id == grid.id)
    assert (changed.modified, changed.world_readable) == (moment, True)


def test_what_the_database_refuses_is_told_as_sqlalchemy_tells_it(database):
    enter = Prepared(insert(user_table))
    user = {"username": "alice", "api_key_sha256": "", "next_idlocal": 0, "created": files.now()}
    with pytest.raises(IntegrityError), database.write() as connection:
        enter(connection, **user)
    with database.write() as connection:
        assert users.names(connection) == ["alice", "bob"]
