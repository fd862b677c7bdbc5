"""What whoever watches over servers asks: ``/healthz``, ``/readyz`` and ``/metrics``."""

from __future__ import annotations

import hmac
from typing import TYPE_CHECKING

from starlette.concurrency import run_in_threadpool
from starlette.exceptions import HTTPException
from starlette.responses import Response

import plotly_nbext
from plotly_nbext.errors import AuthError
from plotly_nbext.server.responses import JSONResponse

if TYPE_CHECKING:
    from starlette.requests import Request

    from plotly_nbext.server.readiness import Readiness

__all__ = ["healthz", "metrics", "readyz"]


async def healthz(request: Request) -> Response:
    """GET /healthz[?challenge=]: the HMAC proves the secret that only the owner's files hold.

    A client sends its API key to a port of this machine only after that proof.
    """
    answer = {"status": "ok", "version": plotly_nbext.__version__}
    secret, challenge = request.app.state.config.proof, request.query_params.get("challenge")
    if secret and challenge:
        answer["proof"] = hmac.digest(secret.encode(), challenge.encode(), "sha256").hex()
    return JSONResponse(answer)


async def readyz(request: Request) -> Response:
    """GET /readyz: 200 if requests may come, else 503 and what is missing."""
    readiness: Readiness = request.app.state.readiness
    if missing := await readiness.missing():
        return JSONResponse({"status": "not ready", "missing": missing}, 503)
    return JSONResponse({"status": "ready", "missing": {}})


async def metrics(request: Request) -> Response:
    """GET /metrics: in Prometheus' text format; 404 unless the operator has asked for them."""
    state = request.app.state
    if not state.config.metrics:
        raise HTTPException(404)
    token = state.config.metrics_token
    given = request.headers.get("authorization", "")
    if token and not hmac.compare_digest(given.encode(), f"Bearer {token}".encode()):
        raise AuthError("/metrics takes the token of --metrics-token-file.", status_code=401)
    text = await run_in_threadpool(state.metrics.text)
    return Response(text, media_type="text/plain; version=0.0.4; charset=utf-8")
