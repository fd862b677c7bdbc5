"""Changes that may be asked for again: with the same ``Idempotency-Key`` they are made once."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any, Final

from starlette.responses import Response

from plotly_nbext.columns import json
from plotly_nbext.server.auth import require_user
from plotly_nbext.server.bodies import bad_request
from plotly_nbext.server.routes.endpoint import writing
from plotly_nbext.server.store import requests

if TYPE_CHECKING:
    from collections.abc import Callable

    from sqlalchemy import Connection
    from starlette.requests import Request

    from plotly_nbext.server.auth import Caller

__all__ = ["written_once"]

HEADER: Final = "Idempotency-Key"

_KEY = re.compile(r"[!-~]{1,255}")


async def written_once(
    request: Request,
    digest: str,
    answer: Callable[[Connection, Caller], Any],
    status: int,
    *,
    short: bool = False,
) -> Response:
    """Make a change and answer with JSON, as :func:`writing` does; a second time, answer alike.

    Parameters
    ----------
    digest : str
        Tells the request from others that have its key by mistake.
    status : int
        Of the answer.
    short : bool
        As for :func:`writing`.

    Raises
    ------
    ValidationError
        400: the key is none. 422: another request had it.
    """
    key = request.headers.get(HEADER)
    if key is not None and not _KEY.fullmatch(key):
        raise bad_request(f"{HEADER} must have 1 to 255 visible ASCII characters.", HEADER)

    def once(connection: Connection, caller: Caller) -> tuple[int, bytes]:
        owner = require_user(caller)
        if key is None:
            return status, json.dumps(answer(connection, caller))
        known = requests.recall(connection, owner, key, digest)
        if known is not None:
            return known
        body = json.dumps(answer(connection, caller))
        requests.keep(connection, owner, key, status, body)
        return status, body

    status_code, body = await writing(request, once, short=short, grows="by its body")
    return Response(body, status_code, {"Vary": "Accept"}, "application/json")
