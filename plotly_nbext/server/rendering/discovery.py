"""Which browser renders."""

from __future__ import annotations

import os
import shutil
from pathlib import Path

from choreographer.browsers import Chromium

from plotly_nbext.errors import BrowserNotFound

__all__ = ["VARIABLE", "broken", "find_browser"]

VARIABLE = "PLOTLY_NBEXT_BROWSER"

# The same engine without a window to paint: it starts in half the time.
HEADLESS_SHELLS = ("chromium-headless-shell", "chrome-headless-shell", "headless_shell")


def find_browser() -> Path:
    """Find a Chromium, Chrome or Edge.

    The first of: what the environment variable ``PLOTLY_NBEXT_BROWSER`` names, a headless shell,
    a browser on ``PATH`` or in its usual place, and Chrome for Testing as downloaded by
    choreographer.

    Returns
    -------
    Path
        The program to run.

    Raises
    ------
    BrowserNotFound
        There is none, or the variable names something that can't be run.
    """
    if named := os.environ.get(VARIABLE):
        if program := shutil.which(named):
            return Path(program)
        raise broken(
            f"The environment variable {VARIABLE} names {named!r}, which is no program that "
            "can be run."
        )
    for name in HEADLESS_SHELLS:
        if program := shutil.which(name):
            return Path(program)
    # choreographer would take its own download first; the system's browser gets security updates
    for skip_local in (True, False):
        program = Chromium.find_browser(skip_local=skip_local)
        if program and os.access(program, os.X_OK):
            return Path(program)
    raise BrowserNotFound


def broken(message: str) -> BrowserNotFound:
    """Make the error of a browser that does not work, with what mends it."""
    if not os.environ.get(VARIABLE):
        return BrowserNotFound(message)
    return BrowserNotFound(
        message,
        hint=f"Correct {VARIABLE} or `unset {VARIABLE}` (in a notebook: "
        f"`del os.environ['{VARIABLE}']`), then run `plotly-nbext stop`: "
        "the local service keeps the environment it was started in.",
    )
