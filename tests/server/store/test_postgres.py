"""What is asked of PostgreSQL otherwise than of SQLite."""

from __future__ import annotations

import pytest
from psycopg.pq import Format
from sqlalchemy import event, select

from plotly_nbext.server.store import bulk
from plotly_nbext.server.store.schema import users

pytestmark = [
    pytest.mark.postgres,
    pytest.mark.parametrize("location", ["postgresql"], indirect=True),
]


@pytest.mark.parametrize("options", [{}, {"yield_per": 1}], ids=["at once", "one by one"])
def test_values_are_not_spelled_as_text(database, options):
    for transaction in (database.read, database.write):
        with transaction() as connection:
            found = connection.execute(select(users).execution_options(**options))
            assert found.cursor.format == Format.BINARY
            assert {row.username for row in found} == {"alice", "bob"}


def test_a_copy_of_many_chunks_ends_once_whoever_waits_for_it_has_gone(connection, make):
    """As before any statement: see ``undone_if_gone``, which listens so."""
    grid = make()
    made, copies = [], []

    class Gone(Exception):  # noqa: N818 - what has happened
        pass

    def rows():
        for number in range(100):
            made.append(number)
            data = bytes(bulk.BYTES_AT_ONCE)
            chunk = {"start": number, "length": 1, "type": "json", "size": 1}
            yield {"file_id": grid.id, "uid": "abcdef", "checksum": 0, "data": data} | chunk

    def leave(_connection, _cursor, statement, *_rest) -> None:
        copies.append(statement)
        if len(copies) == 3:
            raise Gone

    event.listen(connection, "before_cursor_execute", leave)
    try:
        with pytest.raises(Gone):
            bulk.insert_chunks(connection, rows())
    finally:
        event.remove(connection, "before_cursor_execute", leave)
    assert len(made) == 3
    assert all(statement.startswith("COPY chunks") for statement in copies)
