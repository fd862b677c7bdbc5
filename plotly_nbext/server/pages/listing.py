"""Lists of files: of a folder, and of a user."""

from __future__ import annotations

from typing import TYPE_CHECKING

from starlette.exceptions import HTTPException

from plotly_nbext.server.bodies import as_int, bad_request
from plotly_nbext.server.pages.html import page
from plotly_nbext.server.pages.policies import PAGE
from plotly_nbext.server.representation import trail
from plotly_nbext.server.store import files, listing
from plotly_nbext.server.store.listing import Listing
from plotly_nbext.server.store.schema import HOME

if TYPE_CHECKING:
    from typing import Any

    from sqlalchemy import Connection
    from starlette.requests import Request
    from starlette.responses import Response

    from plotly_nbext.server.auth import Caller
    from plotly_nbext.server.store.files import FileRecord

__all__ = ["folder_page", "user_page"]

PAGE_SIZE = 100


def folder_page(
    request: Request, connection: Connection, caller: Caller, folder: FileRecord
) -> Response:
    """List what lies in a folder, as far as the caller may see it."""
    scope = Listing(folder.owner, folder.idlocal, reader=caller.username)
    values = _one_page(request, connection, scope)
    return page(
        request,
        "folder.html",
        PAGE,
        file=folder,
        caller=caller,
        trail=trail(connection, caller, folder),
        **values,
    )


def user_page(request: Request, connection: Connection, caller: Caller, username: str) -> Response:
    """List a user's files: to themselves what lies at home, to others all that is public.

    Raises
    ------
    NotFoundError
        There is nothing for the caller to see, nor whether there is such a user.
    """
    is_own = caller.username == username
    scope = Listing(username, HOME if is_own else None, reader=caller.username)
    values = _one_page(request, connection, scope)
    if not is_own and values["total"] == 0:
        raise files.not_found()
    return page(request, "user.html", PAGE, username=username, caller=caller, **values)


def _one_page(request: Request, connection: Connection, scope: Listing) -> dict[str, Any]:
    number = as_int(request.query_params.get("page", "1"), "page")
    if number < 1:
        raise bad_request(f"page must be 1 or more, not {number}.", "page")
    total = listing.count(connection, scope)
    last = max(-(-total // PAGE_SIZE), 1)
    if number > last:
        raise HTTPException(404)
    offset = (number - 1) * PAGE_SIZE

    def turn(page: int) -> str | None:
        return (
            f"?{request.url.include_query_params(page=page).query}" if 1 <= page <= last else None
        )

    return {
        "files": listing.children(connection, scope, offset=offset, limit=PAGE_SIZE),
        "total": total,
        "number": number,
        "last": last,
        "previous": turn(number - 1),
        "next": turn(number + 1),
    }
