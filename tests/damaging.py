"""What a bad disk does to a server's database, while it is at work."""

from __future__ import annotations

from contextlib import closing
from typing import TYPE_CHECKING

from sqlalchemy import select, update

from plotly_nbext.server.store import Database, files
from plotly_nbext.server.store.schema import chunks, row_log

from .databases import databases

if TYPE_CHECKING:
    from pathlib import Path

__all__ = ["flip_logged_rows", "flip_values"]


def flip_values(data: Path, fid: str, uid: str, *, last: bool = False) -> None:
    """Flip a bit of the first or the last chunk of a column."""
    with closing(Database(databases.location(data))) as database, database.write() as connection:
        grid = files.head(connection, fid)
        its = (chunks.c.file_id == grid.id) & (chunks.c.uid == uid)
        by = chunks.c.start.desc() if last else chunks.c.start
        found = connection.execute(select(chunks).where(its).order_by(by).limit(1)).one()
        here = its & (chunks.c.start == found.start)
        connection.execute(update(chunks).where(here).values(data=_flipped(found.data)))


def flip_logged_rows(data: Path, fid: str) -> None:
    """Flip a bit of the rows of a grid's log."""
    with closing(Database(databases.location(data))) as database, database.write() as connection:
        its = row_log.c.file_id == files.head(connection, fid).id
        found = connection.execute(select(row_log).where(its).limit(1)).one()
        here = its & (row_log.c.start == found.start)
        connection.execute(update(row_log).where(here).values(data=_flipped(found.data)))


def _flipped(data: bytes) -> bytes:
    return data[:-3] + bytes([data[-3] ^ 1]) + data[-2:]
