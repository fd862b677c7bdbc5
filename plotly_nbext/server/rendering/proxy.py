"""The way to the web for figures, where the operator allows some of it."""

from __future__ import annotations

import asyncio
import contextlib
import ipaddress
import logging
import math
import os
import socket
import struct
from pathlib import Path
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

import h11
import psutil

from plotly_nbext.server.rendering.origins import PORTS, Origin

if TYPE_CHECKING:
    from collections.abc import Collection

__all__ = ["FilteringProxy"]

logger = logging.getLogger(__name__)

HOST = "127.0.0.1"

CHUNK = 1 << 16

MAX_BYTES = 100_000_000
"""What one answer may have; in a tunnel, nobody sees where one ends."""

CONNECT_TIMEOUT = 10.0
IDLE_TIMEOUT = 300.0
"""Seconds without a byte either way: as long as a browser keeps a connection that it may reuse."""

PASSED_ON = frozenset(
    {b"accept", b"accept-encoding", b"accept-language", b"origin", b"referer", b"user-agent"}
)
"""What a host gets to know of a browser."""

NAT64 = ipaddress.IPv6Network("64:ff9b::/96")
GLOBAL_UNICAST = ipaddress.IPv6Network("2000::/3")
DOCUMENTATION = ipaddress.IPv6Network("3fff::/20")
"""Which older versions of Python take for global."""

ESTABLISHED = "01"
"""A connection in /proc/net/tcp whose owner still has it; without an owner, it would be root's."""

Address = ipaddress.IPv4Address | ipaddress.IPv6Address
Streams = tuple[asyncio.StreamReader, asyncio.StreamWriter]


class _Refused(Exception):  # noqa: N818 - reads as what happened
    """A request is answered with a status and a reason."""

    def __init__(self, status: int, reason: str) -> None:
        super().__init__(reason)
        self.status = status


