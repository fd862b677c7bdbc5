"""A transaction of SQLite's ends when it ends, whatever was still read in it."""

from __future__ import annotations

from contextlib import closing

import pytest
from sqlalchemy import select

from plotly_nbext.errors import ValidationError
from plotly_nbext.server.store import Database, users
from plotly_nbext.server.store.schema import users as table


@pytest.fixture
def two(tmp_path):
    """Two processes' ways to one database, with users in it."""
    with closing(Database(tmp_path)) as one, closing(Database(tmp_path)) as other:
        with one.write() as connection:
            for number in range(10):
                users.add(connection, f"user{number}")
        yield one, other


def begun(connection) -> object:
    """Read the first of several rows, and leave it at that."""
    rows = connection.execute(select(table).execution_options(yield_per=1))
    next(iter(rows))
    return rows


def add(database, name) -> None:
    with database.write() as connection:
        users.add(connection, name)


def test_who_reads_after_an_error_sees_what_is_there_by_then(two):
    one, other = two

    def fail() -> None:
        with one.read() as connection:
            rows = begun(connection)  # noqa: F841 - which the error keeps
            raise ValidationError("no")

    with pytest.raises(ValidationError) as kept:
        fail()
    for name in ("carol", "dave"):
        add(other, name)
        with one.read() as connection:
            assert name in users.names(connection)
    assert kept


@pytest.mark.parametrize("fails", [False, True])
def test_who_writes_after_a_read_that_has_no_end_writes_to_what_is_there_by_then(two, fails):
    one, other = two
    rows = []

    def write() -> None:
        with one.write() as connection:
            users.add(connection, "carol")
            rows.append(begun(connection))
            if fails:
                raise ValidationError("no")

    if fails:
        with pytest.raises(ValidationError):
            write()
    else:
        write()
    add(other, "dave")
    add(one, "eve")
    with other.read() as connection:
        assert {"dave", "eve"} <= {*users.names(connection)}
