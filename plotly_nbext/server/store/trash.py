"""The trash: where files lie until they are restored or deleted for good.

What a folder took along is marked with the folder's number. What lies in a trashed folder is in
the trash itself, for nothing can be restored, made or moved into there.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from sqlalchemy import delete, select, update
from sqlalchemy.exc import IntegrityError

from plotly_nbext.errors import ValidationError
from plotly_nbext.server.store import files, tree
from plotly_nbext.server.store.schema import HOME
from plotly_nbext.server.store.schema import files as table

if TYPE_CHECKING:
    from sqlalchemy import ColumnElement, Connection

    from plotly_nbext.server.store.files import FileRecord

__all__ = ["remove", "restore", "trash"]


def trash(connection: Connection, record: FileRecord) -> FileRecord:
    """Put a file in the trash; a folder takes along what lies in it."""
    if record.trashed:
        return record
    below = tree.below(record.owner, record.idlocal, table.c.trashed_with.is_(None))
    taken = table.c.id.in_(select(below.c.id))
    return _mark(connection, record, taken, trashed_with=record.idlocal)


def restore(connection: Connection, record: FileRecord) -> FileRecord:
    """Take a file out of the trash, with what it took along; what was there before stays.

    Raises
    ------
    ValidationError
        Its name has been taken meanwhile, or its folder is in the trash.
    """
    if not record.trashed:
        return record
    if record.parent != HOME:
        folder = files.head(connection, f"{record.owner}:{record.parent}")
        if folder is not None and folder.trashed:
            raise ValidationError(
                f"The folder {folder.filename!r} of {record.filename!r} is in the trash: "
                "restore that first.",
                status_code=400,
                field="parent",
            )
    taken = (table.c.owner == record.owner) & (table.c.trashed_with == record.idlocal)
    return _mark(connection, record, taken, trashed_with=None)


def remove(connection: Connection, record: FileRecord) -> None:
    """Delete a trashed file for good, with all that lies in it.

    Raises
    ------
    ValidationError
        The file is not in the trash.
    """
    if not record.trashed:
        raise ValidationError(
            f"{record.fid} is not in the trash: trash it first.", status_code=400, field="fid"
        )
    below = tree.below(record.owner, record.idlocal)
    connection.execute(delete(table).where(table.c.id.in_(select(below.c.id))))


def _mark(
    connection: Connection,
    record: FileRecord,
    taken: ColumnElement[bool],
    *,
    trashed_with: int | None,
) -> FileRecord:
    values = {
        "trashed_with": trashed_with,
        "modified": files.now(),
        "revision": table.c.revision + 1,
    }
    try:
        connection.execute(update(table).where(taken).values(values))
    except IntegrityError:
        raise files.name_taken(record.filename) from None
    return files.one(connection, table.c.id == record.id)
