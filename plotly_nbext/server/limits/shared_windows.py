"""Where the servers of one database count together, as ``limits`` keeps its windows."""

from __future__ import annotations

from typing import TYPE_CHECKING

from limits.storage import Storage
from sqlalchemy.exc import SQLAlchemyError

from plotly_nbext.server.store import windows

if TYPE_CHECKING:
    from plotly_nbext.server.store import Database

__all__ = ["SharedWindows"]


class SharedWindows(Storage):
    """Windows in a table of PostgreSQL's."""

    def __init__(self, database: Database) -> None:
        super().__init__()
        self._database = database
        with database.alone() as connection:
            windows.prepare(connection)

    @property
    def base_exceptions(self) -> type[Exception]:
        """What the database may raise."""
        return SQLAlchemyError

    def incr(self, key: str, expiry: float, amount: int = 1) -> int:
        """Count, in a window that begins now unless there is one."""
        with self._database.alone() as connection:
            return windows.count(connection, key, expiry, amount)

    def get(self, key: str) -> int:
        """Tell what was counted in the window."""
        return self._window(key)[0]

    def get_expiry(self, key: str) -> float:
        """Tell when the window ends, in seconds since 1970."""
        return self._window(key)[1]

    def check(self) -> bool:
        """Tell whether the table can be read."""
        self._window("")
        return True

    def reset(self) -> int | None:
        """Forget all windows."""
        with self._database.alone() as connection:
            return windows.forget(connection)

    def clear(self, key: str) -> None:
        """Forget a window."""
        with self._database.alone() as connection:
            windows.forget(connection, key)

    def _window(self, key: str) -> tuple[int, float]:
        with self._database.alone() as connection:
            return windows.window(connection, key)
