"""The exceptions and the warning that users meet.

Everything derives from :class:`PlotlyNbextError`, which shows itself in a notebook as one short
message with what to do. What the server (or a check before the request) refused is an
:class:`ApiError`; the rest is about this machine.
"""

from __future__ import annotations

import sys
import traceback
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

    Examples
    --------
    >>> try:
    ...     grid = plotly_nbext.grid("sales/1999")
    ... except plotly_nbext.PlotlyNbextError as error:
    ...     print(error.message)
    There is no grid 'sales/1999'.
    """

    def __init__(self, message: str, *, hint: str | None = None) -> None:
        super().__init__(message)
        self.message = message
        self.hint = hint

    def __str__(self) -> str:
        return f"{self.message}\n{self.hint}" if self.hint else self.message

    def _render_traceback_(self) -> list[str]:
        """Give IPython the message alone in the cell that fails, and all of it to ``%tb``.

        A cell's error is shown while it is handled, ``%tb`` shows it when that is over.
        """
        if sys.exception() is self:
            return [f"{type(self).__name__}: {self}"]
        return _whole_traceback(self)


def _whole_traceback(error: PlotlyNbextError) -> list[str]:
    """Format an error as IPython formats others, without the values in its frames."""
    from IPython.core.getipython import get_ipython  # who asks for it has imported it

    shell = get_ipython()
    if shell is None:
        return traceback.format_exception(error)
    formatter = shell.InteractiveTB
    mode = formatter.mode
    if mode == "Verbose":  # shows what the frames hold, and that may be a key
        formatter.set_mode("Context")
    try:
        lines: list[str] = formatter.structured_traceback(type(error), error, error.__traceback__)
    finally:
        formatter.set_mode(mode)
    return lines


class PlotlyNbextWarning(UserWarning):
    """What a server did as it was asked, with something to be said about it.

    Examples
    --------
    >>> import warnings
    >>> figure = {"layout": {"font": {"family": "Not Here"}, "title": {"text": "A"}}}
    >>> with warnings.catch_warnings(record=True) as caught:
    ...     warnings.simplefilter("always")
    ...     image = plotly_nbext.render(figure)
    >>> caught[0].category.__name__
    'PlotlyNbextWarning'
    """


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

    Examples
    --------
    >>> try:
    ...     image = plotly_nbext.render({"data": []}, "gif")
    ... except plotly_nbext.ApiError as error:
    ...     print(type(error).__name__, error.field)
    ValidationError format
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
        where = "" if self._names_field() else f" (field: {self.field})"
        return f"{self.message}{where}" + (f"\n{self.hint}" if self.hint else "")

    def _names_field(self) -> bool:
        """Tell whether the message says already which field is meant, if one is."""
        if self.status_code is None:  # our own words, which name it as users call it
            return True
        field = (self.field or "").removeprefix("figure.")
        return any(form in self.message for form in (field, repr(field)[1:-1]))


class AuthError(ApiError):
    """The username or the API key is wrong or missing (401).

    Examples
    --------
    >>> try:
    ...     client = plotly_nbext.connect(client.url, "bob", "no key of his")
    ... except plotly_nbext.AuthError as error:
    ...     print(error.status_code)
    401
    """


class PermissionDenied(ApiError):  # noqa: N818 - the public name
    """The file may be read but not changed (403).

    Examples
    --------
    >>> try:
    ...     public = client.grid("tides", user="alice").rename("mine")
    ... except (plotly_nbext.PermissionDenied, plotly_nbext.NotFoundError) as error:
    ...     print("It is not mine.")
    It is not mine.
    """


class NotFoundError(ApiError):
    """There is no such file, or none that the caller may see (404).

    Examples
    --------
    >>> try:
    ...     grid = plotly_nbext.grid("sales/1999")
    ... except plotly_nbext.NotFoundError:
    ...     grid = plotly_nbext.push(sales, "sales/1999")
    >>> grid
    Grid('sales/1999', 2 rows × 2 columns)
    """


class ValidationError(ApiError, ValueError):
    """Something in the request is wrong (400), or a value can't be kept in a grid.

    Examples
    --------
    >>> try:
    ...     grid = plotly_nbext.push(pd.DataFrame({"raw": [b"bytes"]}), "sales/raw")
    ... except plotly_nbext.ValidationError as error:
    ...     print(error.field)
    raw
    """


class Conflict(ApiError):  # noqa: N818 - as the others
    """The file was changed by someone else meanwhile (412).

    Examples
    --------
    >>> from plotly_nbext.client import Edits
    >>> others = client.grid("sales/2026").append(sales)
    >>> try:
    ...     edited = grid.edit(Edits(deleted=[(0, 1)]))
    ... except plotly_nbext.Conflict:
    ...     edited = grid.refresh().edit(Edits(deleted=[(0, 1)]))
    >>> len(edited)
    3
    """


class RateLimited(ApiError):  # noqa: N818 - the public name
    """Too many requests (429).

    Examples
    --------
    >>> try:
    ...     image = plotly_nbext.render(fig)
    ... except plotly_nbext.RateLimited:
    ...     print("Later, then.")
    """


class ServerError(ApiError):
    """The server failed (5xx); the same request may work later.

    Examples
    --------
    >>> try:
    ...     image = plotly_nbext.render(fig)
    ... except plotly_nbext.ServerError as error:
    ...     print("The server's log has it by", error.request_id)
    """


class ServiceError(PlotlyNbextError):
    """The local service can't be started, reached or stopped.

    Examples
    --------
    >>> try:
    ...     client = plotly_nbext.connect("http://127.0.0.1:9", "alice", "a key")
    ... except plotly_nbext.ServiceError:
    ...     print("Nothing answers there.")
    Nothing answers there.
    """


class BrowserNotFound(PlotlyNbextError):  # noqa: N818 - the public name
    """There is no browser to render with, or none that works.

    ``plotly-nbext install-browser`` gets one.

    Parameters
    ----------
    message : str
        What went wrong, in one sentence.
    hint : str, optional
        What to do about it.

    Examples
    --------
    >>> try:
    ...     image = plotly_nbext.render(fig)
    ... except plotly_nbext.BrowserNotFound as error:
    ...     print(error.hint)
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
