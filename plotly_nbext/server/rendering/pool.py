"""The pages that are open, and who gets one next."""

from __future__ import annotations

import asyncio
import logging
from collections import deque
from typing import TYPE_CHECKING, cast

from plotly_nbext.server.rendering.errors import RendererUnavailable

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable, Coroutine

    from plotly_nbext.server.rendering.page import Page

__all__ = ["PagePool"]

logger = logging.getLogger(__name__)

PATIENCE = 0.05
"""Seconds that a caller waits for a page before another is opened: a light figure takes 0.02."""

IDLE_AFTER = 120.0
"""Seconds after which a page that nobody used is closed, unless it is the last."""

RECYCLE_AFTER = 500
"""Renders after which a page is replaced: each leaves a little memory behind."""


class PagePool:
    """Pages, of which each caller has one for itself: first come, first served.

    Pages are opened when callers wait, one at a time for each, up to a limit. An idle page goes
    to the caller who comes next, the one used last first, so that the others can be closed.

    Parameters
    ----------
    open_page : callable
        Opens a page.
    limit : int
        How many pages there are at most.
    """

    def __init__(self, open_page: Callable[[], Awaitable[Page]], limit: int) -> None:
        self._open_page = open_page
        self._limit = limit
        self._pages: set[Page] = set()
        self._idle: dict[Page, asyncio.TimerHandle] = {}
        self._waiters: deque[asyncio.Future[Page]] = deque()
        self._opening: set[asyncio.Task[None]] = set()
        self._retiring: set[asyncio.Task[None]] = set()
        self._closed = False

    async def acquire(self) -> Page:
        """Wait for a page; it is the caller's until :meth:`release`.

        Raises
        ------
        BrowserNotFound
            There is no browser.
        RendererUnavailable
            No browser starts, or the pool is closed.
        """
        self._refuse_when_closed()
        while self._idle:
            page, timer = self._idle.popitem()
            timer.cancel()
            if page.alive:
                return page
            self._retire(page)
        nothing_to_wait_for = not self._pages and not self._opening
        delay = 0 if nothing_to_wait_for else PATIENCE
        grow = asyncio.get_running_loop().call_later(delay, self._grow)
        try:
            return await self._wait_for_page()
        finally:
            grow.cancel()

    def release(self, page: Page) -> None:
        """Give a page back, dead or alive."""
        if page.alive and page.renders < RECYCLE_AFTER and not self._closed:
            self._hand_over(page)
            return
        self._retire(page)
        if not self._pages and not self._opening:
            self._open()  # so that the next caller finds one
        else:
            self._grow()

    async def replace(self, page: Page) -> Page:
        """Exchange a page that died for one that works, ahead of those who wait.

        That is the next that comes free or a new one, not one that lies idle: what killed this
        page may have killed that as well.
        """
        self._refuse_when_closed()
        self._retire(page)
        self._open()
        return await self._wait_for_page(first=True)

    async def close(self) -> None:
        """End all browsers, also those at work, and turn all callers away."""
        self._closed = True
        self._fail_waiters(RendererUnavailable("The renderer is shut down."))
        for task in self._opening:
            task.cancel()
        await asyncio.gather(*self._opening, return_exceptions=True)
        for page in list(self._pages):
            if page not in self._idle:
                page.kill()
            self._retire(page)
        await asyncio.gather(*self._retiring)

    def _refuse_when_closed(self) -> None:
        if self._closed:
            raise RendererUnavailable("The renderer is shut down.")

    async def _wait_for_page(self, *, first: bool = False) -> Page:
        waiter: asyncio.Future[Page] = asyncio.get_running_loop().create_future()
        if first:
            self._waiters.appendleft(waiter)
        else:
            self._waiters.append(waiter)
        try:
            return await waiter
        except asyncio.CancelledError:
            if waiter.done() and not waiter.cancelled() and not waiter.exception():
                self.release(waiter.result())  # handed over just before the caller went
            raise

    def _hand_over(self, page: Page) -> None:
        while self._waiters:
            waiter = self._waiters.popleft()
            if not waiter.done():
                waiter.set_result(page)
                return
        loop = asyncio.get_running_loop()
        self._idle[page] = loop.call_later(IDLE_AFTER, self._close_if_spare, page)

    def _close_if_spare(self, page: Page) -> None:
        if len(self._pages) > 1:
            self._retire(page)

    def _grow(self) -> None:
        """Open another page when callers wait who aren't about to get one."""
        waiting = sum(not waiter.done() for waiter in self._waiters)
        if waiting > len(self._opening) and len(self._pages) + len(self._opening) < self._limit:
            self._open()

    def _open(self) -> None:
        if not self._closed:
            self._run(self._add_page(), self._opening)

    async def _add_page(self) -> None:
        try:
            page = await self._open_page()
        except Exception as error:  # noqa: BLE001 - who waits for the page gets it
            if self._pages or len(self._opening) > 1:
                logger.warning("No further browser could be started: %s", error)
            else:
                self._fail_waiters(error)
        else:
            # it is open from here on: counted twice, it would keep another from being opened
            self._opening.discard(cast("asyncio.Task[None]", asyncio.current_task()))
            self._pages.add(page)
            self._hand_over(page)

    def _fail_waiters(self, error: Exception) -> None:
        while self._waiters:
            waiter = self._waiters.popleft()
            if not waiter.done():
                waiter.set_exception(error)

    def _retire(self, page: Page) -> None:
        if timer := self._idle.pop(page, None):
            timer.cancel()
        if page in self._pages:
            self._pages.discard(page)
            self._run(page.close(), self._retiring)

    def _run(self, work: Coroutine[None, None, None], tasks: set[asyncio.Task[None]]) -> None:
        task = asyncio.create_task(work)
        tasks.add(task)
        task.add_done_callback(tasks.discard)
