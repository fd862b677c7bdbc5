"""Images that need not be drawn again: what was asked for before, or is being drawn for another."""

from __future__ import annotations

import asyncio
import hashlib
from dataclasses import dataclass
from typing import TYPE_CHECKING

from cachetools import LRUCache

from plotly_nbext.server.rendering import edition

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable

    from plotly_nbext.server.rendering import Rendered, Renderer
    from plotly_nbext.server.store.renders import Renders

__all__ = ["CachedRenderer"]

MEMORY_BYTES = 64_000_000
LARGE_BYTES = 500_000


@dataclass
class _Drawing:
    """An image in the making, and how many wait for it."""

    task: asyncio.Task[Rendered]
    waiting: int = 0


class CachedRenderer:
    """A renderer that draws the same request once.

    What makes a request the same is every byte of it, and the plotly.js and page that draw it.

    Parameters
    ----------
    renderer : Renderer
        Draws what is not kept.
    renders : Renders, optional
        Images on disk; without it they are kept in memory alone.
    """

    def __init__(self, renderer: Renderer, renders: Renders | None = None) -> None:
        self._renderer = renderer
        self._renders = renders
        self._memory: LRUCache[str, Rendered] = LRUCache(MEMORY_BYTES, getsizeof=_size)
        self._drawings: dict[str, _Drawing] = {}
        self._writing: set[asyncio.Task[None]] = set()
        self._edition = ""

    async def start(self) -> None:
        """Make ready; no browser is started before one is needed."""
        self._edition = await asyncio.to_thread(edition)
        await self._renderer.start()

    async def close(self) -> None:
        """End all browsers at once; figures in work and in the queue fail."""
        await self._renderer.close()
        await asyncio.gather(*self._writing)
        if self._renders is not None:
            self._renders.close()

    async def render(
        self,
        figure: bytes,
        *,
        format: str,  # noqa: A002 - the request's own name for it
        width: int,
        height: int,
        scale: float,
    ) -> Rendered:
        """Return the image of a figure, as :meth:`.Renderer.render` draws it."""
        size = f"{self._edition} {format} {width} {height} {scale} "
        key = await _digest(size.encode(), figure)
        if (rendered := self._memory.get(key)) is not None:
            return rendered

        async def draw() -> Rendered:
            return await self._renderer.render(
                figure, format=format, width=width, height=height, scale=scale
            )

        return await self._wait_for(key, draw)

    async def plot_schema(self) -> bytes:
        """Return plotly.js's own description of all attributes; see :class:`.Renderer`."""
        return await self._renderer.plot_schema()

    async def _wait_for(self, key: str, draw: Callable[[], Awaitable[Rendered]]) -> Rendered:
        drawing = self._drawings.get(key)
        if drawing is None:
            task = asyncio.create_task(self._find_or_draw(key, draw))
            drawing = self._drawings[key] = _Drawing(task)
        drawing.waiting += 1
        try:
            # one caller who goes away takes nothing from the others
            return await asyncio.shield(drawing.task)
        finally:
            drawing.waiting -= 1
            if not drawing.waiting:
                # done, or no one is left to see it
                drawing.task.cancel()
                self._drawings.pop(key, None)

    async def _find_or_draw(self, key: str, draw: Callable[[], Awaitable[Rendered]]) -> Rendered:
        renders = self._renders
        rendered = None if renders is None else await asyncio.to_thread(renders.get, key)
        if rendered is None:
            rendered = await draw()
            self._keep(key, rendered)
        if len(rendered.image) <= MEMORY_BYTES:
            self._memory[key] = rendered
        return rendered

    def _keep(self, key: str, rendered: Rendered) -> None:
        """Write an image to disk while its callers already have it."""
        if self._renders is not None:
            task = asyncio.create_task(asyncio.to_thread(self._renders.put, key, rendered))
            self._writing.add(task)
            task.add_done_callback(self._writing.discard)


def _size(rendered: Rendered) -> int:
    return len(rendered.image)


async def _digest(size: bytes, figure: bytes) -> str:
    """Hash a request; a large one beside the event loop."""
    if len(figure) > LARGE_BYTES:
        return await asyncio.to_thread(_hash, size, figure)
    return _hash(size, figure)


def _hash(size: bytes, figure: bytes) -> str:
    digest = hashlib.blake2b(size, digest_size=32)
    digest.update(figure)
    return digest.hexdigest()
