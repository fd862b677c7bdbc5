"""The files of a folder or a search, page by page."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from plotly_nbext.client import answers
from plotly_nbext.client.file import opened
from plotly_nbext.errors import NotFoundError

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from plotly_nbext.client.file import File
    from plotly_nbext.client.session import Session

__all__ = ["listed"]

PAGE_SIZE: Final = 200


def listed(
    session: Session,
    address: str,
    *,
    folder: str | None = None,
    filetype: str | Sequence[str] | None = None,
    **query: str | None,
) -> Iterator[File]:
    """List the files of a folder or a search, page by page.

    Parameters
    ----------
    address : str
        A path below ``/v2`` that answers pages.
    folder : str, optional
        The path of the folder that the files lie in, where it is one.
    filetype : str or sequence of str, optional
        The types to list.
    **query : str
        Other fields of the query; those that are None are left out.
    """
    fields: dict[str, str | Sequence[str]] = {name: text for name, text in query.items() if text}
    if filetype:
        fields["filetype"] = filetype
    page = 0
    seen: set[str] = set()
    more = True
    while more:
        page += 1
        numbers = {"page": str(page), "page_size": str(PAGE_SIZE)}
        try:
            answer = session.get(address, shape=answers.Page, query=fields | numbers)
        except NotFoundError:
            if page == 1:
                raise
            return  # files went away while they were listed
        answer = session.checked(answer.get("children", answer), answers.Results)
        found = {meta["fid"] for meta in answer["results"]}
        if page > 1 and found <= seen:
            return  # or one that tells the same page over and over would never end
        seen |= found
        for meta in answer["results"]:
            path = None if folder is None else f"{folder}/{meta['filename']}".lstrip("/")
            yield opened(session, meta, path)
        more = bool(answer.get("next"))
