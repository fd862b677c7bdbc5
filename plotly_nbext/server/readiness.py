"""Whether a server can do its work now; whoever spreads requests asks that."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING

from anyio import CapacityLimiter
from anyio.to_thread import run_sync
from sqlalchemy.exc import SQLAlchemyError

from plotly_nbext.server.store import schema
from plotly_nbext.server.store.revision import revision

if TYPE_CHECKING:
    from plotly_nbext.server.render_cache import CachedRenderer
    from plotly_nbext.server.shutdown import Shutdown
    from plotly_nbext.server.store import Database

__all__ = ["Readiness"]

SECONDS = 2.0
"""How long the database may take: probes commonly wait for a little longer than that."""


class Readiness:
    """What a server needs, looked at when someone asks; those who ask at once share a look.

    Parameters
    ----------
    database : Database
        It has to answer, and to have the tables that this version knows.
    renderer : CachedRenderer
        It has to have its cluster, if it draws on one.
    shutdown : Shutdown
        It must not have begun.
    """

    def __init__(self, database: Database, renderer: CachedRenderer, shutdown: Shutdown) -> None:
        self._database = database
        self._renderer = renderer
        self._shutdown = shutdown
        self._lane = CapacityLimiter(1)
        self._looking: asyncio.Task[str | None] | None = None

    async def missing(self) -> dict[str, str]:
        """Tell what is missing, and why; in words that anyone may read."""
        found = {
            "database": await self._of_database(),
            "rendering": await self._renderer.ready(),
            "server": "It is shutting down." if self._shutdown.begun else None,
        }
        return {part: why for part, why in found.items() if why is not None}

    async def _of_database(self) -> str | None:
        if self._looking is None or self._looking.done():
            self._looking = asyncio.create_task(run_sync(self._look, limiter=self._lane))
        # who does not wait for the end leaves it to the others
        done, _ = await asyncio.wait([self._looking], timeout=SECONDS)
        return self._looking.result() if done else f"No answer within {SECONDS:g} seconds."

    def _look(self) -> str | None:
        try:
            with self._database.read() as connection:
                found = revision(connection)
        except SQLAlchemyError:
            return "It can't be reached."  # an address or a name may be in the reason
        if found != schema.REVISION:
            return f"Its tables are those of revision {found}; they should be {schema.REVISION}."
        return None
