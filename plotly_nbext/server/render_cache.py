"""Images that need not be drawn again: what was asked for before, or is being drawn for another."""

from __future__ import annotations

import asyncio
import hashlib
import time
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any, Self

from anyio import CapacityLimiter, move_on_after
from anyio.to_thread import run_sync
from cachetools import LRUCache

from plotly_nbext.errors import BrowserNotFound
from plotly_nbext.server.limits.turns import Turns
from plotly_nbext.server.metrics import Metrics
from plotly_nbext.server.rendering import Edition, RenderError, RendererUnavailable

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable, Coroutine

    from plotly_nbext.server.image_request import ImageRequest
    from plotly_nbext.server.rendering import Rendered, Renderer
    from plotly_nbext.server.rendering.cluster.renderer import ClusterEdition, ClusterRenderer
    from plotly_nbext.server.store.renders import Renders

__all__ = ["CachedRenderer", "Picture", "digest"]

MEMORY_BYTES = 64_000_000
LARGEST = 1 / 4
"""The share of the memory that one image may take."""

MOST_UNWRITTEN = 64_000_000
"""Bytes of images that wait for the disk; what comes beyond them is not kept there."""

FINDING_SECONDS = 1.0
"""So long may it take to find a kept image; then it is drawn."""

BODIES = 4_096
AHEAD = 2
"""Pictures in work for each browser: what a browser does next lies ready."""


def digest(data: bytes) -> str:
    """Hash a body or a figure."""
    return hashlib.sha256(data).hexdigest()


@dataclass(frozen=True, slots=True)
class Picture:
    """All that makes two requests one picture, but for what draws it.

    Attributes
    ----------
    figure : str
        The hash of the figure's JSON text.
    format, width, height, scale
        As in :class:`.ImageRequest`.
    """

    figure: str
    format: str
    width: int
    height: int
    scale: float

    @classmethod
    def of(cls, wanted: ImageRequest) -> Self:
        """Hash a request."""
        figure = digest(wanted.figure)
        return cls(figure, wanted.format, wanted.width, wanted.height, wanted.scale)


@dataclass
class _Work:
    """An image on its way, and how many wait for it."""

    task: asyncio.Task[Rendered]
    waiting: int = 0


class _Shared:
    """Work that is done once for all who wait for it, and given up when none of them is left."""

    def __init__(self) -> None:
        self._works: dict[tuple[str, ...], _Work] = {}

    def __contains__(self, name: object) -> bool:
        return name in self._works

    async def result(
        self, name: tuple[str, ...], begin: Callable[[], Coroutine[Any, Any, Rendered]]
    ) -> Rendered:
        """Wait for work, which begins unless it goes on under the same name."""
        work = self._works.get(name)
        if work is None:
            work = self._works[name] = _Work(asyncio.create_task(begin()))
        work.waiting += 1
        try:
            # one caller who goes away takes nothing from the others
            return await asyncio.shield(work.task)
        finally:
            work.waiting -= 1
            if not work.waiting:
                # done, or no one is left to see it
                work.task.cancel()
                del self._works[name]


