"""What a machine does to a server that serves: it has no room, no descriptors, another time."""

from __future__ import annotations

import os
import shutil
import signal
import subprocess
import sys
import time
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import TYPE_CHECKING

from . import sound
from .served import Served

if TYPE_CHECKING:
    from collections.abc import Iterator

__all__ = ["Clock", "OnSmallDisk", "failing", "mounted"]

PATIENCE = 30
_REPOSITORY = Path(__file__).parents[2]
# the clocks that go on evenly stay as they are, as they do when a machine's time is set
_FAKETIME = "/usr/lib/*/faketime/libfaketimeMT.so.1"


def mounted(command: str) -> list[str]:
    """Give what starts a program where a command of the shell has mounted something for it alone.

    The server's process is then in the place of the shell's.
    """
    become = [] if os.geteuid() == 0 else ["--user", "--map-root-user"]
    return ["unshare", *become, "--mount", "sh", "-c", f'{command} && exec "$@"', "sh"]


class OnSmallDisk(Served):
    """A server that has a disk of its own for its data, which something else can fill.

    Parameters
    ----------
    folder : Path
        As for :class:`.Served`.
    megabytes : int
        How much the disk holds.
    """

    def __init__(self, folder: Path, megabytes: int) -> None:
        data = folder / "data"
        data.mkdir()
        mount = mounted(f"mount -t tmpfs -o size={megabytes}m tmpfs {data}")
        super().__init__(folder, data, before=mount, any_credentials=True)
        self._data = data

    @property
    def _filler(self) -> Path:
        return Path(f"/proc/{self.server.pid}/root{self._data}/filler")

    def fill(self) -> None:
        """Leave no room on the disk."""
        with self._filler.open("ab", buffering=0) as filler:
            for size in (1 << 20, 4_096):
                with suppress(OSError):
                    while True:
                        filler.write(bytes(size))

    def clear(self) -> None:
        """Make room again."""
        self._filler.unlink()

    def check(self) -> None:
        """See that its database is whole, by a process that sees the disk too."""
        user = [] if os.geteuid() == 0 else ["--user", "--preserve-credentials"]
        command = ["nsenter", "--target", str(self.server.pid), "--mount", *user, sys.executable]
        subprocess.run([*command, "-m", sound.__name__, self._data], check=True, cwd=_REPOSITORY)


@contextmanager
def failing(served: Served, calls: str, error: str) -> Iterator[None]:
    """Have the kernel fail calls of a server's, by strace."""
    command = ["strace", "-f", "-qq", "-e", f"trace={calls}", "-e", f"inject={calls}:error={error}"]
    command += ["-o", "/dev/null", "-p", str(served.server.pid)]
    with subprocess.Popen(command, stderr=subprocess.PIPE) as tracer:
        try:
            _await_tracer(served, attached=True)
            yield
        finally:
            tracer.send_signal(signal.SIGINT)
    _await_tracer(served, attached=False)


def _await_tracer(served: Served, *, attached: bool) -> None:
    until = time.monotonic() + PATIENCE
    while not all(each == attached for each in _traced(served)):
        assert time.monotonic() < until, "strace can't trace here"
        time.sleep(0.01)


def _traced(served: Served) -> list[bool]:
    """Tell which of the server's threads are traced."""
    found = []
    for thread in Path(f"/proc/{served.server.pid}/task").iterdir():
        try:
            status = (thread / "status").read_text()
        except (FileNotFoundError, ProcessLookupError):
            continue
        found.append("TracerPid:\t0\n" not in status)
    return found


class Clock:
    """The clock of a server, by libfaketime.

    Parameters
    ----------
    file : Path
        Says how much it is ahead or behind.
    """

    def __init__(self, file: Path) -> None:
        libraries = sorted(Path("/").glob(_FAKETIME[1:]))
        assert libraries, "These tests need libfaketime."
        self._file = file
        self.set(0)
        self.environment = {
            "LD_PRELOAD": str(libraries[-1]),
            "FAKETIME_TIMESTAMP_FILE": str(file),
            "FAKETIME_NO_CACHE": "1",
            "FAKETIME_DONT_FAKE_MONOTONIC": "1",
        }

    def set(self, seconds: int) -> None:
        """Put it ahead, or behind."""
        new = self._file.with_suffix(".new")
        new.write_text(f"{seconds:+d}\n")
        shutil.move(new, self._file)
