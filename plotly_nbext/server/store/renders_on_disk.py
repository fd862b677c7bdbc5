"""The images of one server, in an SQLite file of their own beside the database."""

from __future__ import annotations

import sqlite3
import threading
import time
from typing import TYPE_CHECKING, Any

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
from sqlalchemy.exc import DatabaseError, OperationalError
from sqlalchemy.schema import CreateIndex, CreateTable

from plotly_nbext.server.store.renders import Renders

if TYPE_CHECKING:
    from pathlib import Path

    from sqlalchemy import Connection
    from sqlalchemy.exc import SQLAlchemyError

__all__ = ["RendersOnDisk"]

PATIENCE = 0.2
"""Seconds to wait for another process that writes to the same file."""

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


class RendersOnDisk(Renders):
    """Images in a file.

    Parameters
    ----------
    folder : Path
        Where the SQLite database (``renders.db``) is, or is made.
    limit : int
        Bytes that it may have.
    """

    tier = "disk"

    def __init__(self, folder: Path, limit: int) -> None:
        self._path = folder / "renders.db"
        engine = create_engine(
            f"sqlite:///{self._path}",
            connect_args={"timeout": PATIENCE},
            hide_parameters=True,
        )
        event.listen(engine, "connect", _tune)
        super().__init__(engine, limit)
        self._mending = threading.Lock()
        # the limit may have been higher
        self._run(self._shrink)

    @property
    def _place(self) -> str:
        return str(self._path)

    def _prepare(self, connection: Connection) -> None:
        connection.execute(CreateTable(images, if_not_exists=True))
        connection.execute(CreateIndex(by_use, if_not_exists=True))

    def _find(self, connection: Connection, key: str) -> Any:
        return connection.execute(_FOUND, {"wanted": key}).first()

    def _keep(self, connection: Connection, row: dict[str, Any]) -> None:
        row = row | {"used": time.time()}
        # what is there already, and was not found, is damaged
        keep = insert(images).values(row).on_conflict_do_update(index_elements=["key"], set_=row)
        connection.execute(keep)
        self._make_room(connection)

    def _note(self, connection: Connection, used: dict[str, float]) -> None:
        connection.execute(_USED, [{"wanted": key, "at": at} for key, at in used.items()])

    def _mend(self, error: SQLAlchemyError) -> None:
        cause = getattr(error, "orig", error)
        self.miss(str(cause))
        if getattr(cause, "sqlite_errorcode", None) == sqlite3.SQLITE_ERROR:
            # no such table: the file was removed, and connections from before still have it
            self._engine.dispose()
        # an OperationalError is a full disk, or a file that another process has locked
        elif isinstance(error, DatabaseError) and not isinstance(error, OperationalError):
            self._remove()

    def _remove(self) -> None:
        """Remove a damaged database; the next who needs one makes it."""
        if not self._mending.acquire(blocking=False):
            return
        try:
            self._engine.dispose()
            for suffix in ("", "-wal", "-shm"):
                self._path.with_name(self._path.name + suffix).unlink(missing_ok=True)
        except OSError as error:
            self.miss(str(error))
        finally:
            self._mending.release()

    def _shrink(self, connection: Connection) -> None:
        self._make_room(connection)
        driver: Any = connection.connection.driver_connection
        driver.executescript("PRAGMA incremental_vacuum")  # by execute it frees one page

    def _make_room(self, connection: Connection) -> None:
        """Delete the least recently used where the limit is passed."""
        while _size(connection) > self._limit:
            if not connection.execute(delete(images).where(images.c.key == _OLDEST)).rowcount:
                return


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
