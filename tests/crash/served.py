"""A server process that is killed and started again, always on the same database."""

from __future__ import annotations

import os
import subprocess
import sys
import time
from contextlib import closing
from pathlib import Path
from typing import TYPE_CHECKING

import psutil
import requests

from plotly_nbext.server.store import Database, users

from . import sound

if TYPE_CHECKING:
    from collections.abc import Sequence

__all__ = ["Served"]

PATIENCE = 60


class Served:
    """A `plotly-nbext serve` process, and whatever it leaves behind.

    Parameters
    ----------
    folder : Path
        For its log, its temporary files and, if it is on SQLite, its data.
    location : Path or str
        Where its database is, as ``Database`` takes it.
    options : sequence of str
        Of its command line.
    before : sequence of str
        A command that starts it, such as strace.
    any_credentials : bool
        Whether it makes a user of whoever comes, so that nobody else writes to its database.
    environment : dict, optional
        Variables of its environment.

    Attributes
    ----------
    starts : list of float
        Seconds from each start of the process until it was ready.
    """

    def __init__(
        self,
        folder: Path,
        location: Path | str,
        *,
        options: Sequence[str] = (),
        before: Sequence[str] = (),
        any_credentials: bool = False,
        environment: dict[str, str] | None = None,
    ) -> None:
        self.location = location
        self.temporary = folder / "temporary"
        self.temporary.mkdir(parents=True)
        self.log = folder / "server.log"
        self.starts: list[float] = []
        where = (
            ["--data", str(location)]
            if isinstance(location, Path)
            else ["--database-url", location]
        )
        self._command = [
            *before,
            *(sys.executable, "-m", "plotly_nbext", "serve", "--port", "0"),
            *where,
            *options,
        ]
        self._any_credentials = any_credentials
        if any_credentials:
            self._command.append("--accept-any-credentials")
        self._environment = os.environ | {
            "PLOTLY_NBEXT_HOME": str(folder / "home"),
            "TMPDIR": str(self.temporary),
            **(environment or {}),
        }
        self.process: subprocess.Popen[str] | None = None

    def spawn(self) -> None:
        """Start the process, and don't wait for it."""
        with self.log.open("ab") as log:
            self.process = subprocess.Popen(
                self._command,
                stdout=subprocess.PIPE,
                stderr=log,
                text=True,
                env=self._environment,
            )

    def start(self) -> None:
        """Start the process, and wait until it is ready."""
        begun = time.monotonic()
        self.spawn()
        assert self.process is not None
        assert self.process.stdout is not None
        ready = next((line for line in self.process.stdout if " serving http" in line), None)
        assert ready is not None, self.log.read_text()[-5_000:]
        self.url = ready.split()[-1]
        self.wait()
        self.starts.append(time.monotonic() - begun)

    def wait(self) -> None:
        """Wait until it can do its work."""
        until = time.monotonic() + PATIENCE
        while (answer := requests.get(f"{self.url}/readyz", timeout=PATIENCE)).status_code != 200:
            assert time.monotonic() < until, answer.text

    @property
    def server(self) -> psutil.Process:
        """The process of the server itself, whatever has started it."""
        assert self.process is not None
        found = psutil.Process(self.process.pid)
        while Path(found.exe()).name != Path(sys.executable).resolve().name:
            [found] = found.children()
        return found

    def kill(self) -> None:
        """End the process without letting it end anything."""
        assert self.process is not None
        self.process.kill()
        self.process.wait(PATIENCE)
        if self.process.stdout is not None:
            self.process.stdout.close()

    def stop(self) -> None:
        """End the process in good order."""
        if self.process is not None and self.process.poll() is None:
            self.server.terminate()
            self.process.communicate(timeout=PATIENCE)

    def add_user(self, name: str) -> tuple[str, str]:
        """Add a user; give the name and the API key."""
        if self._any_credentials:
            return name, f"key of {name}"
        with closing(Database(self.location)) as database, database.write() as connection:
            return name, users.add(connection, name)

    def check(self) -> None:
        """See that its database is whole."""
        sound.check(self.location)
