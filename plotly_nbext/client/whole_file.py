"""Files that are written whole or not at all."""

from __future__ import annotations

import os
import secrets
import shlex
import shutil
from pathlib import Path

from plotly_nbext.errors import ValidationError

__all__ = ["checked", "write_whole"]


def write_whole(path: str | Path, data: bytes) -> Path:
    """Write a file in place of one that may be there, which stays as it is until that is done.

    Parameters
    ----------
    path : str or path
        Where; ``~`` is the user's home.
    data : bytes
        All that will be in it.

    Returns
    -------
    Path
        Where it is.

    Raises
    ------
    ValidationError
        The file's folder is missing, it is a folder itself, or it can't be written.
    """
    written, path = path, checked(path)
    try:
        _write(path, data)
    except OSError as error:
        raise ValidationError(
            f"The path {str(written)!r} can't be written: {error.strerror or error}.",
            field="path",
            hint="Name a file in a folder where you may write, and that has room.",
        ) from None
    return path


def _write(path: Path, data: bytes) -> None:
    if path.exists() and not path.is_file():  # a pipe or a device
        path.write_bytes(data)
        return
    file = path.resolve()
    draft = file.with_name(f".{secrets.token_hex(8)}.partial")
    try:
        draft.write_bytes(data)
        if file.exists():
            shutil.copymode(file, draft)
        draft.replace(file)
    finally:
        draft.unlink(missing_ok=True)


def checked(path: str | os.PathLike[str]) -> Path:
    """Refuse a file in a folder that is missing, and a folder in place of a file.

    Parameters
    ----------
    path : str or path
        Where a file is to be; ``~`` is the user's home.

    Returns
    -------
    Path
        Where that is.

    Raises
    ------
    ValidationError
        It can't be there. The message has the path as it is written.
    """
    written, place = os.fspath(path), Path(path).expanduser()
    if not written:
        raise ValidationError("The path is empty; a file is needed.", field="path")
    if not place.parent.is_dir():
        folder = str(Path(written).parent)
        raise ValidationError(
            f"There is no folder {folder!r} for the path {written!r}.",
            field="path",
            hint=f"Make it first: mkdir -p {_quoted(folder)}",
        )
    if place.is_dir():
        raise ValidationError(f"The path {written!r} is a folder; a file is needed.", field="path")
    return place


def _quoted(folder: str) -> str:
    """Quote a folder for a shell, which knows the user's home without quotes only."""
    home, slash, rest = folder.partition("/")
    if not home.startswith("~"):
        return shlex.quote(folder)
    return home + slash + (shlex.quote(rest) if rest else "")
