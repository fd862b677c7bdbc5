"""A JupyterHub with the shipped configuration, its proxy, and the server that its users share."""

from __future__ import annotations

import json
import os
import secrets
import signal
import subprocess
import sys
import tempfile
import time
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

import requests
from websockets.sync.client import connect

from .stack import DEPLOYMENT, SCRIPTS, end, free_port

if TYPE_CHECKING:
    from collections.abc import Iterator

PEERS = Path(__file__).parents[2] / ".peers" / "hub"
PROXY = "configurable-http-proxy@5.3.0"
PASSWORD = "of everybody here"
ROBOT_TOKEN = "token-of-a-service-of-the-hub"

# what a hub has to be told for these tests, and the shipped file is silent about
SETTINGS = """
load_subconfig({shipped!r})
c.JupyterHub.bind_url = "http://127.0.0.1:{proxy}"
c.JupyterHub.hub_port = {hub}
c.JupyterHub.authenticator_class = "dummy"
c.DummyAuthenticator.password = {password!r}
c.Authenticator.allow_all = True
c.JupyterHub.spawner_class = "simple"
c.SimpleLocalProcessSpawner.home_dir_template = {homes!r}
c.Spawner.args = ["--allow-root"]
c.Spawner.http_timeout = 120
c.ConfigurableHTTPProxy.command = {command!r}
c.ConfigurableHTTPProxy.api_url = "http://127.0.0.1:{api}"
c.JupyterHub.services.append({{"name": "robot", "api_token": {robot!r}}})
c.JupyterHub.load_roles.append(
    {{"name": "robot", "services": ["robot"], "scopes": ["access:services!service=plotly"]}}
)
"""


@dataclass
class Hub:
    """A hub that runs."""

    folder: Path
    url: str
    server_url: str
    """The shared server itself, not by the hub's proxy."""
    process: subprocess.Popen[Any]
    data: Path
    port: int
    """Where the hub's API is."""

    @property
    def shared_url(self) -> str:
        """The shared server, as notebooks and browsers find it."""
        return f"{self.url}/services/plotly"

    def sign_in(self, name: str) -> User:
        """Sign in at the hub as a person does."""
        browser = requests.Session()
        browser.trust_env = False
        browser.get(f"{self.url}/hub/login", timeout=60)
        answer = browser.post(
            f"{self.url}/hub/login",
            params={"_xsrf": browser.cookies["_xsrf"]},
            data={"username": name, "password": PASSWORD},
            allow_redirects=False,
            timeout=60,
        )
        assert answer.status_code == 302, answer.text
        return User(self, name, browser)

    def add_local_user(self, name: str) -> str:
        """Add a user of the shared server's own."""
        command = [SCRIPTS / "plotly-nbext", "user", "add", name, "--data", self.data]
        added = subprocess.run(command, check=True, capture_output=True, text=True)
        return added.stdout.splitlines()[-1]

    def ask(self, name: str, secret: str, path: str = "/v2/users/current") -> requests.Response:
        """Ask the shared server as somebody."""
        with requests.Session() as session:
            session.trust_env = False
            return session.get(self.server_url + path, auth=(name, secret), timeout=60)

    def logs(self) -> str:
        """Give what all have written."""
        return "\n".join(
            f"== {log.name}\n{log.read_text()[-5_000:]}" for log in self.folder.glob("*.log")
        )


@dataclass
class User:
    """Somebody who is signed in."""

    hub: Hub
    name: str
    browser: requests.Session

    def _api(self, method: str, path: str, **options: Any) -> requests.Response:
        self.browser.get(f"{self.hub.url}/hub/token", timeout=60)
        xsrf = next(
            each.value
            for each in self.browser.cookies
            if each.name == "_xsrf" and each.path == "/hub/"
        )
        answer = self.browser.request(
            method,
            f"{self.hub.url}/hub/api/users/{self.name}{path}",
            headers={"X-XSRFToken": xsrf, "Referer": f"{self.hub.url}/hub/token"},
            timeout=120,
            **options,
        )
        assert answer.ok, (answer.status_code, answer.text)
        return answer

    def token(self, *scopes: str) -> tuple[str, str]:
        """Make a token; give its id, and itself. Without scopes, it may what the user may."""
        body = {"note": "test"} | ({"scopes": list(scopes)} if scopes else {})
        made = self._api("POST", "/tokens", json=body).json()
        return made["id"], made["token"]

    def revoke(self, token_id: str) -> None:
        """Make a token invalid."""
        self._api("DELETE", f"/tokens/{token_id}")

    def run(self, *cells: str) -> list[dict[str, Any]]:
        """Run cells in the user's own notebook server; give their outputs."""
        self._api("POST", "/server")
        deadline = time.monotonic() + 120
        while self._api("GET", "").json().get("server") is None:
            assert time.monotonic() < deadline, self.hub.logs()
        _, token = self.token()
        base = f"{self.hub.url}/user/{self.name}/api/kernels"
        headers = {"Authorization": f"token {token}"}
        kernel = requests.post(base, headers=headers, json={"name": "python3"}, timeout=120)
        assert kernel.status_code == 201, kernel.text
        address = f"{base.replace('http', 'ws', 1)}/{kernel.json()['id']}/channels"
        outputs: list[dict[str, Any]] = []
        with connect(address, additional_headers=headers, max_size=None) as socket:
            for cell in cells:
                outputs += _execute(socket, cell)
        return outputs


