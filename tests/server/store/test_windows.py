"""Counts that end, in PostgreSQL."""

from __future__ import annotations

from contextlib import closing

import pytest

from plotly_nbext.server.store import Database, windows

DAY = 86_400


@pytest.mark.postgres
def test_a_window_has_ended_when_the_clock_was_set_back_since_it_began(postgres_server):
    with (
        postgres_server.database() as url,
        closing(Database(url)) as database,
        database.alone() as connection,
    ):
        windows.prepare(connection)
        assert [windows.count(connection, "alice", 60, 1) for _ in range(3)] == [1, 2, 3]
        # as it is there when the clock was a day ahead
        connection.exec_driver_sql(f"UPDATE rate_windows_1 SET ends = ends + {DAY}")
        assert [windows.count(connection, "alice", 60, 1) for _ in range(3)] == [1, 2, 3]
