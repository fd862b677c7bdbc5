"""What a picture depends on besides its figure: the code that draws it, the browser, the fonts."""

from __future__ import annotations

import asyncio
import hashlib
import os
import shutil
import time
from contextlib import suppress
from importlib import resources
from pathlib import Path
from typing import TYPE_CHECKING, TypeAlias

import plotly_nbext
from plotly_nbext.errors import BrowserNotFound
from plotly_nbext.server.rendering.discovery import find_browser

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence
    from importlib.resources.abc import Traversable

__all__ = ["Edition"]

LOOK_AFTER = 5.0
"""Seconds for which what was seen is taken to be so still."""

FONT_FOLDERS = (
    "/etc/fonts",
    "/usr/share/fonts",
    "/usr/local/share/fonts",
    "~/.fonts",
    "~/.local/share/fonts",
)

Stamp: TypeAlias = tuple[str, int, int]
"""A path, and what changes when a file is replaced, or when one comes or goes in a folder."""


class Edition:
    """A name that differs where the same figure could look different.

    The browser, ``pdftops`` and fonts may change at any time, the rest with a new start.

    Parameters
    ----------
    choices : sequence of str
        What the operator has chosen that pictures depend on.

    Attributes
    ----------
    at_start : str
        The edition when it was first asked for: that of browsers that run from then on.
    """

    def __init__(self, choices: Sequence[str] = ()) -> None:
        self._choices = choices
        self._code = ""
        self._folders: list[Path] = []
        self._seen: list[Stamp] = []
        self._name = self.at_start = ""
        self._look_at = 0.0

    async def name(self) -> str:
        """Return the edition that is installed now, or was a few seconds ago."""
        now = time.monotonic()
        if now >= self._look_at:
            self._look_at = now + LOOK_AFTER
            self._name = await asyncio.to_thread(self._look)
            self.at_start = self.at_start or self._name
        return self._name

    def _look(self) -> str:
        if not self._code:
            written = (plotly_nbext.__version__, *self._choices)
            self._code = _hash([*(text.encode() for text in written), *_code()])
        programs = list(_stamps(_programs()))
        if [*programs, *_stamps(self._folders)] == self._seen:
            return self._name
        self._folders = list(_font_folders())
        self._seen = [*programs, *_stamps(self._folders)]
        fonts = _stamps(file for folder in self._folders for file in sorted(folder.glob("*.*")))
        # a folder's own stamp is not the same in a copy of the system
        return _hash(str(part).encode() for part in (self._code, *programs, *fonts))


def _hash(parts: Iterable[bytes]) -> str:
    digest = hashlib.sha256()
    for part in parts:
        # its length keeps it apart from the next
        digest.update(len(part).to_bytes(8))
        digest.update(part)
    return digest.hexdigest()


def _code() -> Iterator[bytes]:
    """Read all that draws: this package's programs, the page and what it loads, plotly.js."""
    room = resources.files("plotly_nbext.server.rendering")
    yield from (file.read_bytes() for file in _sorted(room) if file.name.endswith(".py"))
    for folder in ("js", "static"):
        yield from _all_files(room / folder)
    yield (resources.files("plotly") / "package_data" / "plotly.min.js").read_bytes()


def _all_files(folder: Traversable) -> Iterator[bytes]:
    if not folder.is_dir():
        return
    for entry in _sorted(folder):
        yield entry.name.encode()
        if entry.is_dir():
            yield from _all_files(entry)
        else:
            yield entry.read_bytes()


def _sorted(folder: Traversable) -> list[Traversable]:
    return sorted(folder.iterdir(), key=lambda entry: entry.name)


def _programs() -> Iterator[Path]:
    with suppress(BrowserNotFound):
        yield find_browser().resolve()
    if converter := shutil.which("pdftops"):
        yield Path(converter).resolve()


def _font_folders() -> Iterator[Path]:
    for top in FONT_FOLDERS:
        folder = Path(top).expanduser()
        yield folder
        yield from (Path(path) for path, _, _ in sorted(os.walk(folder)) if path != str(folder))


def _stamps(paths: Iterable[Path]) -> Iterator[Stamp]:
    for path in paths:
        with suppress(OSError):
            status = path.stat()
            yield str(path), status.st_mtime_ns, status.st_size
