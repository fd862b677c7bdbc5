"""JupyterLab in a process of its own, as of somebody who has just installed it."""

from __future__ import annotations

import json
import os
import secrets
import signal
import subprocess
import sys
import time
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Iterator

__all__ = ["EVALUATE", "HEARD", "READY", "Lab", "LabError", "start_lab"]

SETTINGS: Final = {
    "apputils-extension/notification": {"fetchNews": "false", "checkForUpdates": False},
    # else "Run All" asks for a kernel when it comes before the notebook has one
    "notebook-extension/tracker": {"autoStartDefaultKernel": True},
}

# In the page: whether the notebook has a kernel that waits for work.
READY: Final = """() => {
  const context = window.jupyterapp?.shell.currentWidget?.sessionContext;
  const kernel = context?.session?.kernel;
  return context?.isReady && kernel?.connectionStatus === "connected" && kernel.status === "idle";
}"""

# In the page: whether widgets are heard while a cell runs. Lab opens a subshell for them when the
# first is shown; a message that leaves before waits for the end of the cell.
HEARD: Final = """() => {
  const { kernel } = window.jupyterapp.shell.currentWidget.sessionContext.session;
  return [...kernel._comms.values()].every(({ subshellId }) => subshellId);
}"""

# In the page: what a Python expression is in the kernel, written as Python writes it.
EVALUATE: Final = """async (expression) => {
  const { kernel } = window.jupyterapp.shell.currentWidget.sessionContext.session;
  const request = { code: "", silent: true, user_expressions: { value: expression } };
  const { content } = await kernel.requestExecute(request).done;
  const { value } = content.user_expressions;
  return value.status === "ok" ? value.data["text/plain"] : `${value.ename}: ${value.evalue}`;
}"""


class LabError(Exception):
    """JupyterLab did not start."""


@dataclass(frozen=True)
class Lab:
    """A running JupyterLab."""

    url: str
    token: str
    root: Path

    def address(self, file: Path) -> str:
        """Say where a notebook is opened, with nothing else open."""
        return f"{self.url}/lab/workspaces/{file.stem}/tree/{file.name}?token={self.token}"


@contextmanager
def start_lab(home: Path, app: str = "jupyterlab") -> Iterator[Lab]:
    """Start JupyterLab on an empty folder; it ends with the block, and so does the local service.

    Notebook 7, the ``app`` "notebook", is the same server with another page.
    """
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
        "PYTHONPATH": str(Path(__file__).parents[1]),
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
        "--JupyterNotebookApp.expose_app_in_browser=True",
    ]
    log = home / "lab.log"
    with log.open("w") as output:
        server = subprocess.Popen(
            [sys.executable, "-m", app, *options],
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
            with suppress(json.JSONDecodeError):  # it is being written
                return f"http://127.0.0.1:{json.loads(file.read_text())['port']}"
        time.sleep(0.05)
    raise LabError(f"JupyterLab did not start:\n{log.read_text()}")
