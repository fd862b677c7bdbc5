"""Requests to one server: credentials, retries, and errors in our own words.

``requests`` keeps the prepared request, with its Authorization header, on the exceptions that it
raises: none of them is let out of here.
"""

from __future__ import annotations

import threading
import time
from http import HTTPStatus
from typing import TYPE_CHECKING, Any, Final
from urllib.parse import urlsplit

import requests
from requests.adapters import HTTPAdapter
from urllib3.exceptions import (
    ConnectTimeoutError,
    NameResolutionError,
    NewConnectionError,
    ProxyError,
    SSLError,
)
from urllib3.util import Retry

import plotly_nbext
from plotly_nbext.columns import json
from plotly_nbext.errors import ApiError, BrowserNotFound, ServiceError, api_error
from plotly_nbext.settings import CLOSED_CLOUD

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from plotly_nbext.settings import Account

__all__ = ["Session"]

CONNECT_SECONDS: Final = 10
READ_SECONDS: Final = 300

_HEADERS: Final = {
    "Content-Type": "application/json",
    "Plotly-Client-Platform": f"python {plotly_nbext.__version__}",
}

WAIT_SECONDS: Final = 20

# a server that is busy says so before it does anything: then every request may be repeated
_RETRY = Retry(
    total=3,
    connect=0,
    read=False,  # requests then tells a time-out from a lost connection
    redirect=0,
    other=0,
    status=3,
    backoff_factor=0.5,
    status_forcelist=[429, 503],
    allowed_methods=None,
    retry_after_max=WAIT_SECONDS,
    raise_on_status=False,
)


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
        # a requests.Session is not made for several threads; widgets call from their own
        self._local = threading.local()

    @property
    def account(self) -> Account:
        """Where the server is, and who we are there."""
        known = self._account
        silent = time.monotonic() - self._answered
        if known is None or (self._trust_seconds is not None and silent > self._trust_seconds):
            known = self._account = self._locate()
        return known

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
                f"{self.account.url} answered something that is not JSON.",
                hint="Is it a Chart Studio server? The address is that of its API, without /v2.",
            ) from None

    def send(
        self,
        method: str,
        path: str,
        *,
        query: Mapping[str, str] | None = None,
        body: bytes | None = None,
        repeatable: bool | None = None,
        revision: int | None = None,
    ) -> requests.Response:
        """Send a request.

        Parameters
        ----------
        method, path : str
            The path below ``/v2``.
        query : mapping, optional
            The query string's fields.
        body : bytes, optional
            JSON text.
        repeatable : bool, optional
            Whether sending it twice does no harm; by default all but POST.
        revision : int, optional
            The revision of the file that the request is about; our server refuses it where the
            file has another by now.

        Raises
        ------
        ApiError
            The server refused it.
        ServiceError
            The server can't be reached, or was lost before it answered.
        """
        repeatable = method != "POST" if repeatable is None else repeatable
        headers = _HEADERS if revision is None else {**_HEADERS, "If-Match": f'"{revision}"'}
        for last in (False, True):
            account = self.account
            try:
                response = self._requests().request(
                    method,
                    f"{account.url}/v2{path}",
                    params=dict(query or {}),
                    data=body,
                    headers=headers,
                    auth=(_latin_1(account.username), _latin_1(account.api_key)),
                    timeout=(CONNECT_SECONDS, READ_SECONDS),
                    # a redirected POST becomes a GET, and is told a success
                    allow_redirects=False,
                    # a proxy can't reach this machine's own ports
                    proxies={"http": "", "https": ""} if _is_local(account.url) else None,
                )
            except requests.ReadTimeout:
                raise ServiceError(
                    f"{account.url} gave no answer within {READ_SECONDS} seconds.", hint=_LOOK
                ) from None
            except (requests.ConnectionError, requests.exceptions.ChunkedEncodingError) as error:
                reason = getattr(error.args[0] if error.args else None, "reason", None)
                if last or not (repeatable or _never_sent(reason)):
                    raise _lost(account, reason) from None
                self._account = self._locate()
            except requests.RequestException as error:
                raise ServiceError(
                    f"The request to {account.url} can't be sent: {type(error).__name__}."
                ) from None
            else:
                self._answered = time.monotonic()
                if response.status_code == HTTPStatus.UNAUTHORIZED and not last:
                    # the local service has a new key each time that it starts
                    self._account = self._locate()
                    if self._account != account:
                        continue
                return _checked(account, response)
        raise AssertionError("unreachable")

    def _requests(self) -> requests.Session:
        session: requests.Session | None = getattr(self._local, "session", None)
        if session is None:
            session = requests.Session()
            for scheme in ("http://", "https://"):
                session.mount(scheme, HTTPAdapter(max_retries=_RETRY))
            self._local.session = session
        return session


