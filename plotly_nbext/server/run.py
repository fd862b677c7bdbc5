"""A server in the foreground: uvicorn, from the first free port to the last answer."""

from __future__ import annotations

import asyncio
import contextlib
import math
import os
import socket
import time
from typing import TYPE_CHECKING, Any, Protocol, cast

import uvicorn

from plotly_nbext.errors import ServiceError
from plotly_nbext.server.app import create_app
from plotly_nbext.server.metrics.requests import Measured
from plotly_nbext.server.middleware import Activity, Careful, Patience
from plotly_nbext.server.shutdown import LastAnswers
from plotly_nbext.server.store import Database

if TYPE_CHECKING:
    from collections.abc import Callable
    from types import FrameType

    from starlette.types import ASGIApp

    from plotly_nbext.server.config import ServerConfig
    from plotly_nbext.server.shutdown import Shutdown

__all__ = ["run"]

# for the refusals of what was given up
REFUSING_SECONDS = 2
# `timeout` and some supervisors signal a process and its group at once
SAME_SIGNAL_SECONDS = 0.5
KEEP_ALIVE_SECONDS = 600
SILENCE_SECONDS = 60
# a download has three files open, its connection and two of the database, and a process may
# commonly have 1,024
MAX_CONNECTIONS = 300
# from here on, those without a request make room
MANY_CONNECTIONS = 200
ROOM_SECONDS = 1


class _Connection(Protocol):
    """What all of uvicorn's HTTP connections have."""

    cycle: Any
    timeout_keep_alive_task: asyncio.TimerHandle | None
    transport: asyncio.Transport

    def __hash__(self) -> int: ...


def run(config: ServerConfig, *, on_ready: Callable[[str], None]) -> None:
    """Serve until SIGTERM or SIGINT, or until idle for long enough.

    Parameters
    ----------
    config : ServerConfig
        What the operator chose.
    on_ready : callable
        Called with the server's address once it answers.

    Raises
    ------
    ServiceError
        The port is taken, or the address is not this machine's.
    """
    listener = _listen(config.host, config.port)
    scheme = "https" if config.tls_cert else "http"
    host = f"[{config.host}]" if ":" in config.host else config.host
    url = f"{scheme}://{host}:{listener.getsockname()[1]}"
    database = Database(
        config.location, config.database_connections, most_cells=config.limits.grid_cells
    )
    app = create_app(config, database)
    answers: ASGIApp = Careful(LastAnswers(Patience(app, SILENCE_SECONDS), app.state.shutdown))
    if config.metrics:
        answers = Measured(answers, app.state.metrics)
    activity = Activity(answers)
    server = _Server(
        uvicorn.Config(
            activity,
            lifespan="on",
            ws="none",
            access_log=False,
            log_level="warning",
            timeout_graceful_shutdown=math.ceil(config.shutdown_seconds + REFUSING_SECONDS),
            # a connection that is closed between two cells loses the second one's request
            timeout_keep_alive=KEEP_ALIVE_SECONDS,
            limit_concurrency=MAX_CONNECTIONS,
            ssl_certfile=config.tls_cert,
            ssl_keyfile=config.tls_key,
        ),
        app.state.shutdown,
        config,
    )
    try:
        asyncio.run(_serve(server, listener, activity, config.idle_timeout, lambda: on_ready(url)))
    finally:
        database.close()


