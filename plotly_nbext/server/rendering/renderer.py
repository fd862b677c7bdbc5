"""Figures to images: what the server calls."""

from __future__ import annotations

import asyncio
import os
from dataclasses import replace
from typing import TYPE_CHECKING, Any, TypeVar

from plotly_nbext.server.rendering import eps
from plotly_nbext.server.rendering.assets import AssetServer
from plotly_nbext.server.rendering.edition import Edition
from plotly_nbext.server.rendering.errors import (
    PageCrashed,
    PageLost,
    RenderError,
    RendererUnavailable,
)
from plotly_nbext.server.rendering.memory import memory_limit
from plotly_nbext.server.rendering.origins import Origin
from plotly_nbext.server.rendering.page import Page, Request
from plotly_nbext.server.rendering.pool import PagePool
from plotly_nbext.server.rendering.proxy import FilteringProxy
from plotly_nbext.server.rendering.sandbox import Sandbox

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable, Sequence
    from pathlib import Path

    from plotly_nbext.server.rendering.rendered import Rendered

__all__ = ["FORMATS", "Renderer"]

T = TypeVar("T")

FORMATS = ("png", "jpeg", "webp", "svg", "pdf", "eps")


class Renderer:
    """Draws figures as plotly.js does, in browsers that are kept open.

    It belongs to the event loop in which it is started.

    Parameters
    ----------
    browsers : int, optional
        How many browsers run at most: one from the first figure on, more under load. By default
        as many as there are processors, up to four.
    timeout : float
        Seconds that a figure has to be drawn, counted from when its turn has come.
    allowed : sequence of str
        Hosts on the web from which figures may have images, tiles and geojson:
        ``HOST[:PORT]`` (https) or ``http://HOST[:PORT]``.

    Attributes
    ----------
    sandbox : Sandbox
        What the browsers that were started have shown of it.
    edition : Edition
        What pictures depend on besides their figures.
    slots : int
        How many figures are drawn at once, at most.

    Raises
    ------
    ValueError
        One of `allowed` is no host.
    """

    def __init__(
        self,
        browsers: int | None = None,
        timeout: float = 60.0,
        allowed: Sequence[str] = (),
    ) -> None:
        origins = [Origin.parse(host) for host in allowed]
        self._assets = AssetServer([str(origin) for origin in origins])
        self._proxy = FilteringProxy(origins) if origins else None
        self.sandbox = Sandbox()
        self.edition = Edition(allowed)
        self.slots = browsers = browsers or min(4, os.cpu_count() or 1)
        limit = memory_limit(browsers)
        proven: set[Path] = set()
        self._pool = PagePool(
            lambda: Page.open(self._assets, self._proxy, self.sandbox, proven, limit), browsers
        )
        self._timeout = timeout
        self._jobs: set[asyncio.Task[Any]] = set()
        self._schema: bytes | None = None
        self._asking = asyncio.Lock()

    async def start(self) -> None:
        """Make ready; no browser is started, or looked for, before one is needed."""
        await self._assets.start()
        if self._proxy is not None:
            await self._proxy.start()

    async def warm(self) -> None:
        """Start the first browser ahead of the first figure.

        Raises
        ------
        BrowserNotFound
            There is no browser, or none that works.
        RendererUnavailable
            The browser does not start now.
        """
        self._pool.release(await self._pool.acquire())

    async def ready(self) -> str | None:
        """Tell why figures can't be drawn now: never, for browsers are started when needed."""
        return None

    @property
    def browsers(self) -> int:
        """How many browsers run."""
        return self._pool.size

    @property
    def waiting(self) -> int:
        """How many callers wait for a browser."""
        return self._pool.waiting

    async def close(self) -> None:
        """End all browsers at once; figures in work and in the queue fail."""
        await self._pool.close()
        await asyncio.gather(*self._jobs, return_exceptions=True)
        if self._proxy is not None:
            await self._proxy.close()
        await self._assets.close()

    async def render(
        self,
        figure: bytes,
        *,
        format: str,  # noqa: A002 - the request's own name for it
        width: int,
        height: int,
        scale: float,
    ) -> Rendered:
        """Draw a figure.

        Parameters
        ----------
        figure : bytes
            JSON of an object with ``data`` and, where given, ``layout`` and ``config``.
        format : str
            One of :data:`FORMATS`.
        width, height : int
            Size in CSS pixels.
        scale : float
            Pixels of the image per CSS pixel.

        Returns
        -------
        Rendered
            The image, and what is missing in it. A PDF or EPS has one page, ``width`` × ``scale``
            CSS pixels (1/96 inch) by ``height`` × ``scale``.

        Raises
        ------
        RenderError
            The figure can't be drawn, or not within the time limit.
        RendererUnavailable
            It could not be drawn now; the same may work later.
        BrowserNotFound
            There is no browser, or none that works.
        """
        if format not in FORMATS:
            raise RenderError(f"The format {format!r} is none of {', '.join(FORMATS)}.")
        if format != "eps":
            return await self._render(figure, Request(format, width, height, scale))
        converter = eps.find_converter()
        pdf = await self._render(figure, Request("pdf", width, height, scale))
        try:
            async with asyncio.timeout(self._timeout):
                return replace(pdf, image=await eps.from_pdf(pdf.image, converter))
        except TimeoutError:
            raise self._too_slow() from None

    async def plot_schema(self) -> bytes:
        """Return plotly.js's own description of all attributes, as JSON text.

        Raises
        ------
        RendererUnavailable
            It could not be had now.
        BrowserNotFound
            There is no browser, or none that works.
        """
        async with self._asking:
            if self._schema is None:
                self._schema = await self._on_page(Page.plot_schema)
            return self._schema

    async def _render(self, figure: bytes, request: Request) -> Rendered:
        return await self._on_page(lambda page: page.render(figure, request))

    async def _on_page(self, work: Callable[[Page], Awaitable[T]]) -> T:
        page = await self._pool.acquire()
        job = asyncio.create_task(self._use(page, work))
        self._jobs.add(job)
        job.add_done_callback(self._jobs.discard)
        # Shielded, because a page whose caller has gone is still busy until it has answered.
        return await asyncio.shield(job)

    async def _use(self, page: Page, work: Callable[[Page], Awaitable[T]]) -> T:
        try:
            try:
                return await self._draw(page, work)
            except PageLost:
                page = await self._pool.replace(page)
                return await self._draw(page, work)
        except PageCrashed as error:
            # no other figure was on these pages: it would take down any that it is given
            raise RenderError(
                "The page that drew the figure was lost twice, the second time by a crash. "
                "Most likely the figure takes more memory than there is: fewer points, or a "
                "smaller width, height or scale, would take less."
            ) from error
        except PageLost as error:
            raise RendererUnavailable(
                "The browser died, or stopped answering, twice while it drew this figure."
            ) from error
        finally:
            self._pool.release(page)

    async def _draw(self, page: Page, work: Callable[[Page], Awaitable[T]]) -> T:
        try:
            async with asyncio.timeout(self._timeout):
                return await work(page)
        except TimeoutError:
            hangs = not await page.answers()
            page.kill()
            if hangs:  # not the page, of which a figure may be the cause
                raise PageLost("The browser does not answer.") from None
            raise self._too_slow() from None

    def _too_slow(self) -> RenderError:
        return RenderError(
            f"The figure was not drawn within {self._timeout:g} seconds and was given up."
        )
