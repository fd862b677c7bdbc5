"""Files by their paths, by their fids, and the folders to them."""

from __future__ import annotations

import re
import unicodedata
from typing import TYPE_CHECKING, Any

from plotly_nbext.client import answers
from plotly_nbext.client.refusals import is_taken
from plotly_nbext.columns import json
from plotly_nbext.errors import NotFoundError, ValidationError

if TYPE_CHECKING:
    from plotly_nbext.client.session import Session

__all__ = [
    "check_mode",
    "check_name",
    "check_steps",
    "checked_path",
    "ensure_folder",
    "is_fid",
    "lookup",
    "split_path",
]

_FID = re.compile(r"[^:/\s]+:\d+")


def is_fid(reference: str) -> bool:
    """Tell a fid (``alice:88``) from a path."""
    return _FID.fullmatch(reference) is not None


def split_path(path: str) -> tuple[str, str]:
    """Split a path into its folder (maybe empty) and its name."""
    folder, _, name = path.strip("/").rpartition("/")
    return folder, name


def checked_path(parent: str | None, name: str, owner: str) -> str:
    """Join the path of a file that its owner writes.

    Raises
    ------
    ValidationError
        One of them is no text, or nothing is left for a name; or it can't be one, or looks like a
        fid of the owner's.
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
    check_steps(path, "name")
    check_name(path, owner)
    return path


def check_steps(path: str, field: str) -> None:
    """Refuse a path that no file can have.

    Raises
    ------
    ValidationError
        A step of it is empty, or it holds a control character.
    """
    if "//" in path:
        raise ValidationError(
            f"{field} {path!r} has an empty step: there is no name between two '/'.", field=field
        )
    if odd := [letter for letter in path if unicodedata.category(letter) == "Cc"]:
        raise ValidationError(
            f"{field} {path!r} holds the control character {odd[0]!r}.", field=field
        )


def check_name(name: str, owner: str) -> None:
    """Refuse the name of a file at home that would be taken for the fid of another one.

    Raises
    ------
    ValidationError
        It looks like a fid of its owner's.
    """
    if is_fid(name) and name.partition(":")[0].lower() == owner.lower():
        raise ValidationError(
            f"The name {name!r} looks like a fid, by which another file would be found.",
            field="name",
            hint=f"Choose one that does not begin with '{owner}:'.",
        )


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
        found: dict[str, Any] = session.get(
            f"/{resource}/lookup", shape=answers.FileMeta, query=query
        )
    except NotFoundError:
        if user is None:
            session.seen.missing(path, resource)
        return None
    return found


def ensure_folder(session: Session, path: str) -> None:
    """Make a folder and those above it: ``POST /v2/folders``; no error where all are there."""
    try:
        session.send("POST", "/folders", body=json.dumps({"path": path}), repeatable=True)
    except ValidationError as error:
        if not is_taken(error):
            raise
