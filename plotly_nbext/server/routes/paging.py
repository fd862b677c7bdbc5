"""Lists of files, a page at a time: ``page``, ``page_size``, ``order_by`` and ``filetype``."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any

from plotly_nbext.server.bodies import as_int, bad_request
from plotly_nbext.server.representation import file_metas
from plotly_nbext.server.routes.endpoint import base_url
from plotly_nbext.server.store import files
from plotly_nbext.server.store.listing import ORDERS, children, count

if TYPE_CHECKING:
    from sqlalchemy import Connection
    from starlette.requests import Request

    from plotly_nbext.server.auth import Caller
    from plotly_nbext.server.store.listing import Listing

__all__ = ["page", "text_of"]

DEFAULT_PAGE_SIZE = 50
MAX_TEXT = 1_000
MAX_PAGE_SIZE = 500


def page(
    request: Request, connection: Connection, caller: Caller, listing: Listing
) -> dict[str, Any]:
    """Answer the page of a list that a request asks for.

    What the caller may not see is neither there nor counted.

    Raises
    ------
    ValidationError
        400: a parameter of the query is not one of the list's.
    NotFoundError
        404: the page is past the last one.
    """
    query = request.query_params
    number = _positive(query.get("page", "1"), "page")
    size = min(_positive(query.get("page_size", DEFAULT_PAGE_SIZE), "page_size"), MAX_PAGE_SIZE)
    order = _order(query.get("order_by", ""))
    listing = replace(
        listing,
        filetypes=[text_of(each, "filetype") for each in query.getlist("filetype")],
        reader=caller.username,
        text=text_of(query.get("s", ""), "s") or listing.text,  # figlinq finds files so
    )
    total = count(connection, listing)
    last = max(-(-total // size), 1)
    if number > last:
        raise files.not_found()
    found = children(connection, listing, order=order, offset=(number - 1) * size, limit=size)

    def link(page: int) -> str | None:
        return str(request.url.include_query_params(page=page)) if 1 <= page <= last else None

    return {
        "count": total,
        "first": link(1),
        "previous": link(number - 1),
        "next": link(number + 1),
        "last": link(last),
        "results": file_metas(connection, found, caller, base_url(request)),
    }


def text_of(text: str, field: str) -> str:
    """Take a part of a name that is looked for; it may be empty.

    Raises
    ------
    ValidationError
        400: no name has it.
    """
    if len(text) > MAX_TEXT or "\0" in text:
        raise bad_request(f"{field} must be at most {MAX_TEXT:,} characters, and no NUL.", field)
    return text


def _positive(value: Any, field: str) -> int:
    number = as_int(value, field)
    if number < 1:
        raise bad_request(f"{field} must be 1 or more, not {number}.", field)
    return number


def _order(order_by: str) -> list[str]:
    names = [name for name in order_by.split(",") if name] or ["filename"]
    for name in names:
        if name.removeprefix("-") not in ORDERS:
            raise bad_request(
                f"order_by must be of {', '.join(ORDERS)}, each with a '-' to reverse it, "
                f"not {name!r}.",
                "order_by",
            )
    by = [name.removeprefix("-") for name in names]
    if len(set(by)) < len(by):
        raise bad_request("order_by must name each of these at most once.", "order_by")
    return names
