"""Style sheet and scripts, at addresses that change with what is in them: kept for good."""

from __future__ import annotations

import gzip
from dataclasses import dataclass
from functools import cache, cached_property
from hashlib import sha256
from importlib import resources
from typing import TYPE_CHECKING

from starlette.concurrency import run_in_threadpool
from starlette.exceptions import HTTPException
from starlette.responses import Response

if TYPE_CHECKING:
    from importlib.resources.abc import Traversable

    from starlette.requests import Request

__all__ = ["PATH", "STATIC", "address", "serve"]

STATIC = "/static/"
PATH = STATIC + "{digest}/{name}"

MEDIA_TYPES = {".css": "text/css", ".js": "text/javascript", ".svg": "image/svg+xml"}


@dataclass(frozen=True)
class _Asset:
    name: str
    body: bytes

    @cached_property
    def digest(self) -> str:
        return sha256(self.body).hexdigest()[:16]

    @cached_property
    def compressed(self) -> bytes:
        return gzip.compress(self.body, 6, mtime=0)

    @property
    def media_type(self) -> str:
        return MEDIA_TYPES[self.name[self.name.rindex(".") :]]


def address(name: str) -> str:
    """Return the path of a file of ``static``, or of plotly.js."""
    return PATH.format(digest=_asset(name).digest, name=name)


async def serve(request: Request) -> Response:
    """GET /static/DIGEST/NAME: the file, as long as it is the one that was meant."""
    name, digest = request.path_params["name"], request.path_params["digest"]
    if name not in _files():
        raise HTTPException(404)
    asset = await run_in_threadpool(_asset, name)
    if asset.digest != digest:
        raise HTTPException(404)
    headers = {
        "Cache-Control": "public, max-age=31536000, immutable",
        "Vary": "Accept-Encoding",
        "X-Content-Type-Options": "nosniff",
    }
    body = asset.body
    if "gzip" in request.headers.get("accept-encoding", ""):
        body = await run_in_threadpool(lambda: asset.compressed)
        headers["Content-Encoding"] = "gzip"
    return Response(body, media_type=asset.media_type, headers=headers)


@cache
def _files() -> dict[str, Traversable]:
    static = resources.files("plotly_nbext.server.pages") / "static"
    ours = {file.name: file for file in static.iterdir() if file.name.endswith((*MEDIA_TYPES,))}
    # the user's own, so that a figure looks here as it does in their notebook
    plotly = resources.files("plotly") / "package_data" / "plotly.min.js"
    return ours | {plotly.name: plotly}


@cache
def _asset(name: str) -> _Asset:
    return _Asset(name, _files()[name].read_bytes())
