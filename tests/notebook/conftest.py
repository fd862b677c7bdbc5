"""A real IPython kernel, run the way a front end runs it."""

from __future__ import annotations

import ast
import contextlib
import os
import subprocess
import sys
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

import pytest
from jupyter_client.manager import KernelManager

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from jupyter_client.blocking.client import BlockingKernelClient

PATIENCE = 120  # seconds a cell may take: the first one that renders starts a server and a browser


@dataclass
class Ran:
    """What came of running a cell."""

    status: str
    outputs: list[tuple[str, dict[str, Any]]] = field(default_factory=list)
    payload: list[dict[str, Any]] = field(default_factory=list)  # such as what a pager shows

    def of(self, kind: str) -> list[dict[str, Any]]:
        """The contents of the messages of a kind."""
        return [content for message, content in self.outputs if message == kind]

    @property
    def display(self) -> dict[str, Any]:
        """The one display of the cell."""
        (content,) = self.of("display_data")
        return content

    @property
    def result(self) -> dict[str, Any]:
        """The value that the cell shows."""
        (content,) = self.of("execute_result")
        return content["data"]

    @property
    def widget(self) -> dict[str, Any]:
        """The widget that the cell shows, with what stands in for it in the output before."""
        still, widget = (content["data"] for content in self.of("display_data"))
        assert set(still).isdisjoint(widget.keys() - {"text/plain"})
        return widget | still

    @property
    def error(self) -> dict[str, Any]:
        """The one error of the cell."""
        assert self.status == "error", self
        (content,) = self.of("error")
        return content

    def text(self, stream: str) -> str:
        """What was printed."""
        return "".join(c["text"] for c in self.of("stream") if c["name"] == stream)


class Kernel:
    """A kernel in a folder of its own."""

    def __init__(self, client: BlockingKernelClient, folder: Path) -> None:
        self._client = client
        self.folder = folder

    def try_(self, code: str, cell_id: str | None = None) -> Ran:
        """Run a cell, as the cell with the id where one is given."""
        content = {
            "code": code,
            "silent": False,
            "store_history": True,
            "user_expressions": {},
            "allow_stdin": False,
            "stop_on_error": True,
        }
        message = self._client.session.msg("execute_request", content)
        message["metadata"] = {"cellId": cell_id} if cell_id else {}
        ran = self._send(message)
        while not ran.status:
            reply = self._client.get_shell_msg(timeout=PATIENCE)
            if reply["parent_header"].get("msg_id") == message["header"]["msg_id"]:
                ran.status = reply["content"]["status"]
                ran.payload = reply["content"].get("payload", [])
        return ran

    def tell(self, kind: str, content: dict[str, Any]) -> Ran:
        """Send what has no reply, as a front end does for a widget that its user moves."""
        return self._send(self._client.session.msg(kind, content))

    def _send(self, message: dict[str, Any]) -> Ran:
        """Send a message and gather what the kernel puts out for it."""
        self._client.shell_channel.send(message)
        ran = Ran("")
        while True:
            output = self._client.get_iopub_msg(timeout=PATIENCE)
            if output["parent_header"].get("msg_id") != message["header"]["msg_id"]:
                continue
            kind, body = output["msg_type"], output["content"]
            if kind == "status" and body["execution_state"] == "idle":
                return ran
            if kind not in ("status", "execute_input"):
                ran.outputs.append((kind, body))

    def run(self, code: str, cell_id: str | None = None) -> Ran:
        """Run a cell that should work."""
        ran = self.try_(code, cell_id)
        assert ran.status == "ok", ran
        return ran

    def complete(self, text: str) -> tuple[list[str], str]:
        """Press TAB where text has a ``|``; return what is offered, and the text that it replaces.

        A front end replaces the text from ``cursor_start`` to ``cursor_end``.
        """
        cursor = text.index("|")
        code = text[:cursor] + text[cursor + 1 :]
        asked = self._client.complete(code, cursor)
        while True:
            reply = self._client.get_shell_msg(timeout=PATIENCE)
            if reply["parent_header"].get("msg_id") == asked:
                break
        content = reply["content"]
        assert content["status"] == "ok", content
        assert content["cursor_end"] == cursor, content  # what stands behind it stays
        return content["matches"], code[content["cursor_start"] : cursor]

    def value(self, expression: str) -> Any:
        """Read a literal out of the kernel."""
        ran = self.run(f"print(repr(({expression})))")
        return ast.literal_eval(ran.text("stdout"))


@pytest.fixture(scope="module")
def kernel(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Kernel]:
    """A kernel with the extension loaded and a fresh state folder."""
    with started(tmp_path_factory.mktemp("kernel")) as kernel:
        kernel.run("%load_ext plotly_nbext")
        yield kernel


@pytest.fixture
def fresh_kernel(tmp_path: Path) -> Iterator[Kernel]:
    """A kernel in which nothing was run, and a fresh state folder."""
    with started(tmp_path) as kernel:
        yield kernel


@contextlib.contextmanager
def started(folder: Path) -> Iterator[Kernel]:
    """Start a kernel; it and its local service are stopped at the end."""
    env = {name: value for name, value in os.environ.items() if "PLOTLY" not in name.upper()}
    env |= {
        "PLOTLY_NBEXT_HOME": str(folder / "home"),
        "PLOTLY_DIR": str(folder / "no-plotly-files"),
        "IPYTHONDIR": str(folder / "ipython"),
    }
    manager = KernelManager(kernel_name="python3")
    manager.start_kernel(cwd=str(folder), env=env, stderr=subprocess.DEVNULL)
    client = manager.client()
    client.start_channels()
    try:
        client.wait_for_ready(timeout=PATIENCE)
        yield Kernel(client, folder)
    finally:
        client.stop_channels()
        manager.shutdown_kernel(now=True)
        stop = [sys.executable, "-m", "plotly_nbext", "stop"]
        subprocess.run(stop, check=False, capture_output=True, env=env)