class CachedRenderer:
    """A renderer that draws the same picture once.

    Parameters
    ----------
    renderer : Renderer
        Draws what is not kept.
    renders : Renders, optional
        Images that outlast this process; without it they are kept in memory alone.
    edition : Edition, optional
        What pictures depend on besides their figures.
    metrics : Metrics, optional
        Whom to tell what was drawn, and what was found.
    most_waiting : int
        How many pictures may wait for their turn.

    Attributes
    ----------
    bodies : LRUCache
        What came before, by the hash of a request's body: a large one is understood once.
    """

    def __init__(
        self,
        renderer: Renderer | ClusterRenderer,
        renders: Renders | None = None,
        edition: Edition | ClusterEdition | None = None,
        metrics: Metrics | None = None,
        most_waiting: int = 1_000,
    ) -> None:
        self.bodies: LRUCache[str, tuple[Picture, bool]] = LRUCache(BODIES)
        self._renderer = renderer
        self._renders = renders
        self._edition = edition or Edition()
        self._memory: LRUCache[str, Rendered] = LRUCache(MEMORY_BYTES, getsizeof=_size)
        self._wishes = _Shared()
        self._drawings = _Shared()
        self._writing: set[asyncio.Task[None]] = set()
        self._unwritten = 0
        self._disk = CapacityLimiter(1)
        self._metrics = metrics or Metrics()
        self._drawing = 0
        self._metrics.watch("image_cache_memory_bytes", lambda: self._memory.currsize)
        self._metrics.watch("renders_in_progress", lambda: self._drawing)
        self._turns = Turns(
            lambda: AHEAD * renderer.slots,
            most_waiting,
            lambda: self._metrics.count("render_refusals", limit="queue"),
        )
        self._metrics.watch("render_queue_length", lambda: self._turns.waiting)

    async def start(self) -> None:
        """Make ready; no browser is started before one is needed."""
        await self._edition.name()
        await self._renderer.start()

    async def ready(self) -> str | None:
        """Tell why pictures can't be drawn now, if they can't; see :meth:`.Renderer.ready`."""
        return await self._renderer.ready()

    async def close(self) -> None:
        """End all browsers at once; figures in work and in the queue fail."""
        await self._renderer.close()
        await asyncio.gather(*self._writing)
        if self._renders is not None:
            await run_sync(self._renders.close)

    async def plot_schema(self) -> bytes:
        """Return plotly.js's own description of all attributes; see :class:`.Renderer`."""
        return await self._renderer.plot_schema()

    async def key(self, picture: Picture) -> str:
        """Name a picture as it is drawn now: with another browser it may be another."""
        return _key(await self._edition.name(), picture)

    def recall(self, key: str) -> Rendered | None:
        """Return an image that is in memory."""
        rendered: Rendered | None = self._memory.get(key)
        if rendered is not None:
            self._tell_hit("memory", rendered)
            if self._renders is not None:
                self._renders.note_use(key)
        return rendered

    async def render(
        self, key: str, picture: Picture, figure: Callable[[], Awaitable[bytes]], user: str
    ) -> Rendered:
        """Return the image of a figure, as :meth:`.Renderer.render` draws it.

        What was not drawn by the edition that the key names is not lasting.

        Parameters
        ----------
        key : str
            The picture's.
        picture : Picture
            What to draw.
        figure : callable
            Gives the figure's JSON text, if it has to be drawn.
        user : str
            Who asks; a crowd of one's own figures keeps nobody else's waiting for long.
        """

        def drawing() -> Awaitable[Rendered]:
            return self._drawings.result((key,), lambda: self._find_or_draw(key, picture, figure))

        async def in_turn() -> Rendered:
            begun = time.perf_counter()
            # what another has in a queue is waited for in one's own; once it is begun, in none
            if (key,) not in self._drawings:
                async with self._turns.turn(user):
                    self._metrics.observe("render_wait_seconds", time.perf_counter() - begun)
                    if (kept := self.recall(key)) is not None:
                        return kept
                    if (key,) not in self._drawings:
                        return await drawing()
            return await drawing()

        return await self._wishes.result((user, key), in_turn)

    async def _find_or_draw(
        self, key: str, picture: Picture, figure: Callable[[], Awaitable[bytes]]
    ) -> Rendered:
        self._metrics.count("image_cache_misses", tier="memory")
        rendered = None if self._renders is None else await self._find(self._renders, key)
        if rendered is None:
            rendered = await self._draw(await figure(), picture)
            # after an upgrade, browsers that run are still the old ones until the next start
            if not key == await self.key(picture) == _key(self._edition.at_start, picture):
                rendered = replace(rendered, lasting=False)
            if not rendered.lasting:
                return rendered
            self._write_later(key, rendered)
        if _size(rendered) <= MEMORY_BYTES * LARGEST:
            self._memory[key] = rendered
        return rendered

    async def _find(self, renders: Renders, key: str) -> Rendered | None:
        """Look for an image, for as long as it is quicker than to draw it."""
        with move_on_after(FINDING_SECONDS) as search:
            rendered = await run_sync(renders.get, key, abandon_on_cancel=True)
        if search.cancelled_caught:
            renders.miss(f"no answer within {FINDING_SECONDS:g} seconds")
            rendered = None
        if rendered is None:
            self._metrics.count("image_cache_misses", tier=renders.tier)
        else:
            self._tell_hit(renders.tier, rendered)
        return rendered

    async def _draw(self, figure: bytes, picture: Picture) -> Rendered:
        begun = time.perf_counter()
        self._drawing += 1
        outcome = "given_up"  # for nobody waits for it any more, if it is not as follows
        try:
            rendered = await self._renderer.render(
                figure,
                format=picture.format,
                width=picture.width,
                height=picture.height,
                scale=picture.scale,
            )
            outcome = "drawn"
        except RenderError:
            outcome = "refused"
            raise
        except (RendererUnavailable, BrowserNotFound):
            outcome = "unavailable"
            raise
        else:
            return rendered
        finally:
            self._drawing -= 1
            self._metrics.count("renders", format=picture.format, outcome=outcome)
            seconds = time.perf_counter() - begun
            self._metrics.observe("render_seconds", seconds, format=picture.format)

    def _tell_hit(self, tier: str, rendered: Rendered) -> None:
        self._metrics.count("image_cache_hits", tier=tier)
        self._metrics.count("image_cache_hit_bytes", len(rendered.image), tier=tier)

    def _write_later(self, key: str, rendered: Rendered) -> None:
        """Write an image to disk while its callers already have it."""
        if self._renders is None or self._unwritten + _size(rendered) > MOST_UNWRITTEN:
            return
        self._unwritten += _size(rendered)
        task = asyncio.create_task(self._write(self._renders, key, rendered))
        self._writing.add(task)
        task.add_done_callback(self._writing.discard)

    async def _write(self, renders: Renders, key: str, rendered: Rendered) -> None:
        try:
            await run_sync(renders.put, key, rendered, limiter=self._disk)
        finally:
            self._unwritten -= _size(rendered)


def _key(edition: str, picture: Picture) -> str:
    return digest(f"{edition} {picture}".encode())


def _size(rendered: Rendered) -> int:
    return len(rendered.image) + sum(len(warning) for warning in rendered.warnings)
