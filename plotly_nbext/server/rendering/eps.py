"""EPS, which no browser writes: from our PDF, by poppler."""

from __future__ import annotations

import asyncio
import shutil
from asyncio.subprocess import PIPE

from plotly_nbext.server.rendering.errors import RenderError

__all__ = ["find_converter", "from_pdf"]


def find_converter() -> str:
    """Find poppler's ``pdftops``.

    Raises
    ------
    RenderError
        It isn't installed.
    """
    program = shutil.which("pdftops")
    if program is None:
        raise RenderError(
            "The format eps needs poppler's pdftops on the server: install poppler-utils "
            "(Debian, Ubuntu: `apt-get install poppler-utils`), or take pdf."
        )
    return program


async def from_pdf(pdf: bytes, converter: str) -> bytes:
    """Convert a PDF of one page.

    Parameters
    ----------
    pdf : bytes
        As printed by the browser.
    converter : str
        ``pdftops``.

    Raises
    ------
    RenderError
        It fails.
    """
    process = await asyncio.create_subprocess_exec(
        *(converter, "-eps", "-", "-"), stdin=PIPE, stdout=PIPE, stderr=PIPE
    )
    try:
        eps, said = await process.communicate(pdf)
    finally:
        if process.returncode is None:
            process.kill()
            await process.wait()
    if process.returncode:
        raise RenderError(f"pdftops failed: {said.decode(errors='replace').strip()}")
    return eps
