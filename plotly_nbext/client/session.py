"""Requests to one server: credentials, repeats, and errors in our own words.

``requests`` keeps the prepared request, with its Authorization header, on the exceptions that it
raises: none of them is let out of here, nor is it the context of one that is. Nor are its frames,
where a debugger or a verbose traceback would show the header.
"""

from __future__ import annotations

import threading
import time
import uuid
from http import HTTPStatus
from typing import IO, TYPE_CHECKING, Any, Final, TypeVar, cast

import requests
import urllib3

import plotly_nbext
from plotly_nbext.accounts import is_loopback
from plotly_nbext.client import answers
from plotly_nbext.client.credentials import way_to
from plotly_nbext.client.failures import is_without_bundle, not_answered, was_lost
from plotly_nbext.client.frames import without_requests
from plotly_nbext.client.refusals import NO_API, checked
from plotly_nbext.client.retries import Patience
from plotly_nbext.client.seen import seen_by
from plotly_nbext.columns import json
from plotly_nbext.errors import ApiError, AuthError, ServiceError

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping, Sequence

    from plotly_nbext.accounts import Account
    from plotly_nbext.client.seen import Seen

__all__ = ["ARROW", "Session"]

ARROW: Final = "application/vnd.apache.arrow.stream"

CONNECT_SECONDS: Final = 10
READ_SECONDS: Final = 300

CHECKED: Final = "checked"
"""What ``Prefer`` asks for: that all of an answer is read before it begins."""

_BUSY: Final = {
    HTTPStatus.TOO_MANY_REQUESTS,
    HTTPStatus.BAD_GATEWAY,
    HTTPStatus.SERVICE_UNAVAILABLE,
    HTTPStatus.GATEWAY_TIMEOUT,
}

_HEADERS: Final = {
    "Content-Type": "application/json",
    "Plotly-Client-Platform": f"python {plotly_nbext.__version__}",
}

