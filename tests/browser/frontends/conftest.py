"""Front ends beside JupyterLab, each as of somebody who has just installed it."""

from __future__ import annotations

import os
import re
import secrets
import signal
import subprocess
import sys
import time
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

import nbformat
import pytest
import pytest_asyncio

from plotly_nbext.accounts import Account
from plotly_nbext.client import Client
from plotly_nbext.service.state import read_state

from ...lab import start_lab
from ..lab.conftest import Notebook, Table

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Callable, Iterator

    from playwright.async_api import BrowserContext, Page

    from ...lab import Lab

MARIMO_SETTINGS = """
[display]
theme = "system"

[runtime]
auto_instantiate = true
"""


@pytest_asyncio.fixture(loop_scope="session")
async def page(context: BrowserContext) -> AsyncIterator[Page]:
    """A page. A test in which a widget's scripts fail unhandled fails."""
    fresh = await context.new_page()
    failures: list[str] = []

    def note(error: Any) -> None:
        # Notebook's own shortcuts are not always there when it looks for them.
        if "/static/notebook/" not in (error.stack or ""):
            failures.append(f"{error.name}: {error.message}")

    fresh.on("pageerror", note)
    yield fresh
    assert failures == []


@pytest.fixture(scope="session")
def jupyter_notebook(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Lab]:
    with start_lab(tmp_path_factory.mktemp("notebook"), "notebook") as started:
        yield started


@pytest.fixture
def open_notebook(jupyter_notebook: Lab, page: Page) -> Callable[..., Any]:
    """Write a notebook with some cells and open it in Notebook."""

    async def open_one(*cells: str) -> Notebook:
        file = jupyter_notebook.root / f"{secrets.token_hex(4)}.ipynb"
        made = [nbformat.v4.new_code_cell(cell) for cell in cells]
        nbformat.write(nbformat.v4.new_notebook(cells=made), file)
        address = f"{jupyter_notebook.url}/notebooks/{file.name}?token={jupyter_notebook.token}"
        await page.goto(address)
        notebook = Notebook(page, file)
        await notebook.ready()
        return notebook

    return open_one


@dataclass(frozen=True)
class Marimo:
    """A running marimo."""

    url: str
    root: Path
    state: Path

    @property
    def client(self) -> Client:
        """Connect as the user of the notebooks."""
        service = read_state(self.state)
        assert service is not None
        account = Account(service.url, service.username, service.api_key)
        return Client(lambda: account)


@pytest.fixture(scope="session")
def marimo(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Marimo]:
    home = tmp_path_factory.mktemp("marimo")
    (home / "notebooks").mkdir()
    settings = home / "config" / "marimo" / "marimo.toml"
    settings.parent.mkdir(parents=True)
    settings.write_text(MARIMO_SETTINGS)
    environment = {
        name: value
        for name, value in os.environ.items()
        if not name.startswith(("PLOTLY_", "MARIMO_", "ANYWIDGET_"))
    } | {
        "HOME": str(home),
        "XDG_CONFIG_HOME": str(home / "config"),
        "PLOTLY_NBEXT_HOME": str(home / "plotly-nbext"),
        "PYTHONPATH": str(Path(__file__).parents[3]),
    }
    options = ["--headless", "--no-token", "--skip-update-check", "--host", "127.0.0.1"]
    log = home / "marimo.log"
    with log.open("w") as output:
        server = subprocess.Popen(
            [sys.executable, "-m", "marimo", "edit", str(home / "notebooks"), *options],
            env=environment,
            stdout=output,
            stderr=subprocess.STDOUT,
            start_new_session=True,
        )
    try:
        yield Marimo(_address(server, log), home / "notebooks", home / "plotly-nbext")
    finally:
        os.killpg(server.pid, signal.SIGTERM)
        server.wait(30)
        stop = [sys.executable, "-m", "plotly_nbext", "stop"]
        subprocess.run(stop, env=environment, check=False, capture_output=True)


def _address(server: subprocess.Popen[bytes], log: Path) -> str:
    """Wait until marimo says where it is."""
    deadline = time.monotonic() + 60
    while time.monotonic() < deadline and server.poll() is None:
        if found := re.search(r"URL: http://[^:\s]+:(\d+)", log.read_text()):
            return f"http://127.0.0.1:{found[1]}"
        time.sleep(0.05)
    pytest.fail(f"marimo did not start:\n{log.read_text()}")


@pytest.fixture
def open_marimo(marimo: Marimo, page: Page) -> Callable[[str], Any]:
    """Open a notebook of marimo, which runs its cells."""

    async def open_one(notebook: str) -> None:
        file = marimo.root / f"{secrets.token_hex(4)}.py"
        file.write_text(notebook)
        await page.goto(f"{marimo.url}/?file={file.name}")

    return open_one


@pytest.fixture
def table(page: Page) -> Callable[[int], Table]:
    """Find a grid in the page, by its number."""
    return lambda number: Table(page.locator(".pnx-grid").nth(number))
