"""Answers that are sent while they are read from the database: never whole in memory."""

from __future__ import annotations

from typing import TYPE_CHECKING

from anyio import CancelScope
from starlette.concurrency import iterate_in_threadpool, run_in_threadpool

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Callable, Generator, Iterator

    from sqlalchemy import Connection

    from plotly_nbext.server.store import Database

__all__ = ["streamed"]


async def streamed(
    database: Database, pieces: Callable[[Connection], Iterator[bytes]]
) -> AsyncIterator[bytes]:
    """Make the pieces of an answer in one transaction.

    The first piece is made before the answer begins, so that what is refused has its status.
    """

    def within_transaction() -> Generator[bytes]:
        with database.read() as connection:
            yield from pieces(connection)

    body = within_transaction()
    first = await run_in_threadpool(next, body)
    return _until_closed(first, body)


async def _until_closed(first: bytes, rest: Generator[bytes]) -> AsyncIterator[bytes]:
    """Send the pieces; end the transaction that they come from even when the client goes away."""
    try:
        yield first
        async for piece in iterate_in_threadpool(rest):
            yield piece
    finally:
        with CancelScope(shield=True):
            await run_in_threadpool(rest.close)
