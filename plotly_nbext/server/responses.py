"""What the server says: JSON, and errors in the one form that all of its clients read."""

from __future__ import annotations

import errno
import logging
import sqlite3
from http import HTTPStatus
from typing import TYPE_CHECKING, Any

from sqlalchemy.exc import DBAPIError
from starlette.exceptions import HTTPException
from starlette.responses import Response

from plotly_nbext.columns import json
from plotly_nbext.errors import ApiError, BrowserNotFound, PlotlyNbextError
from plotly_nbext.server.damage import note_damage
from plotly_nbext.server.limits.throttled import Throttled
from plotly_nbext.server.limits.turns import TooManyWait
from plotly_nbext.server.rendering import RenderError, RendererUnavailable
from plotly_nbext.server.store.checksums import Damaged
from plotly_nbext.server.store.files import InTrash
from plotly_nbext.server.store.outages import NoConnection, is_damage, passes, reason

if TYPE_CHECKING:
    from collections.abc import Mapping

    from starlette.requests import Request

__all__ = ["EXCEPTION_HANDLERS", "JSONResponse", "error_response", "throttled_response"]

logger = logging.getLogger("plotly_nbext.server")

CODES = {
    400: "BAD_REQUEST",
    401: "UNKNOWN",
    403: "PERMISSION_DENIED",
    404: "NOT_FOUND",
    405: "METHOD_NOT_ALLOWED",
    408: "REQUEST_TIMEOUT",
    412: "PRECONDITION_FAILED",
    413: "TOO_LARGE",
    415: "UNSUPPORTED_MEDIA_TYPE",
    422: "KEY_REUSED",
    429: "UNKNOWN",  # as Chart Studio has it
    503: "UNAVAILABLE",
    507: "NO_ROOM",
}

_CODES_OF_ERRORS: dict[type[Exception], str] = {InTrash: "IN_TRASH", Damaged: "DAMAGED"}

_NO_ROOM = {errno.ENOSPC, errno.EDQUOT, errno.EFBIG}
_DISK_FULL = {"SQLITE_FULL", "53100"}  # as SQLite and PostgreSQL call it


class JSONResponse(Response):
    """JSON that keeps integers of any size."""

    media_type = "application/json"

    def __init__(
        self, content: Any, status_code: int = 200, headers: Mapping[str, str] | None = None
    ) -> None:
        super().__init__(content, status_code, {"Vary": "Accept", **(headers or {})})

    def render(self, content: Any) -> bytes:
        """Encode the content."""
        return json.dumps(content)


def error_response(
    status_code: int,
    message: str,
    *,
    field: str | None = None,
    code: str | None = None,
    headers: dict[str, str] | None = None,
) -> Response:
    """Answer an error: some clients read ``errors``, others ``detail``."""
    error = {
        "code": code or CODES.get(status_code, "UNKNOWN"),
        "message": message,
        "path": None,
        "field": field,
    }
    return JSONResponse({"errors": [error], "detail": message}, status_code, headers=headers)


def throttled_response(error: Throttled) -> Response:
    """Answer 429."""
    return error_response(429, error.message, headers={"Retry-After": str(error.seconds)})


async def _on_throttled(_request: Request, error: Exception) -> Response:
    assert isinstance(error, Throttled)  # noqa: S101 - registered for this class
    return throttled_response(error)


async def _on_api_error(request: Request, error: Exception) -> Response:
    assert isinstance(error, ApiError)  # noqa: S101 - registered for this class
    if isinstance(error, Damaged):
        await note_damage(request, error)
    headers = {
        HTTPStatus.UNAUTHORIZED: {"WWW-Authenticate": 'Basic realm="plotly_nbext"'},
        HTTPStatus.SERVICE_UNAVAILABLE: {"Retry-After": "1"},
    }.get(HTTPStatus(error.status_code or 400))
    return error_response(
        error.status_code or 400,
        error.message,
        field=error.field,
        code=_CODES_OF_ERRORS.get(type(error)),
        headers=headers,
    )


