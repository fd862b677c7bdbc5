"""JupyterLab, started once, and notebooks that are opened in it."""

from __future__ import annotations

import asyncio
import secrets
import time
from typing import TYPE_CHECKING, Any

import httpx
import nbformat
import pytest
import pytest_asyncio

from plotly_nbext.accounts import Account
from plotly_nbext.client import Client
from plotly_nbext.service.state import read_state

from ...lab import EVALUATE, HEARD, READY, start_lab
from ..conftest import HAS_FAILED, is_outside

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Callable, Iterator
    from pathlib import Path

    from playwright.async_api import BrowserContext, Locator, Page, Request

    from ...lab import Lab

ERROR_OUTPUT = "[data-mime-type='application/vnd.jupyter.error']"

IMPORTS = """%load_ext plotly_nbext
import pandas as pd
import plotly.graph_objects as go
import plotly_nbext"""


@pytest.fixture(scope="session")
def lab(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Lab]:
    """JupyterLab of a user who has just installed it; their local service ends with it."""
    with start_lab(tmp_path_factory.mktemp("lab")) as started:
        yield started


def _post(lab: Lab, path: str, content: dict[str, Any]) -> dict[str, Any]:
    """Ask Jupyter's server for something."""
    headers = {"Authorization": f"token {lab.token}"}
    answer = httpx.post(f"{lab.url}/api/{path}", json=content, headers=headers)
    found: dict[str, Any] = answer.raise_for_status().json()
    return found


@pytest.fixture(scope="session")
def kernel_id(lab: Lab) -> str:
    """A kernel that notebooks share, each with variables that it makes itself."""
    return str(_post(lab, "kernels", {})["id"])


@pytest.fixture(scope="session")
def elsewhere(lab: Lab) -> Client:
    """The same user in another program, once a notebook has started the local service."""

    def account() -> Account:
        service = read_state(lab.root.parent / "plotly-nbext")
        assert service is not None
        return Account(service.url, service.username, service.api_key)

    return Client(account)


class Notebook:
    """A notebook in JupyterLab, as its user sees and works it."""

    def __init__(self, page: Page, file: Path) -> None:
        self.page = page
        self.file = file

    async def run_all(self) -> None:
        """Run all cells, to their end."""
        await self.command("notebook:run-all-cells")
        assert await self.page.locator(ERROR_OUTPUT).all_inner_texts() == []

    async def command(self, name: str, **arguments: Any) -> None:
        """Execute one of Lab's commands."""
        await self.page.evaluate(
            "([name, options]) => window.jupyterapp.commands.execute(name, options)",
            [name, arguments],
        )

    async def start(self, name: str) -> None:
        """Execute one of Lab's commands, and do not wait until it is done."""
        await self.page.evaluate("name => { window.jupyterapp.commands.execute(name); }", name)

    async def run(self, *numbers: int) -> None:
        """Run some cells, each to its end, and select the one after them."""
        for number in numbers:
            await self.prompt(number).click()
            await self.command("notebook:run-cell-and-select-next")

    async def ready(self) -> None:
        """Wait for a kernel that has nothing to do."""
        await self.page.wait_for_function(READY, timeout=60_000)

    async def heard(self) -> None:
        """Wait until what is done in widgets is done while a cell runs, too."""
        await self.page.wait_for_function(HEARD, timeout=60_000)

    async def restart(self) -> None:
        """Restart the kernel, as the menu does."""
        await self.start("kernelmenu:restart")
        await self.page.locator(".jp-Dialog .jp-mod-accept").click()
        await self.page.locator(".jp-Dialog").wait_for(state="detached")
        await self.ready()

    async def value(self, expression: str) -> str:
        """Ask the kernel for the value of a Python expression, written as Python writes it."""
        return str(await self.page.evaluate(EVALUATE, expression))

    async def until(self, expression: str, value: str) -> None:
        """Wait until a Python expression has a value, both written as Python writes them.

        Changes travel from the page to the kernel one at a time, so they take a moment.
        """
        deadline = time.monotonic() + 15
        while (found := await self.value(expression)) != value:
            assert time.monotonic() < deadline, f"{expression} is {found}, not {value}"
            await asyncio.sleep(0.05)

    async def use_theme(self, theme: str) -> None:
        await self.command("apputils:change-theme", theme=theme)
        await self.page.locator("#jupyterlab-splash").wait_for(state="detached")

    async def saved(self) -> nbformat.NotebookNode:
        """Save the notebook and read its file."""
        await self.command("docmanager:save")
        return nbformat.read(self.file, as_version=4)

    def output(self, number: int) -> Locator:
        """What a cell has shown; -1 is the last cell."""
        return self.page.locator(".jp-Notebook-cell").nth(number).locator(".jp-OutputArea")

    def prompt(self, number: int) -> Locator:
        """What stands before a cell: its number, and a star while it runs."""
        return self.page.locator(".jp-Notebook-cell").nth(number).locator(".jp-InputPrompt")

    async def table(self, number: int = -1) -> Table:
        """Scroll to the grid that a cell shows, and wait for its first row."""
        grid = self.output(number).locator(".pnx-grid")
        await grid.scroll_into_view_if_needed()
        table = Table(grid)
        await table.cell(0, 0).wait_for()
        return table


