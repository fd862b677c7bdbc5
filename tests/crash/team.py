"""Callers who work at the same time, and the grid that they share."""

from __future__ import annotations

import time
from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from random import Random
from typing import TYPE_CHECKING

import requests

from .callers import Caller

if TYPE_CHECKING:
    from collections.abc import Callable

    from .callers import Change
    from .served import Served

__all__ = ["Team"]


class Team:
    """Callers of one server.

    Parameters
    ----------
    served : Served
        The server, which has been started.
    size : int
        How many they are.
    random : Random
        Chooses what they do.
    choose : callable
        See ``changes.py``.
    """

    def __init__(
        self, served: Served, size: int, random: Random, choose: Callable[[Caller], Change]
    ) -> None:
        self._served = served
        owner = served.add_user("everyone")
        body = {"data": {"cols": {"who": {"data": [], "order": 0}, "n": {"data": [], "order": 1}}}}
        made = requests.post(f"{served.url}/v2/grids", json=body, auth=owner, timeout=60)
        assert made.status_code == 201, made.text
        self._shared = (made.json()["file"]["fid"], owner)
        self.callers = [
            Caller(*served.add_user(f"user{each}"), Random(random.random()), choose, self._shared)
            for each in range(size)
        ]
        self.begin()

    def begin(self) -> None:
        """Go to the server, which may have been started again."""
        for caller in self.callers:
            caller.begin(self._served.url)

    def play(self, end: Callable[[], None]) -> None:
        """Let all work until something ends it."""
        with ThreadPoolExecutor(len(self.callers)) as threads:
            works = [threads.submit(caller.work) for caller in self.callers]
            try:
                end()
            finally:
                for caller in self.callers:
                    caller.enough.set()
        for caller in self.callers:
            caller.enough.clear()
        for work in works:
            work.result()

    def work(self, seconds: float) -> None:
        """Let all work for some time."""
        self.play(lambda: time.sleep(seconds))

    def check(self) -> None:
        """See that all that was acknowledged is there, once and in order, and nothing half."""
        fid, owner = self._shared
        answer = self.callers[0].send("GET", f"/v2/grids/{fid}/content", auth=owner)
        cols = answer.json()["cols"]
        rows: dict[str, list[int]] = {caller.username: [] for caller in self.callers}
        for who, number in zip(cols["who"]["data"], cols["n"]["data"], strict=True):
            rows[who].append(number)
        with ThreadPoolExecutor(len(self.callers)) as threads:
            settled = [
                threads.submit(caller.settle, rows[caller.username]) for caller in self.callers
            ]
        for each in settled:
            each.result()
        self._served.check()
        left = [path for path in self._served.temporary.rglob("*") if path.is_file()]
        assert not left, f"left behind: {left}"

    @property
    def count(self) -> Counter[str]:
        """What became of the changes of all."""
        return sum((caller.count for caller in self.callers), Counter())
