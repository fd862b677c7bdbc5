"""Write a backup of a database, which others may go on changing."""

from __future__ import annotations

import os
from contextlib import contextmanager
from typing import TYPE_CHECKING

from sqlalchemy import URL, NullPool, create_engine, event, insert
from sqlalchemy.exc import DBAPIError

from plotly_nbext import __version__
from plotly_nbext.errors import ServiceError
from plotly_nbext.server.store import files, schema
from plotly_nbext.server.store.backups.copying_rows import copy_rows
from plotly_nbext.server.store.backups.file import FORMAT, UNREADABLE, about, sums
from plotly_nbext.server.store.outages import is_damage, reason

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path
    from typing import Any

    from sqlalchemy import Connection

    from plotly_nbext.server.store import Database

__all__ = ["back_up"]

# nobody reads the file before it is whole, and it is brought to disk once, at the end
_PRAGMAS = ("journal_mode = OFF", "synchronous = OFF", "locking_mode = EXCLUSIVE")


_DAMAGE = (
    "`plotly-nbext verify` tells of damage. What can be read of a damaged database is saved by "
    "`plotly-nbext export`, user by user."
)


def back_up(database: Database, path: Path) -> None:
    """Write all that a database holds at one moment to a file; damaged values too, as they are.

    Parameters
    ----------
    path : Path
        The file, which is made, for its owner's eyes only; all of it is on disk afterwards.

    Raises
    ------
    ServiceError
        The database can't be read, or the file not be written; none is left behind.
    OSError
        The file is there already, or can't be made.
    """
    os.close(os.open(path, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o600))
    try:
        with database.read() as source, _made(path) as target:
            _write(source, target)
        _bring_to_disk(path)
    except UNREADABLE as error:
        path.unlink()
        raise ServiceError(
            f"The backup can't be made: {reason(error)}.",
            # what is no database's error is of a row that makes no sense
            hint=_DAMAGE if is_damage(error) or not isinstance(error, DBAPIError) else None,
        ) from None


def _write(source: Connection, target: Connection) -> None:
    begun = files.now()
    schema.metadata.create_all(target)
    about.metadata.create_all(target)
    copied = copy_rows(source, target)
    facts = {"format": FORMAT, "revision": schema.REVISION, "version": __version__, "begun": begun}
    target.execute(insert(about), facts)
    target.execute(
        insert(sums),
        [
            dict(zip(("table_name", "rows", "digest"), (name, *each.facts), strict=True))
            for name, each in copied.items()
        ],
    )


@contextmanager
def _made(path: Path) -> Iterator[Connection]:
    engine = create_engine(
        URL.create("sqlite", database=str(path)), hide_parameters=True, poolclass=NullPool
    )

    @event.listens_for(engine, "connect")
    def _(connection: Any, _record: Any) -> None:
        for pragma in _PRAGMAS:
            connection.execute(f"PRAGMA {pragma}")

    with engine.begin() as connection:
        yield connection


def _bring_to_disk(path: Path) -> None:
    descriptor = os.open(path, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
