"""Whether a database is whole: by its own check, and by what our tables say of each other."""

from __future__ import annotations

import sys
from contextlib import closing
from pathlib import Path

from sqlalchemy import Connection, text

from plotly_nbext.server.store import Database

__all__ = ["check"]

_NONE = {
    "chunks of no column": """
        SELECT c.file_id, c.uid FROM chunks c LEFT JOIN columns k USING (file_id, uid)
        WHERE k.uid IS NULL""",
    "columns of which chunks are missing, or there twice": """
        SELECT k.file_id, k.uid, k.length, sum(c.length), max(c.start + c.length)
        FROM columns k LEFT JOIN chunks c USING (file_id, uid)
        GROUP BY k.file_id, k.uid, k.length
        HAVING coalesce(sum(c.length), 0) <> k.length
            OR coalesce(max(c.start + c.length), 0) <> k.length""",
    "grids that have other columns than they say": """
        SELECT f.id, f.width, count(k.uid) FROM files f LEFT JOIN columns k ON k.file_id = f.id
        GROUP BY f.id, f.width HAVING count(k.uid) <> f.width""",
    "grids with other rows in the log than they say": """
        SELECT f.id, f.logged, sum(r.length) FROM files f LEFT JOIN row_log r ON r.file_id = f.id
        GROUP BY f.id, f.row_count, f.logged
        HAVING coalesce(sum(r.length), 0) <> f.logged
            OR coalesce(max(r.start + r.length), f.row_count) <> f.row_count
            OR coalesce(min(r.start), f.row_count) <> f.row_count - f.logged""",
    "columns longer than their grid": """
        SELECT f.id, k.uid FROM files f JOIN columns k ON k.file_id = f.id
        WHERE k.length > f.row_count - f.logged""",
    "grids longer than each of their columns": """
        SELECT f.id, f.row_count FROM files f JOIN columns k ON k.file_id = f.id
        GROUP BY f.id, f.row_count, f.logged HAVING max(k.length) < f.row_count - f.logged""",
    "plots without a figure, or figures without a plot": """
        SELECT f.id FROM files f LEFT JOIN plots p ON p.file_id = f.id
        WHERE (f.filetype = 'plot') <> (p.file_id IS NOT NULL)""",
    "files in folders that are not there": """
        SELECT f.id FROM files f LEFT JOIN files d ON d.owner = f.owner AND d.idlocal = f.parent
        WHERE f.parent <> -1 AND d.id IS NULL""",
    "numbers that are given twice": """
        SELECT u.username FROM users u JOIN files f ON f.owner = u.username
        WHERE f.idlocal >= u.next_idlocal""",
    "requests that were begun and not answered": "SELECT key FROM requests WHERE status IS NULL",
}


def check(location: Path | str) -> None:
    """See that nothing of a database is damaged, half there, or left over."""
    with closing(Database(location)) as database, database.read() as connection:
        if database.one_writer:
            _check_sqlite(connection)
        else:
            _check_postgresql(connection)
        for what, query in _NONE.items():
            found = connection.execute(text(query)).fetchall()
            assert not found, f"{what}: {found[:10]}"


def _check_sqlite(connection: Connection) -> None:
    told = connection.exec_driver_sql("PRAGMA integrity_check").scalars().all()
    assert told == ["ok"]
    assert not connection.exec_driver_sql("PRAGMA foreign_key_check").fetchall()


def _check_postgresql(connection: Connection) -> None:
    """Compare each index with its table, and look through each table's pages."""
    connection.exec_driver_sql("CREATE EXTENSION IF NOT EXISTS amcheck")
    ours = "relnamespace = 'public'::regnamespace AND relpersistence = 'p'"
    connection.exec_driver_sql(
        f"SELECT bt_index_check(oid, true) FROM pg_class WHERE {ours} AND relkind = 'i'"
    )
    damaged = connection.exec_driver_sql(
        "SELECT relname, v.* FROM pg_class c, verify_heapam(c.oid::regclass) v "
        f"WHERE {ours} AND relkind = 'r'"
    ).fetchall()
    assert not damaged


if __name__ == "__main__":
    check(Path(sys.argv[1]))
