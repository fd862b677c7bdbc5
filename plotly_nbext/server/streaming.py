"""Answers that are sent while they are read from the database: never whole in memory."""

from __future__ import annotations

from typing import TYPE_CHECKING

from anyio import CancelScope
from anyio.to_thread import run_sync

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Callable, Generator, Iterator

    from anyio import CapacityLimiter
    from sqlalchemy import Connection
    from starlette.requests import Request

    from plotly_nbext.server.store import Database

__all__ = ["streamed"]


async def streamed(
    request: Request, pieces: Callable[[Connection], Iterator[bytes]]
) -> AsyncIterator[bytes]:
    """Make the pieces of an answer in one transaction.

    The first piece is made before the answer begins, so that what is refused has its status.
    """
    database: Database = request.app.state.database
    lane: CapacityLimiter = request.app.state.lanes.sending

    def within_transaction() -> Generator[bytes]:
        with database.read() as connection:
            yield from pieces(connection)

    body = within_transaction()
    first = await run_sync(next, body, limiter=lane)
    return _until_closed(first, body, lane)


async def _until_closed(
    first: bytes, rest: Generator[bytes], lane: CapacityLimiter
) -> AsyncIterator[bytes]:
    """Send the pieces; end the transaction that they come from even when the client goes away."""
    try:
        piece: bytes | None = first
        while piece is not None:
            yield piece
            piece = await run_sync(next, rest, None, limiter=lane)
    finally:
        with CancelScope(shield=True):
            await run_sync(rest.close)