_Read = TypeVar("_Read")


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
        self._seen: tuple[Account, Seen] | None = None
        self._trust_seconds = trust_seconds
        self._answered = 0.0
        self._locating = threading.Lock()
        self._takes_arrow: bool | None = None
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

    @property
    def known_account(self) -> Account | None:
        """The account that was located last; nothing is located anew, nor started."""
        return self._account

    @property
    def seen(self) -> Seen:
        """What is known of the user's files there, kept for as long as the server is the same."""
        account = self._account or self.account
        if self._seen is None or self._seen[0] is not account:
            self._seen = account, seen_by(account)
        return self._seen[1]

    @property
    def is_near(self) -> bool:
        """Whether the server is on this machine: compressing what it is sent would take longer."""
        return is_loopback(self.account.url)

    @property
    def takes_arrow(self) -> bool:
        """Whether the server takes grids as Arrow streams too: ``OPTIONS /v2/grids``, asked once.

        One that does is ours, and does once what it is sent with an ``Idempotency-Key``. One that
        is too busy to say is spoken to in JSON, and asked again the next time.
        """
        if self._takes_arrow is None:
            try:
                offered = self.send("OPTIONS", "/grids").headers.get("Accept-Post", "")
            except AuthError:
                raise
            except ApiError as error:
                if error.status_code in _BUSY:
                    return False
                offered = ""
            kinds = [kind.partition(";")[0].strip().lower() for kind in offered.split(",")]
            self._takes_arrow = ARROW in kinds
        return self._takes_arrow

    def get(self, path: str, **options: Any) -> Any:
        """GET a path and return the decoded JSON of the answer."""
        return self.json("GET", path, **options)

    def json(self, method: str, path: str, *, shape: Any = Any, **options: Any) -> Any:
        """Send a request and return the decoded JSON of the answer; None where it is empty.

        Parameters
        ----------
        method, path, **options
            As in :meth:`send`.
        shape : type, optional
            What the answer has to be: one of :mod:`plotly_nbext.client.answers`.
        """
        return self.read(self.send(method, path, **options), shape)

    def read(self, response: requests.Response, shape: Any = Any) -> Any:
        """Return the decoded JSON of an answer; None where it is empty."""
        try:
            answer = json.loads(response.content) if response.content else None
        except ValueError:
            raise ServiceError(
                f"{self.account.url} answered something that is not JSON.", hint=NO_API
            ) from None
        return self.checked(answer, shape)

    def checked(self, answer: Any, shape: Any) -> Any:
        """Return what a server told if it is of a shape; see :func:`answers.checked`."""
        return answers.checked(self.account.url, answer, shape)

    def send(
        self,
        method: str,
        path: str,
        *,
        query: Mapping[str, str | Sequence[str]] | None = None,
        body: bytes | IO[bytes] | Callable[[], Iterable[bytes]] | None = None,
        headers: Mapping[str, str] | None = None,
        repeatable: bool | None = None,
        once: bool = False,
    ) -> requests.Response:
        """Send a request.

        Parameters
        ----------
        method, path : str
            The path below ``/v2``.
        query : mapping, optional
            The query string's fields; a list is the same field several times.
        body : bytes, file object or callable, optional
            JSON text; or a file that is sent as it is read: once, whatever becomes of it; or what
            gives the pieces of a body, the same ones each time that it is called.
        headers : mapping, optional
            Beside, or in place of, those of every request.
        repeatable : bool, optional
            Whether sending it twice does no harm; by default all but POST.
        once : bool
            Whether to have it done once however often it is sent, by a server that sees to it.

        Raises
        ------
        ApiError
            The server refused it.
        ServiceError
            The server can't be reached, or was lost before it answered.
        """
        repeatable = method != "POST" if repeatable is None else repeatable
        headers = {**_HEADERS, **(headers or {})}
        if once and self.takes_arrow:
            headers["Idempotency-Key"] = str(uuid.uuid4())
            repeatable = True
        return self._send(method, path, query, body, headers, repeatable=repeatable)

    def receive(
        self,
        path: str,
        read: Callable[[IO[bytes]], _Read],
        *,
        query: Mapping[str, str | Sequence[str]] | None = None,
        headers: Mapping[str, str] | None = None,
    ) -> _Read:
        """GET a path, and read the answer while it comes.

        Parameters
        ----------
        read : callable
            Reads it; called again, with a new answer, where the first one was lost on the way.
        path, query, headers
            As in :meth:`send`, which tells the errors.
        """
        found: list[_Read] = []

        def take(answer: IO[bytes]) -> None:
            found[:] = [read(answer)]

        headers = {**_HEADERS, **(headers or {})}
        self._send("GET", path, query, None, headers, repeatable=True, take=take)
        return found[0]

    def _send(
        self,
        method: str,
        path: str,
        query: Mapping[str, str | Sequence[str]] | None,
        body: bytes | IO[bytes] | Callable[[], Iterable[bytes]] | None,
        headers: Mapping[str, str],
        *,
        repeatable: bool,
        take: Callable[[IO[bytes]], None] | None = None,
    ) -> requests.Response:
        patience = Patience(repeatable=repeatable)
        located = False
        while True:
            account = self.account
            response = self._request(
                account,
                method,
                path,
                take,
                params=dict(query or {}),
                data=body() if callable(body) else body,
                headers=headers,
            )
            if isinstance(response, OSError):
                if located or not was_lost(response, repeatable=repeatable):
                    raise not_answered(
                        account, response, waited=READ_SECONDS, repeatable=repeatable
                    )
                located = True
                self._move_from(account)
                cut = requests.exceptions.ChunkedEncodingError
                if take is not None and isinstance(response, cut):
                    # our server breaks off where it meets damage, and so tells of it
                    headers = {**headers, "Prefer": CHECKED}
                continue
            self._answered = time.monotonic()
            if not (body is None or isinstance(body, bytes) or callable(body)):
                return checked(account, response)  # a file has been read by now
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
        self,
        account: Account,
        method: str,
        path: str,
        take: Callable[[IO[bytes]], None] | None,
        **content: Any,
    ) -> requests.Response | OSError:
        """Send a request once; what fails is returned, as it would be the context of an error."""
        try:
            response = self._requests().request(
                method,
                f"{account.url}/v2{path}",
                **content,
                **way_to(account),
                timeout=(CONNECT_SECONDS, READ_SECONDS),
                # a redirected POST becomes a GET, and is told a success
                allow_redirects=False,
                stream=take is not None,
            )
            if take is not None:
                _taken(response, take)
        except BaseException as error:
            if isinstance(error, requests.RequestException) or is_without_bundle(error):
                return cast("OSError", error)
            without_requests(error)  # an interrupt, or what a body or its reader raises
            raise
        return response

    def _requests(self) -> requests.Session:
        session: requests.Session | None = getattr(self._local, "session", None)
        if session is None:
            session = self._local.session = _Requests()
        return session


class _Requests(requests.Session):
    """Reads no address that a server sends requests on to: one that is none would be an error."""

    def get_redirect_target(self, resp: requests.Response) -> None:
        """Find none."""


def _taken(response: requests.Response, take: Callable[[IO[bytes]], None]) -> None:
    """Read an answer while it comes; one that is no success is read whole."""
    with response:
        if response.status_code != HTTPStatus.OK:
            response.content  # noqa: B018 - read now, while it can be
            return
        response.raw.decode_content = True
        try:
            take(cast("IO[bytes]", response.raw))
            response.raw.drain_conn()  # its connection serves the next request
        except urllib3.exceptions.ReadTimeoutError as error:
            raise requests.ReadTimeout(error) from None
        except urllib3.exceptions.HTTPError as error:
            raise requests.exceptions.ChunkedEncodingError(error) from None
