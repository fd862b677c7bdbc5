"""What became of the files of an export on one server, so that an import goes on where it was."""

from __future__ import annotations

import hashlib
from contextlib import suppress
from typing import TYPE_CHECKING

import msgspec

from plotly_nbext.client import Grid
from plotly_nbext.moving.manifest import append_line, identity, read_lines
from plotly_nbext.settings import home

if TYPE_CHECKING:
    from pathlib import Path

    from plotly_nbext.client import Client, File

__all__ = ["Record", "Recorded", "folder_of_moving", "state_of"]


class Recorded(msgspec.Struct):
    """A file that was imported: its fid at the source and its new one, its place and its state.

    ``uids`` has the new uids of a grid's columns, by the old ones. Without a new fid, its upload
    was begun, and nobody knows more; without a path, that failed.
    """

    old: str
    new: str
    path: list[str]
    state: str
    uids: dict[str, str] = {}


class Record:
    """The record of one export's import to one user's place on one server.

    Parameters
    ----------
    export_id : str
        What tells the export from others.
    client : Client
        Where it is imported to.
    into : str
        The folder there.
    """

    def __init__(self, export_id: str, client: Client, into: str) -> None:
        key = f"{export_id}\n{identity(client.url)}\n{client.username}\n{into}"
        name = hashlib.sha256(key.encode()).hexdigest()[:32]
        self._file = folder_of_moving() / f"import-{name}.jsonl"
        self._known: dict[str, Recorded] = {}
        for line in read_lines(self._file):
            with suppress(msgspec.ValidationError):
                recorded = msgspec.convert(line, Recorded)
                self._known[recorded.old] = recorded

    def get(self, old: str) -> Recorded | None:
        """Find what became of a file."""
        return self._known.get(old)

    def add(self, recorded: Recorded) -> None:
        """Note what became of a file, for good."""
        self._known[recorded.old] = recorded
        append_line(self._file, recorded)


def state_of(file: File) -> str:
    """Tell the state of a file from others that it had or will have."""
    revision = file.revision if isinstance(file, Grid) else None
    return f"{file.modified.isoformat()} {revision}"


def folder_of_moving() -> Path:
    """Return the folder for what is kept between runs, which is made."""
    folder = home() / "moving"
    folder.mkdir(mode=0o700, exist_ok=True)
    return folder
