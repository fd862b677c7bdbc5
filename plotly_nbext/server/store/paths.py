"""Paths: the names of folders, from a user's home down to a file, with ``/`` between them."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sqlalchemy import select

from plotly_nbext.errors import ValidationError
from plotly_nbext.server.store import files, tree
from plotly_nbext.server.store.files import FOLDER, FileRecord
from plotly_nbext.server.store.schema import files as table

if TYPE_CHECKING:
    from sqlalchemy import Connection

    from plotly_nbext.server.store.files import FileHead

__all__ = ["at", "ensure_folders", "folders_above"]

NOWHERE = -2
MAX_PARTS = 100


def at(connection: Connection, owner: str, parent: int, path: str) -> FileHead | None:
    """Return what tells who may see the file at a path from a folder, if there is one.

    All names are looked up, also those behind one that is not there: the time that a path takes
    doesn't tell how far it leads.

    Raises
    ------
    ValidationError
        The path has too many parts.
    """
    names = _names(path, "path")
    found: FileHead | None = None
    if "\0" in owner + path:  # which no name has, and PostgreSQL takes none
        return None
    for name in names:
        found = files.child(connection, owner, parent, name)
        parent = NOWHERE if found is None else found.idlocal
    return found


def ensure_folders(
    connection: Connection,
    owner: str,
    parent: int,
    path: str,
    *,
    field: str = "parent_path",
    world_readable: bool = False,
) -> tuple[int, list[FileRecord]]:
    """Make the folders of a path that are missing.

    Parameters
    ----------
    field : str
        What a request calls the path.

    Returns
    -------
    tuple
        The innermost folder's idlocal (``parent`` for an empty path) and the new folders.

    Raises
    ------
    ValidationError
        A part of the path is a file that is not a folder, or can't be a name; or there are too
        many parts.
    """
    made = []
    for name in _names(path, field):
        found = files.child(connection, owner, parent, files.checked_filename(name))
        if found is None:
            folder = files.create(
                connection,
                owner=owner,
                filetype=FOLDER,
                filename=name,
                parent=parent,
                world_readable=world_readable,
            )
            made.append(folder)
            parent = folder.idlocal
        elif found.filetype == FOLDER:
            parent = found.idlocal
        else:
            raise ValidationError(
                f"{name!r} in the path {path!r} is a {found.filetype}, not a folder.",
                status_code=400,
                field=field,
            )
    return parent, made


def folders_above(connection: Connection, record: FileHead) -> list[FileRecord]:
    """List the folders that a file lies in, the innermost first."""
    above = tree.above(record.owner, record.idlocal)
    rows = connection.execute(
        select(table)
        .join(above, above.c.id == table.c.id)
        .where(above.c.steps > 0)
        .order_by(above.c.steps)
    )
    return [FileRecord.from_row(row) for row in rows]


def _names(path: str, field: str) -> list[str]:
    names = [name for name in path.split("/") if name]
    if len(names) > MAX_PARTS:
        raise ValidationError(
            f"The {field} has {len(names):,} parts; {MAX_PARTS} are the most.",
            status_code=400,
            field=field,
        )
    return names
