"""Images that were rendered before, on disk: the least recently used make room for new ones.

A database of its own, because it may be lost at any moment: nothing waits for its disk, and no
backup needs it.
"""

from __future__ import annotations

import json
import logging
import sqlite3
import threading
import time
import zlib
from typing import TYPE_CHECKING, Any, TypeVar

from sqlalchemy import (
    Column,
    Float,
    Index,
    Integer,
    LargeBinary,
    MetaData,
    String,
    Table,
    Text,
    bindparam,
    create_engine,
    delete,
    event,
    select,
    update,
)
from sqlalchemy.dialects.sqlite import insert
from sqlalchemy.exc import DatabaseError, OperationalError, SQLAlchemyError
from sqlalchemy.schema import CreateIndex, CreateTable

from plotly_nbext.server.rendering import Rendered

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from sqlalchemy import Connection

__all__ = ["Renders"]

T = TypeVar("T")

logger = logging.getLogger(__name__)

LARGEST = 1 / 8
"""The share of the limit that one image may take."""

PATIENCE = 0.2
"""Seconds to wait for another process that writes to the same file."""

USES = 1000
"""Uses that are noted before they are written, which happens with an image that is kept."""

images = Table(
    "images",
    MetaData(),
    Column("key", String(64), primary_key=True),
    Column("image", LargeBinary, nullable=False),
    Column("warnings", Text, nullable=False),
    Column("checksum", Integer, nullable=False),
    Column("used", Float, nullable=False),
)
by_use = Index("images_by_use", images.c.used)

_FOUND = select(images.c.image, images.c.warnings, images.c.checksum).where(
    images.c.key == bindparam("wanted")
)
_USED = update(images).where(images.c.key == bindparam("wanted")).values(used=bindparam("at"))
_OLDEST = select(images.c.key).order_by(images.c.used).limit(1).scalar_subquery()


class Renders:
    """Rendered images by the hash of their request.

    Trouble with the disk is logged, each kind once, and is otherwise as if nothing had been kept.
    What is damaged is made anew.

    Parameters
    ----------
    folder : Path
        Where the SQLite database (``renders.db``) is, or is made.
    limit : int
        Bytes that it may have.
    """

    def __init__(self, folder: Path, limit: int) -> None:
        self._path = folder / "renders.db"
        self._limit = limit
        self._engine = create_engine(
            f"sqlite:///{self._path}",
            connect_args={"timeout": PATIENCE},
            hide_parameters=True,
        )
        event.listen(self._engine, "connect", _tune)
        self._ready = False
        self._writing = threading.Lock()
        self._mending = threading.Lock()
        self._used: dict[str, float] = {}
        self._told: set[str] = set()
        # the limit may have been higher
        self._run(self._shrink)

    def get(self, key: str) -> Rendered | None:
        """Return the image that was kept under a key."""
        row = self._run(lambda connection: connection.execute(_FOUND, {"wanted": key}).first())
        if row is None or _checksum(row.image, row.warnings) != row.checksum:
            return None
        self.note_use(key)
        return Rendered(row.image, tuple(json.loads(row.warnings)))

    def note_use(self, key: str) -> None:
        """Remember that an image was asked for, so that others make room before it."""
        if len(self._used) < USES:
            self._used[key] = time.time()

    def put(self, key: str, rendered: Rendered) -> None:
        """Keep an image; one that would push out many others is not kept."""
        if len(rendered.image) > self._limit * LARGEST:
            return
        warnings = json.dumps(rendered.warnings)
        row = {
            "key": key,
            "image": rendered.image,
            "warnings": warnings,
            "checksum": _checksum(rendered.image, warnings),
            "used": time.time(),
        }
        # what is there already, and was not found, is damaged
        keep = insert(images).values(row).on_conflict_do_update(index_elements=["key"], set_=row)

        def write(connection: Connection) -> None:
            connection.execute(keep)
            self._make_room(connection)

        self._write(write)

    def close(self) -> None:
        """Close the database."""
        self._write(lambda _: None)
        self._engine.dispose()

    def _write(self, work: Callable[[Connection], None]) -> None:
        """Change something, after the uses that were noted; these stay so where that can't be."""
        with self._writing:
            used = self._used.copy()

            def write(connection: Connection) -> bool:
                if used:
                    uses = [{"wanted": key, "at": at} for key, at in used.items()]
                    connection.execute(_USED, uses)
                work(connection)
                return True

            if self._run(write):
                for key, at in used.items():
                    if self._used[key] == at:
                        del self._used[key]

    def _run(self, work: Callable[[Connection], T]) -> T | None:
        """Do something in a transaction; where that can't be, nothing is done."""
        try:
            with self._engine.begin() as connection:
                if not self._ready:
                    self._prepare(connection)
                    self._ready = True
                return work(connection)
        except SQLAlchemyError as error:
            cause = getattr(error, "orig", error)
            self._tell(str(cause))
            self._ready = False
            if getattr(cause, "sqlite_errorcode", None) == sqlite3.SQLITE_ERROR:
                # no such table: the file was removed, and connections from before still have it
                self._engine.dispose()
            # an OperationalError is a full disk, or a file that another process has locked
            elif isinstance(error, DatabaseError) and not isinstance(error, OperationalError):
                self._remove()
        return None

    def _prepare(self, connection: Connection) -> None:
        connection.execute(CreateTable(images, if_not_exists=True))
        connection.execute(CreateIndex(by_use, if_not_exists=True))

    def _shrink(self, connection: Connection) -> None:
        self._make_room(connection)
        driver: Any = connection.connection.driver_connection
        driver.executescript("PRAGMA incremental_vacuum")  # by execute it frees one page

    def _make_room(self, connection: Connection) -> None:
        """Delete the least recently used where the limit is passed."""
        while _size(connection) > self._limit:
            if not connection.execute(delete(images).where(images.c.key == _OLDEST)).rowcount:
                return

    def _tell(self, trouble: str) -> None:
        if trouble not in self._told:
            self._told.add(trouble)
            logger.warning("Images can't be kept in %s: %s", self._path, trouble)

    def _remove(self) -> None:
        """Remove a damaged database; the next who needs one makes it."""
        if not self._mending.acquire(blocking=False):
            return
        try:
            self._engine.dispose()
            for suffix in ("", "-wal", "-shm"):
                self._path.with_name(self._path.name + suffix).unlink(missing_ok=True)
        except OSError as error:
            self._tell(str(error))
        finally:
            self._mending.release()


def _checksum(image: bytes, warnings: str) -> int:
    """Make out what a disk has changed, which SQLite does not."""
    return zlib.crc32(warnings.encode(), zlib.crc32(image))


def _tune(connection: Any, _record: Any) -> None:
    if not connection.execute("PRAGMA page_count").fetchone()[0]:
        # of a file that has pages it would be written anew, which waits for who writes
        connection.execute("PRAGMA auto_vacuum = INCREMENTAL")
    for pragma in (
        "journal_mode = WAL",
        "journal_size_limit = 0",
        # the file stays whole when the power fails; the last images may be gone
        "synchronous = NORMAL",
    ):
        connection.execute(f"PRAGMA {pragma}")


def _size(connection: Connection) -> int:
    """Tell how much of the file is in use, in bytes."""
    pages, unused, page = (
        connection.exec_driver_sql(f"PRAGMA {name}").scalar_one()
        for name in ("page_count", "freelist_count", "page_size")
    )
    return int((pages - unused) * page)
