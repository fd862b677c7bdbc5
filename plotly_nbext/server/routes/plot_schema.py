"""``/v2/plot-schema``: all that a figure may have, in the words of the installed plotly.js."""

from __future__ import annotations

import hashlib
from functools import lru_cache
from typing import TYPE_CHECKING

import msgspec
from starlette.concurrency import run_in_threadpool

from plotly_nbext.server.responses import JSONResponse

if TYPE_CHECKING:
    from starlette.requests import Request
    from starlette.responses import Response

__all__ = ["retrieve"]


async def retrieve(request: Request) -> Response:
    """GET /v2/plot-schema[?sha1=]: the schema, or null for who has it already."""
    schema: bytes = await request.app.state.renderer.plot_schema()
    sha1 = await run_in_threadpool(_sha1, schema)
    modified = request.query_params.get("sha1") != sha1
    return JSONResponse(
        {
            "sha1": sha1,
            "modified": modified,
            "schema": msgspec.Raw(schema) if modified else None,
        }
    )


@lru_cache(maxsize=1)
def _sha1(schema: bytes) -> str:
    """Digest the JSON text in its canonical form: members sorted, no spaces."""
    canonical = msgspec.json.encode(msgspec.json.decode(schema), order="sorted")
    return hashlib.sha1(canonical, usedforsecurity=False).hexdigest()
