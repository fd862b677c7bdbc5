"""A host on the web, as far as a figure can tell: it remembers what it was asked for."""

from __future__ import annotations

import asyncio
import io
import json
from contextlib import asynccontextmanager
from typing import TYPE_CHECKING
from urllib.parse import parse_qs, urlsplit

from PIL import Image

if TYPE_CHECKING:
    import ssl
    from collections.abc import AsyncIterator

SQUARE = {
    "type": "Polygon",
    "coordinates": [[[-80, -70], [80, -70], [80, 70], [-80, 70], [-80, -70]]],
}
GEOJSON = {
    "type": "FeatureCollection",
    "features": [{"type": "Feature", "id": "a", "properties": {}, "geometry": SQUARE}],
}


def _picture() -> bytes:
    file = io.BytesIO()
    Image.new("RGB", (256, 256), "red").save(file, "png")
    return file.getvalue()


PICTURE = _picture()


def red(image: bytes) -> float:
    """The part of a picture that is of the colour of all that a host has to offer."""
    picture = Image.open(io.BytesIO(image)).convert("RGB")
    counts = {colour: count for count, colour in picture.getcolors(1 << 24)}
    return counts.get((255, 0, 0), 0) / (picture.width * picture.height)


class Host:
    """An HTTP server that has a picture, tiles, outlines and styles, and sends people elsewhere.

    Attributes
    ----------
    url : str
        Its origin.
    seen : list of str
        The heads of the requests that came.
    """

    def __init__(self) -> None:
        self.url = ""
        self.seen: list[str] = []

    @property
    def paths(self) -> list[str]:
        return [head.split()[1] for head in self.seen]

    async def serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        try:
            self.seen.append((await reader.readuntil(b"\r\n\r\n")).decode())
        except asyncio.IncompleteReadError as error:
            self.seen.append(f"? {error.partial!r}")
        else:
            if urlsplit(self.paths[-1]).path == "/never":
                await reader.read()  # until the other side gives up
            writer.write(self._answer(urlsplit(self.paths[-1])))
            await writer.drain()
        writer.close()

    def _answer(self, url) -> bytes:
        status, kind, headers, body = "200 OK", "application/json", "", b""
        open_to_all = "Access-Control-Allow-Origin: *\r\n"
        match url.path:
            case "/keeps-to-itself.png":
                kind, body, open_to_all = "image/png", PICTURE, ""
            case "/empty.pbf":
                kind = "application/x-protobuf"
            case "/failing":
                status = "500 Internal Server Error"
            case "/elsewhere":
                status, headers = "302 Found", f"Location: {parse_qs(url.query)['to'][0]}\r\n"
            case "/broken.png":
                kind, body = "image/png", b"no picture"
            case "/geo.json":
                body = json.dumps(GEOJSON).encode()
            case "/style.json":
                body = json.dumps(style({"type": "raster", "url": f"{self.url}/tiles.json"}))
                body = body.encode()
            case "/tiles.json":
                body = json.dumps({"tilejson": "2.2.0", "tiles": [tiles(self.url)]}).encode()
            case path if path.endswith(".png"):
                kind, body = "image/png", PICTURE
            case _:
                status = "404 Not Found"
        head = (
            f"HTTP/1.1 {status}\r\n{open_to_all}{headers}Content-Type: {kind}\r\n"
            f"Content-Length: {len(body)}\r\nConnection: close\r\n\r\n"
        )
        return head.encode() + body


def tiles(url: str) -> str:
    return f"{url}/{{z}}/{{x}}/{{y}}.png"


def style(*sources: dict) -> dict:
    """A map style that shows some sources of tiles."""
    return {
        "version": 8,
        "sources": {f"source{i}": {"tileSize": 256, **each} for i, each in enumerate(sources)},
        "layers": [
            {"id": f"layer{i}", "type": "raster", "source": f"source{i}"}
            for i in range(len(sources))
        ],
    }


@asynccontextmanager
async def hosting(tls: ssl.SSLContext | None = None) -> AsyncIterator[Host]:
    """A host at a free port of 127.0.0.1."""
    host = Host()
    server = await asyncio.start_server(host.serve, "127.0.0.1", 0, ssl=tls)
    scheme = "https" if tls else "http"
    host.url = f"{scheme}://127.0.0.1:{server.sockets[0].getsockname()[1]}"
    try:
        yield host
    finally:
        server.close()
        await server.wait_closed()
