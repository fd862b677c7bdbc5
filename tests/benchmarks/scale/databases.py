"""The databases that are measured: SQLite in a folder, and a PostgreSQL of this machine."""

from __future__ import annotations

import tempfile
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from plotly_nbext.server.store import Database

from ... import postgres
from ..grids.engines import Server

if TYPE_CHECKING:
    from collections.abc import Iterator

__all__ = ["SQLITE", "Place", "open_postgres", "places"]

SQLITE = "SQLite"
POSTGRESQL = "PostgreSQL"


@dataclass(frozen=True)
class Place:
    """Where a server keeps what is measured.

    Attributes
    ----------
    name : str
        Which kind of database it is.
    location : Path or str
        The folder, or the URL.
    """

    name: str
    location: Path | str

    def server(self) -> Server:
        """Make a server on it."""
        return Server(None if isinstance(self.location, Path) else self.location, self._folder)

    @property
    def _folder(self) -> Path | None:
        return self.location if isinstance(self.location, Path) else None

    def database(self) -> Database:
        """Open it beside the server."""
        return Database(self.location)


@contextmanager
def open_postgres() -> Iterator[postgres.Server]:
    """Run a PostgreSQL that writes to the disk before it says so."""
    with postgres.running(durable=True) as server:
        yield server


@contextmanager
def places(server: postgres.Server) -> Iterator[list[Place]]:
    """Make a fresh database of each kind."""
    with tempfile.TemporaryDirectory() as folder, server.database() as url:
        yield [Place(SQLITE, Path(folder)), Place(POSTGRESQL, url)]
