"""The folders of uploads: one each, for as long as it is received and read."""

from __future__ import annotations

import shutil
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from pathlib import Path

__all__ = ["Folders"]

PREFIX = "plotly-nbext-upload-"


class Folders:
    """Makes the folders of a server's uploads.

    Parameters
    ----------
    data : Path, optional
        The server's data folder, which has the room that uploads need. What a server that was
        killed has left there is removed. Without one, the system's temporary folder is used.
    """

    def __init__(self, data: Path | None) -> None:
        self._within = None if data is None else data / "plotly-nbext-uploads"
        if self._within is not None:
            self._within.mkdir(mode=0o700, parents=True, exist_ok=True)
            # what is not ours by its name is none of our business
            for left in self._within.glob(f"{PREFIX}*"):
                shutil.rmtree(left, ignore_errors=True)

    def new(self) -> TemporaryDirectory[str]:
        """Make a folder that is removed with all in it at the end of the context."""
        return TemporaryDirectory(prefix=PREFIX, dir=self._within)
