"""What tests of several rooms stand on: a real server, a fresh home, a client."""

from __future__ import annotations

import os
import secrets
import subprocess
import sys
from contextlib import closing
from dataclasses import dataclass
from typing import TYPE_CHECKING

import pytest

from .databases import POSTGRESQL, SQLITE, databases
from .other_servers import chart_studio, json_client, json_server

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from plotly_nbext.client import Client

__all__ = ["chart_studio", "json_client", "json_server"]  # fixtures too

CLI = [sys.executable, "-m", "plotly_nbext"]

# else each of the hundreds of processes that are started here compiles the package anew
os.environ.pop("PYTHONDONTWRITEBYTECODE", None)


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption(
        "--database",
        choices=[SQLITE, POSTGRESQL],
        default=SQLITE,
        help="what the servers of the tests keep their files in",
    )


def pytest_configure(config: pytest.Config) -> None:
    databases.kind = config.getoption("--database")
    config.add_cleanup(databases.close)


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    if databases.kind == SQLITE:
        return
    of_sqlite = [item for item in items if item.get_closest_marker("sqlite")]
    config.hook.pytest_deselected(items=of_sqlite)
    items[:] = [item for item in items if item not in of_sqlite]


@dataclass(frozen=True)
class Server:
    """A `plotly-nbext serve` process, and its first user."""

    url: str
    data: Path
    log: Path
    username: str
    api_key: str

    def add_user(self, name: str) -> str:
        """Add a user and return the API key, as `plotly-nbext user add` does."""
        from plotly_nbext.server.store import Database, users

        with (
            closing(Database(databases.location(self.data))) as database,
            database.write() as connection,
        ):
            return users.add(connection, name)

    def client(self, username: str, api_key: str) -> Client:
        """Connect as a user."""
        from plotly_nbext.accounts import Account
        from plotly_nbext.client import Client

        return Client(lambda: Account(self.url, username, api_key))


def start_server(data: Path, *options: str) -> tuple[subprocess.Popen[str], str]:
    """Start a server on a free port and return its process and address."""
    data.mkdir(exist_ok=True)
    with (data / "server.log").open("a") as log:
        process = subprocess.Popen(
            [*CLI, "serve", "--port", "0", *databases.options(data), *options],
            stdout=subprocess.PIPE,
            stderr=log,
            text=True,
        )
    assert process.stdout is not None
    line = process.stdout.readline()
    prefix = "plotly-nbext serving "
    assert line.startswith(prefix), (line, (data / "server.log").read_text())
    return process, line.removeprefix(prefix).strip()


def stop_server(process: subprocess.Popen[str]) -> None:
    """Stop a server as an operator does."""
    process.terminate()
    assert process.stdout is not None
    process.stdout.close()
    process.wait(30)


@pytest.fixture(scope="session")
def chromium() -> Path:
    """The browser that is found here, whatever a test has found later."""
    from plotly_nbext.server.rendering.discovery import find_browser

    return find_browser()


@pytest.fixture(scope="session")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    """A real server process, shared by the tests of a worker; take a user of your own."""
    data = tmp_path_factory.mktemp("server")
    process, url = start_server(data, "--browsers", "2", "--metrics")
    draft = Server(url, data, data / "server.log", "alice", "")
    yield Server(url, data, draft.log, "alice", draft.add_user("alice"))
    stop_server(process)


@pytest.fixture
def client(server: Server) -> Client:
    """A client of the server, as a fresh user."""
    name = f"user-{secrets.token_hex(4)}"
    return server.client(name, server.add_user(name))


@pytest.fixture
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """A fresh state folder; its local service is stopped at the end."""
    folder = tmp_path / "home"
    monkeypatch.setenv("PLOTLY_NBEXT_HOME", str(folder))
    monkeypatch.setenv("PLOTLY_DIR", str(tmp_path / "no-plotly-files"))
    for name in ("PLOTLY_API_DOMAIN", "PLOTLY_USERNAME", "PLOTLY_API_KEY"):
        monkeypatch.delenv(name, raising=False)
        monkeypatch.delenv(name.lower(), raising=False)
    yield folder
    if (folder / "service.json").exists():
        subprocess.run([*CLI, "stop"], check=False, capture_output=True, env=dict(os.environ))
