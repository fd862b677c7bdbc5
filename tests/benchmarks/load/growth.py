"""What a server's processes hold, and whether it grows."""

from __future__ import annotations

from contextlib import suppress
from dataclasses import dataclass
from typing import Final

import psutil

__all__ = ["Held", "grown"]

MOST_GROWTH_MB: Final = 60
MOST_GROWTH_DESCRIPTORS: Final = 20


@dataclass(frozen=True)
class Held:
    """What there is of a server after so many requests.

    Attributes
    ----------
    requests : int
        How many were done.
    megabytes, descriptors, threads : int
        Of the server itself.
    processes : int
        How many it has started that are there: browsers, and who reads an upload.
    """

    requests: int
    megabytes: int
    descriptors: int
    threads: int
    processes: int

    @classmethod
    def now(cls, requests: int, pid: int) -> Held:
        """Look at a server."""
        server = psutil.Process(pid)
        children = 0
        with suppress(psutil.Error):
            children = len(server.children(recursive=True))
        return cls(
            requests,
            server.memory_info().rss // 1_000_000,
            server.num_fds(),
            server.num_threads(),
            children,
        )


def grown(held: list[Held]) -> list[str]:
    """Tell what grew from the first third to the end by more than a cache or a pool may."""
    settled, end = held[len(held) // 3], held[-1]
    told = []
    if end.megabytes - settled.megabytes > MOST_GROWTH_MB:
        told.append(f"memory grew from {settled.megabytes} to {end.megabytes} MB")
    if end.descriptors - settled.descriptors > MOST_GROWTH_DESCRIPTORS:
        told.append(f"descriptors grew from {settled.descriptors} to {end.descriptors}")
    return told
