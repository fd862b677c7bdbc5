"""A browser is tried out: it draws a figure, just as it will for a server."""

from __future__ import annotations

import asyncio
import logging
import subprocess
from contextlib import suppress
from dataclasses import dataclass
from typing import TYPE_CHECKING

from plotly_nbext.server.rendering.discovery import broken, find_browser
from plotly_nbext.server.rendering.errors import RenderError, RendererUnavailable
from plotly_nbext.server.rendering.renderer import Renderer

if TYPE_CHECKING:
    from pathlib import Path

    from plotly_nbext.server.rendering.sandbox import Lack

__all__ = ["Trial", "try_out"]

FIGURE = b'{"data": [{"y": [1, 3, 2]}]}'

VERSION_TIMEOUT = 10.0
"""Seconds that a browser, which has just drawn a figure, has to tell its version."""


@dataclass(frozen=True)
class Trial:
    """How the browser that is found here did.

    Attributes
    ----------
    program : Path
        The browser.
    version : str
        Its name and version.
    lack : Lack or None
        Why it ran without its sandbox; None where it had one.
    """

    program: Path
    version: str
    lack: Lack | None

    def __str__(self) -> str:
        sandbox = f"without its sandbox ({self.lack.reason})" if self.lack else "in its sandbox"
        return f"{self.version} works, {sandbox}: {self.program}"


def try_out() -> Trial:
    """Draw a figure in the browser that is found here.

    Raises
    ------
    BrowserNotFound
        There is none, or it doesn't start, or doesn't draw; the hint says what mends that.
    """
    # what is found is in the result; without a handler, Python would write the log on stderr
    logging.getLogger("plotly_nbext").addHandler(logging.NullHandler())
    return asyncio.run(_draw())


async def _draw() -> Trial:
    program = find_browser()
    renderer = Renderer(browsers=1)
    await renderer.start()
    try:
        await renderer.render(FIGURE, format="png", width=100, height=100, scale=1)
    except (RenderError, RendererUnavailable) as error:
        raise broken(f"{program} draws no figure. {error}") from error
    finally:
        await renderer.close()
    return Trial(program, _version(program), renderer.sandbox.lack)


def _version(program: Path) -> str:
    with suppress(subprocess.SubprocessError):
        done = subprocess.run(
            [program, "--version"],
            check=True,
            capture_output=True,
            timeout=VERSION_TIMEOUT,
            encoding="utf-8",
            errors="replace",
        )
        return done.stdout.strip()
    return program.name  # that it draws is what counts
