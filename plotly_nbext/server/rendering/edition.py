"""What a picture depends on besides its figure: the code that draws it, the browser, the fonts."""

from __future__ import annotations

import hashlib
from contextlib import suppress
from importlib import resources
from pathlib import Path

import plotly_nbext
from plotly_nbext.errors import BrowserNotFound
from plotly_nbext.server.rendering.discovery import find_browser

__all__ = ["edition"]

# fontconfig notes here when fonts come or go
FONT_FOLDERS = ("/var/cache/fontconfig", "/usr/share/fonts", "~/.fonts", "~/.local/share/fonts")


def edition() -> str:
    """Return a hash that differs where the same figure could look different."""
    digest = hashlib.sha256(plotly_nbext.__version__.encode())
    page = resources.files("plotly_nbext.server.rendering") / "js"
    for script in (*page.iterdir(), resources.files("plotly") / "package_data" / "plotly.min.js"):
        digest.update(script.read_bytes())
    for path in _watched():
        with suppress(OSError):
            digest.update(f"{path} {path.stat().st_mtime_ns}".encode())
    return digest.hexdigest()


def _watched() -> list[Path]:
    watched = [Path(folder).expanduser() for folder in FONT_FOLDERS]
    with suppress(BrowserNotFound):
        watched.append(find_browser().resolve())
    return watched
