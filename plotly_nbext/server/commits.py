"""Short changes of the database: those that wait for the same turn have one commit."""

from __future__ import annotations

import asyncio
from collections import deque
from typing import TYPE_CHECKING, Any, TypeVar

from anyio.to_thread import run_sync

if TYPE_CHECKING:
    from collections.abc import Callable

    from sqlalchemy import Connection

    from plotly_nbext.server.lanes import Lanes
    from plotly_nbext.server.store import Database

__all__ = ["Commits"]

T = TypeVar("T")


class Commits:
    """The short changes of one server, of which a commit takes longer than all else.

    A database of one writer makes all that wait together; another makes each as it comes.

    Parameters
    ----------
    database : Database
        Where they are made.
    lanes : Lanes
        The writers' turns.
    """

    def __init__(self, database: Database, lanes: Lanes) -> None:
        self._database = database
        self._lanes = lanes
        self._waiting: deque[tuple[Callable[[Connection], Any], asyncio.Future[Any]]] = deque()
        self._turns: asyncio.Task[None] | None = None

    async def make(self, change: Callable[[Connection], T], line: str = "") -> T:
        """Run ``change`` in a thread: it is on the disk once this returns, undone if this raises.

        It is run once at most, and not at all if whoever waits for it is cancelled before its turn.

        Parameters
        ----------
        line : str
            Of what is changed, in which one change is made after the other anyway.
        """
        if not self._database.one_writer:
            async with self._lanes.line(line):
                return await run_sync(self._make, change, limiter=self._lanes.writing)
        made: asyncio.Future[T | BaseException] = asyncio.get_running_loop().create_future()
        self._waiting.append((change, made))
        if self._turns is None or self._turns.done():
            self._turns = asyncio.create_task(self._take_turns())
        result = await made
        if isinstance(result, BaseException):
            raise result
        return result

    async def close(self) -> None:
        """Wait for the changes whose turn it is."""
        if self._turns is not None:
            await self._turns

    async def _take_turns(self) -> None:
        while self._waiting:
            try:
                told = await run_sync(self._make_waiting, limiter=self._lanes.writing)
            except Exception as error:  # noqa: BLE001 - there is no thread for it
                told = [(made, _undone(error)) for _, made in self._take_waiting()]
            for made, result in told:
                if not made.cancelled():
                    made.set_result(result)

    def _make_waiting(self) -> list[tuple[asyncio.Future[Any], Any]]:
        waiting = self._take_waiting()
        wanted = [(change, made) for change, made in waiting if not made.cancelled()]
        results: list[Any]
        try:
            results = self._database.write_each([change for change, _ in wanted])
        except BaseException as error:  # noqa: BLE001 - it is told to each of them
            results = [_undone(error) for _ in wanted]
        return [(made, result) for (_, made), result in zip(wanted, results, strict=True)]

    def _take_waiting(self) -> list[tuple[Callable[[Connection], Any], asyncio.Future[Any]]]:
        return [self._waiting.popleft() for _ in range(len(self._waiting))]

    def _make(self, change: Callable[[Connection], T]) -> T:
        with self._database.write() as connection:
            return change(connection)


def _undone(error: BaseException) -> RuntimeError:
    """Make one's own exception of that of all: raised by many, it has the tracebacks of each."""
    undone = RuntimeError("none of the changes that had a commit together was kept")
    undone.__cause__ = error
    return undone
