"""Files: what grids, plots and folders have in common (names, parents, visibility).

The functions take a connection in a transaction and raise the exceptions of
:mod:`plotly_nbext.errors`, which the server answers as they are.
"""

from __future__ import annotations

import re
import secrets
import unicodedata
from dataclasses import dataclass, fields
from datetime import UTC, datetime
from itertools import chain
from itertools import count as count_from
from typing import TYPE_CHECKING, Any, Self

from sqlalchemy import and_, bindparam, false, insert, or_, select, update
from sqlalchemy.exc import IntegrityError

from plotly_nbext.columns import json
from plotly_nbext.errors import NotFoundError, ValidationError
from plotly_nbext.server.store import tree
from plotly_nbext.server.store.prepared import Prepared
from plotly_nbext.server.store.schema import HOME, files, users

if TYPE_CHECKING:
    from collections.abc import Sequence

    from sqlalchemy import ColumnElement, Connection, FromClause

__all__ = [
    "FOLDER",
    "GRID",
    "PLOT",
    "FileHead",
    "FileRecord",
    "InTrash",
    "change",
    "check_parent",
    "checked_filename",
    "child",
    "create",
    "folders_of",
    "free_name",
    "head",
    "kept_head",
    "load",
    "locked_head",
    "name_taken",
    "not_found",
    "now",
    "of_fid",
    "one",
    "take_idlocals",
    "visible_to",
]

GRID = "grid"
PLOT = "plot"
FOLDER = "fold"
MAX_FILENAME = 100

# a number is written in one way only, and PostgreSQL takes no NUL
_FID = re.compile(r"([^:/\s\0]+):(0|[1-9][0-9]{0,8})")


@dataclass(frozen=True, kw_only=True)
class FileHead:
    """The part of a row of the files table that tells what a file is, and who may see it.

    It takes the same time to read for every file, whatever lies in it.
    """

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
    revision: int
    row_count: int
    logged: int
    logged_bytes: int
    modified: datetime

    @classmethod
    def from_row(cls, row: Any) -> Self:
        """Read a row of the table."""
        return cls(**{name: getattr(row, name) for name in cls.__dataclass_fields__})

    @property
    def trashed(self) -> bool:
        """Whether the file is in the trash."""
        return self.trashed_with is not None

    @property
    def fid(self) -> str:
        """The file's id as the API knows it: ``owner:idlocal``."""
        return f"{self.owner}:{self.idlocal}"


@dataclass(frozen=True, kw_only=True)
class FileRecord(FileHead):
    """One row of the files table."""

    metadata: dict[str, Any]
    source_fid: str | None
    source_url: str | None
    source_referer: str | None
    created: datetime

    @classmethod
    def from_row(cls, row: Any) -> Self:
        """Read a row of the table."""
        values = {name: getattr(row, name) for name in cls.__dataclass_fields__}
        return cls(**(values | {"metadata": json.loads(row.metadata)}))


_HEAD: list[ColumnElement[Any]] = [files.c[field.name] for field in fields(FileHead)]

_HEADS = Prepared(
    select(*_HEAD).where(
        files.c.owner == bindparam("fid_owner"), files.c.idlocal == bindparam("fid_idlocal")
    )
)
# not against those who only refer to the file, by a foreign key
_LOCKED_HEADS = Prepared(
    select(*_HEAD)
    .where(files.c.owner == bindparam("fid_owner"), files.c.idlocal == bindparam("fid_idlocal"))
    .with_for_update(key_share=True)
)
# against those who change it, and not against those who keep it too
_KEPT_HEADS = Prepared(
    select(*_HEAD)
    .where(files.c.owner == bindparam("fid_owner"), files.c.idlocal == bindparam("fid_idlocal"))
    .with_for_update(read=True)
)
_RECORDS = Prepared(select(files).where(files.c.id == bindparam("file_id")))


def not_found() -> NotFoundError:
    """Make the one answer for what is not there and for what the caller must not know of."""
    return NotFoundError("Not found.", status_code=404)


