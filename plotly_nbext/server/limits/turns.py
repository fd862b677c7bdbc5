"""Whose figure is drawn next: each user's in turn, and not too many wait."""

from __future__ import annotations

import asyncio
from collections import Counter, deque
from contextlib import asynccontextmanager
from typing import TYPE_CHECKING

from plotly_nbext.server.rendering import RendererUnavailable

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Callable

__all__ = ["TooManyWait", "Turns"]


class TooManyWait(RendererUnavailable):
    """The queue is full; it is counted, and no line of the log: there would be as many of these."""

    def __init__(self) -> None:
        super().__init__("Too many figures wait to be drawn: ask again later.")


class Turns:
    """So many have a turn at once; the next one goes to the user who has the fewest.

    One who asks for many is served as fast as nobody else asks, and keeps nobody else waiting for
    longer than until the next turn ends.

    Parameters
    ----------
    at_once : callable
        Tells how many may have a turn now.
    most_waiting : int
        How many may wait, of all users. Over that, the user who has the most waiting is refused
        the last of it.
    on_refusal : callable
        Called at each refusal.
    """

    def __init__(
        self, at_once: Callable[[], int], most_waiting: int, on_refusal: Callable[[], None]
    ) -> None:
        self._at_once = at_once
        self._most_waiting = most_waiting
        self._on_refusal = on_refusal
        self._having: Counter[str] = Counter()
        # in the order of their last turns
        self._waiting: dict[str, deque[asyncio.Future[None]]] = {}

    @property
    def waiting(self) -> int:
        """How many wait."""
        return sum(len(futures) for futures in self._waiting.values())

    @asynccontextmanager
    async def turn(self, user: str) -> AsyncIterator[None]:
        """Wait for a turn of a user's, and have it until the context ends.

        Raises
        ------
        TooManyWait
            Too many wait, and this user has the most of them.
        """
        await self._wait(user)
        try:
            yield
        finally:
            self._having[user] -= 1
            if not self._having[user]:
                del self._having[user]
            self._hand_out()

    async def _wait(self, user: str) -> None:
        self._make_room(user)
        turn: asyncio.Future[None] = asyncio.get_running_loop().create_future()
        self._waiting.setdefault(user, deque()).append(turn)
        self._hand_out()
        try:
            await turn
        except asyncio.CancelledError:
            if turn.done() and not turn.cancelled() and turn.exception() is None:
                # it came just as the caller went
                self._having[user] -= 1
                self._hand_out()
            else:
                self._leave(user, turn)
            raise

    def _make_room(self, user: str) -> None:
        if self.waiting < self._most_waiting:
            return
        self._on_refusal()
        longest = max(self._waiting, key=lambda name: len(self._waiting[name]))
        own = len(self._waiting.get(user, ()))
        if len(self._waiting[longest]) <= own + 1:
            raise TooManyWait
        last = self._waiting[longest][-1]
        self._leave(longest, last)
        last.set_exception(TooManyWait())

    def _leave(self, user: str, turn: asyncio.Future[None]) -> None:
        waiting = self._waiting.get(user)
        if waiting is not None and turn in waiting:
            waiting.remove(turn)
            if not waiting:
                del self._waiting[user]

    def _hand_out(self) -> None:
        while self._waiting and self._having.total() < self._at_once():
            # of those with as few, the first: whose last turn is the longest ago
            user = min(self._waiting, key=lambda name: self._having[name])
            waiting = self._waiting.pop(user)
            turn = waiting.popleft()
            if waiting:
                self._waiting[user] = waiting
            if not turn.done():
                self._having[user] += 1
                turn.set_result(None)
