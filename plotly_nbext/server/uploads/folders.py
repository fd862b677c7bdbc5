"""The folders of uploads: one each, for as long as it is received and read."""

from __future__ import annotations

from pathlib import Path
from tempfile import gettempdir

from plotly_nbext.server.store.scratch import Scratch

__all__ = ["Folders"]

PREFIX = "plotly-nbext-upload-"


class Folders(Scratch):
    """Makes the folders of a server's uploads.

    Parameters
    ----------
    data : Path, optional
        The server's data folder, which has the room that uploads need. Without one, the system's
        temporary folder is used, where other servers may have theirs.
    """

    def __init__(self, data: Path | None) -> None:
        within = Path(gettempdir()) if data is None else data / "plotly-nbext-uploads"
        within.mkdir(mode=0o700, parents=True, exist_ok=True)
        super().__init__(within, PREFIX)
