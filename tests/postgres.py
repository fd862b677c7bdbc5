"""A PostgreSQL server of one test session, at a socket that nobody else knows of."""

from __future__ import annotations

import os
import pwd
import shutil
import signal
import subprocess
import tempfile
import time
from contextlib import contextmanager, suppress
from itertools import count
from pathlib import Path
from typing import TYPE_CHECKING, Any

import psutil
import psycopg

if TYPE_CHECKING:
    from collections.abc import Iterator

# what its own packages install, and no PATH names
_PLACES = ("/usr/lib/postgresql/*/bin", "/usr/pgsql-*/bin", "/opt/homebrew/opt/postgresql*/bin")
_OPTIONS = ("listen_addresses=", "max_connections=100")
# what is written need not be there after a power cut
_HASTY = ("fsync=off", "full_page_writes=off")


class Server:
    """A server; each database of it is made for one test.

    Parameters
    ----------
    folder : Path
        Where its files are.
    command : list
        What starts it.
    options : dict
        As whom it runs.
    """

    def __init__(self, folder: Path, command: list[Any], options: dict[str, Any]) -> None:
        self._folder = folder
        self._command = command
        self._options = options
        self._numbers = count()
        self._process: subprocess.Popen[bytes] | None = None

    def start(self) -> None:
        """Start it, and wait until it answers."""
        log = self._folder / "log"
        with log.open("a") as stderr:
            self._process = subprocess.Popen(self._command, stderr=stderr, **self._options)
        _wait(self, self._process, log)

    def stop(self) -> None:
        """End it, without waiting for those who are connected."""
        if self._process is not None:
            self._process.send_signal(signal.SIGINT)
            self._process.wait(60)
            self._process = None

    def kill(self) -> None:
        """End it and all that it has started, without letting it end anything."""
        assert self._process is not None
        parts = [psutil.Process(self._process.pid)]
        parts += parts[0].children(recursive=True)
        for part in parts:
            with suppress(psutil.NoSuchProcess):
                part.kill()
        psutil.wait_procs(parts, 60)
        self._process.wait(60)
        self._process = None

    def stop_immediately(self) -> None:
        """End it as its operators do who can't wait: what runs is broken off."""
        assert self._process is not None
        self._process.send_signal(signal.SIGQUIT)
        self._process.wait(60)
        self._process = None

    @contextmanager
    def database(self) -> Iterator[str]:
        """Make a database, and give its URL."""
        name = f"test{next(self._numbers)}"
        self.execute(f"CREATE DATABASE {name}")
        yield f"postgresql+psycopg://postgres@/{name}?host={self._folder}"
        self.execute(f"DROP DATABASE {name} WITH (FORCE)")

    def execute(self, statement: str) -> list[tuple[Any, ...]]:
        """Run a statement outside of the tests' databases; give the rows, where it has some."""
        with psycopg.connect(host=str(self._folder), user="postgres", autocommit=True) as admin:
            done = admin.execute(statement)
            return done.fetchall() if done.description else []


@contextmanager
def running(*, durable: bool = False) -> Iterator[Server]:
    """Run a server, which waits for the disk if it is to be durable."""
    programs = _programs()
    # not pytest's own, into which an unprivileged user may not look
    folder = Path(tempfile.mkdtemp(prefix="postgres-"))
    options = {}
    if os.geteuid() == 0:  # which PostgreSQL refuses to run as
        options = {"user": _unprivileged(), "group": pwd.getpwnam(_unprivileged()).pw_gid}
        shutil.chown(folder, options["user"], options["group"])
        options |= {"extra_groups": [], "cwd": folder}
    data = folder / "data"
    initdb = [programs / "initdb", "-D", data, "-U", "postgres", "-A", "trust", "-N", "-E", "UTF8"]
    subprocess.run(initdb, check=True, capture_output=True, **options)
    chosen = _OPTIONS if durable else _OPTIONS + _HASTY
    settings = [word for option in chosen for word in ("-c", option)]
    command = [programs / "postgres", "-D", data, "-k", folder, *settings]
    server = Server(folder, command, options)
    try:
        server.start()
        yield server
    finally:
        server.stop()
        shutil.rmtree(folder)


def _wait(server: Server, process: subprocess.Popen[bytes], log: Path) -> None:
    deadline = time.monotonic() + 60
    while True:
        try:
            server.execute("SELECT 1")
        except psycopg.OperationalError:
            assert process.poll() is None, log.read_text()
            assert time.monotonic() < deadline, log.read_text()
        else:
            return


def _programs() -> Path:
    found = shutil.which("initdb")
    if found:
        return Path(found).resolve().parent
    places = sorted(path for place in _PLACES for path in Path("/").glob(place[1:]))
    assert places, "These tests need the programs of PostgreSQL, and there is no initdb."
    return places[-1]


def _unprivileged() -> str:
    users = {user.pw_name for user in pwd.getpwall()}
    return "postgres" if "postgres" in users else "nobody"
