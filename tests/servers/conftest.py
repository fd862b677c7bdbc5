"""Two servers of one PostgreSQL, as processes of their own."""

from __future__ import annotations

import os
import subprocess
import sys
import threading
import time
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import ExitStack, contextmanager
from typing import TYPE_CHECKING, Any
from uuid import uuid4

import psycopg
import pytest

from .. import postgres
from ..server.conftest import Api

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence
    from pathlib import Path

OURS = "tests"
PASSWORD = "pass-that-nobody-may-see"
CLI = [sys.executable, "-m", "plotly_nbext"]


class Process:
    """One server."""

    def __init__(self, log: Path, url: str, options: Sequence[str]) -> None:
        self.log = log
        with log.open("w") as stderr:
            self._process = subprocess.Popen(
                [*CLI, "serve", "--port", "0", "--database-url", url, *options],
                stdout=subprocess.PIPE,
                stderr=stderr,
                text=True,
                env=os.environ | {"PLOTLY_NBEXT_HOME": str(log.with_suffix(".home"))},
            )
        self._url: str | None = None

    @property
    def url(self) -> str:
        """Where it is, once it is there."""
        if self._url is None:
            lines = iter(self._process.stdout)
            ready = next((line for line in lines if " serving http" in line), None)
            assert ready is not None, self.log.read_text()
            self._url = ready.split()[-1]
        return self._url

    def kill(self) -> None:
        """End it without letting it end anything."""
        self._process.kill()
        self.stop()

    def stop(self) -> None:
        """End it as an operator does."""
        self._process.terminate()
        self._process.wait(60)
        self._process.stdout.close()


class Servers:
    """Some servers of one database, which are started at the same moment."""

    def __init__(self, folder: Path, database: postgres.Server, database_url: str) -> None:
        self._folder = folder
        self.database = database
        self.database_url = database_url
        self.all: list[Process] = []

    def start(self, count: int, *options: str) -> None:
        """Start some more."""
        new = [
            Process(self._folder / f"{uuid4().hex}.log", self.database_url, options)
            for _ in range(count)
        ]
        self.all += new
        for each in new:
            assert each.url

    def stop(self) -> None:
        """End all."""
        for each in self.all:
            each.stop()

    def command(self, *arguments: str) -> subprocess.CompletedProcess[str]:
        """Run a command of an operator's on the database."""
        return subprocess.run(
            [*CLI, *arguments, "--database-url", self.database_url],
            capture_output=True,
            text=True,
            check=False,
        )

    def new_user(self) -> list[Api]:
        """Add a user; give them at each server."""
        name = f"u{uuid4().hex[:12]}"
        added = self.command("user", "add", name)
        assert added.returncode == 0, added.stderr
        return self.as_user(name, added.stdout.split()[-1])

    def as_user(self, name: str, key: str) -> list[Api]:
        return [Api(each.url, name, key) for each in self.all]

    def connect(self, *, autocommit: bool = True) -> psycopg.Connection:
        """Look at the database past the servers."""
        url = self.database_url.replace("+psycopg", "")
        return psycopg.connect(url, autocommit=autocommit, application_name=OURS)

    def sessions(self, condition: str = "true") -> list[int]:
        """Name the servers' connections of which something is so."""
        with self.connect() as connection:
            found = connection.execute(
                "SELECT pid FROM pg_stat_activity WHERE datname = current_database() "
                f"AND application_name <> '{OURS}' AND {condition}"
            )
            return [pid for (pid,) in found]

    def cut(self, condition: str = "true") -> None:
        """End the connections of which something is so, once there is one."""
        found = wait_until(lambda: self.sessions(condition), condition)
        with self.connect() as connection:
            for pid in found:
                connection.execute("SELECT pg_terminate_backend(%s)", [pid])

    @contextmanager
    def changing(self, *statements: str) -> Iterator[psycopg.Connection]:
        """Run statements in a transaction, which is committed at the end."""
        with self.connect(autocommit=False) as connection:
            for statement in statements:
                connection.execute(statement)
            yield connection

    def logs(self) -> str:
        """What all have written."""
        return "\n".join(each.log.read_text() for each in self.all)


def wait_until(condition: Callable[[], Any], what: str, seconds: float = 30) -> Any:
    """Wait for what is bound to happen; give it."""
    deadline = time.monotonic() + seconds
    while not (found := condition()):
        assert time.monotonic() < deadline, f"{what} did not happen"
        threading.Event().wait(0.02)
    return found


@contextmanager
def meanwhile(action: Callable[[], Any]) -> Iterator[Future[Any]]:
    """Do something in a thread; it is waited for at the end."""
    with ThreadPoolExecutor(1) as thread:
        yield thread.submit(action)


def at_once(actions: Sequence[Callable[[], Any]]) -> list[Any]:
    """Do some things at the same moment; give what came of each."""
    start = threading.Barrier(len(actions))

    def run(action: Callable[[], Any]) -> Any:
        start.wait(30)
        return action()

    with ThreadPoolExecutor(len(actions)) as threads:
        return list(threads.map(run, actions))


def assert_quiet(log: str) -> None:
    """No traceback, and nothing secret."""
    assert "Traceback" not in log, log
    assert PASSWORD not in log, log


@pytest.fixture(scope="session")
def postgres_server() -> Iterator[postgres.Server]:
    """A PostgreSQL server."""
    with postgres.running() as server:
        yield server


@contextmanager
def running(folder: Path, database: postgres.Server) -> Iterator[Servers]:
    """Make a database, for servers that end with it."""
    with ExitStack() as stack:
        url = stack.enter_context(database.database())
        url = url.replace("postgres@", f"postgres:{PASSWORD}@")  # which nobody asks for
        servers = Servers(folder, database, url)
        stack.callback(servers.stop)
        yield servers


@pytest.fixture(scope="module")
def pair(postgres_server, tmp_path_factory) -> Iterator[Servers]:
    """Two servers, shared by the tests of a module; take a user of your own."""
    with running(tmp_path_factory.mktemp("servers"), postgres_server) as servers:
        servers.start(2)
        yield servers


@pytest.fixture
def servers(postgres_server, tmp_path) -> Iterator[Servers]:
    """Servers of a test's own, of which none is started."""
    with running(tmp_path, postgres_server) as servers:
        yield servers


@pytest.fixture
def both(pair) -> list[Api]:
    """A fresh user at both servers."""
    return pair.new_user()
