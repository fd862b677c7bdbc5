"""What happens to every request, whatever it asks for: what is let in, and what is sent along."""

from __future__ import annotations

import asyncio
import ipaddress
import re
import secrets
import time
from functools import lru_cache
from math import inf
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from anyio import CancelScope, move_on_after
from starlette.datastructures import Headers, MutableHeaders

from plotly_nbext.server.responses import error_response

if TYPE_CHECKING:
    from collections.abc import Iterator
    from types import TracebackType

    from starlette.types import ASGIApp, Message, Receive, Scope, Send

__all__ = [
    "Activity",
    "Careful",
    "NoForeignChanges",
    "OwnMachineOnly",
    "Patience",
    "TolerantPath",
]

PART_BYTES = 1 << 16
# so long may one who has their answer go on sending before they are cut off
LINGER_SECONDS = 1

HARMLESS = {"GET", "HEAD", "OPTIONS"}
OWN_SITE = {"same-origin", "none"}

# all that an answer may depend on
VARY = "Accept, Authorization, Plotly-Authorization, Sec-Fetch-Mode"


class TolerantPath:
    """Let ``/v2//grids/`` mean ``/v2/grids``: clients end and join paths as they please."""

    def __init__(self, app: ASGIApp) -> None:
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass the request on."""
        if scope["type"] == "http":
            path = re.sub("/{2,}", "/", scope["path"])
            scope = dict(scope, path=path.rstrip("/") or "/")
        await self.app(scope, receive, send)


class OwnMachineOnly:
    """Keep web pages off a server of this machine.

    A page can point its own name at 127.0.0.1 (then the Host is not ours), or ask it for things
    (then the Origin is not ours).

    Parameters
    ----------
    app : ASGIApp
        What answers.
    open_path : str
        How the paths begin that are open to any Origin: files that tell nothing, and that a figure
        needs in its sandbox, where the browser says ``Origin: null``.
    """

    def __init__(self, app: ASGIApp, open_path: str) -> None:
        self.app = app
        self._open_path = open_path

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass the request on, or refuse it with 403."""
        app = self.app
        if scope["type"] == "http":
            headers = Headers(scope=scope)
            if not _is_loopback(headers.get("host", "")):
                app = error_response(403, f"{headers.get('host')!r} is not a name of this server.")
            elif not scope["path"].startswith(self._open_path) and _has_foreign_origin(headers):
                app = _foreign(headers)
        await app(scope, receive, send)


class NoForeignChanges:
    """Let no page of another site change anything.

    It can send forms here, and the browser adds the key of whoever was asked for theirs. Programs
    send neither of the headers that tell; of a browser's, ``Sec-Fetch-Site`` holds behind a proxy
    too, and comes with https only.
    """

    def __init__(self, app: ASGIApp) -> None:
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass the request on, or refuse it with 403."""
        app = self.app
        if scope["type"] == "http" and scope["method"] not in HARMLESS:
            headers = Headers(scope=scope)
            site = headers.get("sec-fetch-site")
            foreign = _has_foreign_origin(headers) if site is None else site not in OWN_SITE
            if foreign:
                app = _foreign(headers)
        await app(scope, receive, send)


def _has_foreign_origin(headers: Headers) -> bool:
    origin = headers.get("origin")
    host = headers.get("host", "").lower()
    return origin is not None and origin.lower().partition("://")[2] != host


def _foreign(headers: Headers) -> ASGIApp:
    origin = headers.get("origin", "another site")
    return error_response(403, f"Pages of {origin!r} have no business here.")


@lru_cache
def _is_loopback(host: str) -> bool:
    try:
        name = urlsplit(f"//{host}").hostname or ""
        return name == "localhost" or ipaddress.ip_address(name).is_loopback
    except ValueError:
        return False


class Careful:
    """Add to every answer what keeps browsers and caches careful with it.

    Names, values and figures are anyone's, and an address may hold a share key. What may be kept
    longer says so itself.
    """

    def __init__(self, app: ASGIApp) -> None:
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass the request on."""

        async def send_carefully(message: Message) -> None:
            if message["type"] == "http.response.start":
                headers = MutableHeaders(scope=message)
                headers.setdefault("Referrer-Policy", "no-referrer")
                headers.setdefault("X-Content-Type-Options", "nosniff")
                if "cache-control" not in headers:
                    headers["Cache-Control"] = "private, no-cache"
                    headers["Vary"] = VARY
            await send(message)

        await self.app(scope, receive, send_carefully)


