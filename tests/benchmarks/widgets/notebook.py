"""A notebook in JupyterLab, with a table in the output of its second cell."""

from __future__ import annotations

import asyncio
import secrets
import time
from contextlib import asynccontextmanager, suppress
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final, Self

import nbformat
import requests
from playwright.async_api import async_playwright

from plotly_nbext.server.rendering.discovery import find_browser
from tests.lab import EVALUATE, READY

if TYPE_CHECKING:
    from collections.abc import AsyncIterator

    from playwright.async_api import Page

    from tests.lab import Lab

__all__ = ["LIMIT", "FailureError", "Notebook"]

PROBE: Final = Path(__file__).with_name("probe.js").read_text()
FLAGS: Final = ("--no-sandbox", "--disable-gpu", "--disable-dev-shm-usage")
RUN_FIRST: Final = """() => {
  const { content } = jupyterapp.shell.currentWidget;
  content.activeCellIndex = 0;
  return jupyterapp.commands.execute("notebook:run-cell");
}"""

LIMIT: Final = 60  # seconds that a widget may take for anything
QUIET: Final = 0.3  # seconds without a message, after which no more is expected


class FailureError(Exception):
    """A widget does not do what it was asked for, or takes too long."""


class Notebook:
    """A notebook of two cells: one that prepares, and one that shows a table.

    It has a browser of its own, so that a widget that brings one down harms no other.
    """

    def __init__(self, lab: Lab, page: Page, file: Path) -> None:
        self._lab = lab
        self.page = page
        self.file = file
        self.task = "to be opened"  # what failures are about
        self._kernel = ""

    @classmethod
    @asynccontextmanager
    async def open(cls, lab: Lab, setup: str, make: str) -> AsyncIterator[Self]:
        """Write the notebook, open it and run its first cell; at the end its kernel ends too."""
        file = lab.root / f"{secrets.token_hex(4)}.ipynb"
        cells = [nbformat.v4.new_code_cell(code) for code in (setup, make)]
        nbformat.write(nbformat.v4.new_notebook(cells=cells), file)
        playwright = await async_playwright().start()
        browser = await playwright.chromium.launch(
            executable_path=find_browser(),
            args=FLAGS,
            ignore_default_args=["--hide-scrollbars"],  # they are dragged
        )
        page = await browser.new_page(viewport={"width": 1280, "height": 900})
        notebook = cls(lab, page, file)
        try:
            await page.add_init_script(PROBE)
            await page.goto(lab.address(file))
            await page.wait_for_function(READY, timeout=LIMIT * 1000)
            notebook._kernel = await notebook.call("probe.follow")
            await notebook.call(RUN_FIRST)
            yield notebook
        finally:
            await notebook.end()
            for last in (browser.close(), playwright.stop()):
                with suppress(Exception):  # what was too much for a page may have ended them
                    await asyncio.wait_for(last, 5)

    async def end(self) -> None:
        """End its kernel, whatever it is at."""
        url = f"{self._lab.url}/api/kernels/{self._kernel}"
        token = {"Authorization": f"token {self._lab.token}"}
        await asyncio.to_thread(requests.delete, url, headers=token, timeout=LIMIT)

    async def call(self, function: str, *arguments: Any) -> Any:
        """Call a function in the page.

        Raises
        ------
        FailureError
            It fails, or takes too long.
        """
        try:
            async with asyncio.timeout(LIMIT):
                return await self.page.evaluate(f"(all) => ({function})(...all)", list(arguments))
        except TimeoutError:
            raise FailureError(f"{self.task}, {LIMIT} s are not enough") from None
        except Exception as error:  # the browser's driver may itself be gone
            reason = next(iter(str(error).splitlines()), type(error).__name__)
            reason = reason.removeprefix("Page.evaluate: Error: ")
            raise FailureError(f"{self.task} fails: {reason}") from error

    async def value(self, expression: str) -> str:
        """Say what a Python expression is in the kernel."""
        found: str = await self.call(EVALUATE, expression)
        return found

    async def traffic(self) -> int:
        """Wait until no more messages come and go, and count the bytes of all so far."""
        deadline, last, since = time.monotonic() + LIMIT, -1, time.monotonic()
        while time.monotonic() < deadline:
            now = await self.call("probe.traffic")
            if now != last:
                last, since = now, time.monotonic()
            elif time.monotonic() - since > QUIET:
                return last
            await asyncio.sleep(0.02)
        raise FailureError("messages without an end")

    async def saved(self) -> nbformat.NotebookNode:
        """Save the notebook and read its file."""
        await self.call('() => jupyterapp.commands.execute("docmanager:save")')
        saved: nbformat.NotebookNode = nbformat.read(self.file, as_version=4)
        return saved
