"""Who asks for a page, and how those are told who may not have it.

To a program, what is not there and what is not for it to know of is one 404. A browser asks the
person for their key only when it is challenged, so that for somebody who comes without credentials
both are one 401.
"""

from __future__ import annotations

from functools import wraps
from http import HTTPStatus
from typing import TYPE_CHECKING

from starlette.exceptions import HTTPException

from plotly_nbext.errors import ApiError, AuthError
from plotly_nbext.server.auth import identify, require_user
from plotly_nbext.server.damage import note_damage
from plotly_nbext.server.pages.html import page
from plotly_nbext.server.pages.policies import BARE, PAGE
from plotly_nbext.server.store.checksums import Damaged

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable

    from starlette.requests import Request
    from starlette.responses import Response

    Endpoint = Callable[[Request], Awaitable[Response]]

__all__ = ["for_people", "is_browser"]

CHALLENGE = {"WWW-Authenticate": 'Basic realm="plotly_nbext"'}

TITLES = {
    400: "This was not understood",
    401: "Sign in to see this",
    404: "Not found",
    500: "The server can't read this",
}


def is_browser(request: Request) -> bool:
    """Tell whether a browser asks: by what it accepts, or by what only browsers send."""
    return "sec-fetch-mode" in request.headers or _takes_html(request)


def for_people(endpoint: Endpoint) -> Endpoint:
    """Let an endpoint refuse a browser in words, and ask whoever is nobody to sign in.

    ``?sign_in`` asks also where there is something to see without.
    """

    @wraps(endpoint)
    async def answer(request: Request) -> Response:
        try:
            if "sign_in" in request.query_params:
                require_user(await identify(request))
            return await endpoint(request)
        except ApiError as error:
            refusal = await _challenged(request, error)
            if not _takes_html(request):
                raise refusal from None
            if isinstance(refusal, Damaged):
                await note_damage(request, refusal)
            return _in_words(request, refusal.status_code or 400, refusal.message)
        except HTTPException as error:
            if not _takes_html(request):
                raise
            return _in_words(request, error.status_code, error.detail)

    return answer


def _is_visit(request: Request) -> bool:
    """Tell whether a person goes there; a page that loads it by itself should ask them nothing."""
    mode = request.headers.get("sec-fetch-mode")
    return mode == "navigate" if mode else _takes_html(request)


def _takes_html(request: Request) -> bool:
    return "text/html" in request.headers.get("accept", "")


async def _challenged(request: Request, error: ApiError) -> ApiError:
    """Turn a 404 for somebody unknown into what makes their browser ask for a key.

    Who comes with a share key has none; a wrong one opens nothing.
    """
    if error.status_code == HTTPStatus.NOT_FOUND and _is_visit(request):
        caller = await identify(request)
        if caller.username is None and caller.share_key is None:
            return AuthError("Authentication credentials were not provided.", status_code=401)
    return error


def _in_words(request: Request, status: int, message: str) -> Response:
    is_challenge = status == HTTPStatus.UNAUTHORIZED
    headers = CHALLENGE if is_challenge else None
    values = {"status": status, "title": TITLES.get(status, TITLES[400]), "message": message}
    # why nothing is shown is shown where it would be
    is_framed = request.url.path.endswith(".embed") and not is_challenge
    policy = BARE if is_framed else PAGE
    return page(request, "refusal.html", policy, status_code=status, headers=headers, **values)
