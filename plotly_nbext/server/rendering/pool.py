"""The pages that are open, and who gets one next."""

from __future__ import annotations

import asyncio
import logging
from collections import deque
from typing import TYPE_CHECKING

from plotly_nbext.server.rendering.errors import RendererUnavailable

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable

    from plotly_nbext.server.rendering.page import Page

__all__ = ["PagePool"]

logger = logging.getLogger(__name__)

PATIENCE = 0.05
"""Seconds that a caller waits for a page before another is opened: a light figure takes 0.02."""

IDLE_AFTER = 120.0
"""Seconds after which a page that nobody used is closed, unless it is the last."""

FAILURE_PAUSE = 5.0
"""Seconds without further browsers, where there are some, after one did not start."""


class PagePool:
    """Pages, of which each caller has one for itself: first come, first served.

    Pages are opened when callers wait, one at a time for each, up to a limit. An idle page goes
    to the caller who comes next, the one used last first, so that the others can be closed. One
    that dies while it lies idle is closed at once.

    A page that is worn is used until another is open that takes its place, which is then one
    above the limit for a moment, so that nobody waits for a browser to start.

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
        self._pages: dict[Page, asyncio.Task[None]] = {}  # and what waits for its end
        self._idle: dict[Page, asyncio.TimerHandle] = {}
        self._waiters: deque[asyncio.Future[Page]] = deque()
        self._opening: dict[asyncio.Task[None], Page | None] = {}  # and whose place it takes
        self._replaced: set[Page] = set()  # at work still, to be closed afterwards
        self._retiring: set[asyncio.Task[None]] = set()
        self._pause: asyncio.TimerHandle | None = None  # after a browser that did not start
        self._closed = False

    async def acquire(self) -> Page:
        """Wait for a page; it is the caller's until :meth:`release`.

        Raises
        ------
        BrowserNotFound
            There is no browser, or none that works.
        RendererUnavailable
            No browser starts now, or the pool is closed.
        """
        self._refuse_when_closed()
        if page := self._take_idle():
            return page
        waiter = self._queue()
        if not self._pages and not self._additions:
            self._grow()
        grow = asyncio.get_running_loop().call_later(PATIENCE, self._grow)
        try:
            return await self._wait(waiter)
        finally:
            grow.cancel()

    def release(self, page: Page) -> None:
        """Give a page back, dead or alive."""
        if page not in self._pages:
            return  # replaced before
        if not page.alive or page in self._replaced or self._closed:
            self._retire(page)
            if not self._pages and not self._additions:
                self._open()  # so that the next caller finds one
            else:
                self._grow()
            return
        if page.worn and not self._renewing and not self._pause:
            self._open(in_place_of=page)
        self._hand_over(page)

    async def replace(self, page: Page) -> Page:
        """Exchange a page that died for one that works, ahead of those who wait.

        That is the next that comes free or a new one, not one that lies idle, unless no other
        may be opened now: what killed this page may have killed that as well.

        Raises
        ------
        BrowserNotFound, RendererUnavailable
            As :meth:`acquire`.
        """
        self._refuse_when_closed()
        self._retire(page)
        if (self._room <= 0 or self._pause) and (idle := self._take_idle()):
            return idle
        waiter = self._queue(first=True)
        self._grow()
        return await self._wait(waiter)

    async def close(self) -> None:
        """End all browsers, also those at work, and turn all callers away."""
        self._closed = True
        if self._pause:
            self._pause.cancel()
        self._fail_waiters(RendererUnavailable("The renderer is shut down."))
        opening = list(self._opening)
        for task in opening:
            task.cancel()
        await asyncio.gather(*opening, return_exceptions=True)
        for page in list(self._pages):
            if page not in self._idle:
                page.kill()
            self._retire(page)
        await asyncio.gather(*self._retiring)

    @property
    def size(self) -> int:
        """How many pages are open."""
        return len(self._pages)

    @property
    def waiting(self) -> int:
        """How many callers wait for a page."""
        return sum(not waiter.done() for waiter in self._waiters)

    @property
    def _additions(self) -> int:
        """How many pages are being opened, save those that take another's place."""
        return sum(worn is None for worn in self._opening.values())

    @property
    def _renewing(self) -> bool:
        """Whether a page is being replaced: one at a time."""
        return bool(self._replaced) or len(self._opening) > self._additions

    @property
    def _room(self) -> int:
        """How many more pages may be opened."""
        return self._limit - len(self._pages) - self._additions

    def _refuse_when_closed(self) -> None:
        if self._closed:
            raise RendererUnavailable("The renderer is shut down.")

    def _take_idle(self) -> Page | None:
        while self._idle:
            page, timer = self._idle.popitem()
            timer.cancel()
            if page.alive:
                return page
            self._retire(page)
        return None

    def _queue(self, *, first: bool = False) -> asyncio.Future[Page]:
        waiter: asyncio.Future[Page] = asyncio.get_running_loop().create_future()
        if first:
            self._waiters.appendleft(waiter)
        else:
            self._waiters.append(waiter)
        return waiter

    async def _wait(self, waiter: asyncio.Future[Page]) -> Page:
        try:
            return await waiter
        except asyncio.CancelledError:
            if waiter in self._waiters:
                self._waiters.remove(waiter)
            elif waiter.done() and not waiter.cancelled() and not waiter.exception():
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
        may_try = not (self._pause and self._pages)
        if waiting > self._additions and self._room > 0 and may_try:
            self._open()

    def _open(self, in_place_of: Page | None = None) -> None:
        if not self._closed:
            task = asyncio.create_task(self._add_page())
            self._opening[task] = in_place_of
            task.add_done_callback(lambda task: self._opening.pop(task, None))

    async def _add_page(self) -> None:
        task = asyncio.current_task()
        assert task is not None  # noqa: S101 - one made by _open
        try:
            page = await self._open_page()
        except Exception as error:  # noqa: BLE001 - who waits for the page gets it
            del self._opening[task]
            self._go_without(error)
        else:
            worn = self._opening.pop(task)
            self._watch(page)
            if worn is not None:
                self._dismiss(worn)
            self._hand_over(page)

    def _watch(self, page: Page) -> None:
        def ended(watch: asyncio.Task[None]) -> None:
            if page in self._idle and not watch.cancelled():
                self._retire(page)

        self._pages[page] = watch = asyncio.create_task(page.wait_lost())
        watch.add_done_callback(ended)

    def _dismiss(self, worn: Page) -> None:
        if worn in self._idle:
            self._retire(worn)
        else:
            self._replaced.add(worn)

    def _go_without(self, error: Exception) -> None:
        """Serve those who wait with the pages that are there, if any."""
        if self._pause:
            self._pause.cancel()
        self._pause = asyncio.get_running_loop().call_later(FAILURE_PAUSE, self._end_pause)
        while self._waiters and (page := self._take_idle()):
            self._hand_over(page)
        if self._pages or self._opening:
            logger.warning("No further browser could be started: %s", error)
        else:
            self._fail_waiters(error)

    def _end_pause(self) -> None:
        self._pause = None
        for _ in self._waiters:
            self._grow()

    def _fail_waiters(self, error: Exception) -> None:
        while self._waiters:
            waiter = self._waiters.popleft()
            if not waiter.done():
                waiter.set_exception(error)

    def _retire(self, page: Page) -> None:
        if timer := self._idle.pop(page, None):
            timer.cancel()
        if watch := self._pages.pop(page, None):
            watch.cancel()
            self._replaced.discard(page)
            for task, worn in self._opening.items():
                if worn is page:
                    self._opening[task] = None  # its place is empty already
            task = asyncio.create_task(page.close())
            self._retiring.add(task)
            task.add_done_callback(self._retiring.discard)
