"""JupyterLab, started once, and notebooks that are opened in it."""

from __future__ import annotations

import asyncio
import contextlib
import json
import os
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

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from playwright.async_api import Page

SETTINGS = {
    "apputils-extension/notification": {"fetchNews": "false", "checkForUpdates": False},
    # else "Run All" asks for a kernel when it comes before the notebook has one
    "notebook-extension/tracker": {"autoStartDefaultKernel": True},
}

READY = """() => {
  const context = window.jupyterapp?.shell.currentWidget?.sessionContext;
  const kernel = context?.session?.kernel;
  return context?.isReady && kernel?.connectionStatus === "connected" && kernel.status === "idle";
}"""

ERROR_OUTPUT = "[data-mime-type='application/vnd.jupyter.error']"

EVALUATE = """async (expression) => {
  const { kernel } = window.jupyterapp.shell.currentWidget.sessionContext.session;
  const request = { code: "", silent: true, user_expressions: { value: expression } };
  const { content } = await kernel.requestExecute(request).done;
  const { value } = content.user_expressions;
  return value.status === "ok" ? value.data["text/plain"] : `${value.ename}: ${value.evalue}`;
}"""


@dataclass(frozen=True)
class Lab:
    """A running JupyterLab."""

    url: str
    token: str
    root: Path


@pytest.fixture(scope="session")
def lab(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Lab]:
    """JupyterLab of a user who has just installed it; their local service ends with it."""
    home = tmp_path_factory.mktemp("lab")
    root = home / "notebooks"
    root.mkdir()
    for name, content in SETTINGS.items():
        file = home / "settings" / "@jupyterlab" / f"{name}.jupyterlab-settings"
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(json.dumps(content))
    environment = {
        name: value
        for name, value in os.environ.items()
        if not name.startswith(("PLOTLY_", "JUPYTER", "ANYWIDGET_"))
    } | {
        "HOME": str(home),
        "IPYTHONDIR": str(home / "ipython"),
        "JUPYTER_CONFIG_DIR": str(home / "config"),
        "JUPYTER_DATA_DIR": str(home / "data"),
        "JUPYTER_RUNTIME_DIR": str(home / "runtime"),
        "JUPYTERLAB_SETTINGS_DIR": str(home / "settings"),
        "JUPYTERLAB_WORKSPACES_DIR": str(home / "workspaces"),
        "PLOTLY_NBEXT_HOME": str(home / "plotly-nbext"),
        "PYTHONPATH": str(Path(__file__).parents[3]),
    }
    token = secrets.token_hex(16)
    options = [
        "--no-browser",
        "--allow-root",
        "--ip=127.0.0.1",
        "--port=0",
        f"--IdentityProvider.token={token}",
        f"--ServerApp.root_dir={root}",
        "--LabApp.expose_app_in_browser=True",
        "--LabApp.extension_manager=readonly",
    ]
    log = home / "lab.log"
    with log.open("w") as output:
        server = subprocess.Popen(
            [sys.executable, "-m", "jupyterlab", *options],
            env=environment,
            stdout=output,
            stderr=subprocess.STDOUT,
            start_new_session=True,
        )
    try:
        yield Lab(_address(home / "runtime", server, log), token, root)
    finally:
        os.killpg(server.pid, signal.SIGTERM)
        server.wait(30)
        stop = [sys.executable, "-m", "plotly_nbext", "stop"]
        subprocess.run(stop, env=environment, check=False, capture_output=True)


def _address(runtime: Path, server: subprocess.Popen[bytes], log: Path) -> str:
    """Wait until the server says where it is."""
    deadline = time.monotonic() + 60
    while time.monotonic() < deadline and server.poll() is None:
        for file in runtime.glob("jpserver-*.json"):
            with contextlib.suppress(json.JSONDecodeError):  # it is being written
                return f"http://127.0.0.1:{json.loads(file.read_text())['port']}"
        time.sleep(0.05)
    pytest.fail(f"JupyterLab did not start:\n{log.read_text()}")


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

    async def until(self, expression: str, value: str) -> None:
        """Wait until a Python expression has a value, both written as Python writes them.

        Changes travel from the page to the kernel one at a time, so they take a moment.
        """
        deadline = time.monotonic() + 15
        while (found := await self.page.evaluate(EVALUATE, expression)) != value:
            assert time.monotonic() < deadline, f"{expression} is {found}, not {value}"
            await asyncio.sleep(0.05)

    async def use_theme(self, theme: str) -> None:
        await self.command("apputils:change-theme", theme=theme)
        await self.page.locator("#jupyterlab-splash").wait_for(state="detached")

    async def saved(self) -> nbformat.NotebookNode:
        """Save the notebook and read its file."""
        await self.command("docmanager:save")
        return nbformat.read(self.file, as_version=4)


@pytest_asyncio.fixture(loop_scope="session")
async def open_notebook(lab: Lab, page: Page) -> Callable[..., Any]:
    """Write a notebook with some cells and open it."""

    async def open_one(*cells: str) -> Notebook:
        file = lab.root / f"{secrets.token_hex(4)}.ipynb"
        notebook = nbformat.v4.new_notebook(cells=[nbformat.v4.new_code_cell(c) for c in cells])
        nbformat.write(notebook, file)
        await page.goto(f"{lab.url}/lab/tree/{file.name}?reset&token={lab.token}")
        await page.wait_for_function(READY, timeout=60_000)
        return Notebook(page, file)

    return open_one
