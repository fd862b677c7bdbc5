"""The front end's sources, which a widget carries to its page."""

from __future__ import annotations

import os
from pathlib import Path
from typing import Final

__all__ = ["source"]

_STATIC: Final = Path(__file__).parent / "static"


def source(name: str) -> str | Path:
    """Give the text of a file in ``static``.

    Who works on it and has set ``ANYWIDGET_HMR`` gets the file itself: anywidget sends what it
    becomes to the widgets, which for that are kept even when they are closed.
    """
    path = _STATIC / name
    return path if os.environ.get("ANYWIDGET_HMR") == "1" else path.read_text(encoding="utf-8")