class Patience:
    """Wait for nobody for long: for what is missing of a body, or until an answer is taken.

    Who reads nothing would keep open the transaction that their answer comes from.

    Parameters
    ----------
    app : ASGIApp
        What answers.
    seconds : float
        How long.
    """

    def __init__(self, app: ASGIApp, seconds: float) -> None:
        self.app = app
        self._seconds = seconds

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass the request on; it is refused with 408, or given up once its answer has begun."""
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return
        watch = _Watch(self._seconds)
        early = False

        async def receive_in_time() -> Message:
            if watch.wants_body:
                watch.receives_until = watch.later()
            message = await receive()
            watch.receives_until = inf
            # afterwards, to receive is to wait until the client goes away
            watch.wants_body = watch.wants_body and message.get("more_body", False)
            return message

        async def send_in_time(message: Message) -> None:
            nonlocal early
            if watch.wants_body and _is_long(scope):
                early = True
                MutableHeaders(scope=message)["Connection"] = "close"
            watch.wants_body = False
            watch.receives_until = inf
            for part in _parts(message):
                watch.sends_until = watch.later()
                await send({**part, "more_body": True} if early and _is_last(part) else part)
            watch.sends_until = inf
            if early and _is_last(message):
                await _linger(receive)
                await send({"type": "http.response.body"})  # which closes the connection

        with watch:
            await self.app(scope, receive_in_time, send_in_time)
        if watch.gave_up and watch.wants_body:
            refusal = error_response(
                408, "The rest of the body did not come.", headers={"Connection": "close"}
            )
            await refusal(scope, receive, send)


class _Watch:
    """Over one request, which is cancelled when it waits for its client for too long.

    One timer looks now and then whether it does: one for each wait takes longer than most waits.

    Attributes
    ----------
    wants_body : bool
        Whether some of the body is yet to come, and the answer to begin.
    receives_until, sends_until : float
        When a wait is over at the latest, by the loop's clock.
    """

    def __init__(self, seconds: float) -> None:
        self.wants_body = True
        self.receives_until = self.sends_until = inf
        self._seconds = seconds
        self._loop = asyncio.get_running_loop()
        self._request = CancelScope()

    @property
    def gave_up(self) -> bool:
        """Whether the request was cancelled."""
        return self._request.cancelled_caught

    def later(self) -> float:
        """Tell when a wait that begins now is over at the latest."""
        return self._loop.time() + self._seconds

    def __enter__(self) -> None:
        self._timer = self._loop.call_later(self._seconds, self._look)
        self._request.__enter__()

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> bool | None:
        self._timer.cancel()
        return self._request.__exit__(kind, error, traceback)

    def _look(self) -> None:
        due = min(self.receives_until, self.sends_until)
        if due <= self._loop.time():
            self._request.cancel()
        else:
            self._timer = self._loop.call_at(min(due, self.later()), self._look)


def _is_long(scope: Scope) -> bool:
    """Tell whether a body takes time to come."""
    headers = Headers(scope=scope)
    length = headers.get("content-length", "0")
    return "transfer-encoding" in headers or not length.isdecimal() or int(length) > PART_BYTES


def _is_last(message: Message) -> bool:
    return message["type"] == "http.response.body" and not message.get("more_body", False)


async def _linger(receive: Receive) -> None:
    """Take some of a body that nobody wants, for most clients read an answer once it is sent.

    A connection that is closed with something unread in it may lose the answer, too.
    """
    with move_on_after(LINGER_SECONDS):
        while (await receive()).get("more_body", False):
            pass


def _parts(message: Message) -> Iterator[Message]:
    """Cut a long body, of which a slow but steady reader takes a part in time."""
    body = message.get("body", b"")
    if len(body) <= PART_BYTES:
        yield message
        return
    for start in range(0, len(body), PART_BYTES):
        stop = start + PART_BYTES
        more = stop < len(body) or message.get("more_body", False)
        yield {**message, "body": body[start:stop], "more_body": more}


class Activity:
    """Number requests (``X-Request-Id``) and know for how long nobody has asked for anything."""

    def __init__(self, app: ASGIApp) -> None:
        self.app = app
        self._running = 0
        self._last = time.monotonic()

    @property
    def idle_seconds(self) -> float:
        """Seconds since the last request ended; 0 while one runs."""
        return 0.0 if self._running else time.monotonic() - self._last

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass the request on, and count it until it is answered."""
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return
        request_id = secrets.token_hex(8)
        scope.setdefault("state", {})["request_id"] = request_id

        async def send_numbered(message: Message) -> None:
            if message["type"] == "http.response.start":
                message["headers"] = [
                    *message.get("headers", []),
                    (b"x-request-id", request_id.encode()),
                ]
            await send(message)

        self._running += 1
        try:
            await self.app(scope, receive, send_numbered)
        finally:
            self._running -= 1
            self._last = time.monotonic()