class _Server(uvicorn.Server):
    """A server that ends in good order.

    On SIGTERM or SIGINT ``/readyz`` says so at once, and each answer is the last of its
    connection; after `drain_seconds` nobody new is let in; `shutdown_seconds` later what is not
    answered yet is cancelled. A second signal ends the process at once.
    """

    def __init__(self, config: uvicorn.Config, shutdown: Shutdown, chosen: ServerConfig) -> None:
        super().__init__(config)
        self._shutdown = shutdown
        self._chosen = chosen
        self._loop: asyncio.AbstractEventLoop | None = None

    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        """Begin to serve."""
        self._loop = asyncio.get_running_loop()
        await super().startup(sockets)

    def handle_exit(self, sig: int, frame: FrameType | None) -> None:
        """Begin to end; a signal may come at any moment, and does nothing but that."""
        begun = self._shutdown.begun_at
        if begun is not None:
            if time.monotonic() - begun > SAME_SIGNAL_SECONDS:
                # as if killed, which loses nothing that was acknowledged
                os._exit(128 + sig)
            return
        self._shutdown.begin()
        super().handle_exit(sig, frame)
        if self._chosen.drain_seconds and self._loop is not None:
            self.should_exit = False
            self._loop.call_soon_threadsafe(self._drain)

    def _drain(self) -> None:
        asyncio.get_running_loop().call_later(self._chosen.drain_seconds, self._let_nobody_in)

    def _let_nobody_in(self) -> None:
        self.should_exit = True

    async def shutdown(self, sockets: list[socket.socket] | None = None) -> None:
        """Let nobody in any more, and wait for the last answers."""
        self._shutdown.begin()
        loop = asyncio.get_running_loop()
        waiting = loop.call_later(self._chosen.shutdown_seconds, self._shutdown.give_up)
        try:
            await super().shutdown(sockets)
        finally:
            waiting.cancel()


async def _serve(
    server: _Server,
    listener: socket.socket,
    activity: Activity,
    idle_timeout: float | None,
    on_ready: Callable[[], None],
) -> None:
    serving = asyncio.create_task(server.serve(sockets=[listener]))
    tending = [
        asyncio.create_task(_close_unfinished(server)),
        asyncio.create_task(_make_room(server)),
    ]
    # uvicorn has a flag for it, and no event
    while not server.started and not serving.done():
        await asyncio.wait([serving], timeout=0.01)
    if server.started:
        on_ready()
    while idle_timeout is not None and not serving.done():
        left = idle_timeout - activity.idle_seconds
        if left <= 0:
            server.should_exit = True
            break
        await asyncio.wait([serving], timeout=left)
    await serving
    for task in tending:
        task.cancel()
    if not server.started:
        raise ServiceError("The server can't start; what is written above says why.")


async def _close_unfinished(server: uvicorn.Server) -> None:
    """Close connections that have begun no request for long; uvicorn would wait for ever."""
    before: set[_Connection] = set()
    while True:
        await asyncio.sleep(SILENCE_SECONDS)
        connections = cast("set[_Connection]", server.server_state.connections)
        unfinished = {each for each in connections if _is_unfinished(each)}
        for connection in before & unfinished:
            connection.transport.abort()
        before = unfinished


def _is_unfinished(connection: _Connection) -> bool:
    """Tell whether the head of a request is awaited; between two requests, a timer runs."""
    cycle = connection.cycle
    is_idle = cycle is None or cycle.response_complete
    # one that is closing still sends the end of its last answer
    return (
        is_idle
        and connection.timeout_keep_alive_task is None
        and not connection.transport.is_closing()
    )


async def _make_room(server: uvicorn.Server) -> None:
    """Close connections without a request, the longest idle first, while there are many.

    They would count among those that there may be, and keep others out.
    """
    while True:
        await asyncio.sleep(ROOM_SECONDS)
        connections = cast("set[_Connection]", server.server_state.connections)
        idle = [
            (timer.when(), connection.transport)
            for connection in connections
            if (timer := connection.timeout_keep_alive_task) is not None
        ]
        idle.sort(key=lambda each: each[0])
        for _, transport in idle[: max(0, len(connections) - MANY_CONNECTIONS)]:
            transport.close()


def _listen(host: str, port: int) -> socket.socket:
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    listener = socket.socket(family, socket.SOCK_STREAM)
    try:
        listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        # inherited by what is accepted; without it each answer waits 44 ms for an ACK
        listener.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        # what nobody takes would wait in the socket of a connection that is given up
        if hasattr(socket, "TCP_USER_TIMEOUT"):
            listener.setsockopt(
                socket.IPPROTO_TCP, socket.TCP_USER_TIMEOUT, int(SILENCE_SECONDS * 1000)
            )
        listener.bind((host, port))
    except OSError as error:
        with contextlib.suppress(OSError):
            listener.close()
        raise ServiceError(
            f"{host}:{port} can't be listened on: {error.strerror}.",
            hint="Name another port with --port, or 0 for a free one.",
        ) from None
    return listener
