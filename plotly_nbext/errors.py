"""The exceptions and the warning that users meet.

Everything derives from :class:`PlotlyNbextError`, which shows itself in a notebook as one short
message with what to do. What the server (or a check before the request) refused is an
:class:`ApiError`; the rest is about this machine.
"""

from __future__ import annotations

from http import HTTPStatus
from typing import ClassVar

__all__ = [
    "ApiError",
    "AuthError",
    "BrowserNotFound",
    "Conflict",
    "NotFoundError",
    "PermissionDenied",
    "PlotlyNbextError",
    "PlotlyNbextWarning",
    "RateLimited",
    "ServerError",
    "ServiceError",
    "ValidationError",
    "api_error",
]


class PlotlyNbextError(Exception):
    """Base of all errors of this package.

    Parameters
    ----------
    message : str
        What went wrong, in one sentence.
    hint : str, optional
        What to do about it.
    """

    def __init__(self, message: str, *, hint: str | None = None) -> None:
        super().__init__(message)
        self.message = message
        self.hint = hint

    def __str__(self) -> str:
        return f"{self.message}\n{self.hint}" if self.hint else self.message

    def _render_traceback_(self) -> list[str]:
        """Give IPython the message without the frames."""
        return [f"{type(self).__name__}: {self}"]


class PlotlyNbextWarning(UserWarning):
    """What a server did as it was asked, with something to be said about it."""


class ApiError(PlotlyNbextError):
    """A request that the server, or a check before it was sent, refused.

    Parameters
    ----------
    message : str
        The server's own words.
    status_code : int, optional
        The HTTP status; None when the request was never sent.
    field : str, optional
        The field of the request that is wrong.
    request_id : str, optional
        What the server's log calls the request.
    hint : str, optional
        What to do about it.
    """

    def __init__(
        self,
        message: str,
        *,
        status_code: int | None = None,
        field: str | None = None,
        request_id: str | None = None,
        hint: str | None = None,
    ) -> None:
        super().__init__(message, hint=hint)
        self.status_code = status_code
        self.field = field
        self.request_id = request_id

    def __str__(self) -> str:
        where = f" (field: {self.field})" if self.field and self.field not in self.message else ""
        return f"{self.message}{where}" + (f"\n{self.hint}" if self.hint else "")


class AuthError(ApiError):
    """The username or the API key is wrong or missing (401)."""


class PermissionDenied(ApiError):  # noqa: N818 - the public name
    """The file may be read but not changed (403)."""


class NotFoundError(ApiError):
    """There is no such file, or none that the caller may see (404)."""


class ValidationError(ApiError, ValueError):
    """Something in the request is wrong (400), or a value can't be kept in a grid."""


class Conflict(ApiError):  # noqa: N818 - as the others
    """The file was changed by someone else meanwhile (412)."""


class RateLimited(ApiError):  # noqa: N818 - the public name
    """Too many requests (429)."""


class ServerError(ApiError):
    """The server failed (5xx); the same request may work later."""


class ServiceError(PlotlyNbextError):
    """The local service can't be started, reached or stopped."""


class BrowserNotFound(PlotlyNbextError):  # noqa: N818 - the public name
    """There is no browser to render with, or none that works.

    ``plotly-nbext install-browser`` gets one.
    """

    HINT: ClassVar[str] = "Run `plotly-nbext install-browser`, then try again."

    def __init__(
        self,
        message: str = "No Chromium, Chrome or Edge was found to render with.",
        *,
        hint: str | None = HINT,
    ) -> None:
        super().__init__(message, hint=hint)


_BY_STATUS: dict[int, type[ApiError]] = {
    401: AuthError,
    403: PermissionDenied,
    404: NotFoundError,
    412: Conflict,
    429: RateLimited,
}


def api_error(
    status_code: int,
    message: str,
    *,
    field: str | None = None,
    request_id: str | None = None,
    hint: str | None = None,
) -> ApiError:
    """Make the exception that stands for an HTTP status of 400 or more."""
    is_server = status_code >= HTTPStatus.INTERNAL_SERVER_ERROR
    kind = _BY_STATUS.get(status_code, ServerError if is_server else ValidationError)
    return kind(message, status_code=status_code, field=field, request_id=request_id, hint=hint)
