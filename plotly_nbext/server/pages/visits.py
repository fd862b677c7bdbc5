"""Visits of pages, counted after the page is shown: together, and by one thread."""

from __future__ import annotations

import asyncio
import logging
from typing import TYPE_CHECKING

from anyio.to_thread import run_sync
from sqlalchemy.exc import SQLAlchemyError

from plotly_nbext.server.store import popularity
from plotly_nbext.server.store.outages import reason

if TYPE_CHECKING:
    from anyio import CapacityLimiter

    from plotly_nbext.server.store import Database
    from plotly_nbext.server.store.files import FileRecord

__all__ = ["Visits"]

logger = logging.getLogger("plotly_nbext.server")

WAITING_SECONDS = 0.5


class Visits:
    """The visits that are yet to be written, however many come while the database is busy.

    Parameters
    ----------
    database : Database
        Where they are counted.
    lane : CapacityLimiter
        The writers' turns.
    """

    def __init__(self, database: Database, lane: CapacityLimiter) -> None:
        self._database = database
        self._lane = lane
        self._waiting: dict[int, tuple[FileRecord, int]] = {}
        self._writing: asyncio.Task[None] | None = None

    async def add(self, file: FileRecord) -> None:
        """Count a visit, while whoever came waits for a moment at most."""
        _, before = self._waiting.get(file.id, (file, 0))
        self._waiting[file.id] = (file, before + 1)
        if self._writing is None or self._writing.done():
            self._writing = asyncio.create_task(self._write())
        await asyncio.wait([self._writing], timeout=WAITING_SECONDS)

    async def close(self) -> None:
        """Write what is left."""
        if self._writing is not None:
            await self._writing

    async def _write(self) -> None:
        while self._waiting:
            _, (file, count) = self._waiting.popitem()
            await run_sync(self._add, file, count, limiter=self._lane)

    def _add(self, file: FileRecord, count: int) -> None:
        try:
            with self._database.write() as connection:
                popularity.add_views(connection, file, count)
        except SQLAlchemyError as error:
            why = reason(error)
            logger.warning("%d visits of %s were not counted: %s", count, file.fid, why)
