"""Files: what grids, plots and folders have in common (names, parents, visibility).

The functions take a connection in a transaction and raise the exceptions of
:mod:`plotly_nbext.errors`, which the server answers as they are.
"""

from __future__ import annotations

import re
import secrets
from dataclasses import dataclass, fields
from datetime import UTC, datetime
from itertools import chain
from itertools import count as count_from
from typing import TYPE_CHECKING, Any, Self

from sqlalchemy import insert, select, update
from sqlalchemy.exc import IntegrityError

from plotly_nbext.columns import json
from plotly_nbext.errors import NotFoundError, ValidationError
from plotly_nbext.server.store.schema import HOME, files, users

if TYPE_CHECKING:
    from sqlalchemy import ColumnElement, Connection, Row

__all__ = [
    "FOLDER",
    "GRID",
    "PLOT",
    "FileRecord",
    "change",
    "check_parent",
    "create",
    "descendants",
    "ensure_folders",
    "find",
    "get",
    "lookup",
    "name_taken",
    "not_found",
    "now",
    "one",
    "path_of",
    "touch",
]

GRID = "grid"
PLOT = "plot"
FOLDER = "fold"
MAX_FILENAME = 100

_FID = re.compile(r"([^:/\s]+):(\d{1,18})")


@dataclass(frozen=True)
class FileRecord:
    """One row of the files table."""

    id: int
    owner: str
    idlocal: int
    filetype: str
    filename: str
    parent: int
    trashed_with: int | None
    world_readable: bool
    share_key: str
    share_key_enabled: bool
    metadata: dict[str, Any]
    source_fid: str | None
    source_url: str | None
    source_referer: str | None
    revision: int
    row_count: int
    created: datetime
    modified: datetime

    @classmethod
    def from_row(cls, row: Row[Any]) -> Self:
        """Read a row of the table."""
        values = {field.name: getattr(row, field.name) for field in fields(cls)}
        return cls(**(values | {"metadata": json.loads(row.metadata)}))

    @property
    def trashed(self) -> bool:
        """Whether the file is in the trash."""
        return self.trashed_with is not None

    @property
    def fid(self) -> str:
        """The file's id as the API knows it: ``owner:idlocal``."""
        return f"{self.owner}:{self.idlocal}"


def not_found() -> NotFoundError:
    """Make the one answer for what is not there and for what the caller must not know of."""
    return NotFoundError("Not found.", status_code=404)


def create(
    connection: Connection,
    *,
    owner: str,
    filetype: str,
    filename: str | None,
    parent: int,
    world_readable: bool = False,
    share_key_enabled: bool = False,
    metadata: dict[str, Any] | None = None,
    source: dict[str, str | None] | None = None,
) -> FileRecord:
    """Make a file; ``source`` may hold ``source_fid``, ``source_url`` and ``source_referer``.

    Raises
    ------
    ValidationError
        The name is taken or can't be one, or the parent is not a folder.
    """
    check_parent(connection, owner, parent)
    idlocal: int = connection.execute(
        update(users)
        .where(users.c.username == owner)
        .values(next_idlocal=users.c.next_idlocal + 1)
        .returning(users.c.next_idlocal - 1)
    ).scalar_one()
    created = now()
    row = {
        "owner": owner,
        "idlocal": idlocal,
        "filetype": filetype,
        "filename": _free_name(connection, owner, parent, f"{filetype} {idlocal}")
        if filename is None
        else _checked_filename(filename),
        "parent": parent,
        "world_readable": world_readable,
        "share_key": secrets.token_urlsafe(24),
        "share_key_enabled": share_key_enabled,
        "metadata": json.dumps(metadata or {}).decode(),
        **(source or {}),
        "created": created,
        "modified": created,
    }
    try:
        connection.execute(insert(files).values(row))
    except IntegrityError:
        raise name_taken(str(row["filename"])) from None
    return one(connection, files.c.owner == owner, files.c.idlocal == idlocal)


def find(connection: Connection, fid: str, *, trashed: bool = False) -> FileRecord | None:
    """Return the file with a fid; one in the trash only when ``trashed`` is true."""
    match = _FID.fullmatch(fid)
    if match is None:
        return None
    row = connection.execute(
        select(files).where(files.c.owner == match[1], files.c.idlocal == int(match[2]))
    ).first()
    record = None if row is None else FileRecord.from_row(row)
    return None if record and record.trashed and not trashed else record


def get(connection: Connection, owner: str, idlocal: int) -> FileRecord | None:
    """Return a file that is not in the trash, by its owner's number for it."""
    return find(connection, f"{owner}:{idlocal}")


def lookup(connection: Connection, owner: str, parent: int, path: str) -> FileRecord | None:
    """Walk a '/'-delimited path from a folder; None where it leads nowhere."""
    names = _names(path)
    found: FileRecord | None = None
    for name in names:
        if found is not None:
            if found.filetype != FOLDER:
                return None
            parent = found.idlocal
        found = _child(connection, owner, parent, name)
        if found is None:
            return None
    return found


