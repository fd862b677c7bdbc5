"""What the tests of rendering share: figures, renderers, and a look at what they leave behind."""

from __future__ import annotations

import asyncio
import json
import os
import time
from contextlib import asynccontextmanager, suppress
from pathlib import Path
from typing import TYPE_CHECKING, Any

import psutil

from plotly_nbext.server.rendering import Renderer

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Callable

    from plotly_nbext.server.rendering.page import Page

SCATTER = {"data": [{"type": "scatter", "y": [1, 3, 2]}]}
DEADLINE = 30.0


def titled(text: str) -> dict[str, Any]:
    """A figure that says which one it is."""
    return {**SCATTER, "layout": {"title": {"text": text}}}


async def draw(renderer: Renderer, figure: Any, format: str = "png", **size: Any) -> bytes:  # noqa: A002
    """Render at 700 × 500, scale 1, unless told otherwise."""
    body = figure if isinstance(figure, bytes) else json.dumps(figure).encode()
    options = {"width": 700, "height": 500, "scale": 1} | size
    return await renderer.render(body, format=format, **options)


def pages(renderer: Renderer) -> set[Page]:
    """The pages that a renderer has open."""
    return renderer._pool._pages


def profiles(renderer: Renderer) -> set[Path]:
    """The folders that its browsers have on disk."""
    return {page._browser._profile for page in pages(renderer)}


def leader(page: Page) -> psutil.Process:
    """The main process of a page's browser."""
    (browser,) = psutil.Process(page._browser._process.pid).children()
    return browser


def processes_of(folder: Path) -> list[psutil.Process]:
    """All processes that belong to the browser with this profile, wherever they have gone."""
    found = []
    for process in psutil.process_iter():
        with suppress(psutil.Error):
            alive = process.status() != psutil.STATUS_ZOMBIE
            if alive and process.environ().get("TMPDIR") == str(folder):
                found.append(process)
    return found


async def until(condition: Callable[[], Any], what: str) -> None:
    """Wait until something is so; fail when it does not become so."""
    end = time.monotonic() + DEADLINE
    while not condition():
        assert time.monotonic() < end, f"not within {DEADLINE} s: {what}"
        await asyncio.sleep(0.02)


async def gone(folders: set[Path]) -> None:
    """Wait until nothing is left of the browsers with these profiles."""
    assert folders
    await until(lambda: not any(map(processes_of, folders)), "the browsers' processes end")
    await until(lambda: not any(map(os.path.exists, folders)), "the profiles are removed")


@asynccontextmanager
async def started(**options: Any) -> AsyncIterator[Renderer]:
    """A renderer of the test's own; nothing of it may be left at the end."""
    renderer = Renderer(**options)
    await renderer.start()
    try:
        yield renderer
    finally:
        folders = profiles(renderer)
        await renderer.close()
        if folders:
            await gone(folders)


async def evaluate(page: Page, script: str) -> Any:
    """Run a script in a page, as no figure can."""
    answer = await page._browser.cdp.call(
        "Runtime.evaluate",
        {"expression": script, "awaitPromise": True, "returnByValue": True},
        session=page._session,
    )
    assert "exceptionDetails" not in answer, answer
    return answer["result"].get("value")