class Table:
    """A grid in a notebook, as its user sees it."""

    def __init__(self, root: Locator) -> None:
        self.root = root
        self.page = root.page
        self.notices = root.locator(".pnx-notices")
        self.footer = root.locator(".pnx-footer")

    def cell(self, row: int, x: int) -> Locator:
        """Return a cell; the row -1 is the header's, the column -1 the number."""
        rows = "thead tr:first-child" if row < 0 else f'tr[aria-rowindex="{row + 3}"]'
        return self.root.locator(rows).locator(f'> [aria-colindex="{x + 2}"]')

    def button(self, name: str) -> Locator:
        return self.root.get_by_role("button", name=name)

    async def type(self, row: int, x: int, text: str) -> None:
        """Type a text into a cell."""
        await self.cell(row, x).click()
        await self.page.keyboard.type(text)
        await self.page.keyboard.press("Enter")


@pytest_asyncio.fixture(scope="session", loop_scope="session")
async def context(browser: Any) -> AsyncIterator[BrowserContext]:
    """A profile that has loaded JupyterLab before, which asked for nothing outside this machine."""
    kept = await browser.new_context(viewport={"width": 1100, "height": 800})
    kept.set_default_timeout(30_000)
    await kept.grant_permissions(["clipboard-read", "clipboard-write"])
    outside: list[str] = []

    def note(request: Request) -> None:
        if is_outside(request.url):
            outside.append(request.url)

    kept.on("request", note)  # a route would block them too, but keep the browser from caching
    yield kept
    await kept.close()
    assert outside == []


@pytest_asyncio.fixture(loop_scope="session")
async def open_notebook(
    lab: Lab, kernel_id: str, page: Page, request: pytest.FixtureRequest
) -> AsyncIterator[Callable[..., Any]]:
    """Write a notebook with some cells and open it."""
    opened: list[Notebook] = []

    async def open_one(*cells: str, own_kernel: bool = False) -> Notebook:
        file = lab.root / f"{secrets.token_hex(4)}.ipynb"
        made = [nbformat.v4.new_code_cell(cell) for cell in (IMPORTS, *cells)]
        nbformat.write(nbformat.v4.new_notebook(cells=made), file)
        if not own_kernel:
            session = {"path": file.name, "name": file.name, "type": "notebook"}
            _post(lab, "sessions", session | {"kernel": {"id": kernel_id}})
        await page.goto(lab.address(file))
        notebook = Notebook(page, file)
        opened.append(notebook)
        await notebook.ready()
        return notebook

    yield open_one
    if HAS_FAILED in request.node.stash:  # and is to be seen as it was then
        return
    for notebook in opened:  # the next page would be told of all its widgets
        await notebook.value("__import__('ipywidgets').Widget.close_all()")