class InTrash(NotFoundError):  # noqa: N818 - reads as what happened
    """What its owner asks for is in the trash; others are not told."""

    def __init__(self) -> None:
        super().__init__("Not found.", status_code=404)


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
    idlocal = take_idlocals(connection, owner)
    created = now()
    row = {
        "owner": owner,
        "idlocal": idlocal,
        "filetype": filetype,
        "filename": free_name(connection, owner, parent, f"{filetype} {idlocal}")
        if filename is None
        else checked_filename(filename),
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


def take_idlocals(connection: Connection, owner: str, count: int = 1) -> int:
    """Take the next numbers of a user's, and return the first; they are never given out again."""
    first: int = connection.execute(
        update(users)
        .where(users.c.username == owner)
        .values(next_idlocal=users.c.next_idlocal + count)
        .returning(users.c.next_idlocal - count)
    ).scalar_one()
    return first


def of_fid(fid: str) -> ColumnElement[bool]:
    """Spell in SQL which file has a fid."""
    match = _FID.fullmatch(fid)
    if match is None:
        return false()
    return and_(files.c.owner == match[1], files.c.idlocal == int(match[2]))


def head(connection: Connection, fid: str) -> FileHead | None:
    """Return what tells who may see the file with a fid, in the trash or not."""
    return _head(_HEADS, connection, fid)


def locked_head(connection: Connection, fid: str) -> FileHead | None:
    """Return it as no one else changes it until the end of the transaction."""
    return _head(_LOCKED_HEADS, connection, fid)


def kept_head(connection: Connection, fid: str) -> FileHead | None:
    """Return it as it stays until the end of the transaction, for others who keep it too."""
    return _head(_KEPT_HEADS, connection, fid)


def _head(heads: Prepared, connection: Connection, fid: str) -> FileHead | None:
    match = _FID.fullmatch(fid)
    if match is None:
        return None
    rows = heads(connection, fid_owner=match[1], fid_idlocal=int(match[2]))
    return FileHead.from_row(rows[0]) if rows else None


def load(connection: Connection, head: FileHead) -> FileRecord:
    """Return the whole record of a file.

    Raises
    ------
    NotFoundError
        It was deleted meanwhile.
    """
    rows = _RECORDS(connection, file_id=head.id)
    if not rows:
        raise not_found()
    return FileRecord.from_row(rows[0])


def child(connection: Connection, owner: str, parent: int, name: str) -> FileHead | None:
    """Return what tells who may see the file of some name in a folder."""
    row = connection.execute(
        select(*_HEAD).where(
            files.c.owner == owner,
            files.c.parent == parent,
            files.c.filename == name,
            files.c.trashed_with.is_(None),
        )
    ).first()
    return FileHead.from_row(row) if row else None


def folders_of(connection: Connection, records: Sequence[FileHead]) -> dict[int, FileHead]:
    """Return the folder of each of some files that don't lie at home, by the id of the file."""
    if not records:
        return {}
    inside = files.alias()
    shown = [*_HEAD, inside.c.id.label("inside")]
    rows = connection.execute(
        select(*shown)
        .join(inside, (inside.c.owner == files.c.owner) & (inside.c.parent == files.c.idlocal))
        .where(inside.c.id.in_([record.id for record in records]))
    )
    return {row.inside: FileHead.from_row(row) for row in rows}


def visible_to(username: str | None, table: FromClause = files) -> ColumnElement[bool]:
    """Spell in SQL what someone may see without a key: what is public, and what is theirs."""
    return or_(table.c.world_readable.is_(True), table.c.owner == username)


def change(connection: Connection, record: FileHead, **values: Any) -> FileRecord:
    """Write fields of a file: filename, parent, metadata, visibility, row_count.

    Raises
    ------
    ValidationError
        The name is taken or can't be one; the parent is not a folder, or lies in the file itself.
    """
    if "filename" in values:
        values["filename"] = checked_filename(values["filename"])
    if "parent" in values:
        check_parent(connection, record.owner, values["parent"])
        if record.filetype == FOLDER and values["parent"] != record.parent:
            _check_no_loop(connection, record, values["parent"])
    if "metadata" in values:
        values["metadata"] = json.dumps(values["metadata"]).decode()
    values |= {"modified": now(), "revision": files.c.revision + 1}
    try:
        connection.execute(update(files).where(files.c.id == record.id).values(values))
    except IntegrityError:
        raise name_taken(values.get("filename", record.filename)) from None
    return one(connection, files.c.id == record.id)


def one(connection: Connection, *conditions: ColumnElement[bool]) -> FileRecord:
    """Return the one file that meets some conditions."""
    return FileRecord.from_row(connection.execute(select(files).where(*conditions)).one())


def free_name(connection: Connection, owner: str, parent: int, name: str) -> str:
    """Return the first name that is free in a folder: ``grid 3``, ``grid 3 (2)`` …."""
    suffixes = chain([""], (f" ({number})" for number in count_from(2)))
    names = (name[: MAX_FILENAME - len(suffix)] + suffix for suffix in suffixes)
    return next(name for name in names if child(connection, owner, parent, name) is None)


def checked_filename(filename: Any) -> str:
    """Return what is a filename; refuse what is none."""
    if not isinstance(filename, str) or not filename.strip():
        wrong = "is not a name"
    elif len(filename) > MAX_FILENAME:
        wrong = f"has {len(filename)} characters; {MAX_FILENAME} are the most"
    elif filename in {".", ".."}:
        wrong = "is a step in a path, not a name"
    elif "/" in filename:
        wrong = "has a '/': put its folder into parent_path"
    elif any(unicodedata.category(letter) == "Cc" for letter in filename):
        wrong = "has a control character"
    else:
        return filename
    raise ValidationError(f"The filename {filename!r} {wrong}.", status_code=400, field="filename")


def check_parent(connection: Connection, owner: str, parent: int) -> None:
    """Refuse what is not a folder of the owner's as a parent."""
    if parent == HOME:
        return
    folder = head(connection, f"{owner}:{parent}")
    if folder is None or folder.trashed or folder.filetype != FOLDER:
        raise ValidationError(
            f"The parent {parent} is not a folder of {owner!r}.", status_code=400, field="parent"
        )


def _check_no_loop(connection: Connection, record: FileHead, parent: int) -> None:
    """Refuse to move a folder into itself, or into what lies in it."""
    above = tree.above(record.owner, parent)
    if connection.execute(select(above).where(above.c.id == record.id)).first():
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
