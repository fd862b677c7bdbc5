"""The tables of the first release.

Where there are tables of the versions before it, which made them without migrations, what these
lack is added: chunks were the plain text of JSON arrays, and grids had no row log.
"""

from __future__ import annotations

import pyarrow as pa
import sqlalchemy as sa
from alembic import op

revision = "0001"
down_revision = None

metadata = sa.MetaData()


def _of_file(name: str = "file_id") -> sa.Column[int]:
    return sa.Column(name, sa.ForeignKey("files.id", ondelete="CASCADE"), primary_key=True)


sa.Table(
    "users",
    metadata,
    sa.Column("username", sa.String(100), primary_key=True),
    sa.Column("api_key_sha256", sa.String(64), nullable=False),
    sa.Column("next_idlocal", sa.Integer, nullable=False),
    sa.Column("created", sa.DateTime, nullable=False),
)

_FILE_ADDITIONS = ("width", "logged", "logged_bytes")
_files = sa.Table(
    "files",
    metadata,
    sa.Column("id", sa.Integer, primary_key=True, autoincrement=True),
    sa.Column("owner", sa.ForeignKey("users.username", ondelete="CASCADE"), nullable=False),
    sa.Column("idlocal", sa.Integer, nullable=False),
    sa.Column("filetype", sa.String(20), nullable=False),
    sa.Column("filename", sa.String(100), nullable=False),
    sa.Column("parent", sa.Integer, nullable=False),
    sa.Column("trashed_with", sa.Integer),
    sa.Column("world_readable", sa.Boolean, nullable=False),
    sa.Column("share_key", sa.String(40), nullable=False),
    sa.Column("share_key_enabled", sa.Boolean, nullable=False),
    sa.Column("metadata", sa.Text, nullable=False),
    sa.Column("source_fid", sa.Text),
    sa.Column("source_url", sa.Text),
    sa.Column("source_referer", sa.Text),
    sa.Column("revision", sa.Integer, nullable=False),
    sa.Column("row_count", sa.Integer, nullable=False),
    *(sa.Column(name, sa.Integer, nullable=False, server_default="0") for name in _FILE_ADDITIONS),
    sa.Column("created", sa.DateTime, nullable=False),
    sa.Column("modified", sa.DateTime, nullable=False),
    sa.UniqueConstraint("owner", "idlocal"),
)
sa.Index(
    "files_unique_name",
    *(_files.c.owner, _files.c.parent, _files.c.filename),
    unique=True,
    sqlite_where=_files.c.trashed_with.is_(None),
    postgresql_where=_files.c.trashed_with.is_(None),
)
sa.Index("files_inside", _files.c.owner, _files.c.parent, _files.c.filetype)

_columns = sa.Table(
    "columns",
    metadata,
    _of_file(),
    sa.Column("uid", sa.String(6), primary_key=True),
    sa.Column("name", sa.Text, nullable=False),
    sa.Column("position", sa.Integer, nullable=False),
    sa.Column("length", sa.Integer, nullable=False),
    sa.Column("preview", sa.Text, nullable=False),
    sa.Column("fingerprint", sa.Text),
)

_chunks = sa.Table(
    "chunks",
    metadata,
    _of_file(),
    sa.Column("uid", sa.String(6), primary_key=True),
    sa.Column("start", sa.Integer, primary_key=True),
    sa.Column("length", sa.Integer, nullable=False),
    sa.Column("type", sa.Text, nullable=False),
    sa.Column("size", sa.Integer, nullable=False),
    sa.Column("data", sa.LargeBinary, nullable=False),
    sa.Index("chunks_types", "file_id", "uid", "type"),
)

sa.Table(
    "row_log",
    metadata,
    _of_file(),
    sa.Column("start", sa.Integer, primary_key=True),
    sa.Column("length", sa.Integer, nullable=False),
    sa.Column("data", sa.LargeBinary, nullable=False),
)

sa.Table("plots", metadata, _of_file(), sa.Column("figure", sa.LargeBinary, nullable=False))

sa.Table(
    "file_references",
    metadata,
    _of_file("referencer_id"),
    _of_file("referenced_id"),
    sa.Index("file_references_referenced", "referenced_id"),
)

sa.Table(
    "stars",
    metadata,
    _of_file(),
    sa.Column("username", sa.ForeignKey("users.username", ondelete="CASCADE"), primary_key=True),
)

sa.Table("views", metadata, _of_file(), sa.Column("count", sa.Integer, nullable=False))

sa.Table(
    "requests",
    metadata,
    sa.Column("owner", sa.ForeignKey("users.username", ondelete="CASCADE"), primary_key=True),
    sa.Column("key", sa.String(255), primary_key=True),
    sa.Column("digest", sa.String(64), nullable=False),
    sa.Column("status", sa.Integer),
    sa.Column("body", sa.LargeBinary),
    sa.Column("at", sa.DateTime, nullable=False),
    sa.Index("requests_by_age", "at"),
)


def upgrade() -> None:
    """Make the tables, or what is missing of them."""
    connection = op.get_bind()
    there = sa.inspect(connection)
    old = there.has_table("chunks")
    metadata.create_all(connection)
    if old:
        _add_columns(connection)
    # of a table that was there, none were made
    for table in metadata.sorted_tables:
        for index in table.indexes:
            index.create(connection, checkfirst=True)
    if connection.dialect.name == "postgresql":
        # it is compressed already
        op.execute("ALTER TABLE chunks ALTER COLUMN data SET STORAGE EXTERNAL")


def _add_columns(connection: sa.Connection) -> None:
    for name in _FILE_ADDITIONS:
        op.add_column("files", sa.Column(name, sa.Integer, nullable=False, server_default="0"))
    width = sa.select(sa.func.count()).where(_columns.c.file_id == _files.c.id).scalar_subquery()
    connection.execute(sa.update(_files).values(width=width))
    op.add_column("columns", sa.Column("fingerprint", sa.Text))
    op.add_column("chunks", sa.Column("type", sa.Text))
    op.add_column("chunks", sa.Column("size", sa.Integer))
    grids = connection.execute(sa.select(_chunks.c.file_id).distinct()).scalars().all()
    for grid in grids:
        _pack(connection, grid)
    # the values last: what is behind them is found by reading them
    order = tuple(column.name for column in _chunks.columns)
    with op.batch_alter_table("chunks", partial_reordering=[order]) as chunks:
        chunks.alter_column("type", nullable=False)
        chunks.alter_column("size", nullable=False)


def _pack(connection: sa.Connection, grid: int) -> None:
    key = (_chunks.c.uid, _chunks.c.start)
    for place in connection.execute(sa.select(*key).where(_chunks.c.file_id == grid)).all():
        this = (_chunks.c.file_id == grid) & (_chunks.c.uid == place.uid)
        this &= _chunks.c.start == place.start
        text = connection.execute(sa.select(_chunks.c.data).where(this)).scalar_one()
        packed = pa.compress(text, codec="zstd", asbytes=True)
        connection.execute(
            sa.update(_chunks).where(this).values(type="json", size=len(text), data=packed)
        )
