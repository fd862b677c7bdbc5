"""The files endpoint: files of any type, by path and by fid."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from plotly_nbext.errors import NotFoundError

if TYPE_CHECKING:
    from plotly_nbext.client.session import Session

__all__ = ["FileInfo", "is_fid", "lookup", "path_of", "split_path"]

_FID = re.compile(r"[^:/\s]+:\d+")


@dataclass(frozen=True)
class FileInfo:
    """One line of a listing.

    Attributes
    ----------
    name, path : str
        The file's name, and the folders to it.
    filetype : str
        ``grid`` or ``fold``.
    fid : str
        The file's id: ``owner:number``.
    row_count : int or None
        A grid's rows, where the server tells them.
    modified : str
        When it was last changed, ISO 8601 in UTC.
    """

    name: str
    path: str
    filetype: str
    fid: str
    row_count: int | None
    modified: str


def is_fid(reference: str) -> bool:
    """Tell a fid (``alice:88``) from a path."""
    return _FID.fullmatch(reference) is not None


def split_path(path: str) -> tuple[str, str]:
    """Split a path into its folder (maybe empty) and its name."""
    folder, _, name = path.strip("/").rpartition("/")
    return folder, name


def lookup(session: Session, path: str, resource: str = "files") -> dict[str, Any] | None:
    """Find a file by its path: ``GET /v2/files/lookup``; None where there is none."""
    try:
        found: dict[str, Any] = session.get(f"/{resource}/lookup", query={"path": path})
    except NotFoundError:
        return None
    return found


def path_of(session: Session, fid: str) -> str:
    """Spell the path of a file: ``GET /v2/files/FID/path``."""
    answer: dict[str, str] = session.get(f"/files/{fid}/path")
    return answer["path"].strip("/")
