"""Files by their paths, by their fids, and the folders to them."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

from plotly_nbext.columns import json
from plotly_nbext.errors import NotFoundError, ValidationError

if TYPE_CHECKING:
    from plotly_nbext.client.session import Session

__all__ = ["check_mode", "checked_path", "ensure_folder", "is_fid", "lookup", "split_path"]

_FID = re.compile(r"[^:/\s]+:\d+")


def is_fid(reference: str) -> bool:
    """Tell a fid (``alice:88``) from a path."""
    return _FID.fullmatch(reference) is not None


def split_path(path: str) -> tuple[str, str]:
    """Split a path into its folder (maybe empty) and its name."""
    folder, _, name = path.strip("/").rpartition("/")
    return folder, name


def checked_path(parent: str | None, name: str) -> str:
    """Join the path of a file to be written.

    Raises
    ------
    ValidationError
        One of them is no text, or nothing is left for a name.
    """
    for field, part in (("name", name), ("parent", parent or "")):
        if not isinstance(part, str):
            raise ValidationError(f"{field} must be a string, not {part!r}.", field=field)
        try:
            part.encode()
        except UnicodeEncodeError:
            raise ValidationError(
                f"{field} {part!r} holds half a surrogate pair, which no text can.", field=field
            ) from None
    path = "/".join(part.strip("/") for part in (parent, name) if part and part.strip("/"))
    if not path or not name.strip("/"):
        raise ValidationError(f"name must be a name or a path, not {name!r}.", field="name")
    return path


def check_mode(mode: str, *modes: str) -> None:
    """Refuse a way to write a file that is none of those there are."""
    if mode not in modes:
        raise ValidationError(
            f"mode must be one of {', '.join(modes)}, not {mode!r}.", field="mode"
        )


def lookup(
    session: Session,
    path: str,
    resource: str = "files",
    *,
    user: str | None = None,
    share_key: str | None = None,
) -> dict[str, Any] | None:
    """Find a file by its path: ``GET /v2/TYPE/lookup``; None where there is none."""
    fields = {"path": path, "user": user, "share_key": share_key}
    query = {name: text for name, text in fields.items() if text}
    try:
        found: dict[str, Any] = session.get(f"/{resource}/lookup", query=query)
    except NotFoundError:
        return None
    return found


def ensure_folder(session: Session, path: str) -> None:
    """Make a folder and those above it: ``POST /v2/folders``; no error where all are there."""
    try:
        session.send("POST", "/folders", body=json.dumps({"path": path}), repeatable=True)
    except ValidationError as error:
        if "already exists" not in error.message:
            raise