def _is_local(url: str) -> bool:
    return urlsplit(url).hostname in {"127.0.0.1", "::1", "localhost"}


def _latin_1(text: str) -> str:
    """Make requests, which writes credentials in Latin-1, write UTF-8."""
    return text.encode().decode("latin-1")


def _checked(account: Account, response: requests.Response) -> requests.Response:
    """Return an answer that is a success, and raise what another one says."""
    if response.status_code >= HTTPStatus.MULTIPLE_CHOICES and response.ok:
        target = response.headers.get("Location", "nowhere")
        raise ServiceError(
            f"{account.url} sends {response.request.method} requests on to {target}.",
            hint="Name the server's own address in plotly_nbext.connect().",
        )
    if not response.ok:
        raise _error(response)
    return response


_LOOK = "The request may have been carried out: look before you run the cell again."


def _never_sent(reason: object) -> bool:
    """Tell whether a connection failed before the request was on its way."""
    if isinstance(reason, SSLError):
        return any(word in str(reason) for word in ("CERTIFICATE_VERIFY_FAILED", "WRONG_VERSION"))
    return isinstance(
        reason, NewConnectionError | NameResolutionError | ConnectTimeoutError | ProxyError
    )


def _lost(account: Account, reason: object) -> ServiceError:
    """Say what is wrong with the way to a server, and what to do."""
    host = urlsplit(account.url).hostname
    if host in CLOSED_CLOUD:
        return ServiceError(
            f"{account.url} can't be reached: Chart Studio's cloud closed on 2025-10-31.",
            hint="Name no server, and the local service of this machine is used.",
        )
    match reason:
        case NameResolutionError():
            what, hint = f"can't be reached: there is no host {host}", "Is the name right?"
        case SSLError() if "CERTIFICATE_VERIFY_FAILED" in str(reason):
            what = "has a certificate that this machine does not trust"
            hint = "Name the authority's PEM file in the environment variable REQUESTS_CA_BUNDLE."
        case SSLError() if _never_sent(reason):
            what, hint = "can't be reached by TLS", "Does its address begin with http:// ?"
        case ProxyError():
            what = "can't be reached through the proxy of the environment"
            hint = "Add its host to NO_PROXY where it needs none."
        case NewConnectionError() | ConnectTimeoutError():
            what = "can't be reached"
            hint = "Is it running? `plotly-nbext doctor` tells what is wrong on this machine."
        case _:
            what, hint = "was lost before it answered", _LOOK
    return ServiceError(f"The server {account.url} {what}.", hint=hint)


def _error(response: requests.Response) -> ApiError | BrowserNotFound:
    """Read an error in any of the forms that servers of this API answer."""
    message, field, code = "", None, None
    try:
        content = json.loads(response.content)
    except ValueError:
        content = None
    if isinstance(content, dict):
        listed = content.get("errors")
        listed = listed if isinstance(listed, list) else []
        errors = [error for error in listed if isinstance(error, dict)]
        message = "\n".join(str(error["message"]) for error in errors if error.get("message"))
        message = message or str(content.get("detail") or "")
        field = next((error["field"] for error in errors if error.get("field")), None)
        code = next((error["code"] for error in errors if error.get("code")), None)
    if code == "BROWSER_NOT_FOUND":
        return BrowserNotFound(message, hint=None)  # the server's message says what to do
    return api_error(
        response.status_code,
        message or f"{response.status_code} {response.reason}",
        field=field,
        request_id=response.headers.get("X-Request-Id"),
        hint=_hint(response),
    )


def _hint(response: requests.Response) -> str | None:
    match response.status_code:
        case HTTPStatus.UNAUTHORIZED:
            return "Check the username and API key that plotly_nbext.connect() was given."
        case HTTPStatus.TOO_MANY_REQUESTS:
            wait = response.headers.get("Retry-After")
            return f"Wait {wait} seconds, then run the cell again." if wait else "Wait a moment."
    return None