def _execute(socket: Any, code: str) -> Iterator[dict[str, Any]]:
    message = secrets.token_hex(8)
    content = {"code": code, "silent": False, "store_history": True, "allow_stdin": False}
    header = {"msg_id": message, "msg_type": "execute_request", "session": "test", "version": "5.3"}
    header |= {"username": "", "date": "2026-01-01T00:00:00Z"}
    request = {"header": header, "parent_header": {}, "metadata": {}, "content": content}
    socket.send(json.dumps(request | {"channel": "shell", "buffers": []}))
    while True:
        answer = json.loads(socket.recv(timeout=120))
        if answer["parent_header"].get("msg_id") != message or answer["channel"] != "iopub":
            continue
        if answer["msg_type"] in {"stream", "display_data", "execute_result", "error"}:
            yield answer
        if answer["content"].get("execution_state") == "idle":
            return


@contextmanager
def running() -> Iterator[Hub]:
    """Run a hub and the server that its users share."""
    with ExitStack() as stack:
        folder = Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="hub-")))
        proxy, port, api, server = (free_port() for _ in range(4))
        url, server_url = f"http://127.0.0.1:{proxy}", f"http://127.0.0.1:{server}"
        settings = SETTINGS.format(
            shipped=str(DEPLOYMENT / "jupyterhub_config.py"),
            proxy=proxy,
            hub=port,
            api=api,
            password=PASSWORD,
            homes=str(folder / "home-{username}"),
            command=[_proxy()],
            robot=ROBOT_TOKEN,
        )
        (folder / "jupyterhub_config.py").write_text(settings)
        environment = {
            "PATH": f"{SCRIPTS}:{os.environ['PATH']}",
            "HOME": str(folder),
            "PLOTLY_URL": f"{url}/services/plotly",
            "PLOTLY_BEHIND_HUB": server_url,
        }

        def start(name: str, *command: str) -> subprocess.Popen[Any]:
            log = stack.enter_context((folder / f"{name}.log").open("w"))
            process = subprocess.Popen(
                command, stdout=log, stderr=log, env=environment, cwd=folder, start_new_session=True
            )
            stack.callback(end, process, signal.SIGTERM)
            return process

        data = folder / "data"
        start(
            "server",
            *(str(SCRIPTS / "plotly-nbext"), "serve", f"--port={server}", f"--data={data}"),
            f"--public-url={environment['PLOTLY_URL']}",
            f"--jupyterhub-api-url=http://127.0.0.1:{port}/hub/api",
        )
        process = start("hub", sys.executable, "-m", "jupyterhub")
        hub = Hub(folder, url, server_url, process, data, port)
        for address in (f"{server_url}/healthz", f"{url}/hub/health", f"{hub.shared_url}/healthz"):
            _await(address, hub)
        yield hub


def _await(address: str, hub: Hub) -> None:
    deadline = time.monotonic() + 60
    while True:
        try:
            if requests.get(address, timeout=5).ok:
                return
        except requests.RequestException:
            pass
        assert time.monotonic() < deadline, (address, hub.logs())
        time.sleep(0.1)


def _proxy() -> str:
    """Return the hub's proxy, which comes from npm."""
    program = PEERS / "node_modules" / ".bin" / "configurable-http-proxy"
    if not program.exists():
        PEERS.mkdir(parents=True, exist_ok=True)
        subprocess.run(["npm", "install", "--prefix", PEERS, PROXY], check=True)
    return str(program)
