"""The trash: where files lie until they are restored or deleted for good."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sqlalchemy import delete, update
from sqlalchemy.exc import IntegrityError

from plotly_nbext.errors import ValidationError
from plotly_nbext.server.store import files
from plotly_nbext.server.store.schema import files as table

if TYPE_CHECKING:
    from collections.abc import Sequence

    from sqlalchemy import Connection

    from plotly_nbext.server.store.files import FileRecord

__all__ = ["remove", "restore", "trash"]


def trash(connection: Connection, record: FileRecord) -> FileRecord:
    """Put a file in the trash; a folder takes along what lies in it."""
    if record.trashed:
        return record
    taken = [child for child in files.descendants(connection, record) if not child.trashed]
    return _mark(connection, record, taken, trashed_with=record.idlocal)


def restore(connection: Connection, record: FileRecord) -> FileRecord:
    """Take a file out of the trash, with what it took along; what was there before stays.

    Raises
    ------
    ValidationError
        Its name has been taken meanwhile, or its folder is gone.
    """
    if not record.trashed:
        return record
    files.check_parent(connection, record.owner, record.parent)
    taken = [
        child
        for child in files.descendants(connection, record)
        if child.trashed_with == record.idlocal
    ]
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
    ids = [record.id, *(child.id for child in files.descendants(connection, record))]
    connection.execute(delete(table).where(table.c.id.in_(ids)))


def _mark(
    connection: Connection,
    record: FileRecord,
    taken: Sequence[FileRecord],
    *,
    trashed_with: int | None,
) -> FileRecord:
    ids = [record.id, *(child.id for child in taken)]
    values = {
        "trashed_with": trashed_with,
        "modified": files.now(),
        "revision": table.c.revision + 1,
    }
    try:
        connection.execute(update(table).where(table.c.id.in_(ids)).values(values))
    except IntegrityError:
        raise files.name_taken(record.filename) from None
    return files.one(connection, table.c.id == record.id)
