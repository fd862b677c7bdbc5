"""The manifest of an export: what is in the folder, where it came from, and its checksums.

While an export goes on there is a journal in its place, a line for each file that is done: an
export that was interrupted begins with what the journal and the checksums say.
"""

from __future__ import annotations

import hashlib
import os
from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

import msgspec

from plotly_nbext.accounts import is_loopback
from plotly_nbext.columns import json
from plotly_nbext.errors import PlotlyNbextError

if TYPE_CHECKING:
    from collections.abc import Iterable

__all__ = [
    "JOURNAL",
    "MANIFEST",
    "PART",
    "Column",
    "Entry",
    "Manifest",
    "Stored",
    "append_line",
    "checksum",
    "fault",
    "identity",
    "is_within",
    "leads_out",
    "read_lines",
    "read_manifest",
    "write_manifest",
    "write_whole",
]

MANIFEST: Final = "manifest.json"
JOURNAL: Final = "manifest.unfinished.jsonl"
FORMAT: Final = "plotly_nbext export"
VERSION: Final = 1
PART: Final = ".unfinished-"
"""How the name of a file begins that is being written; no other one in an export begins so."""


class Stored(msgspec.Struct):
    """A file on disk: its path in the export, its SHA-256 in hex, its bytes; a folder has none."""

    file: str
    sha256: str
    size: int


class Column(msgspec.Struct, omit_defaults=True):
    """A column of a grid: its name, its uid at the source, how many values it has.

    In csv, ``is_text`` tells those whose cells are the values; the others' cells are JSON.
    """

    name: str
    uid: str
    length: int
    is_text: bool = False


class Entry(msgspec.Struct, omit_defaults=True, kw_only=True):
    """What is known of a file: of a folder, a grid, a plot, or of a table to upload as it is.

    ``path`` has the names of the folders and its own, as the server has them. ``revision`` and
    ``modified`` tell its state at the source.
    """

    fid: str
    filetype: str
    path: list[str]
    world_readable: bool = False
    link_shared: bool = False
    collaborators: list[Any] = []
    comments: list[Any] = []
    metadata: dict[str, Any] = {}
    created: str = ""
    modified: str = ""
    revision: int | None = None
    columns: list[Column] = []
    stored: Stored

    @property
    def label(self) -> str:
        """What the file is called in messages."""
        return "/".join(self.path)

    @property
    def left_behind(self) -> str:
        """What of it no server takes, in a sentence; empty where there is nothing."""
        things = [
            "its share link (share() makes a new one)" if self.link_shared else "",
            f"its collaborators ({len(self.collaborators)})" if self.collaborators else "",
            f"its comments ({len(self.comments)})" if self.comments else "",
        ]
        listed = ", ".join(filter(None, things))
        return f"without {listed}, which can't be moved." if listed else ""


class Manifest(msgspec.Struct, kw_only=True):
    """What an export holds, and what it could not.

    ``id`` stays the same however often it is made anew; ``left_out`` has what could not be
    exported: the paths, and why.
    """

    format: str = FORMAT
    version: int = VERSION
    id: str
    server: str
    username: str
    tables: str
    exported: str = ""
    counts: dict[str, int] = {}
    left_out: dict[str, str] = {}
    files: list[Entry] = []
    checksum: str = ""
    """Of all the rest."""


def read_manifest(folder: Path) -> Manifest:
    """Read the manifest of an export that was finished.

    Raises
    ------
    PlotlyNbextError
        There is none, or it is damaged, or of a version that this one can't read.
    """
    path = folder / MANIFEST
    if (folder / JOURNAL).exists():
        raise PlotlyNbextError(
            f"The export in {folder} was not finished.",
            hint="Run `plotly-nbext export` to the same folder again: it goes on.",
        )
    try:
        plain = json.loads(path.read_bytes())
        manifest = msgspec.convert(plain, Manifest)
    except OSError as error:
        raise PlotlyNbextError(f"{path} can't be read: {error.strerror}.") from None
    except ValueError:
        raise _damaged(path) from None
    if manifest.format != FORMAT or manifest.version != VERSION:
        raise PlotlyNbextError(
            f"{path} is of {manifest.format!r} {manifest.version}, not {FORMAT!r} {VERSION}.",
            hint="A newer plotly_nbext made it: upgrade this one.",
        )
    if manifest.checksum != _digest(manifest):
        raise _damaged(path)
    if not all(map(is_within, manifest.files)):
        raise _damaged(path)
    return manifest


def is_within(entry: Entry) -> bool:
    """Tell whether the path of a file stays in the export."""
    path = Path(entry.stored.file)
    return not path.is_absolute() and ".." not in path.parts


def leads_out(folder: Path, path: Path) -> bool:
    """Tell whether links lead from a path in an export to elsewhere."""
    return not path.resolve().is_relative_to(folder.resolve())


def write_manifest(folder: Path, manifest: Manifest) -> None:
    """Write the manifest, which makes an export whole, and remove its journal."""
    manifest.checksum = _digest(manifest)
    text = msgspec.json.format(msgspec.json.encode(manifest), indent=1)
    write_whole(folder / MANIFEST, text + b"\n")
    with suppress(FileNotFoundError):
        (folder / JOURNAL).unlink()


def read_lines(path: Path) -> list[Any]:
    """Read lines of JSON, but the last one if it was cut off; none where there is no file."""
    try:
        *lines, _ = path.read_bytes().split(b"\n")
    except FileNotFoundError:
        return []
    found = []
    for line in lines:
        with suppress(ValueError):
            found.append(json.loads(line))
    return found


def append_line(path: Path, value: Any) -> None:
    """Add a line of JSON, and have it on disk."""
    with path.open("ab") as file:
        file.write(msgspec.json.encode(value) + b"\n")
        file.flush()
        os.fsync(file.fileno())


def write_whole(path: Path, data: bytes | Iterable[bytes]) -> None:
    """Write a file so that it is there whole or not at all."""
    part = path.with_name(PART + path.name)
    with part.open("wb") as file:
        for piece in [data] if isinstance(data, bytes) else data:
            file.write(piece)
        file.flush()
        os.fsync(file.fileno())
    part.replace(path)


def checksum(folder: Path, file: str) -> Stored:
    """Describe a file of an export."""
    with (folder / file).open("rb") as opened:
        digest = hashlib.file_digest(opened, "sha256").hexdigest()
        return Stored(file, digest, opened.tell())


def fault(folder: Path, stored: Stored) -> str | None:
    """Say why a file is not as it was written; None if it is."""
    if leads_out(folder, folder / stored.file):
        return "it is a link that leads out of the export"
    try:
        found = checksum(folder, stored.file)
    except FileNotFoundError:
        return "it is missing"
    except OSError as error:
        return f"it can't be read ({error.strerror})"
    if found == stored:
        return None
    return f"it is damaged: its {found.size:,} bytes are not the {stored.size:,} of the manifest"


def identity(url: str) -> str:
    """Tell servers apart; the local service has another port each time that it starts."""
    return "this machine" if is_loopback(url) else url


def _digest(manifest: Manifest) -> str:
    rest = msgspec.structs.replace(manifest, checksum="")
    return hashlib.sha256(msgspec.json.encode(rest, order="sorted")).hexdigest()


def _damaged(path: Path) -> PlotlyNbextError:
    return PlotlyNbextError(
        f"{path} is damaged, or no manifest of an export.",
        hint="Export again to the same folder, or take another copy of it.",
    )
