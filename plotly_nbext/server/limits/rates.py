"""How often something may be done: in windows of a minute, an hour, a day …, for each who does it.

With an SQLite database, whose server is one process, it is counted in memory; with PostgreSQL in
the database, so that a limit holds over all of its servers.
"""

from __future__ import annotations

import time
from typing import TYPE_CHECKING, Final

from anyio import CapacityLimiter
from anyio.to_thread import run_sync
from limits import RateLimitItem, parse_many
from limits.storage import MemoryStorage
from limits.strategies import FixedWindowRateLimiter

from plotly_nbext.server.limits.shared_windows import SharedWindows

if TYPE_CHECKING:
    from collections.abc import Iterable

    from plotly_nbext.server.store import Database

__all__ = ["Rates", "parsed"]

AT_ONCE: Final = 8

SET_SECONDS: Final = 1.0
"""A clock that differs by more from one that goes on evenly was set."""


def parsed(rate: str) -> RateLimitItem:
    """Read ``"600/minute"``.

    Raises
    ------
    ValueError
        It is no rate.
    """
    [item] = parse_many(rate)
    if item.amount < 1:
        raise ValueError(f"{rate!r} lets nobody do anything")
    return item


class Rates:
    """Counts what is done, and tells when it is too often.

    Parameters
    ----------
    rates : iterable of str
        All of which hold.
    database : Database, optional
        Whose servers count together; without it, this process counts for itself.
    """

    def __init__(self, rates: Iterable[str], database: Database | None = None) -> None:
        self._items = [parsed(rate) for rate in rates]
        shares = database is not None and not database.one_writer
        self._limiter = FixedWindowRateLimiter(
            SharedWindows(database) if shares and database else MemoryStorage()
        )
        self._lane = CapacityLimiter(AT_ONCE) if shares else None
        self._ahead = _ahead()

    def __bool__(self) -> bool:
        return bool(self._items)

    async def hit(self, what: str, who: str) -> float | None:
        """Count that it is done once more; tell in how many seconds it may be, if it may not."""
        if self._lane is None:
            self._follow_clock()
            return self._hit(what, who)
        return await run_sync(self._hit, what, who, limiter=self._lane)

    def wait(self, what: str, who: str) -> float | None:
        """Tell the same without counting; for what is counted in memory."""
        self._follow_clock()
        full = [item for item in self._items if not self._limiter.test(item, what, who)]
        return self._longest(full, what, who)

    def _follow_clock(self) -> None:
        """Begin anew when the clock was set: windows from before may end in many days."""
        before, self._ahead = self._ahead, _ahead()
        if abs(self._ahead - before) > SET_SECONDS:
            self._limiter.storage.reset()

    def _hit(self, what: str, who: str) -> float | None:
        full = [item for item in self._items if not self._limiter.hit(item, what, who)]
        return self._longest(full, what, who)

    def _longest(self, full: list[RateLimitItem], what: str, who: str) -> float | None:
        ends = [self._limiter.get_window_stats(item, what, who).reset_time for item in full]
        return max(max(ends) - time.time(), 0.0) if ends else None


def _ahead() -> float:
    return time.time() - time.monotonic()
