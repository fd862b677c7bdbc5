"""How many connections a server has: those without a request make room for those with one."""

from __future__ import annotations

import asyncio
import resource
from typing import TYPE_CHECKING, Any, Protocol, cast

from plotly_nbext.server.responses import error_response

if TYPE_CHECKING:
    from collections.abc import Callable

    import uvicorn
    from starlette.types import ASGIApp, Receive, Scope, Send

__all__ = ["Uncrowded", "close_unfinished", "make_room"]

MAX_CONNECTIONS = 300
# from here on, those without a request make room
MANY_CONNECTIONS = 200
ROOM_SECONDS = 1
RETRY_SECONDS = 1
# a download has three files open, its connection and two of the database
DESCRIPTORS_EACH = 3
OTHER_DESCRIPTORS = 40


class _Connection(Protocol):
    """What all of uvicorn's HTTP connections have."""

    cycle: Any
    timeout_keep_alive_task: asyncio.TimerHandle | None
    transport: asyncio.Transport

    def __hash__(self) -> int: ...


class Uncrowded:
    """Refuse what comes while there are too many connections.

    Parameters
    ----------
    app : ASGIApp
        What answers.
    server : callable
        Gives the server, which is made later.
    """

    def __init__(self, app: ASGIApp, server: Callable[[], uvicorn.Server]) -> None:
        self.app = app
        self._server = server
        self._most = _affordable(MAX_CONNECTIONS)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass the request on, or refuse it with 503; its connection is one less then."""
        app = self.app
        if scope["type"] == "http" and len(_connections(self._server())) > self._most:
            app = error_response(
                503,
                "The server has too many connections now.",
                headers={"Retry-After": str(RETRY_SECONDS), "Connection": "close"},
            )
        await app(scope, receive, send)


async def close_unfinished(server: uvicorn.Server, seconds: float) -> None:
    """Close connections that have begun no request for long; uvicorn would wait for ever."""
    before: set[_Connection] = set()
    while True:
        await asyncio.sleep(seconds)
        unfinished = _unfinished(server)
        for connection in before & unfinished:
            connection.transport.abort()
        before = unfinished


async def make_room(server: uvicorn.Server) -> None:
    """Close connections without a request while there are many.

    They would count among those that there may be, and keep others out. The longest idle of those
    that have had an answer go first, and then those that have not asked since the last look.
    """
    many = _affordable(MANY_CONNECTIONS)
    before: set[_Connection] = set()
    while True:
        await asyncio.sleep(ROOM_SECONDS)
        connections = _connections(server)
        idle = [
            (timer.when(), connection)
            for connection in connections
            if (timer := connection.timeout_keep_alive_task) is not None
        ]
        idle.sort(key=lambda each: each[0])
        unfinished = _unfinished(server)
        closable = [*(connection for _, connection in idle), *(before & unfinished)]
        for connection in closable[: max(0, len(connections) - many)]:
            connection.transport.close()
        before = unfinished


def _connections(server: uvicorn.Server) -> set[_Connection]:
    return cast("set[_Connection]", server.server_state.connections)


def _unfinished(server: uvicorn.Server) -> set[_Connection]:
    """Give those of which the head of a request is awaited; between two, a timer runs."""
    return {each for each in _connections(server) if _is_unfinished(each)}


def _is_unfinished(connection: _Connection) -> bool:
    cycle = connection.cycle
    is_idle = cycle is None or cycle.response_complete
    # one that is closing still sends the end of its last answer
    return (
        is_idle
        and connection.timeout_keep_alive_task is None
        and not connection.transport.is_closing()
    )


def _affordable(connections: int) -> int:
    """Tell how many connections there may be: fewer, where a process may open few files."""
    most, _ = resource.getrlimit(resource.RLIMIT_NOFILE)
    if most == resource.RLIM_INFINITY:
        return connections
    wanted = MAX_CONNECTIONS * DESCRIPTORS_EACH
    return max(1, min(connections, connections * (most - OTHER_DESCRIPTORS) // wanted))
