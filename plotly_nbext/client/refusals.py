"""What a server's answer that is no success says, in any of the forms that servers have for it."""

from __future__ import annotations

from http import HTTPStatus
from typing import TYPE_CHECKING, Any, Final
from urllib.parse import unquote, urlsplit, urlunsplit

from plotly_nbext.accounts import login_line
from plotly_nbext.client.failures import PROXY, PROXY_WANTS
from plotly_nbext.client.retries import asked_wait
from plotly_nbext.columns import json
from plotly_nbext.errors import (
    BrowserNotFound,
    NotFoundError,
    ServiceError,
    ValidationError,
    api_error,
)

if TYPE_CHECKING:
    from collections.abc import Iterator

    import requests

    from plotly_nbext.accounts import Account
    from plotly_nbext.errors import PlotlyNbextError

__all__ = ["NO_API", "checked", "is_taken", "is_trashed"]

NO_API: Final = "Is it a Chart Studio server? The address is that of its API, without /v2."

# an error page of a web server or proxy is no message; a line of a renderer is one
MOST_CHARACTERS: Final = 500

_IN_TRASH: Final = " is in the trash."

# what a web server says of http:// on its port for https://: nginx, Apache, Go
_WANTS_TLS: Final = (b"HTTP request was sent to HTTPS port", b"HTTP to an SSL", b"to an HTTPS")

_HINTS: Final[dict[int, str]] = {
    HTTPStatus.REQUEST_ENTITY_TOO_LARGE: "The server, or a proxy before it, takes nothing so "
    'large at once: push fewer rows, and the others with mode="append".',
    HTTPStatus.BAD_GATEWAY: "A proxy gets no answer from the server behind it: is that running?",
    HTTPStatus.SERVICE_UNAVAILABLE: "The server is busy or starts anew: run the cell again in a "
    "moment.",
    HTTPStatus.GATEWAY_TIMEOUT: "A proxy waited in vain for the server behind it: run the cell "
    "again in a moment.",
    HTTPStatus.INSUFFICIENT_STORAGE: "Make room on its disk: delete() frees what a grid takes, "
    "trash() does not.",
}


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


def is_taken(error: ValidationError) -> bool:
    """Tell whether a server refuses a name because another file of the folder has it."""
    # its number is 400 or 409, which say other things too; the words are Chart Studio's
    return "already exists" in error.message


def is_trashed(error: NotFoundError) -> bool:
    """Tell whether a file is not found because it is in its owner's trash."""
    return error.message.endswith(_IN_TRASH)


def _shown(address: str) -> str:
    """Leave out of an address what may be secret: a share key, a password."""
    try:
        split = urlsplit(address)
    except ValueError:
        return "what is no address"
    host = split.netloc.rpartition("@")[2]
    return urlunsplit((split.scheme, host, split.path, "", "")) or "nowhere"


def _error(account: Account, response: requests.Response) -> PlotlyNbextError:
    status = response.status_code
    kind = response.headers.get("Content-Type", "").partition(";")[0].strip().lower()
    if kind == "text/html" and status == HTTPStatus.NOT_FOUND:
        # not a file that is missing, but the API itself, or this part of it
        path = urlsplit(response.url).path
        return ServiceError(
            f"{account.url} has a web page that says 404 in place of {path}.", hint=NO_API
        )
    if status == HTTPStatus.BAD_REQUEST and any(words in response.content for words in _WANTS_TLS):
        return ServiceError(
            f"The server {account.url} speaks https.", hint="Write its address with https://."
        )
    if status == HTTPStatus.PROXY_AUTHENTICATION_REQUIRED:
        return ServiceError(PROXY_WANTS, hint=PROXY)
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
    if code == "IN_TRASH":
        return _in_trash(response)
    return api_error(
        status,
        message or f"{account.url} answers {status} {response.reason}.",
        field=field,
        request_id=response.headers.get("X-Request-Id"),
        hint=_hint(account, response, message),
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
        field = next((str(error["field"]) for error in errors if error.get("field")), None)
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


def _hint(account: Account, response: requests.Response, message: str) -> str | None:
    match response.status_code:
        case HTTPStatus.UNAUTHORIZED:
            return _sign_in(account)
        case HTTPStatus.TOO_MANY_REQUESTS:
            wait = asked_wait(response)
            return "Wait a moment." if wait is None else f"Wait {wait:g} seconds, then try again."
        case HTTPStatus.REQUEST_ENTITY_TOO_LARGE if message:
            return None  # it names what is too large
        case status:
            return _HINTS.get(status)


def _in_trash(response: requests.Response) -> NotFoundError:
    """Tell of a file that its owner asks for, and that our server has in the trash."""
    _, _, below = unquote(urlsplit(response.url).path).partition("/v2/")
    fid = next((step for step in below.split("/") if ":" in step), "The file")
    return NotFoundError(
        f"{fid}{_IN_TRASH}",
        status_code=response.status_code,
        field="fid",
        request_id=response.headers.get("X-Request-Id"),
        hint=f"`%plotly_grid restore {fid}` takes it out of there; in a script, its restore().",
    )


def _sign_in(account: Account) -> str:
    """Tell how another key is given."""
    magic = login_line(account.url, account.username)
    call = f'plotly_nbext.connect("{account.url}", "{account.username}", api_key)'
    return f"`{magic}` asks for another key; in a script: {call}."
