"""What is asked of PostgreSQL otherwise than of SQLite."""

from __future__ import annotations

import pytest
from psycopg.pq import Format
from sqlalchemy import select

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
