"""``/healthz``: whether the server answers, and whether it is the one that is meant."""

from __future__ import annotations

import hmac
from typing import TYPE_CHECKING

import plotly_nbext
from plotly_nbext.server.responses import JSONResponse

if TYPE_CHECKING:
    from starlette.requests import Request
    from starlette.responses import Response

__all__ = ["healthz"]


async def healthz(request: Request) -> Response:
    """GET /healthz[?challenge=]: the HMAC proves the secret that only the owner's files hold.

    A client sends its API key to a port of this machine only after that proof.
    """
    answer = {"status": "ok", "version": plotly_nbext.__version__}
    secret, challenge = request.app.state.config.proof, request.query_params.get("challenge")
    if secret and challenge:
        answer["proof"] = hmac.digest(secret.encode(), challenge.encode(), "sha256").hex()
    return JSONResponse(answer)
