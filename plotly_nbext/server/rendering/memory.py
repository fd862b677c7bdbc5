"""How much memory a browser takes to draw."""

from __future__ import annotations

from contextlib import suppress
from typing import TYPE_CHECKING

import psutil

if TYPE_CHECKING:
    from collections.abc import Iterable

    from plotly_nbext.server.rendering.cdp import Connection

__all__ = ["MemoryGauge"]

DRAWING = ("renderer", "GPU")
"""The kinds of a browser's processes that grow with what is drawn."""


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
