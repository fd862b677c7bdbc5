"""How much memory a server takes for a request."""

from __future__ import annotations

import threading
from contextlib import contextmanager
from dataclasses import dataclass
from typing import TYPE_CHECKING

import psutil

if TYPE_CHECKING:
    from collections.abc import Iterator

MEGABYTE = 2**20


@dataclass
class Growth:
    """Bytes that a process had at most, beyond those it had before."""

    most: int = 0


@contextmanager
def growth(process: psutil.Process) -> Iterator[Growth]:
    """Watch the resident memory of a process, from the context's start to its end."""
    seen = Growth()
    before = process.memory_info().rss
    done = threading.Event()

    def watch() -> None:
        while not done.wait(0.005):
            seen.most = max(seen.most, process.memory_info().rss - before)

    watcher = threading.Thread(target=watch)
    watcher.start()
    try:
        yield seen
    finally:
        done.set()
        watcher.join()
