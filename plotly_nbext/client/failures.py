"""What a request that failed says, in our own words: from any server's answer, or from none."""

from __future__ import annotations

from http import HTTPStatus
from typing import TYPE_CHECKING, Any, Final
from urllib.parse import urlsplit, urlunsplit

import requests
from urllib3.exceptions import (
    ConnectTimeoutError,
    NameResolutionError,
    NewConnectionError,
    ProxyError,
    SSLError,
)

from plotly_nbext.client.retries import asked_wait
from plotly_nbext.columns import json
from plotly_nbext.errors import BrowserNotFound, ServiceError, api_error
from plotly_nbext.settings import CLOSED_CLOUD

if TYPE_CHECKING:
    from collections.abc import Iterator

    from plotly_nbext.errors import PlotlyNbextError
    from plotly_nbext.settings import Account

__all__ = ["NO_API", "checked", "not_answered", "was_lost"]

LOOK: Final = "The request may have been carried out: look before you run the cell again."
NO_API: Final = "Is it a Chart Studio server? The address is that of its API, without /v2."

# an error page of a web server or proxy is no message; a line of a renderer is one
MOST_CHARACTERS: Final = 500


def checked(account: Account, response: requests.Response) -> requests.Response:
    """Return an answer that is a success, and raise what another one says."""
    if response.status_code >= HTTPStatus.MULTIPLE_CHOICES and response.ok:
        target = response.headers.get("Location", "")
        raise ServiceError(
            f"{account.url} sends {response.request.method} requests on to {_shown(target)}.",
            hint="Name the server's own address in plotly_nbext.connect().",
        )
    if not response.ok:
        raise _error(account, response)
    return response


def was_lost(error: requests.RequestException, *, repeatable: bool) -> bool:
    """Tell whether the way to a server failed, where asking again does no harm."""
    return isinstance(
        error, requests.ConnectionError | requests.exceptions.ChunkedEncodingError
    ) and (repeatable or _never_sent(_reason(error)))


def not_answered(
    account: Account, error: requests.RequestException, *, waited: float
) -> ServiceError:
    """Say in our own words why there is no answer; ``waited`` is how many seconds it had."""
    match error:
        case requests.ReadTimeout():
            return ServiceError(
                f"{account.url} gave no answer within {waited:g} seconds.", hint=LOOK
            )
        case requests.ConnectionError() | requests.exceptions.ChunkedEncodingError():
            return _lost(account, _reason(error))
    return ServiceError(f"The request to {account.url} failed: {type(error).__name__}.")


def _reason(error: requests.RequestException) -> object:
    """Return what urllib3 says of a connection that failed."""
    return getattr(error.args[0] if error.args else None, "reason", None)


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
            what, hint = "was lost before it answered", LOOK
    return ServiceError(f"The server {account.url} {what}.", hint=hint)


def _shown(address: str) -> str:
    """Leave out of an address what may be secret: a share key, a password."""
    split = urlsplit(address)
    host = split.netloc.rpartition("@")[2]
    return urlunsplit((split.scheme, host, split.path, "", "")) or "nowhere"


def _error(account: Account, response: requests.Response) -> PlotlyNbextError:
    """Read an error in any of the forms that servers of this API answer."""
    status = response.status_code
    kind = response.headers.get("Content-Type", "").partition(";")[0].strip().lower()
    if kind == "text/html" and status == HTTPStatus.NOT_FOUND:
        # not a file that is missing, but the API itself, or this part of it
        path = urlsplit(response.url).path
        return ServiceError(
            f"{account.url} has a web page that says 404 in place of {path}.", hint=NO_API
        )
    message, field, code = "", None, None
    try:
        content = json.loads(response.content)
    except ValueError:
        if kind == "text/plain" and len(response.content) <= MOST_CHARACTERS:
            message = response.text.strip()
    else:
        message, field, code = _words(content)
    if code == "BROWSER_NOT_FOUND":
        return BrowserNotFound(message, hint=None)  # the server's message says what to do
    return api_error(
        status,
        message or f"{status} {response.reason}",
        field=field,
        request_id=response.headers.get("X-Request-Id"),
        hint=_hint(response),
    )


def _words(content: Any) -> tuple[str, str | None, str | None]:
    """Read the message, the field and the code of an error's JSON."""
    if not isinstance(content, dict):
        return "", None, None
    listed = content.get("errors")
    listed = listed if isinstance(listed, list) else []
    errors = [error if isinstance(error, dict) else {"message": error} for error in listed]
    message = "\n".join(str(error["message"]) for error in errors if error.get("message"))
    if message:
        field = next((error["field"] for error in errors if error.get("field")), None)
        code = next((error["code"] for error in errors if error.get("code")), None)
        return message, field, code
    if isinstance(detail := content.get("detail"), str) and detail:
        return detail, None, None
    # Django REST framework's own form: {"filename": ["This field is required."]}
    found = list(_field_errors(content))
    field = next((name for name, _ in found if name), None)
    text = "\n".join(f"{name}: {words}" if name else words for name, words in found)
    return text, field, None


def _field_errors(content: dict[str, Any], within: str = "") -> Iterator[tuple[str, str]]:
    for key, value in content.items():
        name = within if key == "non_field_errors" else f"{within}.{key}".lstrip(".")
        for part in value if isinstance(value, list) else [value]:
            if isinstance(part, str):
                yield name, part
            elif isinstance(part, dict):
                yield from _field_errors(part, name)


def _hint(response: requests.Response) -> str | None:
    match response.status_code:
        case HTTPStatus.UNAUTHORIZED:
            return "Check the username and API key that plotly_nbext.connect() was given."
        case HTTPStatus.TOO_MANY_REQUESTS:
            wait = asked_wait(response)
            return "Wait a moment." if wait is None else f"Wait {wait:g} seconds, then try again."
    return None
