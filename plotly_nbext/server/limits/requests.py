"""Requests, counted for whoever sends them, and refused once they are too many."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from anyio import sleep
from sqlalchemy.exc import SQLAlchemyError
from starlette.requests import Request

from plotly_nbext.errors import ApiError
from plotly_nbext.server.auth import has_credentials, identify
from plotly_nbext.server.limits.rates import Rates
from plotly_nbext.server.limits.throttled import Throttled
from plotly_nbext.server.responses import throttled_response

if TYPE_CHECKING:
    from starlette.types import ASGIApp, Message, Receive, Scope, Send

    from plotly_nbext.server.metrics import Metrics

__all__ = ["LimitedRequests", "who_asks"]

COUNTED: Final = ("/v2", "/~")
"""How paths begin that count: the API and the pages, not what tells of the server itself."""

UNAUTHORIZED: Final = 401

FREE_GUESSES: Final = "20/minute"
"""Wrong keys from an address that are answered at once."""

GUESS_SECONDS: Final = 1.0
"""How long the answer to each further one takes; those who know their key are not kept waiting."""


async def who_asks(request: Request) -> str:
    """Tell for whom something is counted: a user, or an address.

    Raises
    ------
    AuthError
        There are credentials and they are wrong.
    """
    username = (await identify(request)).username
    return address(request) if username is None else f"user {username}"


def address(request: Request) -> str:
    """Tell where a request is from; the proxy that is trusted says it."""
    return f"address {request.client.host if request.client else ''}"


class LimitedRequests:
    """Let each user send so many requests, and each address so many wrong keys.

    Parameters
    ----------
    app : ASGIApp
        What answers.
    requests, failures : Rates
        How many.
    slows_guesses : bool
        Whether wrong keys beyond some are answered slowly.
    metrics : Metrics
        Whom to tell what was refused.
    """

    def __init__(
        self,
        app: ASGIApp,
        requests: Rates,
        failures: Rates,
        metrics: Metrics,
        *,
        slows_guesses: bool,
    ) -> None:
        self.app = app
        self._guesses = Rates([FREE_GUESSES] if slows_guesses else [])
        self._requests = requests
        self._failures = failures
        self._metrics = metrics

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass the request on, or refuse it with 429."""
        # the server's address may have a path of its own
        path = scope.get("path", "").removeprefix(scope.get("root_path", ""))
        if scope["type"] != "http" or not path.startswith(COUNTED):
            await self.app(scope, receive, send)
            return
        request = Request(scope)
        try:
            await self._count(request)
        except Throttled as error:
            await throttled_response(error)(scope, receive, send)
            return
        except (ApiError, SQLAlchemyError):
            pass  # whoever answers meets it too, and says so

        async def send_and_look(message: Message) -> None:
            is_wrong = (
                message["type"] == "http.response.start" and message["status"] == UNAUTHORIZED
            )
            if is_wrong and has_credentials(request):
                await self._failures.hit("sign-in", address(request))
                if await self._guesses.hit("guess", address(request)) is not None:
                    await sleep(GUESS_SECONDS)
            await send(message)

        looks = bool(self._failures) or bool(self._guesses)
        await self.app(scope, receive, send_and_look if looks else send)

    async def _count(self, request: Request) -> None:
        if self._failures and has_credentials(request):
            self._refuse("sign-ins", self._failures.wait("sign-in", address(request)))
        if self._requests:
            self._refuse("requests", await self._requests.hit("request", await who_asks(request)))

    def _refuse(self, limit: str, seconds: float | None) -> None:
        if seconds is not None:
            self._metrics.count("request_refusals", limit=limit)
            raise Throttled(seconds)