def ensure_folders(
    connection: Connection, owner: str, parent: int, path: str
) -> tuple[int, list[FileRecord]]:
    """Make the folders of a path that are missing.

    Returns
    -------
    tuple
        The innermost folder's idlocal (``parent`` for an empty path) and the new folders.

    Raises
    ------
    ValidationError
        A part of the path is a file that is not a folder.
    """
    made = []
    for name in _names(path):
        found = _child(connection, owner, parent, name)
        if found is None:
            found = create(connection, owner=owner, filetype=FOLDER, filename=name, parent=parent)
            made.append(found)
        elif found.filetype != FOLDER:
            raise ValidationError(
                f"{name!r} in the path {path!r} is a {found.filetype}, not a folder.",
                status_code=400,
                field="parent_path",
            )
        parent = found.idlocal
    return parent, made


def path_of(connection: Connection, record: FileRecord) -> str:
    """Spell a file's path from its owner's home folder."""
    names = [record.filename]
    while record.parent != HOME:
        record = one(connection, files.c.owner == record.owner, files.c.idlocal == record.parent)
        names.append(record.filename)
    return "/".join(reversed(names))


def change(connection: Connection, record: FileRecord, **values: Any) -> FileRecord:
    """Write fields of a file: filename, parent, metadata, visibility, row_count.

    Raises
    ------
    ValidationError
        The name is taken or can't be one; the parent is not a folder, or lies in the file itself.
    """
    if "filename" in values:
        values["filename"] = _checked_filename(values["filename"])
    if "parent" in values:
        check_parent(connection, record.owner, values["parent"])
        _check_no_loop(connection, record, values["parent"])
    if "metadata" in values:
        values["metadata"] = json.dumps(values["metadata"]).decode()
    values |= {"modified": now(), "revision": files.c.revision + 1}
    try:
        connection.execute(update(files).where(files.c.id == record.id).values(values))
    except IntegrityError:
        raise name_taken(values.get("filename", record.filename)) from None
    return one(connection, files.c.id == record.id)


def touch(connection: Connection, record: FileRecord, *, row_count: int) -> FileRecord:
    """Note that a grid's values changed."""
    return change(connection, record, row_count=row_count)


def descendants(connection: Connection, record: FileRecord) -> list[FileRecord]:
    """List what lies in a folder, and in the folders in it, in the trash or not."""
    found: list[FileRecord] = []
    folders = [record] if record.filetype == FOLDER else []
    while folders:
        folder = folders.pop()
        rows = connection.execute(
            select(files).where(files.c.owner == folder.owner, files.c.parent == folder.idlocal)
        )
        inside = [FileRecord.from_row(row) for row in rows]
        found += inside
        folders += [child for child in inside if child.filetype == FOLDER]
    return found


def _child(connection: Connection, owner: str, parent: int, name: str) -> FileRecord | None:
    row = connection.execute(
        select(files).where(
            files.c.owner == owner,
            files.c.parent == parent,
            files.c.filename == name,
            files.c.trashed_with.is_(None),
        )
    ).first()
    return FileRecord.from_row(row) if row else None


def one(connection: Connection, *conditions: ColumnElement[bool]) -> FileRecord:
    """Return the one file that meets some conditions."""
    return FileRecord.from_row(connection.execute(select(files).where(*conditions)).one())


def _names(path: str) -> list[str]:
    return [name for name in path.split("/") if name]


def _free_name(connection: Connection, owner: str, parent: int, name: str) -> str:
    """Name what comes without a name; the first free one of ``grid 3``, ``grid 3 (2)`` …."""
    candidates = chain([name], (f"{name} ({number})" for number in count_from(2)))
    return next(name for name in candidates if _child(connection, owner, parent, name) is None)


def _checked_filename(filename: Any) -> str:
    if not isinstance(filename, str) or not filename.strip():
        raise ValidationError(
            f"The filename {filename!r} is not a name.", status_code=400, field="filename"
        )
    if len(filename) > MAX_FILENAME:
        raise ValidationError(
            f"The filename {filename!r} has {len(filename)} characters; "
            f"{MAX_FILENAME} are the most.",
            status_code=400,
            field="filename",
        )
    if filename in {".", ".."}:
        raise ValidationError(
            f"{filename!r} can't be a filename: paths have no such steps.",
            status_code=400,
            field="filename",
        )
    if "/" in filename:
        raise ValidationError(
            f"The filename {filename!r} has a '/': put its folder into parent_path.",
            status_code=400,
            field="filename",
        )
    return filename


def check_parent(connection: Connection, owner: str, parent: int) -> None:
    """Refuse what is not a folder of the owner's as a parent."""
    if parent == HOME:
        return
    folder = get(connection, owner, parent)
    if folder is None or folder.filetype != FOLDER:
        raise ValidationError(
            f"The parent {parent} is not a folder of {owner!r}.", status_code=400, field="parent"
        )


def _check_no_loop(connection: Connection, record: FileRecord, parent: int) -> None:
    if record.filetype != FOLDER:
        return
    inside = {child.idlocal for child in descendants(connection, record)}
    if parent in inside | {record.idlocal}:
        raise ValidationError(
            f"The folder {record.filename!r} can't be moved into itself.",
            status_code=400,
            field="parent",
        )


def name_taken(filename: str) -> ValidationError:
    """Make the refusal of a name that another file of the folder has."""
    # the words that Chart Studio's clients look for
    return ValidationError(
        f"Sorry, a file named '{filename}' already exists", status_code=400, field="filename"
    )


def now() -> datetime:
    """Tell the time as the tables keep it: UTC, without saying so."""
    return datetime.now(UTC).replace(tzinfo=None)
