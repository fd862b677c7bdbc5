"""What is done when a request has met damage."""

from __future__ import annotations

import logging
from contextlib import suppress
from typing import TYPE_CHECKING

from anyio.to_thread import run_sync
from sqlalchemy.exc import SQLAlchemyError

from plotly_nbext.server.store import grids
from plotly_nbext.server.store.checksums import Damaged
from plotly_nbext.server.store.outages import reason

if TYPE_CHECKING:
    from starlette.requests import Request

__all__ = ["forget_fingerprints", "note_damage"]

logger = logging.getLogger("plotly_nbext.server")


async def note_damage(request: Request, error: Exception) -> None:
    """Tell the log of it in a line, and do as :func:`forget_fingerprints`."""
    request_id = getattr(request.state, "request_id", "")
    logger.error("request %s failed: %s", request_id, reason(error))
    await forget_fingerprints(request, error)


async def forget_fingerprints(request: Request, error: Exception) -> None:
    """See that whoever pushes a damaged grid anew sends all of it.

    By the fingerprints of what was written, a client would leave out just what is damaged.
    """
    fid = error.fid if isinstance(error, Damaged) else request.path_params.get("fid")
    if fid is None:
        return
    state = request.app.state

    def is_known() -> bool:
        with state.database.read() as connection:
            return grids.has_fingerprints(connection, fid)

    def forget() -> None:
        with state.database.write() as connection:
            grids.forget_fingerprints(connection, fid)

    with suppress(SQLAlchemyError, OSError):  # a bad disk may take nothing any more
        if await run_sync(is_known):  # which it is not for the many who meet it after the first
            await run_sync(forget, limiter=state.lanes.writing)
