"""Rows that were appended, put among the other values once there are many, behind the answers."""

from __future__ import annotations

import asyncio
import logging
from typing import TYPE_CHECKING

from anyio.to_thread import run_sync
from sqlalchemy.exc import SQLAlchemyError

from plotly_nbext.server.store import files, grids
from plotly_nbext.server.store.checksums import Damaged
from plotly_nbext.server.store.outages import reason

if TYPE_CHECKING:
    from anyio import CapacityLimiter

    from plotly_nbext.server.store import Database
    from plotly_nbext.server.store.files import FileHead

__all__ = ["Folding"]

logger = logging.getLogger("plotly_nbext.server")


class Folding:
    """The grids whose row log is long; one that isn't folded stays as it is, and as right.

    Parameters
    ----------
    database : Database
        Where they are.
    lane : CapacityLimiter
        The writers' turns.
    """

    def __init__(self, database: Database, lane: CapacityLimiter) -> None:
        self._database = database
        self._lane = lane
        self._tasks: dict[int, asyncio.Task[None]] = {}
        self._unfolded: set[int] = set()

    def soon(self, grid: FileHead) -> None:
        """Fold a grid after the writers that wait already, unless it is about to be folded."""
        if grid.id not in self._tasks:
            task = asyncio.create_task(run_sync(self._fold, grid, limiter=self._lane))
            task.add_done_callback(lambda _: self._tasks.pop(grid.id))
            self._tasks[grid.id] = task

    async def close(self) -> None:
        """Give up what has not begun, and wait for what has."""
        tasks = [*self._tasks.values()]
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)

    def _fold(self, grid: FileHead) -> None:
        try:
            with self._database.write() as connection:
                head = files.locked_head(connection, grid.fid)
                if head is not None:
                    grids.fold(connection, head)
        except (SQLAlchemyError, Damaged) as error:
            if grid.id not in self._unfolded:  # or each append would say so
                logger.warning("the rows of %s were not folded: %s", grid.fid, reason(error))
            self._unfolded.add(grid.id)
        else:
            self._unfolded.discard(grid.id)
