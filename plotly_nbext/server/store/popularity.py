"""What others make of a file: stars, and visits of its page."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sqlalchemy import delete, insert, select, update

from plotly_nbext.server.store.schema import stars, views

if TYPE_CHECKING:
    from collections.abc import Sequence

    from sqlalchemy import Connection

    from plotly_nbext.server.store.files import FileRecord

__all__ = ["add_view", "star", "stars_of", "unstar", "views_of"]


def star(connection: Connection, record: FileRecord, username: str) -> None:
    """Give a file a user's star; twice is no error."""
    if username not in stars_of(connection, [record])[record.id]:
        connection.execute(insert(stars).values(file_id=record.id, username=username))


def unstar(connection: Connection, record: FileRecord, username: str) -> None:
    """Take a user's star from a file; no error if there is none."""
    connection.execute(
        delete(stars).where(stars.c.file_id == record.id, stars.c.username == username)
    )


def stars_of(connection: Connection, records: Sequence[FileRecord]) -> dict[int, list[str]]:
    """List who starred each of some files, by the id of the file."""
    found: dict[int, list[str]] = {record.id: [] for record in records}
    rows = connection.execute(
        select(stars).where(stars.c.file_id.in_(list(found))).order_by(stars.c.username)
    )
    for row in rows:
        found[row.file_id].append(row.username)
    return found


def add_view(connection: Connection, record: FileRecord) -> None:
    """Count a visit of a file's page."""
    counted = connection.execute(
        update(views).where(views.c.file_id == record.id).values(count=views.c.count + 1)
    )
    if counted.rowcount == 0:
        connection.execute(insert(views).values(file_id=record.id, count=1))


def views_of(connection: Connection, records: Sequence[FileRecord]) -> dict[int, int]:
    """Tell how often the page of each of some files was visited, by the id of the file."""
    found = dict.fromkeys((record.id for record in records), 0)
    for row in connection.execute(select(views).where(views.c.file_id.in_(list(found)))):
        found[row.file_id] = row[1]
    return found
