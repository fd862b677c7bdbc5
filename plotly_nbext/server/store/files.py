"""Files: what grids and folders have in common (names, parents, visibility, trash).

The functions take a connection in a transaction and raise the exceptions of
:mod:`plotly_nbext.errors`, which the server answers as they are.
"""

from __future__ import annotations

import re
import secrets
from dataclasses import dataclass
from datetime import UTC, datetime
from itertools import chain
from itertools import count as count_from
from typing import TYPE_CHECKING, Any

from sqlalchemy import delete, func, insert, select, update
from sqlalchemy.exc import IntegrityError

from plotly_nbext.columns import json
from plotly_nbext.errors import NotFoundError, ValidationError
from plotly_nbext.server.store.schema import HOME, files, users

if TYPE_CHECKING:
    from collections.abc import Sequence

    from sqlalchemy import ColumnElement, Connection, Row

__all__ = [
    "FOLDER",
    "GRID",
    "FileRecord",
    "Listing",
    "change",
    "children",
    "count",
    "create",
    "ensure_folders",
    "find",
    "get",
    "lookup",
    "not_found",
    "path_of",
    "remove",
    "restore",
    "touch",
    "trash",
]

GRID = "grid"
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
    _check_parent(connection, owner, parent)
    idlocal: int = connection.execute(
        update(users)
        .where(users.c.username == owner)
        .values(next_idlocal=users.c.next_idlocal + 1)
        .returning(users.c.next_idlocal - 1)
    ).scalar_one()
    now = _now()
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
        "created": now,
        "modified": now,
    }
    try:
        connection.execute(insert(files).values(row))
    except IntegrityError:
        raise _name_taken(str(row["filename"])) from None
    return _one(connection, files.c.owner == owner, files.c.idlocal == idlocal)


def find(connection: Connection, fid: str, *, trashed: bool = False) -> FileRecord | None:
    """Return the file with a fid; one in the trash only when ``trashed`` is true."""
    match = _FID.fullmatch(fid)
    if match is None:
        return None
    row = connection.execute(
        select(files).where(files.c.owner == match[1], files.c.idlocal == int(match[2]))
    ).first()
    record = None if row is None else _record(row)
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
        record = _one(connection, files.c.owner == record.owner, files.c.idlocal == record.parent)
        names.append(record.filename)
    return "/".join(reversed(names))


@dataclass(frozen=True)
class Listing:
    """Which files to list: a user's, in one folder (``parent`` None: everywhere), of some types."""

    owner: str
    parent: int | None
    filetypes: Sequence[str] = ()
    public_only: bool = False

    def conditions(self) -> list[ColumnElement[bool]]:
        """Spell it in SQL; what is in the trash is never listed."""
        conditions = [files.c.owner == self.owner, files.c.trashed_with.is_(None)]
        if self.parent is not None:
            conditions.append(files.c.parent == self.parent)
        if self.filetypes:
            conditions.append(files.c.filetype.in_(self.filetypes))
        if self.public_only:
            conditions.append(files.c.world_readable.is_(True))
        return conditions


def children(
    connection: Connection, listing: Listing, *, offset: int = 0, limit: int = 100
) -> list[FileRecord]:
    """List files by name."""
    rows = connection.execute(
        select(files)
        .where(*listing.conditions())
        .order_by(files.c.filename, files.c.idlocal)
        .offset(offset)
        .limit(limit)
    )
    return [_record(row) for row in rows]


def count(connection: Connection, listing: Listing) -> int:
    """Count what :func:`children` lists."""
    counted = select(func.count()).where(*listing.conditions())
    return int(connection.execute(counted).scalar_one())


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
        _check_parent(connection, record.owner, values["parent"])
        _check_no_loop(connection, record, values["parent"])
    if "metadata" in values:
        values["metadata"] = json.dumps(values["metadata"]).decode()
    values |= {"modified": _now(), "revision": files.c.revision + 1}
    try:
        connection.execute(update(files).where(files.c.id == record.id).values(values))
    except IntegrityError:
        raise _name_taken(values.get("filename", record.filename)) from None
    return _one(connection, files.c.id == record.id)


def touch(connection: Connection, record: FileRecord, *, row_count: int) -> FileRecord:
    """Note that a grid's values changed."""
    return change(connection, record, row_count=row_count)


def trash(connection: Connection, record: FileRecord) -> FileRecord:
    """Put a file in the trash; a folder takes along what lies in it."""
    if record.trashed:
        return record
    taken = [child for child in _descendants(connection, record) if not child.trashed]
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
    _check_parent(connection, record.owner, record.parent)
    taken = [
        child for child in _descendants(connection, record) if child.trashed_with == record.idlocal
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
    ids = [record.id, *(child.id for child in _descendants(connection, record))]
    connection.execute(delete(files).where(files.c.id.in_(ids)))


def _mark(
    connection: Connection,
    record: FileRecord,
    taken: Sequence[FileRecord],
    *,
    trashed_with: int | None,
) -> FileRecord:
    ids = [record.id, *(child.id for child in taken)]
    values = {"trashed_with": trashed_with, "modified": _now(), "revision": files.c.revision + 1}
    try:
        connection.execute(update(files).where(files.c.id.in_(ids)).values(values))
    except IntegrityError:
        raise _name_taken(record.filename) from None
    return _one(connection, files.c.id == record.id)


def _descendants(connection: Connection, record: FileRecord) -> list[FileRecord]:
    """List what lies in a folder, and in the folders in it, in the trash or not."""
    found: list[FileRecord] = []
    folders = [record] if record.filetype == FOLDER else []
    while folders:
        folder = folders.pop()
        rows = connection.execute(
            select(files).where(files.c.owner == folder.owner, files.c.parent == folder.idlocal)
        )
        inside = [_record(row) for row in rows]
        found += inside
        folders += [child for child in inside if child.filetype == FOLDER]
    return found


def _child(connection: Connection, owner: str, parent: int, name: str) -> FileRecord | None:
    row = connection.execute(
        select(files).where(*Listing(owner, parent).conditions(), files.c.filename == name)
    ).first()
    return _record(row) if row else None


def _one(connection: Connection, *conditions: ColumnElement[bool]) -> FileRecord:
    return _record(connection.execute(select(files).where(*conditions)).one())


def _record(row: Row[Any]) -> FileRecord:
    values = dict(row._mapping)  # noqa: SLF001 - SQLAlchemy's public name for it
    return FileRecord(**(values | {"metadata": json.loads(values["metadata"])}))


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


def _check_parent(connection: Connection, owner: str, parent: int) -> None:
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
    inside = {child.idlocal for child in _descendants(connection, record)}
    if parent in inside | {record.idlocal}:
        raise ValidationError(
            f"The folder {record.filename!r} can't be moved into itself.",
            status_code=400,
            field="parent",
        )


def _name_taken(filename: str) -> ValidationError:
    # the words that Chart Studio's clients look for
    return ValidationError(
        f"Sorry, a file named '{filename}' already exists", status_code=400, field="filename"
    )


def _now() -> datetime:
    return datetime.now(UTC).replace(tzinfo=None)
