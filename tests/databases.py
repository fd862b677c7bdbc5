"""Where the tests' servers keep their files: in SQLite, or by ``--database postgresql`` there.

The user's local service is on SQLite by design, and so are its tests.
"""

from __future__ import annotations

from contextlib import ExitStack
from typing import TYPE_CHECKING

from . import postgres

if TYPE_CHECKING:
    from pathlib import Path

__all__ = ["POSTGRESQL", "SQLITE", "databases"]

SQLITE, POSTGRESQL = "sqlite", "postgresql"


class _Databases:
    """The databases of a test session, one for each data folder that a server is given.

    Attributes
    ----------
    kind : str
        Which kind they are of.
    """

    def __init__(self) -> None:
        self.kind = SQLITE
        self._stack = ExitStack()
        self._server: postgres.Server | None = None
        self._urls: dict[Path, str] = {}

    def location(self, data: Path) -> Path | str:
        """Tell where the database is that stands for a folder, as ``Database`` takes it."""
        if self.kind == SQLITE:
            return data
        if self._server is None:
            self._server = self._stack.enter_context(postgres.running())
        if data not in self._urls:
            self._urls[data] = self._stack.enter_context(self._server.database())
        return self._urls[data]

    def options(self, data: Path) -> list[str]:
        """Name it as the command line does."""
        location = self.location(data)
        if isinstance(location, str):
            return ["--database-url", location]
        return ["--data", str(location)]

    def close(self) -> None:
        """End the server that was started, if any."""
        self._stack.close()


databases = _Databases()
"""Those of this session."""
