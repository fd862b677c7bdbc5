"""Whatever dies in the middle of the quickstart, running the cell again goes on."""

from __future__ import annotations

import json
import os
import signal
import threading
from concurrent.futures import Future
from contextlib import suppress
from pathlib import Path

import psutil
import pytest
from jupyter_client.manager import start_new_kernel

from plotly_nbext import service

QUICKSTART = Path(__file__).parents[2] / "notebooks" / "quickstart.ipynb"

# a second in the browser
SLOW = """
import time

start = time.monotonic()
slow = go.Figure(go.Scatter(y=[i * i % 97 for i in range(12_000)], mode="markers"))
%plotly_render slow
drawn_in = time.monotonic() - start
"""

# the number makes another of it, which is not in the service's cache
QUICK = """
quick = go.Figure(go.Scatter(y=[1, 3, {}]))
%plotly_render quick
"""


class Notebook:
    """The quickstart's cells in a real kernel."""

    def __init__(self) -> None:
        cells = json.loads(QUICKSTART.read_text())["cells"]
        self.cells = ["".join(cell["source"]) for cell in cells if cell["cell_type"] == "code"]
        self.manager, self.client = start_new_kernel(kernel_name="python3")

    def run(self, cell: int | str) -> str | None:
        """Run a cell, or one that isn't in the notebook; the error's name and message, if any."""
        code = cell if isinstance(cell, str) else self.cells[cell]
        reply = self.client.execute_interactive(code, timeout=120, output_hook=lambda _: None)[
            "content"
        ]
        return None if reply["status"] == "ok" else f"{reply['ename']}: {reply['evalue']}"

    def evaluate(self, expression: str) -> str:
        """Give the text of an expression's value in the kernel."""
        reply = self.client.execute(
            "", silent=True, user_expressions={"value": expression}, reply=True, timeout=60
        )
        return reply["content"]["user_expressions"]["value"]["data"]["text/plain"]

    def restart_kernel(self) -> None:
        self.client.stop_channels()
        self.manager.restart_kernel(now=True)
        self.client = self.manager.client()
        self.client.start_channels()
        self.client.wait_for_ready(timeout=60)

    def close(self) -> None:
        self.client.stop_channels()
        self.manager.shutdown_kernel(now=True)


@pytest.fixture
def notebook(home):
    opened = Notebook()
    yield opened
    opened.close()


def service_process() -> psutil.Process:
    running = service.find()
    assert running is not None
    return psutil.Process(running.pid)


def kill_service() -> int:
    process = service_process()
    process.kill()
    psutil.wait_procs([process], timeout=10)
    return 1


def kill_browsers() -> int:
    children = service_process().children(recursive=True)
    for child in children:
        with suppress(ProcessLookupError):
            os.kill(child.pid, signal.SIGKILL)
    psutil.wait_procs(children, timeout=10)
    return len(children)


def kill_soon(kill, seconds: float) -> Future[int]:
    """Kill in the middle of what is done next."""
    killed: Future[int] = Future()
    threading.Timer(seconds, lambda: killed.set_result(kill())).start()
    return killed


def test_what_dies_between_cells_is_started_again_without_a_word(notebook):
    services = browsers = 0
    for cell in range(len(notebook.cells)):
        assert notebook.run(cell) is None, notebook.cells[cell]
        if service.find():
            if killed := kill_browsers():
                browsers += killed
            else:
                services += kill_service()
    assert services >= 4
    assert browsers >= 4
    assert notebook.evaluate("pulled.equals(corrected)") == "True"


def test_a_service_that_dies_with_its_browsers_at_hand_is_started_again_without_a_word(notebook):
    for cell in (0, 1):
        assert notebook.run(cell) is None
    assert notebook.run(QUICK.format(0)) is None
    browsers = service_process().children(recursive=True)
    assert browsers
    kill_service()
    _, left = psutil.wait_procs(browsers, timeout=10)
    assert not left
    assert notebook.run(QUICK.format(1)) is None


def test_a_browser_that_dies_in_the_middle_of_a_cell_is_replaced(notebook):
    for cell in (0, 1):
        assert notebook.run(cell) is None
    soon = kill_soon(kill_browsers, 0.3)
    assert notebook.run(SLOW) is None
    assert soon.result(10) > 0
    assert notebook.evaluate("drawn_in > 0.3") == "True"


def test_a_service_that_dies_in_the_middle_of_a_cell_leaves_the_next_run_whole(notebook):
    killed = 0
    for cell in range(len(notebook.cells)):
        if service.find():
            soon = kill_soon(kill_service, 0.03)
            notebook.run(cell)
            killed += soon.result(10)
        error = notebook.run(cell)
        assert error is None, (notebook.cells[cell], error)
    assert killed >= 4
    assert notebook.evaluate("pulled.equals(corrected)") == "True"


def test_a_restarted_kernel_finds_the_service_and_its_grids_again(notebook):
    for cell in range(len(notebook.cells)):
        assert notebook.run(cell) is None
    before = service_process().pid
    notebook.restart_kernel()
    for cell in range(len(notebook.cells)):
        assert notebook.run(cell) is None, notebook.cells[cell]
    assert service_process().pid == before
