"""A server in the foreground: uvicorn, from the first free port to the last answer."""

from __future__ import annotations

import asyncio
import contextlib
import errno
import logging
import math
import os
import resource
import socket
import time
from typing import TYPE_CHECKING, Any

import uvicorn

from plotly_nbext.errors import ServiceError
from plotly_nbext.server import crowd
from plotly_nbext.server.app import create_app
from plotly_nbext.server.metrics.requests import Measured
from plotly_nbext.server.middleware import Activity, Careful, Patience
from plotly_nbext.server.shutdown import LastAnswers
from plotly_nbext.server.store import Database
from plotly_nbext.server.tls import CIPHERS, check_certificate

if TYPE_CHECKING:
    from collections.abc import Callable
    from ssl import SSLContext
    from types import FrameType

    from starlette.types import ASGIApp

    from plotly_nbext.server.config import ServerConfig
    from plotly_nbext.server.shutdown import Shutdown

__all__ = ["run"]

logger = logging.getLogger("plotly_nbext.server")

# for the refusals of what was given up
REFUSING_SECONDS = 2
# `timeout` and some supervisors signal a process and its group at once
SAME_SIGNAL_SECONDS = 0.5
KEEP_ALIVE_SECONDS = 600
SILENCE_SECONDS = 60
FAILURE_SECONDS = 10
HANDSHAKE_SECONDS = 10
# connections that never shake hands are not among those that are counted
DESCRIPTORS = 65_536


def run(config: ServerConfig, *, on_ready: Callable[[str], None], insists: bool = True) -> None:
    """Serve until SIGTERM or SIGINT, or until idle for long enough.

    Parameters
    ----------
    config : ServerConfig
        What the operator chose.
    on_ready : callable
        Called with the server's address once it answers.
    insists : bool
        Whether a port that is taken is an error; else any other will do.

    Raises
    ------
    ServiceError
        The port is taken, the address is not this machine's, or the certificate is none.
    """
    _allow_descriptors()
    if config.tls_cert and config.tls_key:
        check_certificate(config.tls_cert, config.tls_key)
    try:
        listener = _listen(config.host, config.port, at_once=not insists)
    except ServiceError:
        if insists:
            raise
        listener = _listen(config.host, 0)
    scheme = "https" if config.tls_cert else "http"
    host = f"[{config.host}]" if ":" in config.host else config.host
    url = f"{scheme}://{host}:{listener.getsockname()[1]}"
    database = Database(
        config.location, config.database_connections, most_cells=config.limits.grid_cells
    )
    app = create_app(config, database)
    answers: ASGIApp = Careful(
        LastAnswers(
            Patience(crowd.Uncrowded(app, lambda: server), SILENCE_SECONDS), app.state.shutdown
        )
    )
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
            ssl_certfile=config.tls_cert,
            ssl_keyfile=config.tls_key,
            ssl_ciphers=CIPHERS,
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
        _hurry_handshakes(self._loop)
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
    asyncio.get_running_loop().set_exception_handler(_Failures())
    serving = asyncio.create_task(server.serve(sockets=[listener]))
    tending = [
        asyncio.create_task(crowd.close_unfinished(server, SILENCE_SECONDS)),
        asyncio.create_task(crowd.make_room(server)),
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


def _allow_descriptors() -> None:
    few, most = resource.getrlimit(resource.RLIMIT_NOFILE)
    wanted = DESCRIPTORS if most == resource.RLIM_INFINITY else min(DESCRIPTORS, most)
    if resource.RLIM_INFINITY != few < wanted:
        resource.setrlimit(resource.RLIMIT_NOFILE, (wanted, most))


def _hurry_handshakes(loop: Any) -> None:
    """Have who says nothing let go: asyncio waits for a minute, and uvicorn has no option."""
    create = loop.create_server

    def create_server(*arguments: Any, ssl: SSLContext | None = None, **options: Any) -> Any:
        if ssl is not None:
            options["ssl_handshake_timeout"] = HANDSHAKE_SECONDS
        return create(*arguments, ssl=ssl, **options)

    loop.create_server = create_server


class _Failures:
    """Tells of connections that can't be taken for now in one line; they are tried again.

    And that many thousand times in a second, of which the log would fill the disk.
    """

    def __init__(self) -> None:
        self._quiet_until = 0.0

    def __call__(self, loop: asyncio.AbstractEventLoop, context: dict[str, Any]) -> None:
        """Tell of a failure that nobody awaits."""
        error = context.get("exception")
        if "._start_serving(" in context["message"] and isinstance(error, ValueError):
            return  # it would have been tried again, and the server ends
        if not (isinstance(error, OSError) and error.errno in {errno.EMFILE, errno.ENFILE}):
            loop.default_exception_handler(context)
        elif loop.time() >= self._quiet_until:
            self._quiet_until = loop.time() + FAILURE_SECONDS
            logger.error("no connection can be taken for now: %s", error.strerror)


def _listen(host: str, port: int, *, at_once: bool = False) -> socket.socket:
    """Bind a socket to an address; *at_once*: of two that are bound to it, one may listen."""
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
        if at_once:
            listener.listen()
    except OSError as error:
        with contextlib.suppress(OSError):
            listener.close()
        raise ServiceError(
            f"{host}:{port} can't be listened on: {error.strerror}.",
            hint="Name another port with --port, or 0 for a free one.",
        ) from None
    return listener
