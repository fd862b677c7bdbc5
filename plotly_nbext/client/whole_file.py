"""Files that are written whole or not at all."""

from __future__ import annotations

import secrets
import shutil
from pathlib import Path

from plotly_nbext.errors import ValidationError

__all__ = ["check_folder", "write_whole"]


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
        The file's folder is missing, or it is a folder itself.
    """
    path = Path(path).expanduser()
    check_folder(path)
    if path.exists() and not path.is_file():  # a pipe or a device
        path.write_bytes(data)
        return path
    file = path.resolve()
    draft = file.with_name(f".{secrets.token_hex(8)}.partial")
    try:
        draft.write_bytes(data)
        if file.exists():
            shutil.copymode(file, draft)
        draft.replace(file)
    finally:
        draft.unlink(missing_ok=True)
    return path


def check_folder(path: Path) -> None:
    """Refuse a file in a folder that is missing, and a folder in place of a file.

    Raises
    ------
    ValidationError
        It is one of them.
    """
    if not path.parent.is_dir():
        raise ValidationError(f"There is no folder {str(path.parent)!r}.", field="path")
    if path.is_dir():
        raise ValidationError(f"{str(path)!r} is a folder; a file is needed.", field="path")
