"""Folders for what is not finished, and how what is finished gets its name."""

from __future__ import annotations

import errno
import os
import shutil
from contextlib import ExitStack, contextmanager, suppress
from fcntl import LOCK_EX, LOCK_NB, LOCK_SH, flock
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Iterator

__all__ = ["Scratch", "give_name", "keep_names"]

# what a file system without links says
_NO_LINKS: Final = {errno.EPERM, errno.EOPNOTSUPP, errno.ENOTSUP, errno.EMLINK}


class Scratch:
    """Makes folders; what a process that was killed has left is removed.

    Parameters
    ----------
    within : Path
        Where.
    prefix : str
        How their names begin, and those of no others.
    """

    def __init__(self, within: Path, prefix: str) -> None:
        self._within = within
        self._prefix = prefix
        # what is not ours by its name is none of our business
        for left in within.glob(f"{prefix}*"):
            with _locked(left, LOCK_EX) as locked:
                if locked:
                    shutil.rmtree(left, ignore_errors=True)

    @contextmanager
    def new(self) -> Iterator[str]:
        """Make a folder that is removed with all in it at the end of the context."""
        while True:
            with ExitStack() as stack:
                name = stack.enter_context(
                    TemporaryDirectory(
                        prefix=self._prefix, dir=self._within, ignore_cleanup_errors=True
                    )
                )
                # a process that starts may have come first, and taken it for left
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


def give_name(draft: Path, path: Path) -> None:
    """Give a file that is on disk its name, for good; whatever has that name stays.

    Raises
    ------
    FileExistsError
        Something has it, be it a link that leads nowhere.
    """
    try:
        os.link(draft, path)
    except OSError as error:
        if error.errno not in _NO_LINKS:
            raise
        os.close(os.open(path, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o600))
        try:
            draft.replace(path)
        except OSError:
            path.unlink()
            raise
    keep_names(path)


def keep_names(path: Path) -> None:
    """Have the folders that a file or folder is in on the disk."""
    for each in path.absolute().parents:
        # one that may not be read is older than this; some file systems sync no folders
        with suppress(OSError):
            opened = os.open(each, os.O_RDONLY)
            try:
                os.fsync(opened)
            finally:
                os.close(opened)
