"""Users of a JupyterHub, who come with its tokens and have no account here.

The hub tells whose a token is. It is asked before a request is looked into, so that no transaction
waits for it, and never for a key that is a local user's: nobody else gets to see those.
"""

from __future__ import annotations

import hashlib
import logging
import re
import time
from http import HTTPStatus
from http.cookiejar import DefaultCookiePolicy
from typing import TYPE_CHECKING, Any, Final

from anyio import CapacityLimiter
from anyio.to_thread import run_sync
from cachetools import TTLCache
from starlette.requests import Request

from plotly_nbext.errors import ApiError, PermissionDenied, ValidationError
from plotly_nbext.server import auth
from plotly_nbext.server.store import users

if TYPE_CHECKING:
    from starlette.types import ASGIApp, Receive, Scope, Send

    from plotly_nbext.server.store import Database

__all__ = ["Hub", "HubUsers"]

logger = logging.getLogger("plotly_nbext.server")

# a token that was revoked is good for so long at most
KNOWN_SECONDS = 10
KNOWN_TOKENS = 10_000
# so long is a hub that did not answer left alone
PAUSE_SECONDS = 2
TIMEOUT_SECONDS = 5
MOST_AT_ONCE = 8

# what the hub would refuse to read at all must not pass for a hub that is out of order
_TOKEN: Final = re.compile(r"[!-~]{1,1000}")


class Hub:
    """The API of a JupyterHub.

    Parameters
    ----------
    api_url : str
        Its address, such as ``http://127.0.0.1:8081/hub/api``.
    service : str
        What the hub calls this server: a token has to have the scope to access it.
    """

    def __init__(self, api_url: str, service: str) -> None:
        import requests

        self._url = f"{api_url}/user"
        self._scopes = {"access:services", f"access:services!service={service}"}
        self._session = requests.Session()
        self._session.trust_env = False  # no ~/.netrc in place of the token, and no proxy
        self._session.cookies.set_policy(DefaultCookiePolicy(allowed_domains=[]))

    def owner(self, token: str) -> str | None:
        """Return whose a token is; None for one that is none of the hub's, or not for us.

        Raises
        ------
        ApiError
            The hub does not tell.
        """
        import requests

        try:
            answer = self._session.get(
                self._url,
                headers={"Authorization": f"token {token}"},
                timeout=TIMEOUT_SECONDS,
                allow_redirects=False,
            )
            if answer.status_code in {HTTPStatus.UNAUTHORIZED, HTTPStatus.FORBIDDEN}:
                return None
            if answer.status_code != HTTPStatus.OK:
                raise _silent(f"it answers {answer.status_code}")
            return self._name(answer.json())
        except requests.RequestException as error:
            # only its kind: its text may have the request in it
            raise _silent(type(error).__name__) from None

    def _name(self, model: Any) -> str | None:
        if not isinstance(model, dict) or not isinstance(model.get("name"), str):
            raise _silent("it answers no user; is it the API's address?")
        if model.get("kind") != "user" or self._scopes.isdisjoint(model.get("scopes", ())):
            return None
        name: str = model["name"]
        return name


class HubUsers:
    """Know the hub's users by their tokens, and make them users here when they first come.

    Parameters
    ----------
    app : ASGIApp
        What answers.
    hub : Hub
        Whom to ask.
    database : Database
        Where users are kept.
    """

    def __init__(self, app: ASGIApp, hub: Hub, database: Database) -> None:
        self.app = app
        self._hub = hub
        self._database = database
        self._known: TTLCache[bytes, str | None] = TTLCache(KNOWN_TOKENS, KNOWN_SECONDS)
        self._asking = CapacityLimiter(MOST_AT_ONCE)
        self._pause_until = 0.0

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass the request on, with what :mod:`~plotly_nbext.server.auth` is to know of it."""
        if scope["type"] == "http":
            request = Request(scope)
            secret = auth.secret_of(request)
            if secret:
                request.state.hub_user = await self._user(secret)
        await self.app(scope, receive, send)

    async def _user(self, secret: str) -> str | Exception | None:
        digest = hashlib.sha256(secret.encode()).digest()
        if digest in self._known:
            return self._known[digest]
        try:
            user = None
            # those with keys of this server wait for nobody who waits for the hub
            if _TOKEN.fullmatch(secret) and not await run_sync(self._is_key, secret):
                user = await run_sync(self._ask, secret, limiter=self._asking)
        except Exception as error:  # noqa: BLE001 - raised where errors are answered
            return error
        self._known[digest] = user
        return user

    def _is_key(self, secret: str) -> bool:
        with self._database.read() as connection:
            return users.owner_of_key(connection, secret) is not None

    def _ask(self, secret: str) -> str | None:
        if time.monotonic() < self._pause_until:
            raise _unavailable()
        try:
            name = self._hub.owner(secret)
        except ApiError:
            self._pause_until = time.monotonic() + PAUSE_SECONDS
            raise
        if name is not None:
            self._admit(name)
        return name

    def _admit(self, name: str) -> None:
        try:
            with self._database.write() as connection:
                users.admit(connection, name)
        except ValidationError as error:
            raise PermissionDenied(error.message, status_code=403) from None


def _silent(reason: str) -> ApiError:
    logger.warning("JupyterHub does not tell whose a token is: %s", reason)
    return _unavailable()


def _unavailable() -> ApiError:
    return ApiError("JupyterHub can't be asked who you are; try again soon.", status_code=503)
