"""Requests to one server: credentials, repeats, and errors in our own words.

``requests`` keeps the prepared request, with its Authorization header, on the exceptions that it
raises: none of them is let out of here, nor is it the context of one that is.
"""

from __future__ import annotations

import threading
import time
from http import HTTPStatus
from typing import IO, TYPE_CHECKING, Any, Final
from urllib.parse import urlsplit

import requests

import plotly_nbext
from plotly_nbext.client.failures import NO_API, checked, not_answered, was_lost
from plotly_nbext.client.retries import Patience
from plotly_nbext.columns import json
from plotly_nbext.errors import ServiceError

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    from plotly_nbext.settings import Account

__all__ = ["Session"]

CONNECT_SECONDS: Final = 10
READ_SECONDS: Final = 300

_HEADERS: Final = {
    "Content-Type": "application/json",
    "Plotly-Client-Platform": f"python {plotly_nbext.__version__}",
}


class Session:
    """The server that a client talks to.

    Parameters
    ----------
    locate : callable
        Returns the account, and is asked again when the server can't be reached: the local
        service may have moved to another port, or have to be started.
    trust_seconds : float, optional
        How long after an answer the server still is who it was. After that it is located anew
        before a key is sent: the port of a local service that died may be a stranger's.
    """

    def __init__(
        self, locate: Callable[[], Account], *, trust_seconds: float | None = None
    ) -> None:
        self._locate = locate
        self._account: Account | None = None
        self._trust_seconds = trust_seconds
        self._answered = 0.0
        self._locating = threading.Lock()
        # a requests.Session is not made for several threads; widgets call from their own
        self._local = threading.local()

    @property
    def account(self) -> Account:
        """Where the server is, and who we are there."""
        with self._locating:
            silent = time.monotonic() - self._answered
            trusted = self._trust_seconds is None or silent <= self._trust_seconds
            if self._account is None or not trusted:
                self._account = self._locate()
                self._answered = time.monotonic()
            return self._account

    def get(self, path: str, **options: Any) -> Any:
        """GET a path and return the decoded JSON of the answer."""
        return self.json("GET", path, **options)

    def json(self, method: str, path: str, **options: Any) -> Any:
        """Send a request and return the decoded JSON of the answer; None where it is empty."""
        response = self.send(method, path, **options)
        try:
            return json.loads(response.content) if response.content else None
        except ValueError:
            raise ServiceError(
                f"{self.account.url} answered something that is not JSON.", hint=NO_API
            ) from None

    def send(
        self,
        method: str,
        path: str,
        *,
        query: Mapping[str, str | Sequence[str]] | None = None,
        body: bytes | IO[bytes] | None = None,
        headers: Mapping[str, str] | None = None,
        repeatable: bool | None = None,
    ) -> requests.Response:
        """Send a request.

        Parameters
        ----------
        method, path : str
            The path below ``/v2``.
        query : mapping, optional
            The query string's fields; a list is the same field several times.
        body : bytes or file object, optional
            JSON text, or a file that is sent as it is read: once, whatever becomes of it.
        headers : mapping, optional
            Beside, or in place of, those of every request.
        repeatable : bool, optional
            Whether sending it twice does no harm; by default all but POST.

        Raises
        ------
        ApiError
            The server refused it.
        ServiceError
            The server can't be reached, or was lost before it answered.
        """
        streams = body is not None and not isinstance(body, bytes)
        repeatable = method != "POST" if repeatable is None else repeatable
        patience = Patience(repeatable=repeatable)
        located = False
        while True:
            account = self.account
            response = self._request(
                account,
                method,
                path,
                params=dict(query or {}),
                data=body,
                headers={**_HEADERS, **(headers or {})},
            )
            if isinstance(response, requests.RequestException):
                if located or not was_lost(response, repeatable=repeatable):
                    raise not_answered(account, response, waited=READ_SECONDS)
                located = True
                self._move_from(account)
                continue
            self._answered = time.monotonic()
            if streams:
                return checked(account, response)
            if response.status_code == HTTPStatus.UNAUTHORIZED and not located:
                # the local service has a new key each time that it starts
                located = True
                if self._move_from(account) != account:
                    continue
            if not patience.waits(response):
                return checked(account, response)

    def _move_from(self, account: Account) -> Account:
        """Locate the server anew, once for all threads that found it gone."""
        with self._locating:
            if self._account is account:
                self._account = self._locate()
            return self._account or account

    def _request(
        self, account: Account, method: str, path: str, **content: Any
    ) -> requests.Response | requests.RequestException:
        """Send a request once; what fails is returned, as it would be the context of an error."""
        try:
            return self._requests().request(
                method,
                f"{account.url}/v2{path}",
                **content,
                auth=(_latin_1(account.username), _latin_1(account.api_key)),
                timeout=(CONNECT_SECONDS, READ_SECONDS),
                # a redirected POST becomes a GET, and is told a success
                allow_redirects=False,
                # a proxy can't reach this machine's own ports
                proxies={"http": "", "https": ""} if _is_local(account.url) else None,
            )
        except requests.RequestException as error:
            return error

    def _requests(self) -> requests.Session:
        session: requests.Session | None = getattr(self._local, "session", None)
        if session is None:
            session = self._local.session = requests.Session()
        return session


def _is_local(url: str) -> bool:
    return urlsplit(url).hostname in {"127.0.0.1", "::1", "localhost"}


def _latin_1(text: str) -> str:
    """Make requests, which writes credentials in Latin-1, write UTF-8."""
    return text.encode().decode("latin-1")
