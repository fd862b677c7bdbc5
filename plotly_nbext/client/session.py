"""Requests to one server: credentials, retries, and errors in our own words.

``requests`` keeps the prepared request, with its Authorization header, on the exceptions that it
raises: none of them is let out of here.
"""

from __future__ import annotations

import threading
from http import HTTPStatus
from typing import TYPE_CHECKING, Any, Final
from urllib.parse import urlsplit

import requests
from requests.adapters import HTTPAdapter
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

# a server that is busy says so before it does anything: then every request may be repeated
_RETRY = Retry(
    total=4,
    connect=0,
    read=0,
    redirect=0,
    other=0,
    status=4,
    backoff_factor=0.5,
    status_forcelist=[429, 503],
    allowed_methods=None,
    respect_retry_after_header=True,
    raise_on_status=False,
)


class Session:
    """The server that a client talks to.

    Parameters
    ----------
    locate : callable
        Returns the account, and is asked again when the server can't be reached: the local
        service may have moved to another port, or have to be started.
    """

    def __init__(self, locate: Callable[[], Account]) -> None:
        self._locate = locate
        self._account: Account | None = None
        # a requests.Session is not made for several threads; widgets call from their own
        self._local = threading.local()

    @property
    def account(self) -> Account:
        """Where the server is, and who we are there."""
        if self._account is None:
            self._account = self._locate()
        return self._account

    def get(self, path: str, **options: Any) -> Any:
        """GET a path and return the decoded JSON of the answer."""
        return self.json("GET", path, **options)

    def json(self, method: str, path: str, **options: Any) -> Any:
        """Send a request and return the decoded JSON of the answer; None where it is empty."""
        content = self.send(method, path, **options).content
        return json.loads(content) if content else None

    def send(
        self,
        method: str,
        path: str,
        *,
        query: Mapping[str, str] | None = None,
        body: bytes | None = None,
        repeatable: bool | None = None,
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

        Raises
        ------
        ApiError
            The server refused it.
        ServiceError
            The server can't be reached, or was lost before it answered.
        """
        repeatable = method != "POST" if repeatable is None else repeatable
        for last in (False, True):
            account = self.account
            try:
                response = self._requests().request(
                    method,
                    f"{account.url}/v2{path}",
                    params=dict(query or {}),
                    data=body,
                    headers=_HEADERS,
                    auth=(account.username, account.api_key),
                    timeout=(CONNECT_SECONDS, READ_SECONDS),
                )
            except requests.ReadTimeout:
                raise _unreachable(
                    account, f"gave no answer within {READ_SECONDS} seconds"
                ) from None
            except (requests.ConnectionError, requests.exceptions.ChunkedEncodingError) as error:
                never_sent = "NewConnectionError" in repr(error) or isinstance(
                    error, requests.ConnectTimeout
                )
                if last or not (repeatable or never_sent):
                    raise _unreachable(
                        account, "can't be reached" if never_sent else "was lost before it answered"
                    ) from None
                self._account = self._locate()
            except requests.RequestException as error:
                raise ServiceError(
                    f"The request to {account.url} can't be sent: {type(error).__name__}."
                ) from None
            else:
                if response.status_code == HTTPStatus.UNAUTHORIZED and not last:
                    # the local service has a new key each time that it starts
                    self._account = self._locate()
                    if self._account != account:
                        continue
                if not response.ok:
                    raise _error(response) from None
                return response
        raise AssertionError("unreachable")

    def _requests(self) -> requests.Session:
        session: requests.Session | None = getattr(self._local, "session", None)
        if session is None:
            session = requests.Session()
            for scheme in ("http://", "https://"):
                session.mount(scheme, HTTPAdapter(max_retries=_RETRY))
            # a proxy of the environment can't reach this machine's own port
            session.trust_env = not _is_local(self.account.url)
            self._local.session = session
        return session


def _is_local(url: str) -> bool:
    return urlsplit(url).hostname in {"127.0.0.1", "::1", "localhost"}


def _unreachable(account: Account, what: str) -> ServiceError:
    if urlsplit(account.url).hostname in CLOSED_CLOUD:
        hint = (
            "Chart Studio's cloud closed on 2025-10-31. Name no server, and the local service "
            "of this machine is used."
        )
    elif "lost" in what:
        hint = "The request may have been carried out: look before you run the cell again."
    else:
        hint = "Is it running? `plotly-nbext doctor` tells what is wrong on this machine."
    return ServiceError(f"The server {account.url} {what}.", hint=hint)


def _error(response: requests.Response) -> ApiError | BrowserNotFound:
    """Read an error in any of the forms that servers of this API answer."""
    message, field, code = "", None, None
    try:
        content = json.loads(response.content)
    except ValueError:
        content = None
    if isinstance(content, dict):
        errors = [error for error in content.get("errors") or [] if isinstance(error, dict)]
        message = "\n".join(str(error["message"]) for error in errors if error.get("message"))
        message = message or str(content.get("detail") or "")
        field = next((error["field"] for error in errors if error.get("field")), None)
        code = next((error["code"] for error in errors if error.get("code")), None)
    if code == "BROWSER_NOT_FOUND":
        return BrowserNotFound()
    return api_error(
        response.status_code,
        message or f"{response.status_code} {response.reason}",
        field=field,
        request_id=response.headers.get("X-Request-Id"),
        hint=_HINTS.get(response.status_code),
    )


_HINTS: dict[int, str] = {
    401: "Check the username and API key that plotly_nbext.connect() was given.",
    429: "The server asks for patience: wait a moment, then run the cell again.",
}
