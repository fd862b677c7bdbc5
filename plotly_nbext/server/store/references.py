"""Which file references which: a plot the grids it draws on, a grid the one it was made from.

Both sides are told only of files that are not in the trash; whether someone may know of them is
for the caller to ask.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from sqlalchemy import delete, insert, select

from plotly_nbext.server.store.files import FileRecord
from plotly_nbext.server.store.schema import file_references, files

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from sqlalchemy import Column, Connection

__all__ = ["drop", "referenced_by", "referencers_of", "set_references"]


def set_references(
    connection: Connection, referencer: FileRecord, referenced: Iterable[FileRecord]
) -> None:
    """Note all that a file references, in place of what it did before."""
    connection.execute(
        delete(file_references).where(file_references.c.referencer_id == referencer.id)
    )
    rows = [
        {"referencer_id": referencer.id, "referenced_id": file_id}
        for file_id in sorted({record.id for record in referenced})
    ]
    if rows:
        connection.execute(insert(file_references), rows)


def drop(connection: Connection, referencer: FileRecord, referenced: FileRecord) -> None:
    """Note that a file no longer references another."""
    connection.execute(
        delete(file_references).where(
            file_references.c.referencer_id == referencer.id,
            file_references.c.referenced_id == referenced.id,
        )
    )


def referenced_by(
    connection: Connection, records: Sequence[FileRecord]
) -> dict[int, list[FileRecord]]:
    """List what each of some files references, by the id of the file."""
    columns = file_references.c
    return _joined(connection, records, columns.referencer_id, columns.referenced_id)


def referencers_of(
    connection: Connection, records: Sequence[FileRecord]
) -> dict[int, list[FileRecord]]:
    """List what references each of some files, by the id of the file."""
    columns = file_references.c
    return _joined(connection, records, columns.referenced_id, columns.referencer_id)


def _joined(
    connection: Connection, records: Sequence[FileRecord], here: Column[int], there: Column[int]
) -> dict[int, list[FileRecord]]:
    rows = connection.execute(
        select(files, here.label("here"))
        .join(file_references, files.c.id == there)
        .where(here.in_([record.id for record in records]), files.c.trashed_with.is_(None))
        .order_by(files.c.owner, files.c.idlocal)
    )
    found: dict[int, list[FileRecord]] = {record.id: [] for record in records}
    for row in rows:
        found[row.here].append(FileRecord.from_row(row))
    return found
