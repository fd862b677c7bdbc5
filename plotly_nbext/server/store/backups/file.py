"""The file of a backup: an SQLite database of our tables, and of one that sums them up.

It is the same whatever kind of database it was made from.
"""

from __future__ import annotations

import hashlib
import sqlite3
import struct
from contextlib import contextmanager, suppress
from typing import TYPE_CHECKING, Any, Final
from urllib.parse import quote

import msgspec
from sqlalchemy import (
    Column,
    DateTime,
    Integer,
    MetaData,
    NullPool,
    String,
    Table,
    Text,
    create_engine,
    inspect,
    select,
)
from sqlalchemy.exc import SQLAlchemyError

from plotly_nbext.errors import ServiceError
from plotly_nbext.server.store import schema

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping
    from pathlib import Path

    from sqlalchemy import Connection, Row

__all__ = [
    "FORMAT",
    "UNREADABLE",
    "Sum",
    "about",
    "altered",
    "opened",
    "sums",
    "tables",
]

FORMAT: Final = 1
"""How a backup is written, beside the tables."""

UNREADABLE: Final = (SQLAlchemyError, ValueError, TypeError)
"""What reading a damaged database fails with: a time that is none is a ValueError, for one."""

_metadata = MetaData()

about = Table(
    schema.BACKUP,
    _metadata,
    Column("format", Integer, nullable=False),
    # the migration that made the tables, and the version of this package that wrote them
    Column("revision", String(32), nullable=False),
    Column("version", String(32), nullable=False),
    Column("begun", DateTime, nullable=False),
)

sums = Table(
    "sums",
    _metadata,
    Column("table_name", Text, primary_key=True),
    Column("rows", Integer, nullable=False),
    Column("digest", String(64), nullable=False),
)

# how SQLite's files begin: with its name, how long a page is, and how many there are
_HEAD: Final = struct.Struct(">16s H 10x I")
_MAGIC: Final = b"SQLite format 3\0"
_LARGEST_PAGE: Final = 65_536  # which is written as 1

tables: Final = schema.metadata.sorted_tables
"""What is kept: each after those that it refers to."""


class Sum:
    """How many rows a table has, and a digest of them, in whatever order they come."""

    def __init__(self) -> None:
        self._rows = 0
        self._total = 0

    def add(self, row: Row[Any]) -> None:
        """Add a row."""
        digest = hashlib.sha256(msgspec.msgpack.encode([*row])).digest()
        self._total += int.from_bytes(digest)
        self._rows += 1

    @property
    def facts(self) -> tuple[int, str]:
        """How many rows were added, and the sum of their digests in 64 hexadecimal digits."""
        return self._rows, f"{self._total % 2**256:064x}"


def altered(backup: Connection, found: Mapping[str, Sum] | None = None) -> list[str]:
    """Name the tables of a backup that are not as they were written.

    Parameters
    ----------
    found : dict of Sum, optional
        What they sum up to, for whoever has read them; else they are read.
    """
    written = {}
    with suppress(*UNREADABLE):
        written = {row.table_name: (row.rows, row.digest) for row in backup.execute(select(sums))}
    return [
        table.name
        for table in tables
        if written.get(table.name) != (found[table.name] if found else _read(backup, table)).facts
    ]


def _read(backup: Connection, table: Table) -> Sum:
    found = Sum()
    with suppress(*UNREADABLE):  # then it is short of rows
        for row in backup.execute(select(table).execution_options(yield_per=1)):
            found.add(row)
    return found


@contextmanager
def opened(path: Path) -> Iterator[Connection]:
    """Open a backup, which is not written to.

    Raises
    ------
    ServiceError
        It is none, or of another version's tables.
    """
    if path.is_dir():
        raise ServiceError(f"{path} is a folder.", hint=f"A database is named by --data {path}.")
    if not path.is_file():
        raise ServiceError(f"There is no file {path}.")
    # nobody else writes it either, so there is nothing to lock or to recover
    uri = f"file:{quote(str(path.resolve()))}?mode=ro&immutable=1"

    def connect() -> sqlite3.Connection:
        return sqlite3.connect(uri, uri=True, isolation_level=None)

    engine = create_engine("sqlite://", creator=connect, hide_parameters=True, poolclass=NullPool)
    with engine.connect() as connection:
        # or each savepoint would be committed, which SQLite refuses after it has met damage
        connection.exec_driver_sql("BEGIN")
        try:
            found = connection.execute(select(about)).one()
        except UNREADABLE:
            raise _why_none(connection, path) from None
        if (found.format, found.revision) != (FORMAT, schema.REVISION):
            raise ServiceError(
                f"{path} was written by plotly_nbext {found.version}, whose tables are those of "
                f"revision {found.revision}; these are of {schema.REVISION}.",
                hint=f"Use it with plotly_nbext {found.version}; upgrade the database afterwards.",
            )
        yield connection


def _why_none(connection: Connection, path: Path) -> ServiceError:
    """Say what a file is that can't be read as a backup."""
    with path.open("rb") as file:
        head = file.read(_HEAD.size)
    if len(head) == _HEAD.size:
        magic, page_size, pages = _HEAD.unpack(head)
        whole = pages * (page_size if page_size > 1 else _LARGEST_PAGE)
        if magic == _MAGIC and (size := path.stat().st_size) < whole:
            return ServiceError(f"{path} is cut short: {size:,} of its {whole:,} bytes are there.")
    is_a_servers = path.with_name(f"{path.name}-wal").exists()
    with suppress(*UNREADABLE):
        is_a_servers = is_a_servers or inspect(connection).has_table("alembic_version")
    if is_a_servers:
        return ServiceError(
            f"{path} is a server's database, and no backup.",
            hint=f"Name its folder: --data {path.parent}",
        )
    return ServiceError(f"{path} is no backup, or its beginning is damaged.")
