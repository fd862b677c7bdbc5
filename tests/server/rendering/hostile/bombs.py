"""How figures that are too much are drawn: against the clock, with an eye on memory."""

from __future__ import annotations

import asyncio
import json
from contextlib import suppress
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

import psutil

from ..support import pages
from .cases import LONGEST, Outcome, attempt
from .ordinary import CANARY

if TYPE_CHECKING:
    from plotly_nbext.server.rendering import Renderer

    from .corpus.bomb import Bomb

__all__ = ["GRACE", "MAX_MEMORY", "Field"]

GRACE = 20.0
"""Seconds past the time limit: to send the figure, and to start a browser on a busy machine."""

MAX_MEMORY = 4_000_000_000
"""Bytes that one browser may have for a moment, with all its processes."""


@dataclass
class Field:
    """A renderer with a small time limit, and what it did before any bomb."""

    renderer: Renderer
    timeout: float
    canary: bytes
    memory: int = field(default=0)

    async def play(self, bomb: Bomb) -> Outcome:
        """Render a bomb, then an ordinary figure, and tell all that is wrong."""
        figure = bomb.make()
        body = figure if isinstance(figure, bytes) else json.dumps(figure).encode()
        self.memory = 0
        watching = asyncio.create_task(self._watch())
        outcome = await attempt(self.renderer, body)
        watching.cancel()
        problems = outcome.problems
        if outcome.seconds > self.timeout + GRACE:
            problems.append(f"it took {outcome.seconds:.1f} s of {self.timeout}")
        if self.memory > MAX_MEMORY:
            problems.append(f"a browser had {self.memory / 1e9:.1f} GB")
        if bomb.endless and outcome.rendered is not None:
            problems.append("nobody could draw this, but there is an image")
        if outcome.error is not None and not 10 <= len(outcome.error) <= LONGEST:
            problems.append(f"no plain words: {outcome.error[:80]!r}")
        after = await attempt(self.renderer, json.dumps(CANARY).encode())
        if after.rendered is None or after.rendered.image != self.canary:
            problems.append(f"afterwards, an ordinary figure is otherwise: {after}")
        elif after.seconds > self.timeout + GRACE:
            problems.append(f"afterwards, an ordinary figure took {after.seconds:.1f} s")
        return outcome

    async def _watch(self) -> None:
        """Keep the most memory that any browser has."""
        while True:
            for page in pages(self.renderer).copy():
                with suppress(psutil.Error):
                    launcher = psutil.Process(page._browser._process.pid)
                    family = launcher.children(recursive=True)
                    used = sum(_private(process) for process in family)
                    self.memory = max(self.memory, used)
            await asyncio.sleep(0.2)


def _private(process: psutil.Process) -> int:
    """What only this process has; processes of one browser share much."""
    with suppress(psutil.Error):
        memory = process.memory_info()
        return memory.rss - memory.shared
    return 0
