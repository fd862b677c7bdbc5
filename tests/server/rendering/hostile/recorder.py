"""A server on the loopback interface that notes who comes, and has something tempting for all."""

from __future__ import annotations

import asyncio
import json
from contextlib import suppress
from dataclasses import dataclass, field
from typing import Self

__all__ = ["BAIT", "BAIT_SVG", "Recorder", "Visit"]

BAIT = (254, 1, 220)
"""The colour of all that it serves: no image may show it."""

_COLOUR = "#{:02x}{:02x}{:02x}".format(*BAIT)

BAIT_SVG = (
    '<svg xmlns="http://www.w3.org/2000/svg" width="64" height="64">'
    f'<rect id="x" width="64" height="64" fill="{_COLOUR}"/></svg>'
)

_WORLD = {
    "type": "Polygon",
    "coordinates": [[[-170, -80], [-170, 80], [170, 80], [170, -80], [-170, -80]]],
}
BAIT_GEOJSON = {
    "type": "FeatureCollection",
    "features": [{"type": "Feature", "id": "a", "properties": {"a": "a"}, "geometry": _WORLD}],
}
_STYLE = {
    "version": 8,
    "sources": {},
    "layers": [{"id": "all", "type": "background", "paint": {"background-color": _COLOUR}}],
}
_TOPOJSON = {
    "type": "Topology",
    "transform": {"scale": [1, 1], "translate": [0, 0]},
    "arcs": [[[-170, -80], [0, 160], [340, 0], [0, -160], [-340, 0]]],
    "objects": {
        layer: {"type": "GeometryCollection", "geometries": [{"type": "Polygon", "arcs": [[0]]}]}
        for layer in ("coastlines", "land", "ocean", "lakes", "rivers", "countries", "subunits")
    },
}

_OFFERS = {
    "svg": ("image/svg+xml", BAIT_SVG),
    "png": ("image/svg+xml", BAIT_SVG),  # browsers go by the type
    "pbf": ("application/x-protobuf", ""),
    "geojson": ("application/geo+json", json.dumps(BAIT_GEOJSON)),
    "style": ("application/json", json.dumps(_STYLE)),
    "json": ("application/json", json.dumps(_TOPOJSON)),
    "js": ("text/javascript", f"document.documentElement.style.background='{_COLOUR}'"),
    "css": ("text/css", f"* {{ fill: {_COLOUR} !important }}"),
    "woff2": ("font/woff2", ""),
}


@dataclass(frozen=True)
class Visit:
    """A connection, or a datagram: over what it came, and how it began."""

    over: str
    said: bytes

    @property
    def kind(self) -> str:
        """What the visitor wants to speak."""
        if self.said.startswith(b"\x16\x03"):
            return "TLS"
        if b"upgrade: websocket" in self.said.lower():
            return "WebSocket"
        return self.over


@dataclass
class Recorder:
    """Listens with TCP on both loopback addresses and with UDP, on one port.

    Attributes
    ----------
    visits : list of Visit
        Who came.
    pages : dict of str to str
        Pages of HTML by path, for tests of the tests.
    """

    visits: list[Visit] = field(default_factory=list)
    pages: dict[str, tuple[str, bytes]] = field(default_factory=dict)

    @classmethod
    async def start(cls) -> Self:
        """Start listening."""
        recorder = cls()
        loop = asyncio.get_running_loop()
        recorder._servers = [await asyncio.start_server(recorder._answer, "127.0.0.1", 0)]
        recorder.port = recorder._servers[0].sockets[0].getsockname()[1]
        with suppress(OSError):  # a machine without IPv6, or a port that is taken there
            recorder._servers.append(
                await asyncio.start_server(recorder._answer, "::1", recorder.port)
            )
        recorder._udp, _ = await loop.create_datagram_endpoint(
            lambda: _Datagrams(recorder.visits), ("127.0.0.1", recorder.port)
        )
        return recorder

    @property
    def origin(self) -> str:
        """Where it is."""
        return f"http://127.0.0.1:{self.port}"

    def take(self) -> list[Visit]:
        """Give the visits so far, and forget them."""
        visits, self.visits[:] = list(self.visits), []
        return visits

    async def close(self) -> None:
        """Stop."""
        self._udp.close()
        for server in self._servers:
            server.close()

    async def _answer(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        said = await self._listen(reader)
        path = said.split(b" ", 2)[1].decode("latin-1") if said.count(b" ") > 1 else ""
        if path not in self.pages:
            self.visits.append(Visit("TCP", said))
        mime, body = self._offer(path)
        with suppress(OSError):
            writer.write(
                b"HTTP/1.1 200 OK\r\nAccess-Control-Allow-Origin: *\r\nConnection: close\r\n"
                b"Cross-Origin-Resource-Policy: cross-origin\r\nCache-Control: no-store\r\n"
                b"Content-Type: %b\r\nContent-Length: %d\r\n\r\n%b" % (mime, len(body), body)
            )
            await writer.drain()
            writer.close()

    @staticmethod
    async def _listen(reader: asyncio.StreamReader) -> bytes:
        """Read the head of a request, or the first bytes of what is none; silence counts too."""
        said = b""
        with suppress(TimeoutError, OSError):
            async with asyncio.timeout(1):
                while not (said.startswith(b"\x16") or b"\r\n\r\n" in said):
                    piece = await reader.read(4096)
                    if not piece:
                        break
                    said += piece
        return said

    def _offer(self, path: str) -> tuple[bytes, bytes]:
        if path in self.pages:
            mime, body = self.pages[path]
            return mime.encode(), body
        ending = path.partition("?")[0].rpartition(".")[2]
        mime, text = _OFFERS.get(ending, _OFFERS["svg"])
        return mime.encode(), text.encode()


class _Datagrams(asyncio.DatagramProtocol):
    def __init__(self, visits: list[Visit]) -> None:
        self._visits = visits

    def datagram_received(self, data: bytes, addr: object) -> None:
        self._visits.append(Visit("UDP", data[:200]))