async def _on_http_exception(_request: Request, error: Exception) -> Response:
    """Answer what the framework itself refuses: no such route, or not by this method."""
    assert isinstance(error, HTTPException)  # noqa: S101 - registered for this class
    message = "Not found." if error.status_code == HTTPStatus.NOT_FOUND else str(error.detail)
    return error_response(error.status_code, message, headers=dict(error.headers or {}))


async def _on_render_error(_request: Request, error: Exception) -> Response:
    """Answer 400: the same figure fails again, and clients repeat what is answered 5xx."""
    return error_response(400, str(error), field="figure")


async def _on_browser_missing(request: Request, error: Exception) -> Response:
    """Answer 400 too: no retry helps until someone installs or mends a browser."""
    short = "The server has no browser that works; its log tells why."
    message = _for_caller(request, str(error), short)
    return error_response(400, message, code="BROWSER_NOT_FOUND")


async def _on_unavailable(request: Request, error: Exception) -> Response:
    first_line, _, _ = str(error).partition("\n")  # what a program said follows it
    message = _for_caller(request, str(error), first_line)
    return error_response(503, message, headers={"Retry-After": "1"})


async def _on_too_many(_request: Request, error: Exception) -> Response:
    return error_response(503, str(error), headers={"Retry-After": "1"})


def _for_caller(request: Request, message: str, short: str) -> str:
    """Choose what is told of the machine: all of it only by the local service, to its one user."""
    if request.app.state.config.proof:
        return message
    logger.error("request %s failed: %s", getattr(request.state, "request_id", ""), message)
    return short


async def _on_failure(request: Request, error: Exception) -> Response:
    """Answer 500; the traceback follows in the log, where uvicorn writes it."""
    request_id = getattr(request.state, "request_id", "")
    logger.error("request %s failed: %s %s", request_id, request.method, request.url.path)
    if isinstance(error, PlotlyNbextError):
        return error_response(500, error.message)
    return error_response(500, f"The server failed; its log tells why, at request {request_id}.")


async def _on_storage_error(request: Request, error: Exception) -> Response:
    """Tell of a full disk by 507, of a database that is gone or busy by 503, of damage by 500."""
    request_id = getattr(request.state, "request_id", "")
    if passes(error):
        logger.error("request %s failed: %s", request_id, reason(error))
        return error_response(
            503,
            "The database can't be reached now. Ask again: a change that carries an "
            "Idempotency-Key is made once.",
            headers={"Retry-After": "1"},
        )
    if is_damage(error):
        await note_damage(request, error)
        return error_response(
            500,
            "The server's database is damaged where this is. Its operator can go back to a backup; "
            "the rest can be read, and `plotly-nbext verify` lists all that is damaged.",
            code=_CODES_OF_ERRORS[Damaged],
        )
    if not _is_full(error):
        raise error
    logger.error("request %s failed: no room left on the disk: %s", request_id, error)
    return error_response(
        507, "There is no room left on the server's disk; nothing of the request was kept."
    )


def _is_full(error: BaseException | None) -> bool:
    """Tell whether a full disk is behind an error; an undone transaction may be in between."""
    while error is not None:
        if isinstance(error, OSError) and error.errno in _NO_ROOM:
            return True
        origin = error.orig if isinstance(error, DBAPIError) else error
        codes = {getattr(origin, name, None) for name in ("sqlite_errorname", "sqlstate")}
        if not codes.isdisjoint(_DISK_FULL):
            return True
        error = error.__cause__ or error.__context__
    return False


EXCEPTION_HANDLERS = {
    Throttled: _on_throttled,
    ApiError: _on_api_error,
    HTTPException: _on_http_exception,
    RenderError: _on_render_error,
    BrowserNotFound: _on_browser_missing,
    TooManyWait: _on_too_many,
    RendererUnavailable: _on_unavailable,
    DBAPIError: _on_storage_error,
    NoConnection: _on_storage_error,  # all of the server's are in use
    sqlite3.Error: _on_storage_error,
    OSError: _on_storage_error,
    RuntimeError: _on_storage_error,  # from it, if it was that of a commit with others
    Exception: _on_failure,
}
