"""Copies of files. Values are copied within the database: they never leave it."""

from __future__ import annotations

import secrets
from typing import TYPE_CHECKING, Any

from sqlalchemy import Integer, bindparam, insert, select, update

from plotly_nbext.server.store import files, tree
from plotly_nbext.server.store.files import FOLDER, GRID, PLOT, FileRecord
from plotly_nbext.server.store.schema import (
    chunks,
    columns,
    file_references,
    plots,
    row_log,
)
from plotly_nbext.server.store.schema import files as table

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from sqlalchemy import Column, Connection, Row

__all__ = ["copy"]

_COUNTS = (table.c.row_count, table.c.width, table.c.logged, table.c.logged_bytes)
"""What is kept of a grid's values in its own row."""


def copy(
    connection: Connection,
    original: FileRecord,
    *,
    owner: str,
    parent: int,
    filename: str | None = None,
    world_readable: bool = False,
) -> FileRecord:
    """Copy a file with its values; a folder with all in it that the new owner may see.

    A grid references the one that it was copied from, a plot the same grids as the original. The
    columns keep their uids, which are unique in their grid only.

    Parameters
    ----------
    original : FileRecord
        As it stays meanwhile, see :func:`.files.kept_head`.
    owner : str
        Whose the copy will be.
    parent : int
        The folder of theirs that it will lie in.
    filename : str, optional
        By default the original's, with a number behind it where that is taken.
    world_readable : bool
        Whether the copy is public; what lies in it is, if it was.

    Raises
    ------
    ValidationError
        The name is taken or can't be one, or the parent is not a folder.
    """
    # before there is a copy, which may lie in the folder itself
    inside = _inside(connection, original, owner)
    if filename is None:
        filename = files.free_name(connection, owner, parent, original.filename)
    top = files.create(
        connection,
        owner=owner,
        filetype=original.filetype,
        filename=filename,
        parent=parent,
        world_readable=world_readable,
        metadata=original.metadata,
        source={"source_fid": original.fid} if original.filetype == GRID else None,
    )
    counted = select(*_COUNTS).where(table.c.id == original.id)
    counts = connection.execute(counted).first()
    if counts is None:
        raise files.not_found()
    connection.execute(update(table).where(table.c.id == top.id).values(counts._asdict()))
    copies = _copy_inside(connection, inside, original, top)
    copies[original.filetype].append({"original": original.id, "copy": top.id})
    _copy_rows(connection, columns.c.file_id, copies[GRID])
    _copy_rows(connection, chunks.c.file_id, copies[GRID])
    _copy_rows(connection, row_log.c.file_id, copies[GRID])
    _copy_rows(connection, plots.c.file_id, copies[PLOT])
    _copy_rows(connection, file_references.c.referencer_id, copies[PLOT])
    if copies[GRID]:
        connection.execute(
            insert(file_references).values(
                referencer_id=bindparam("copy"), referenced_id=bindparam("original")
            ),
            copies[GRID],
        )
    return files.one(connection, table.c.id == top.id)


def _inside(connection: Connection, folder: FileRecord, reader: str) -> Sequence[Row[Any]]:
    if folder.filetype != FOLDER:
        return []
    copied = (table.c.trashed_with.is_(None), files.visible_to(reader))
    below = tree.below(folder.owner, folder.idlocal, *copied)
    inside = table.c.id.in_(select(below.c.id)) & (table.c.id != folder.id)
    # what has to be waited for is looked at again: alone, not where it lies
    found = select(table).where(inside, *copied).order_by(table.c.idlocal)
    rows = connection.execute(found.with_for_update(read=True)).all()
    parents = {row.idlocal: row.parent for row in rows}
    return [row for row in rows if _lies_in(folder.idlocal, row.parent, parents)]


def _lies_in(folder: int, parent: int | None, parents: Mapping[int, int]) -> bool:
    while parent is not None and parent != folder:
        parent = parents.get(parent)
    return parent == folder


def _copy_inside(
    connection: Connection, inside: Sequence[Row[Any]], original: FileRecord, top: FileRecord
) -> dict[str, list[dict[str, int]]]:
    """Copy the files of a folder, but for their values; pair the ids by the type of file."""
    copies: dict[str, list[dict[str, int]]] = {GRID: [], PLOT: [], FOLDER: []}
    if not inside:
        return copies
    first = files.take_idlocals(connection, top.owner, len(inside))
    numbers = {row.idlocal: first + index for index, row in enumerate(inside)}
    parents = numbers | {original.idlocal: top.idlocal}
    connection.execute(
        insert(table),
        [
            {
                "owner": top.owner,
                "idlocal": numbers[row.idlocal],
                "filetype": row.filetype,
                "filename": row.filename,
                "parent": parents[row.parent],
                "world_readable": top.world_readable and row.world_readable,
                "share_key": secrets.token_urlsafe(24),
                "share_key_enabled": False,
                "metadata": row.metadata,
                "source_fid": f"{row.owner}:{row.idlocal}" if row.filetype == GRID else None,
                **{column.name: getattr(row, column.name) for column in _COUNTS},
                "created": top.created,
                "modified": top.modified,
            }
            for row in inside
        ],
    )
    made = select(table.c.idlocal, table.c.id).where(
        table.c.owner == top.owner, table.c.idlocal >= first
    )
    ids = {row.idlocal: row.id for row in connection.execute(made)}
    for row in inside:
        copies[row.filetype].append({"original": row.id, "copy": ids[numbers[row.idlocal]]})
    return copies


def _copy_rows(connection: Connection, key: Column[int], copies: Sequence[dict[str, int]]) -> None:
    """Copy what a table holds for some files."""
    if not copies:
        return
    rest = [column for column in key.table.c if column is not key]
    rows = select(bindparam("copy", type_=Integer), *rest).where(key == bindparam("original"))
    connection.execute(insert(key.table).from_select([key, *rest], rows), copies)
