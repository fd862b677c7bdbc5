"""Answers that are sent while they are read from the database: never whole in memory."""

from __future__ import annotations

import logging
from contextlib import ExitStack, closing
from dataclasses import dataclass, field
from http import HTTPStatus
from itertools import islice
from typing import TYPE_CHECKING, Any, Final

from anyio import CancelScope
from anyio.to_thread import run_sync
from sqlalchemy.exc import DBAPIError
from starlette.responses import Response, StreamingResponse

from plotly_nbext.server.auth import caller_of
from plotly_nbext.server.conditional import is_known
from plotly_nbext.server.connected import while_connected
from plotly_nbext.server.damage import forget_fingerprints
from plotly_nbext.server.preferences import CHECKED, is_preferred
from plotly_nbext.server.store.checksums import Damaged
from plotly_nbext.server.store.outages import is_damage, passes, reason

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Callable, Generator, Iterator

    from anyio import CapacityLimiter
    from sqlalchemy import Connection
    from starlette.requests import Request
    from starlette.types import Receive, Scope, Send

    from plotly_nbext.server.auth import Caller

__all__ = ["Pieces", "streamed"]

logger = logging.getLogger("plotly_nbext.server")

LEAST_BYTES: Final = 1 << 18
MOST_BYTES: Final = 1 << 22
"""Of a piece; the last one may have fewer."""


@dataclass(frozen=True)
class Pieces:
    """An answer that is yet to be made.

    Attributes
    ----------
    body : iterator of bytes
        Its pieces, of any size.
    media_type, etag : str
        What they are, and in which version.
    headers : dict of str
        Others.
    """

    body: Iterator[bytes]
    media_type: str
    etag: str
    headers: dict[str, str] = field(default_factory=dict)


async def streamed(request: Request, answer: Callable[[Connection, Caller], Pieces]) -> Response:
    """Answer from one transaction that reads, unless the client has this version: 304.

    The first piece is made before the answer begins, so that what is refused has its status. One
    that is short is sent whole; by ``Prefer: checked`` all of it is read before.
    """
    state = request.app.state
    lane: CapacityLimiter = state.lanes.sending

    def begin() -> tuple[Pieces, list[bytes], Iterator[bytes], ExitStack]:
        with ExitStack() as transaction:
            connection = transaction.enter_context(state.database.read())
            head = answer(connection, caller_of(request, connection))
            wanted = request.method != "HEAD" and not is_known(request, head.etag)
            # what it has open of the database is closed before the connection is
            rest = transaction.enter_context(closing(_gathered(head.body if wanted else iter(()))))
            first = list(islice(rest, 2))
            # of fewer there is no more, and the transaction ends here
            held = transaction.pop_all() if len(first) > 1 else transaction
            return head, first, rest, held

    if is_checked := request.method == "GET" and is_preferred(request, CHECKED):
        async with state.lanes.checking:  # others read meanwhile
            await while_connected(request, _read_through(begin, lane))
    head, first, rest, transaction = await run_sync(begin, limiter=lane)
    headers = head.headers | {"ETag": head.etag}
    if is_known(request, head.etag):
        return Response(status_code=HTTPStatus.NOT_MODIFIED, headers=headers)
    if is_checked:
        headers["Preference-Applied"] = CHECKED
    if len(first) == 1:
        return Response(first[0], media_type=head.media_type, headers=headers)
    body = _in_threads(first, rest, lane)
    return _Held(request, transaction, body, media_type=head.media_type, headers=headers)


async def _read_through(
    begin: Callable[[], tuple[Pieces, list[bytes], Iterator[bytes], ExitStack]],
    lane: CapacityLimiter,
) -> None:
    """Read an answer to its end, and let go of it."""
    _, first, rest, transaction = await run_sync(begin, limiter=lane)
    try:
        async for _ in _in_threads(first, rest, lane):
            pass
    finally:
        with CancelScope(shield=True):
            await run_sync(transaction.close)


def _gathered(pieces: Iterator[bytes]) -> Generator[bytes]:
    """Join small pieces, for each is asked for in a thread of its own, and cut large ones.

    What is sent is copied on its way, and waits there for its reader.
    """
    waiting: list[bytes] = []
    size = 0
    for piece in pieces:
        waiting.append(piece)
        size += len(piece)
        del piece  # or it would stay until the next one is there
        if size >= LEAST_BYTES:
            whole, waiting, size = b"".join(waiting), [], 0
            for place in range(0, len(whole), MOST_BYTES):
                yield whole[place : place + MOST_BYTES]
            del whole
    if waiting:
        yield b"".join(waiting)


async def _in_threads(
    first: list[bytes], rest: Iterator[bytes], lane: CapacityLimiter
) -> AsyncIterator[bytes]:
    while first:
        yield first.pop(0)
    while piece := await run_sync(next, rest, b"", limiter=lane):
        yield piece
        del piece


class _Held(StreamingResponse):
    """An answer whose transaction ends with it, even when the client is gone before it begins."""

    def __init__(
        self,
        request: Request,
        transaction: ExitStack,
        content: AsyncIterator[bytes],
        **options: Any,
    ) -> None:
        super().__init__(content, **options)
        self._request = request
        self._transaction = transaction

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Send the answer; without its database it is left without an end, and so broken off."""
        lost: DBAPIError | Damaged | None = None
        try:
            await super().__call__(scope, receive, send)
        except (DBAPIError, Damaged) as error:
            lost = error
            if isinstance(error, DBAPIError) and not (passes(error) or is_damage(error)):
                raise
            request_id = scope.get("state", {}).get("request_id", "")
            logger.error("request %s was broken off: %s", request_id, reason(error))  # noqa: TRY400
        finally:
            with CancelScope(shield=True):
                await run_sync(self._end, lost)
        if lost is not None and not passes(lost):
            await forget_fingerprints(self._request, lost)
        del lost  # or it and the frames that it came through would keep each other

    async def stream_response(self, send: Send) -> None:
        """Send the pieces; starlette's own keeps each until the next one is there."""
        start = {"status": self.status_code, "headers": self.raw_headers}
        await send({"type": "http.response.start", **start})
        async for piece in self.body_iterator:
            await send({"type": "http.response.body", "body": piece, "more_body": True})
            del piece
        await send({"type": "http.response.body", "body": b"", "more_body": False})

    def _end(self, lost: DBAPIError | Damaged | None) -> None:
        self._transaction.__exit__(None if lost is None else type(lost), lost, None)
