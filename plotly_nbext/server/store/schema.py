"""The tables.

A *file* is a grid, a plot or a folder and belongs to a user, who numbers them from 0 (``idlocal``).
A grid's values lie in *chunks* of one column each, so that a window, a column and an append touch
only what they need. Rows that are appended lie in the grid's *row log* until it is folded into the
chunks, so that the last one costs what the first did.

What changes here needs a migration in ``migrations/versions``, and its name in ``REVISION``.
"""

from __future__ import annotations

from typing import Final

from sqlalchemy import (
    BigInteger,
    Boolean,
    Column,
    DateTime,
    ForeignKey,
    Index,
    Integer,
    LargeBinary,
    MetaData,
    String,
    Table,
    Text,
    UniqueConstraint,
)

__all__ = [
    "BACKUP",
    "CHUNK_ROWS",
    "HOME",
    "MAX_COLUMNS",
    "REVISION",
    "chunks",
    "columns",
    "file_references",
    "files",
    "metadata",
    "plots",
    "push_parts",
    "requests",
    "row_log",
    "stars",
    "users",
    "views",
]

REVISION: Final = "0003"
"""The migration that makes these tables."""

BACKUP: Final = "backup"
"""The table that a backup has, and a server's database has not."""

HOME: Final = -1
"""The ``parent`` of what lies in a user's home folder."""

CHUNK_ROWS: Final = 16_384
"""Rows in a full chunk: a window decodes few, a whole column is read in long runs."""

MAX_COLUMNS: Final = 16_384
"""Columns of a grid, as many as of a spreadsheet: each takes time whenever their order changes."""

metadata = MetaData()

users = Table(
    "users",
    metadata,
    Column("username", String(100), primary_key=True),
    Column("api_key_sha256", String(64), nullable=False),
    Column("next_idlocal", Integer, nullable=False, default=0),
    Column("created", DateTime, nullable=False),
)

files = Table(
    "files",
    metadata,
    Column("id", Integer, primary_key=True, autoincrement=True),
    Column("owner", ForeignKey("users.username", ondelete="CASCADE"), nullable=False),
    Column("idlocal", Integer, nullable=False),
    Column("filetype", String(20), nullable=False),
    Column("filename", String(100), nullable=False),
    Column("parent", Integer, nullable=False),
    # the idlocal of the file that was put in the trash: this one, or a folder that took it along
    Column("trashed_with", Integer),
    Column("world_readable", Boolean, nullable=False),
    Column("share_key", String(40), nullable=False),
    Column("share_key_enabled", Boolean, nullable=False),
    Column("metadata", Text, nullable=False),
    Column("source_fid", Text),
    Column("source_url", Text),
    Column("source_referer", Text),
    Column("revision", Integer, nullable=False, default=0),
    Column("row_count", Integer, nullable=False, default=0),
    # a grid's columns, and what its row log holds: an append needs to know no more
    Column("width", Integer, nullable=False, server_default="0"),
    Column("logged", Integer, nullable=False, server_default="0"),
    Column("logged_bytes", Integer, nullable=False, server_default="0"),
    Column("created", DateTime, nullable=False),
    Column("modified", DateTime, nullable=False),
    UniqueConstraint("owner", "idlocal"),
)

# what lies in the trash keeps its name without holding on to it
Index(
    "files_unique_name",
    files.c.owner,
    files.c.parent,
    files.c.filename,
    unique=True,
    sqlite_where=files.c.trashed_with.is_(None),
    postgresql_where=files.c.trashed_with.is_(None),
)

# what lies in a folder, in the trash or not
Index("files_inside", files.c.owner, files.c.parent, files.c.filetype)

columns = Table(
    "columns",
    metadata,
    Column("file_id", ForeignKey("files.id", ondelete="CASCADE"), primary_key=True),
    Column("uid", String(6), primary_key=True),
    Column("name", Text, nullable=False),
    Column("position", Integer, nullable=False),
    # how many values lie in chunks, and the first of them as texts
    Column("length", Integer, nullable=False),
    Column("preview", Text, nullable=False),
    # what its writer calls these values, to know them again
    Column("fingerprint", Text),
)

chunks = Table(
    "chunks",
    metadata,
    Column("file_id", ForeignKey("files.id", ondelete="CASCADE"), primary_key=True),
    Column("uid", String(6), primary_key=True),
    Column("start", Integer, primary_key=True),
    Column("length", Integer, nullable=False),
    # see chunks.py
    Column("type", Text, nullable=False),
    Column("size", Integer, nullable=False),
    Column("checksum", BigInteger, nullable=False),
    Column("data", LargeBinary, nullable=False),
    # of what types a column's chunks are, without reading any of them
    Index("chunks_types", "file_id", "uid", "type"),
)

row_log = Table(
    "row_log",
    metadata,
    Column("file_id", ForeignKey("files.id", ondelete="CASCADE"), primary_key=True),
    Column("start", Integer, primary_key=True),
    Column("length", Integer, nullable=False),
    Column("checksum", BigInteger, nullable=False),
    # the JSON text of an array of rows
    Column("data", LargeBinary, nullable=False),
)

plots = Table(
    "plots",
    metadata,
    Column("file_id", ForeignKey("files.id", ondelete="CASCADE"), primary_key=True),
    Column("checksum", BigInteger, nullable=False),
    # JSON text, as it was sent
    Column("figure", LargeBinary, nullable=False),
)

# a plot references the grids that it draws on, a grid the one that it was made from
file_references = Table(
    "file_references",
    metadata,
    Column("referencer_id", ForeignKey("files.id", ondelete="CASCADE"), primary_key=True),
    Column("referenced_id", ForeignKey("files.id", ondelete="CASCADE"), primary_key=True),
    Index("file_references_referenced", "referenced_id"),
)

stars = Table(
    "stars",
    metadata,
    Column("file_id", ForeignKey("files.id", ondelete="CASCADE"), primary_key=True),
    Column("username", ForeignKey("users.username", ondelete="CASCADE"), primary_key=True),
)

# apart from the files, which a visit does not change
views = Table(
    "views",
    metadata,
    Column("file_id", ForeignKey("files.id", ondelete="CASCADE"), primary_key=True),
    Column("count", Integer, nullable=False),
)

# what was answered to requests that may be sent again
requests = Table(
    "requests",
    metadata,
    Column("owner", ForeignKey("users.username", ondelete="CASCADE"), primary_key=True),
    Column("key", String(255), primary_key=True),
    Column("digest", String(64), nullable=False),
    Column("status", Integer),
    Column("body", LargeBinary),
    Column("at", DateTime, nullable=False),
    Index("requests_by_age", "at"),
)

# what waits to become a grid, or a part of one
push_parts = Table(
    "push_parts",
    metadata,
    Column("owner", ForeignKey("users.username", ondelete="CASCADE"), primary_key=True),
    Column("push", String(32), primary_key=True),
    Column("part", String(32), primary_key=True),
    Column("place", Integer, primary_key=True),
    Column("length", Integer, nullable=False),
    # see pushes.py
    Column("data", LargeBinary, nullable=False),
    Column("at", DateTime, nullable=False),
    Index("push_parts_by_age", "at"),
)
