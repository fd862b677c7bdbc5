"""Which file references which: a plot the grids it draws on, a grid the one it was made from.

Both sides are told only of files that are not in the trash.
"""

from __future__ import annotations

from itertools import groupby
from typing import TYPE_CHECKING

from sqlalchemy import delete, func, insert, not_, select

from plotly_nbext.server.store import tree
from plotly_nbext.server.store.files import PLOT, FileRecord, of_fid, one, visible_to
from plotly_nbext.server.store.schema import file_references, files

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from sqlalchemy import Column, Connection

    from plotly_nbext.server.store.files import FileHead

__all__ = [
    "drop",
    "lost_to_owner",
    "referenced_by",
    "referenced_fids",
    "referencer_fids",
    "set_references",
]

MAX_NAMED = 100


def set_references(
    connection: Connection, referencer: FileRecord, referenced: Iterable[FileHead]
) -> None:
    """Note all that a file references, in place of what it did before."""
    connection.execute(
        delete(file_references).where(file_references.c.referencer_id == referencer.id)
    )
    wanted = {head.id for head in referenced}
    # one may be deleted at this moment
    there = select(files.c.id).where(files.c.id.in_(wanted)).order_by(files.c.id)
    there = there.with_for_update(read=True, key_share=True)
    rows = [
        {"referencer_id": referencer.id, "referenced_id": file_id}
        for file_id in (connection.execute(there).scalars() if wanted else ())
    ]
    if rows:
        connection.execute(insert(file_references), rows)


def drop(connection: Connection, referencer: FileRecord, fid: str) -> None:
    """Note that a file no longer references another: the same work whether or not there is one."""
    connection.execute(
        delete(file_references).where(
            file_references.c.referencer_id == referencer.id,
            file_references.c.referenced_id.in_(select(files.c.id).where(of_fid(fid))),
        )
    )


def referenced_by(
    connection: Connection, records: Sequence[FileRecord]
) -> dict[int, list[FileRecord]]:
    """List what each of some files references, by the id of the file, whoever may know of it."""
    rows = connection.execute(
        select(files, file_references.c.referencer_id)
        .join(file_references, files.c.id == file_references.c.referenced_id)
        .where(
            file_references.c.referencer_id.in_([record.id for record in records]),
            files.c.trashed_with.is_(None),
        )
        .order_by(files.c.owner, files.c.idlocal)
    )
    found: dict[int, list[FileRecord]] = {record.id: [] for record in records}
    for row in rows:
        found[row.referencer_id].append(FileRecord.from_row(row))
    return found


def lost_to_owner(
    connection: Connection, record: FileRecord, reader: str
) -> list[tuple[FileRecord, list[str]]]:
    """List the plots that are or lie in a file and draw on what their owner can't see.

    Parameters
    ----------
    reader : str
        Someone who can.

    Returns
    -------
    list
        Each with the fids of what is lost to it.
    """
    below = tree.below(record.owner, record.idlocal)
    drawn_on = files.alias()
    rows = connection.execute(
        select(files.c.id, drawn_on.c.owner, drawn_on.c.idlocal)
        .join(file_references, file_references.c.referencer_id == files.c.id)
        .join(drawn_on, drawn_on.c.id == file_references.c.referenced_id)
        .where(
            files.c.id.in_(select(below.c.id)),
            files.c.filetype == PLOT,
            drawn_on.c.trashed_with.is_(None),
            visible_to(reader, drawn_on),
            not_(visible_to(record.owner, drawn_on)),
        )
        .order_by(files.c.id)
    ).all()
    return [
        (one(connection, files.c.id == plot_id), [f"{row.owner}:{row.idlocal}" for row in lost])
        for plot_id, lost in groupby(rows, key=lambda row: row.id)
    ]


def referenced_fids(
    connection: Connection, records: Sequence[FileRecord], reader: str | None
) -> dict[int, list[str]]:
    """Name the first hundred files that each of some files references, of those seen by someone."""
    columns = file_references.c
    return _fids(connection, records, reader, columns.referencer_id, columns.referenced_id)


def referencer_fids(
    connection: Connection, records: Sequence[FileRecord], reader: str | None
) -> dict[int, list[str]]:
    """Name the first hundred files that reference each of some files, of those seen by someone."""
    columns = file_references.c
    return _fids(connection, records, reader, columns.referenced_id, columns.referencer_id)


def _fids(
    connection: Connection,
    records: Sequence[FileRecord],
    reader: str | None,
    here: Column[int],
    there: Column[int],
) -> dict[int, list[str]]:
    order = (files.c.owner, files.c.idlocal)
    named = (
        select(
            here.label("here"),
            *order,
            func.row_number().over(partition_by=here, order_by=order).label("place"),
        )
        .join(file_references, files.c.id == there)
        .where(
            here.in_([record.id for record in records]),
            files.c.trashed_with.is_(None),
            visible_to(reader),
        )
        .subquery()
    )
    found: dict[int, list[str]] = {record.id: [] for record in records}
    few = select(named).where(named.c.place <= MAX_NAMED).order_by(named.c.place)
    for row in connection.execute(few):
        found[row.here].append(f"{row.owner}:{row.idlocal}")
    return found