class FilteringProxy:
    """An HTTP proxy on the loopback interface that goes to allowed origins only.

    It resolves names itself and connects to the very address that it has checked: a name that
    leads to an address of this machine or of a private network leads nowhere. Other users of
    this machine can't use it, nor keep others from it.

    Parameters
    ----------
    allowed : collection of Origin
        Where it goes. An IP address that is named here may be any; a name leads to public ones.

    Attributes
    ----------
    url : str
        Where it listens, once started.
    """

    def __init__(self, allowed: Collection[Origin]) -> None:
        self.url = ""
        self._allowed = frozenset(allowed)
        self._server: asyncio.Server | None = None
        self._connections: set[asyncio.Task[None]] = set()

    async def start(self) -> None:
        """Listen on a free port of the loopback interface."""
        self._server = await asyncio.start_server(self._accept, HOST, 0)
        self.url = "http://{}:{}".format(*self._server.sockets[0].getsockname())

    async def close(self) -> None:
        """Stop listening and cut all connections."""
        if self._server is None:
            return
        self._server.close()
        for connection in self._connections:
            connection.cancel()
        await asyncio.gather(*self._connections, return_exceptions=True)
        await self._server.wait_closed()

    def _accept(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        if not _is_own_users(writer):
            writer.transport.abort()
            return
        # they are no more than 32 for each browser, which counts them itself
        task = asyncio.create_task(self._serve(reader, writer))
        self._connections.add(task)
        task.add_done_callback(self._connections.discard)

    async def _serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        try:
            await self._answer(reader, writer)
        except (OSError, TimeoutError):  # either side is gone, or silent, or goes on for ever
            _cut(writer)
        finally:
            writer.close()

    async def _answer(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        http = h11.Connection(h11.SERVER)
        try:
            async with asyncio.timeout(CONNECT_TIMEOUT):
                request = await _read_request(http, reader)
                origin, path = self._target(request)
                upstream = await _connect(origin)
        except _Refused as refused:
            _refuse(http, writer, refused)
        except TimeoutError:
            _refuse(http, writer, _Refused(504, "The host does not answer."))
        else:
            with contextlib.closing(upstream[1]):
                if request.method == b"CONNECT":
                    writer.write(b"HTTP/1.1 200 Connection established\r\n\r\n")
                    await _relay((reader, upstream[1]), (upstream[0], writer))
                else:
                    upstream[1].write(_head(request, origin, path))
                    # what the browser says further goes nowhere; that it hangs up ends it
                    await _relay((upstream[0], writer), (reader, None), at_most=MAX_BYTES)

    def _target(self, request: h11.Request) -> tuple[Origin, str]:
        """Return where a request may go, and what it asks for there."""
        target = request.target.decode("ascii", "replace")
        if request.method not in {b"CONNECT", b"GET"}:
            raise _Refused(405, "Figures load, and send nothing.")
        url = f"https://{target}" if request.method == b"CONNECT" else target
        try:
            parts = urlsplit(url)
            origin = Origin(parts.scheme, parts.hostname or "", parts.port or PORTS[parts.scheme])
        except (ValueError, KeyError):
            raise _Refused(400, "That is no address.") from None
        if origin not in self._allowed or (parts.scheme == "https") != (request.method != b"GET"):
            raise _Refused(403, f"This server's operator has not allowed {origin}.")
        return origin, f"{parts.path or '/'}?{parts.query}" if parts.query else parts.path or "/"


async def _read_request(http: h11.Connection, reader: asyncio.StreamReader) -> h11.Request:
    try:
        while (event := http.next_event()) is h11.NEED_DATA:
            http.receive_data(await reader.read(CHUNK))
    except h11.RemoteProtocolError as error:
        raise _Refused(400, str(error)) from None
    if not isinstance(event, h11.Request):
        raise ConnectionResetError
    return event


def _refuse(http: h11.Connection, writer: asyncio.StreamWriter, refused: _Refused) -> None:
    logger.info("A figure's request was refused: %s", refused)
    body = f"{refused}\n".encode()
    headers = [("Content-Length", str(len(body))), ("Connection", "close")]
    writer.write(http.send(h11.Response(status_code=refused.status, headers=headers)) or b"")
    writer.write(http.send(h11.Data(data=body)) or b"")


def _head(request: h11.Request, origin: Origin, path: str) -> bytes:
    """Write the head of a request to the host itself, which answers and hangs up."""
    host = str(origin).partition("://")[2]
    headers = [(bytes(name), bytes(value)) for name, value in request.headers if name in PASSED_ON]
    own = [(b"host", host.encode()), (b"connection", b"close")]
    forwarded = h11.Request(method="GET", target=path, headers=own + headers)
    return h11.Connection(h11.CLIENT).send(forwarded) or b""


async def _connect(origin: Origin) -> Streams:
    """Connect to one of a host's addresses that may be connected to."""
    loop = asyncio.get_running_loop()
    try:
        found = await loop.getaddrinfo(origin.host, origin.port, type=socket.SOCK_STREAM)
    except OSError as error:
        raise _Refused(502, f"{origin.host} is not known: {error.strerror}.") from None
    addresses = [str(address) for *_, (address, *_) in found]
    public = [each for each in addresses if origin.is_address or is_public(each)]
    if not public:
        raise _Refused(403, f"{origin.host} leads into this machine's own network.")
    for address in public:
        with contextlib.suppress(OSError):
            return await asyncio.open_connection(address, origin.port)
    raise _Refused(502, f"{origin} can't be connected to.")


def is_public(address: str) -> bool:
    """Tell whether an IP address is one of the internet, and not of this machine."""
    ip = _meant(address)
    if isinstance(ip, ipaddress.IPv6Address) and (ip not in GLOBAL_UNICAST or ip in DOCUMENTATION):
        return False
    return ip.is_global and not ip.is_multicast and ip not in _own_addresses()


def _meant(address: str) -> Address:
    """Return an address, or the IPv4 address that is embedded in it."""
    ip = ipaddress.ip_address(address.partition("%")[0])
    if isinstance(ip, ipaddress.IPv4Address):
        return ip
    if ip in NAT64:
        return ipaddress.IPv4Address(int(ip) & 0xFFFF_FFFF)
    return ip.ipv4_mapped or ip.sixtofour or (ip.teredo[1] if ip.teredo else ip)


def _own_addresses() -> set[Address]:
    """Return those of this machine's network interfaces, which may change while it runs."""
    interfaces = psutil.net_if_addrs().values()
    families = {socket.AF_INET, socket.AF_INET6}
    return {_meant(each.address) for all_ in interfaces for each in all_ if each.family in families}


async def _relay(
    *ways: tuple[asyncio.StreamReader, asyncio.StreamWriter | None], at_most: float = math.inf
) -> None:
    """Pass on each way until one is done.

    Raises
    ------
    OSError
        A side broke off, or said more than it may.
    TimeoutError
        Nobody said anything for long.
    """
    async with asyncio.timeout(IDLE_TIMEOUT) as idle:
        tasks = [asyncio.create_task(_pass_on(*way, idle, at_most)) for way in ways]
        try:
            done, _ = await asyncio.wait(tasks, return_when=asyncio.FIRST_COMPLETED)
            for task in done:
                task.result()
        finally:
            for task in tasks:
                task.cancel()
            await asyncio.gather(*tasks, return_exceptions=True)


async def _pass_on(
    source: asyncio.StreamReader,
    sink: asyncio.StreamWriter | None,
    idle: asyncio.Timeout,
    at_most: float,
) -> None:
    now = asyncio.get_running_loop().time
    passed = 0
    while chunk := await source.read(CHUNK):
        passed += len(chunk)
        if passed > at_most:
            raise ConnectionAbortedError
        if sink is not None:
            idle.reschedule(now() + IDLE_TIMEOUT)
            sink.write(chunk)
            await sink.drain()


def _cut(writer: asyncio.StreamWriter) -> None:
    """End a connection so that nobody takes what came for the whole."""
    reset_on_close = struct.pack("ii", 1, 0)
    with contextlib.suppress(OSError):  # it is closed already
        writer.get_extra_info("socket").setsockopt(
            socket.SOL_SOCKET, socket.SO_LINGER, reset_on_close
        )
    writer.transport.abort()


def _is_own_users(writer: asyncio.StreamWriter) -> bool:
    """Tell whether the program at the other end runs as our user; the kernel knows."""
    peer = writer.get_extra_info("peername")
    if peer is None:  # it has hung up
        return False
    address, port = peer
    theirs = f"{int.from_bytes(socket.inet_aton(address), 'little'):08X}:{port:04X}"
    ours = str(os.geteuid())
    for line in Path("/proc/net/tcp").read_text().splitlines()[1:]:
        _, local, _, state, _, _, _, user, *_ = line.split()
        if (local, state, user) == (theirs, ESTABLISHED, ours):
            return True
    return False
