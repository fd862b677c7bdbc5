"""A home of its own for each test, and a second server."""

from __future__ import annotations

import secrets
import subprocess
from typing import TYPE_CHECKING

import pytest

from ..conftest import CLI, Server, start_server, stop_server

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

    from plotly_nbext.client import Client

Run = subprocess.CompletedProcess[str]


@pytest.fixture(autouse=True)
def _own_home(home: Path) -> Path:
    return home


@pytest.fixture(scope="session")
def other_server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    """A server that files are moved to."""
    data = tmp_path_factory.mktemp("other-server")
    process, url = start_server(data, "--browsers", "1")
    yield Server(url, data, data / "server.log", "bob", "")
    stop_server(process)


@pytest.fixture
def new_client(other_server: Server) -> Callable[[], Client]:
    """Give a client of the other server, each time as a fresh user."""

    def make() -> Client:
        name = f"bob-{secrets.token_hex(4)}"
        return other_server.client(name, other_server.add_user(name))

    return make


@pytest.fixture
def target(new_client: Callable[[], Client]) -> Client:
    """A client of the other server, as a fresh user."""
    return new_client()


@pytest.fixture
def signed_in(monkeypatch: pytest.MonkeyPatch) -> Callable[[Client], None]:
    """Make the commands those of a client's user."""

    def sign_in(client: Client) -> None:
        account = client._session.account
        monkeypatch.setenv("PLOTLY_API_DOMAIN", account.url)
        monkeypatch.setenv("PLOTLY_USERNAME", account.username)
        monkeypatch.setenv("PLOTLY_API_KEY", account.api_key)

    return sign_in


def run(*arguments: str | Path) -> Run:
    """Run a command."""
    return subprocess.run(
        [*CLI, *map(str, arguments)],
        capture_output=True,
        text=True,
        check=False,
        stdin=subprocess.DEVNULL,
    )
