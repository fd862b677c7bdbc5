"""The folders endpoint: what lies where."""

from __future__ import annotations

from typing import TYPE_CHECKING

from plotly_nbext.client.files import FileInfo, lookup
from plotly_nbext.columns import json
from plotly_nbext.errors import NotFoundError, ValidationError

if TYPE_CHECKING:
    from collections.abc import Iterator

    from plotly_nbext.client.session import Session

__all__ = ["ensure", "listing"]

PAGE_SIZE = 200


def ensure(session: Session, path: str) -> None:
    """Make a folder and those above it: ``POST /v2/folders``; no error where all are there."""
    try:
        session.send("POST", "/folders", body=json.dumps({"path": path}), repeatable=True)
    except ValidationError as error:
        if "already exists" not in error.message:
            raise


def listing(session: Session, path: str = "") -> Iterator[FileInfo]:
    """List a folder page by page: ``GET /v2/folders/home`` and ``GET /v2/folders/FID``.

    Raises
    ------
    NotFoundError
        There is no folder of that path.
    """
    path = path.strip("/")
    where = "home"
    if path:
        folder = lookup(session, path)
        if folder is None or folder["filetype"] != "fold":
            raise NotFoundError(f"There is no folder {path!r}.", field="path")
        where = folder["fid"]
    page = 0
    more = True
    while more:
        page += 1
        query = {"page": str(page), "page_size": str(PAGE_SIZE)}
        children = session.get(f"/folders/{where}", query=query)["children"]
        for meta in children["results"]:
            yield FileInfo(
                name=meta["filename"],
                path=f"{path}/{meta['filename']}".lstrip("/"),
                filetype=meta["filetype"],
                fid=meta["fid"],
                row_count=meta.get("row_count"),
                modified=meta["date_modified"],
            )
        more = bool(children["next"])
