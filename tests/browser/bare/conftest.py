"""A widget in a page without Jupyter: its committed module, with the real Python side behind it."""

from __future__ import annotations

import asyncio
import base64
import json
import threading
from concurrent.futures import Future, ThreadPoolExecutor
from pathlib import Path
from typing import TYPE_CHECKING, Any

import comm
import pytest
import pytest_asyncio

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Awaitable, Callable

    from playwright.async_api import Frame, Locator, Page

HOST = (Path(__file__).parent / "host.js").read_text()

PAGE = '<!doctype html><html lang="en"><title>A widget</title><body></body></html>'


class Kernel:
    """What stands between a page and the Python side of its widget.

    As in JupyterLab, messages of the page are handled one by one in a thread of their own.
    """

    def __init__(self, page: Page, place: Page | Frame) -> None:
        self._page, self._place = page, place
        self._loop = asyncio.get_running_loop()
        self._outgoing: asyncio.Queue[dict[str, Any]] = asyncio.Queue()
        self._subshell = ThreadPoolExecutor(1, "subshell")
        self._comm: PageComm | None = None
        self._is_over = False
        self._is_free = threading.Event()
        self._is_free.set()
        self._handled: list[Future[None]] = []
        self._dropped: str | None = None
        self.commands: list[dict[str, Any]] = []

    def open(self, **message: Any) -> comm.base_comm.BaseComm:
        self._comm = PageComm(self, **message)
        return self._comm

    def pause(self) -> None:
        """Let the page's messages wait, as when a cell runs."""
        self._is_free.clear()

    def drop(self, name: str) -> None:
        """Never answer the next command of a name."""
        self._dropped = name

    def resume(self) -> None:
        """Handle the page's messages again."""
        self._is_free.set()

    def send(self, message: dict[str, Any]) -> None:
        self._loop.call_soon_threadsafe(self._outgoing.put_nowait, message)

    async def prepare(self) -> None:
        await self._page.expose_function("toKernel", self._receive)
        await self._place.add_script_tag(content=HOST)

    async def deliver(self) -> None:
        while True:
            message = await self._outgoing.get()
            await self._place.evaluate("message => window.fromKernel(message)", message)
            self._outgoing.task_done()

    async def drained(self) -> None:
        """Wait until the page has got everything that was sent to it."""
        await asyncio.sleep(0)
        await self._outgoing.join()

    def _receive(self, text: str) -> None:
        if self._is_over:
            return
        self._handled.append(self._subshell.submit(self._handle, json.loads(text)))

    def _handle(self, data: dict[str, Any]) -> None:
        self._is_free.wait()
        if data["method"] == "custom":
            self.commands.append(data["content"])
            if data["content"].get("name") == self._dropped:
                self._dropped = None
                return
        assert self._comm is not None
        self._comm.handle_msg({"content": {"data": data}, "buffers": []})

    def stop(self) -> None:
        """End, and raise what a message handler raised: a real kernel would only lose it."""
        self._is_over = True
        self.resume()
        self._subshell.shutdown()
        for handled in self._handled:
            handled.result()


class PageComm(comm.base_comm.BaseComm):
    """A comm whose other end is in the page."""

    def __init__(self, kernel: Kernel, **message: Any) -> None:
        self._kernel = kernel
        super().__init__(**message)

    def publish_msg(
        self,
        msg_type: str,
        data: Any = None,
        metadata: Any = None,
        buffers: Any = None,
        **_keys: Any,
    ) -> None:
        encoded = [base64.b64encode(buffer).decode() for buffer in buffers or []]
        self._kernel.send({"type": msg_type, "data": data, "buffers": encoded})


@pytest_asyncio.fixture(loop_scope="session")
async def place(page: Page) -> Page | Frame:
    """Where widgets are shown."""
    address = "http://127.0.0.1/"
    await page.route(address, lambda route: route.fulfill(body=PAGE, content_type="text/html"))
    await page.goto(address)
    return page


@pytest_asyncio.fixture(loop_scope="session")
async def kernel(
    page: Page, place: Page | Frame, monkeypatch: pytest.MonkeyPatch
) -> AsyncIterator[Kernel]:
    """The kernel behind the page."""
    running = Kernel(page, place)
    monkeypatch.setattr(comm, "create_comm", running.open)
    await running.prepare()
    delivery = asyncio.create_task(running.deliver())
    yield running
    delivery.cancel()
    running.stop()


@pytest_asyncio.fixture(loop_scope="session")
async def show(place: Page | Frame, kernel: Kernel) -> Callable[..., Any]:
    """Make a widget and show it in the page."""

    async def show_widget(make: Callable[[], Any], *, in_shadow: bool = False) -> Any:
        widget = await asyncio.to_thread(make)
        await kernel.drained()
        await place.evaluate("inShadow => window.showWidget({ inShadow })", in_shadow)
        return widget

    return show_widget


@pytest.fixture
def cell(page: Page) -> Callable[[int, int], Locator]:
    """Find the cell of a row and a column; the row -1 is the header's, the column -1 the number."""
    return lambda row, x: page.locator(
        "thead tr:first-child" if row < 0 else f'tr[aria-rowindex="{row + 3}"]'
    ).locator(f'> [aria-colindex="{x + 2}"]')


@pytest.fixture
def until() -> Callable[[Callable[[], bool]], Awaitable[None]]:
    """Wait until Python knows what was done in the page."""

    async def wait(check: Callable[[], bool]) -> None:
        for _ in range(1_000):
            if check():
                return
            await asyncio.sleep(0.02)
        pytest.fail("It has not come to that.")

    return wait
