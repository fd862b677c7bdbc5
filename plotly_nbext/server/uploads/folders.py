"""The folders of uploads: one each, for as long as it is received and read."""

from __future__ import annotations

import os
import shutil
from contextlib import ExitStack, contextmanager
from fcntl import LOCK_EX, LOCK_NB, LOCK_SH, flock
from pathlib import Path
from tempfile import TemporaryDirectory, gettempdir
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator

__all__ = ["Folders"]

PREFIX = "plotly-nbext-upload-"


class Folders:
    """Makes the folders of a server's uploads; what a server that was killed has left is removed.

    Parameters
    ----------
    data : Path, optional
        The server's data folder, which has the room that uploads need. Without one, the system's
        temporary folder is used, where other servers may have theirs.
    """

    def __init__(self, data: Path | None) -> None:
        self._within = Path(gettempdir()) if data is None else data / "plotly-nbext-uploads"
        self._within.mkdir(mode=0o700, parents=True, exist_ok=True)
        # what is not ours by its name is none of our business
        for left in self._within.glob(f"{PREFIX}*"):
            with _locked(left, LOCK_EX) as locked:
                if locked:
                    shutil.rmtree(left, ignore_errors=True)

    @contextmanager
    def new(self) -> Iterator[str]:
        """Make a folder that is removed with all in it at the end of the context."""
        while True:
            with ExitStack() as stack:
                name = stack.enter_context(
                    TemporaryDirectory(prefix=PREFIX, dir=self._within, ignore_cleanup_errors=True)
                )
                # a server that starts may have come first, and taken it for left
                if stack.enter_context(_locked(Path(name), LOCK_SH)):
                    yield name
                    return


@contextmanager
def _locked(folder: Path, how: int) -> Iterator[bool]:
    """Lock a folder of ours; tell whether it is there, and nobody has locked it otherwise.

    The kernel lets go of it with its holder.
    """
    try:
        opened = os.open(folder, os.O_RDONLY | os.O_DIRECTORY | os.O_NOFOLLOW)
    except (FileNotFoundError, NotADirectoryError, PermissionError):
        yield False
        return
    try:
        yield _take(opened, folder, how)
    finally:
        os.close(opened)


def _take(opened: int, folder: Path, how: int) -> bool:
    found = os.fstat(opened)
    if found.st_uid != os.geteuid():
        return False
    try:
        flock(opened, how | LOCK_NB)
    except BlockingIOError:
        return False
    return folder.exists()
