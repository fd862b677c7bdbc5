"""What others make of a file: stars, and visits of its page."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sqlalchemy import delete, func, select, text

from plotly_nbext.server.store.files import of_fid
from plotly_nbext.server.store.schema import files, stars, views

if TYPE_CHECKING:
    from collections.abc import Sequence

    from sqlalchemy import Connection

    from plotly_nbext.server.store.files import FileRecord

__all__ = ["add_views", "star", "stars_of", "unstar", "views_of"]

MAX_NAMED = 100

# spelled out, because SQLAlchemy has an "on conflict" of each database and none of both
_STARRED = text(
    "INSERT INTO stars (file_id, username) VALUES (:file_id, :username) ON CONFLICT DO NOTHING"
)
_VISITED = text(
    "INSERT INTO views (file_id, count) VALUES (:file_id, :count) "
    "ON CONFLICT (file_id) DO UPDATE SET count = views.count + excluded.count"
)


def star(connection: Connection, record: FileRecord, username: str) -> None:
    """Give a file a user's star; twice is no error."""
    connection.execute(_STARRED, {"file_id": record.id, "username": username})


def unstar(connection: Connection, fid: str, username: str, filetype: str | None = None) -> bool:
    """Take a user's star from a file (of a type), and tell whether there was one."""
    named = select(files.c.id).where(of_fid(fid))
    if filetype is not None:
        named = named.where(files.c.filetype == filetype)
    taken = connection.execute(
        delete(stars).where(stars.c.file_id.in_(named), stars.c.username == username)
    )
    return taken.rowcount > 0


def stars_of(
    connection: Connection, records: Sequence[FileRecord]
) -> dict[int, tuple[list[str], int]]:
    """Tell who starred each of some files (a hundred at most) and how many did, by its id."""
    numbered = (
        select(
            stars,
            func.row_number()
            .over(partition_by=stars.c.file_id, order_by=stars.c.username)
            .label("place"),
            func.count().over(partition_by=stars.c.file_id).label("total"),
        )
        .where(stars.c.file_id.in_([record.id for record in records]))
        .subquery()
    )
    few = select(numbered).where(numbered.c.place <= MAX_NAMED).order_by(numbered.c.place)
    found: dict[int, tuple[list[str], int]] = {record.id: ([], 0) for record in records}
    for row in connection.execute(few):
        found[row.file_id] = ([*found[row.file_id][0], row.username], row.total)
    return found


def add_views(connection: Connection, record: FileRecord, count: int) -> None:
    """Count visits of a file's page."""
    connection.execute(_VISITED, {"file_id": record.id, "count": count})


def views_of(connection: Connection, records: Sequence[FileRecord]) -> dict[int, int]:
    """Tell how often the page of each of some files was visited, by the id of the file."""
    found = dict.fromkeys((record.id for record in records), 0)
    for row in connection.execute(select(views).where(views.c.file_id.in_(list(found)))):
        found[row.file_id] = row[1]
    return found
