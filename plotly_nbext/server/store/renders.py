"""Images that were rendered before, on disk: the least recently used make room for new ones.

A database of its own, because it may be lost at any moment: nothing waits for its disk, and no
backup needs it.
"""

from __future__ import annotations

import logging
import threading
import time
from typing import TYPE_CHECKING, Any

from sqlalchemy import (
    JSON,
    Column,
    Float,
    Index,
    Integer,
    LargeBinary,
    MetaData,
    String,
    Table,
    create_engine,
    delete,
    event,
    func,
    select,
    update,
)
from sqlalchemy.dialects.sqlite import insert
from sqlalchemy.exc import SQLAlchemyError

from plotly_nbext.server.rendering import Rendered

if TYPE_CHECKING:
    from pathlib import Path

    from sqlalchemy import Connection

__all__ = ["Renders"]

logger = logging.getLogger(__name__)

KEEP = 0.9
"""The share of the limit that stays when old images make room, so that it happens rarely."""

metadata = MetaData()

renders = Table(
    "renders",
    metadata,
    Column("key", String(64), primary_key=True),
    Column("image", LargeBinary, nullable=False),
    Column("warnings", JSON, nullable=False),
    Column("size", Integer, nullable=False),
    Column("used", Float, nullable=False),
    Index("renders_by_use", "used", "size"),
)


class Renders:
    """Rendered images by the hash of their request.

    Trouble with the disk is logged, and is otherwise as if nothing had been kept.

    Parameters
    ----------
    folder : Path
        Where the SQLite database (``renders.db``) is, or is made.
    limit : int
        Bytes that all images may have together.
    """

    def __init__(self, folder: Path, limit: int) -> None:
        self._limit = limit
        self._engine = create_engine(f"sqlite:///{folder / 'renders.db'}", hide_parameters=True)
        self._writer = threading.Lock()
        self._size = 0

        @event.listens_for(self._engine, "connect")
        def _(connection: Any, _record: Any) -> None:
            for pragma in ("journal_mode = WAL", "synchronous = OFF", "auto_vacuum = INCREMENTAL"):
                connection.execute(f"PRAGMA {pragma}")

        try:
            with self._engine.begin() as connection:
                metadata.create_all(connection)
                self._size = connection.execute(select(func.sum(renders.c.size))).scalar() or 0
        except SQLAlchemyError as error:
            self._limit = 0
            logger.warning("Images are not kept on disk: %s", error)

    def get(self, key: str) -> Rendered | None:
        """Return the image that was kept under a key."""
        if not self._limit:
            return None
        used = update(renders).where(renders.c.key == key).values(used=time.time())
        try:
            with self._writer, self._engine.begin() as connection:
                row = connection.execute(
                    used.returning(renders.c.image, renders.c.warnings)
                ).one_or_none()
        except SQLAlchemyError as error:
            logger.warning("A kept image can't be read: %s", error)
            return None
        return None if row is None else Rendered(row.image, tuple(row.warnings))

    def put(self, key: str, rendered: Rendered) -> None:
        """Keep an image; one that would push out most others is not kept."""
        size = len(rendered.image)
        if size > self._limit / 4:
            return
        row = {
            "key": key,
            "image": rendered.image,
            "warnings": list(rendered.warnings),
            "size": size,
            "used": time.time(),
        }
        try:
            with self._writer, self._engine.begin() as connection:
                made = connection.execute(insert(renders).values(row).on_conflict_do_nothing())
                size = self._size + (size if made.rowcount else 0)
                self._size = self._make_room(connection, size)
        except SQLAlchemyError as error:
            logger.warning("An image can't be kept: %s", error)

    def close(self) -> None:
        """Close the database."""
        self._engine.dispose()

    def _make_room(self, connection: Connection, size: int) -> int:
        """Delete the least recently used where the limit is passed; return what all have then."""
        if size <= self._limit:
            return size
        newer = func.sum(renders.c.size).over(order_by=renders.c.used.desc())
        ranked = select(renders.c.key, newer.label("newer")).subquery()
        spare = select(ranked.c.key).where(ranked.c.newer > self._limit * KEEP)
        connection.execute(delete(renders).where(renders.c.key.in_(spare)))
        connection.exec_driver_sql("PRAGMA incremental_vacuum")
        return int(connection.execute(select(func.sum(renders.c.size))).scalar() or 0)
