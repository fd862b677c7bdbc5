"""How much memory a browser takes to draw."""

from __future__ import annotations

from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING

import psutil

if TYPE_CHECKING:
    from collections.abc import Iterable

    from plotly_nbext.server.rendering.cdp import Connection

__all__ = ["LEAST_MEMORY", "MemoryGauge", "memory_limit"]

MOST_MEMORY = 4_000_000_000
"""Bytes that a browser may take for a figure, however much the machine has."""

LEAST_MEMORY = 1_000_000_000
"""Bytes that a browser may take on any machine: WebGL's figures need 900 MB."""

SHARE = 0.75
"""The part of the memory that the browsers may take together; the rest is the server's."""

CGROUP_LIMITS = (
    Path("/sys/fs/cgroup/memory.max"),  # version 2
    Path("/sys/fs/cgroup/memory/memory.limit_in_bytes"),  # version 1
)
"""Where a container's limit stands, as the container sees it."""

DRAWING = ("renderer", "GPU")
"""The kinds of a browser's processes that grow with what is drawn."""


def memory_limit(browsers: int) -> int:
    """Return the bytes with which a browser is ended over a figure, before the kernel does it.

    It is a browser's share of three quarters of what the machine has, or the container, but at
    most 4 GB and at least 1 GB: a machine with less for each may run out of memory when several
    figures take that much at once.

    Parameters
    ----------
    browsers : int
        How many run at most.
    """
    share = int(SHARE * _memory()) // browsers
    return min(MOST_MEMORY, max(LEAST_MEMORY, share))


def _memory() -> int:
    """Return the bytes that the machine has, or the container that this process is in."""
    found = [psutil.virtual_memory().total]
    for file in CGROUP_LIMITS:
        with suppress(OSError, ValueError):  # there is none, or it says "max"
            found.append(int(file.read_text()))
    return min(found)


class MemoryGauge:
    """Reads the resident memory of processes, in a hundredth of a millisecond each.

    Resident, as decoded images and what WebGL draws lie in memory that processes share, and which
    a page's own count of its heap leaves out.
    """

    def __init__(self, processes: Iterable[psutil.Process]) -> None:
        self._processes = list(processes)

    @classmethod
    async def of(cls, cdp: Connection) -> MemoryGauge:
        """Find the processes of a browser in which its pages run and graphics are computed.

        Raises
        ------
        PageLost
            The browser is gone.
        """
        answer = await cdp.call("SystemInfo.getProcessInfo")
        found = []
        for info in answer["processInfo"]:
            if info["type"] in DRAWING:
                with suppress(psutil.Error, OSError):
                    found.append(psutil.Process(info["id"]))
        return cls(found)

    def read(self) -> int:
        """Return the bytes that the processes have now, as far as they tell."""
        total = 0
        for process in self._processes:
            # one may be gone, and this process without a descriptor to look at it
            with suppress(psutil.Error, OSError):
                total += process.memory_info().rss
        return total
