"""Images that were rendered before: the least recently used make room for new ones.

They lie apart from all else, because they may be lost at any moment: no answer waits for them, and
no backup needs them.
"""

from __future__ import annotations

import json
import logging
import threading
import time
import zlib
from abc import ABC, abstractmethod
from typing import TYPE_CHECKING, Any, ClassVar, TypeVar

from sqlalchemy.exc import SQLAlchemyError

from plotly_nbext.server.rendering import Rendered

if TYPE_CHECKING:
    from collections.abc import Callable

    from sqlalchemy import Connection, Engine

__all__ = ["Renders"]

T = TypeVar("T")

logger = logging.getLogger(__name__)

LARGEST = 1 / 8
"""The share of the limit that one image may take."""

USES = 1000
"""Uses that are noted before they are written, which happens with an image that is kept."""


class Renders(ABC):
    """Rendered images by the hash of their request.

    Trouble with where they lie is logged, each kind once, and is otherwise as if nothing had been
    kept. What is damaged is made anew.

    Parameters
    ----------
    engine : Engine
        The database.
    limit : int
        Bytes that the images may have.

    Attributes
    ----------
    tier : str
        What the metrics call it.
    """

    tier: ClassVar[str]

    def __init__(self, engine: Engine, limit: int) -> None:
        self._engine = engine
        self._limit = limit
        self._ready = False
        self._writing = threading.Lock()
        self._used: dict[str, float] = {}
        self._told: set[str] = set()

    def get(self, key: str) -> Rendered | None:
        """Return the image that was kept under a key."""
        row = self._run(lambda connection: self._find(connection, key))
        if row is None or _checksum(row.image, row.warnings) != row.checksum:
            return None
        self.note_use(key)
        return Rendered(row.image, tuple(json.loads(row.warnings)))

    def note_use(self, key: str) -> None:
        """Remember that an image was asked for, so that others make room before it."""
        if len(self._used) < USES:
            self._used[key] = time.time()

    def put(self, key: str, rendered: Rendered) -> None:
        """Keep an image; one that would push out many others is not kept."""
        if len(rendered.image) > self._limit * LARGEST:
            return
        warnings = json.dumps(rendered.warnings)
        row = {
            "key": key,
            "image": rendered.image,
            "warnings": warnings,
            "checksum": _checksum(rendered.image, warnings),
        }
        self._write(lambda connection: self._keep(connection, row))

    def close(self) -> None:
        """Close the database."""
        self._write(lambda _: None)
        self._engine.dispose()

    def miss(self, trouble: str, kind: str | None = None) -> None:
        """Log trouble, unless some of its kind was logged before."""
        kind = kind or trouble
        if kind not in self._told:
            self._told.add(kind)
            logger.warning("Images can't be kept in %s: %s", self._place, trouble)

    def _write(self, work: Callable[[Connection], None]) -> None:
        """Change something, after the uses that were noted; these stay so where that can't be."""
        with self._writing:
            used = self._used.copy()

            def write(connection: Connection) -> bool:
                if used:
                    self._note(connection, used)
                work(connection)
                return True

            if self._run(write):
                for key, at in used.items():
                    if self._used[key] == at:
                        del self._used[key]

    def _run(self, work: Callable[[Connection], T]) -> T | None:
        """Do something in a transaction; where that can't be, nothing is done."""
        try:
            with self._engine.begin() as connection:
                if not self._ready:
                    self._prepare(connection)
                    self._ready = True
                return work(connection)
        except SQLAlchemyError as error:
            self._ready = False
            self._mend(error)
        return None

    @property
    @abstractmethod
    def _place(self) -> str:
        """What the log calls the database."""

    @abstractmethod
    def _prepare(self, connection: Connection) -> None:
        """Make what is not there."""

    @abstractmethod
    def _find(self, connection: Connection, key: str) -> Any:
        """Return the row of an image, or None."""

    @abstractmethod
    def _keep(self, connection: Connection, row: dict[str, Any]) -> None:
        """Keep an image, in place of what there is under its key, and make room."""

    @abstractmethod
    def _note(self, connection: Connection, used: dict[str, float]) -> None:
        """Write when images were used last."""

    @abstractmethod
    def _mend(self, error: SQLAlchemyError) -> None:
        """Log what went wrong, and do what helps the next time."""


def _checksum(image: bytes, warnings: str) -> int:
    """Make out what a disk has changed, which databases do not."""
    return zlib.crc32(warnings.encode(), zlib.crc32(image))
