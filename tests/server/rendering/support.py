"""What the tests of rendering share: figures, renderers, and a look at what they leave behind."""

from __future__ import annotations

import asyncio
import base64
import json
import os
import time
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import psutil

from plotly_nbext.server.rendering import Renderer

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Callable
    from pathlib import Path

    from plotly_nbext.server.rendering.page import Page

SCATTER = {"data": [{"type": "scatter", "y": [1, 3, 2]}]}
SMALL = {"width": 280, "height": 200}
"""A size that is drawn fast where WebGL has no graphics card, for tests of something else."""
DEADLINE = 30.0


def titled(text: str) -> dict[str, Any]:
    """A figure that says which one it is."""
    return {**SCATTER, "layout": {"title": {"text": text}}}


async def draw(renderer: Renderer, figure: Any, format: str = "png", **size: Any) -> bytes:
    """Render at 700 × 500, scale 1, unless told otherwise."""
    body = figure if isinstance(figure, bytes) else json.dumps(figure).encode()
    options = {"width": 700, "height": 500, "scale": 1} | size
    return (await renderer.render(body, format=format, **options)).image


def pages(renderer: Renderer) -> set[Page]:
    """The pages that a renderer has open."""
    return set(renderer._pool._pages)


async def all_up(renderer: Renderer, browsers: int) -> None:
    """Wait until so many browsers are up, and idle."""
    pool = renderer._pool
    held = await asyncio.gather(*(pool.acquire() for _ in range(browsers)))
    for page in held:
        pool.release(page)


async def drawn_by_plotly(
    renderer: Renderer, figure: dict[str, Any], format: str = "png", **size: float
) -> bytes:
    """What plotly.js's own toImage makes of a figure, in the page that draws, as it is then."""
    size = {"width": 700, "height": 500, "scale": 1} | size
    config = {"plotGlPixelRatio": 2 * size["scale"]} | figure.get("config", {})
    options = json.dumps(size | {"format": format, "imageDataOnly": True})
    script = f"Plotly.toImage({json.dumps({**figure, 'config': config})}, {options})"
    page = await renderer._pool.acquire()  # held, as an idle one may be replaced at any time
    try:
        image = await evaluate(page, script)
    finally:
        renderer._pool.release(page)
    return image.encode() if format == "svg" else base64.b64decode(image)


@dataclass(frozen=True)
class Footprint:
    """What a browser has on the machine."""

    folder: Path
    processes: frozenset[psutil.Process]

    @classmethod
    def of(cls, folder: Path) -> Footprint:
        """Find all processes of the browser with this profile, wherever they have gone."""
        ours, sessions = set(), {}
        for process in psutil.process_iter():
            with suppress(psutil.Error, ProcessLookupError):
                sessions[process] = os.getsid(process.pid)
                if process.environ().get("TMPDIR") == str(folder):
                    ours.add(process)
        # some have another session, and some write their names over their environment
        shared = {sessions[process] for process in ours}
        ours |= {process for process, session in sessions.items() if session in shared}
        return cls(folder, frozenset(ours))

    @property
    def tabs(self) -> set[psutil.Process]:
        """The processes in which pages run."""
        return {p for p in self.processes if is_alive(p) and "--type=renderer" in p.cmdline()}


def is_alive(process: psutil.Process) -> bool:
    """Whether a process still does something; a zombie does not."""
    with suppress(psutil.NoSuchProcess):
        return process.is_running() and process.status() != psutil.STATUS_ZOMBIE
    return False


def footprints(renderer: Renderer) -> set[Footprint]:
    """What the browsers of a renderer have on the machine."""
    return {Footprint.of(page._browser._profile) for page in pages(renderer)}


def leader(page: Page) -> psutil.Process:
    """The main process of a page's browser."""
    (browser,) = psutil.Process(page._browser._process.pid).children()
    return browser


async def until(condition: Callable[[], Any], what: str) -> None:
    """Wait until something is so; fail when it does not become so."""
    end = time.monotonic() + DEADLINE
    while not condition():
        assert time.monotonic() < end, f"not within {DEADLINE} s: {what}"
        await asyncio.sleep(0.02)


async def gone(left: set[Footprint]) -> None:
    """Wait until nothing is left of browsers."""
    assert all(footprint.processes for footprint in left)
    processes = {process for footprint in left for process in footprint.processes}
    await until(lambda: not any(map(is_alive, processes)), "the browsers' processes end")
    folders = [footprint.folder for footprint in left]
    await until(lambda: not any(map(os.path.exists, folders)), "the profiles are removed")


@asynccontextmanager
async def started(**options: Any) -> AsyncIterator[Renderer]:
    """A renderer of the test's own; nothing of it may be left at the end."""
    renderer = Renderer(**options)
    await renderer.start()
    try:
        yield renderer
    finally:
        left = {footprint for footprint in footprints(renderer) if footprint.processes}
        await renderer.close()
        await gone(left)


async def evaluate(page: Page, script: str) -> Any:
    """Run a script in a page, as no figure can."""
    answer = await page._browser.cdp.call(
        "Runtime.evaluate",
        {"expression": script, "awaitPromise": True, "returnByValue": True},
        session=page._session,
    )
    assert "exceptionDetails" not in answer, answer
    return answer["result"].get("value")
