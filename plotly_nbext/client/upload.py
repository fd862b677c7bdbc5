"""Files of this machine, sent to the server as they are: it makes grids of them."""

from __future__ import annotations

import io
from contextlib import contextmanager
from pathlib import Path, PurePath
from typing import IO, TYPE_CHECKING, Any, cast
from urllib.parse import quote

from plotly_nbext.client.creation import created
from plotly_nbext.client.file import opened
from plotly_nbext.client.paths import checked_path, ensure_folder, lookup, split_path
from plotly_nbext.client.progress import BYTES, bar
from plotly_nbext.client.refusals import is_taken
from plotly_nbext.errors import ValidationError

if TYPE_CHECKING:
    import os
    from collections.abc import Iterator

    from plotly_nbext.client.folder import Folder
    from plotly_nbext.client.grid import Grid
    from plotly_nbext.client.session import Session

__all__ = ["upload"]


def upload(
    session: Session,
    file: str | os.PathLike[str] | IO[bytes],
    name: str | None = None,
    *,
    parent: str | None = None,
    world_readable: bool = False,
    progress: bool = True,
) -> Grid | Folder:
    """Upload a file by ``POST /v2/grids/upload``; see :meth:`plotly_nbext.client.Client.upload`."""
    with _readable(file) as stream:
        given = _own_name(stream) if name is None else name
        path = checked_path(parent, given, session.account.username)
        folder, filename = split_path(path)
        headers = {
            "Content-Type": "application/octet-stream",
            "X-File-Name": quote(filename),
            "Plotly-World-Readable": "true" if world_readable else "false",
        }
        if folder:
            headers["Plotly-Parent"] = _parent(session, folder)
        with bar(filename, _length(stream), shown=progress, **BYTES) as shown:
            body = shown.reading(stream, then="the server reads it")
            try:
                answer = session.json("POST", "/grids/upload", body=body, headers=headers)
            except ValidationError as error:
                if not is_taken(error):
                    raise
                raise ValidationError(
                    f"There is a file {path!r} already.",
                    status_code=error.status_code,
                    field="name",
                    hint="Upload it by another name, or trash() the one that is there.",
                ) from None
    return cast("Grid | Folder", opened(session, created(answer), path))


@contextmanager
def _readable(file: Any) -> Iterator[IO[bytes]]:
    """Open a file by its path, or take one that is open and leave it so."""
    if isinstance(file, str | Path) or hasattr(file, "__fspath__"):
        path = Path(file).expanduser()
        try:
            opened_file = path.open("rb")
        except OSError as error:
            raise ValidationError(
                f"{str(path)!r} can't be read: {error.strerror}.", field="file"
            ) from None
        with opened_file:
            yield opened_file
        return
    if isinstance(file, io.TextIOBase):
        raise ValidationError(
            "file is open as text, which may have changed what is in it.",
            field="file",
            hint='Open it in binary mode: open(path, "rb").',
        )
    if not (hasattr(file, "read") and hasattr(file, "__iter__")):
        raise ValidationError(
            f"file must be a path or a file object, not {type(file).__name__}.", field="file"
        )
    yield file


def _own_name(stream: IO[bytes]) -> str:
    name = getattr(stream, "name", None)
    if not isinstance(name, str):  # a descriptor's is a number
        raise ValidationError(
            "The file object has no name.", field="name", hint="Give one: upload(file, name)."
        )
    return PurePath(name).name


def _length(stream: IO[bytes]) -> int | None:
    """Count the bytes that are left to read, where a stream can tell."""
    try:
        here = stream.tell()
        end = stream.seek(0, io.SEEK_END)
        stream.seek(here)
    except (AttributeError, OSError):
        return None
    return end - here


def _parent(session: Session, path: str) -> str:
    """Name a folder by its number, as a header holds no other letters than Latin ones."""
    ensure_folder(session, path)
    meta = lookup(session, path, "folders")
    if meta is None:
        raise ValidationError(f"{path!r} is no folder.", field="parent")
    return str(meta["fid"]).rpartition(":")[2]
