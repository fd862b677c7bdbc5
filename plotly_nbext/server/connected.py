"""Work for somebody: once they have gone away it is given up, for nobody would know of it."""

from __future__ import annotations

import asyncio
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any, TypeVar

from anyio import CancelScope
from anyio.from_thread import check_cancelled
from sqlalchemy import event

from plotly_nbext.errors import ApiError

if TYPE_CHECKING:
    from collections.abc import Coroutine, Iterator

    from sqlalchemy import Connection
    from starlette.requests import Request

__all__ = ["undone_if_gone", "while_connected"]

T = TypeVar("T")


async def while_connected(request: Request, work: Coroutine[Any, Any, T]) -> T:
    """Wait for work, which is cancelled once the client goes away.

    What of it runs in a thread is waited for; it asks ``anyio.from_thread.check_cancelled``.

    Parameters
    ----------
    request : Request
        All of its body has come.

    Raises
    ------
    ApiError
        The work was cancelled; nobody reads that.
    """
    with CancelScope() as working:
        leaving = asyncio.create_task(_cancel_once_gone(request, working))
        try:
            return await work
        finally:
            leaving.cancel()
    raise ApiError("The client has gone away.", status_code=400)


async def _cancel_once_gone(request: Request, work: CancelScope) -> None:
    while (await request.receive())["type"] != "http.disconnect":
        pass
    work.cancel()


@contextmanager
def undone_if_gone(connection: Connection) -> Iterator[None]:
    """End a transaction, in a thread of :func:`while_connected`, with an exception.

    It is looked for before each statement, and once more at the end, before the commit.
    """
    event.listen(connection, "before_cursor_execute", _check)
    try:
        yield
        check_cancelled()
    finally:
        event.remove(connection, "before_cursor_execute", _check)


def _check(*_statement: Any) -> None:
    check_cancelled()
