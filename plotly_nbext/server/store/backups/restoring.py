"""Make a database hold what a backup has."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sqlalchemy import func, select, text

from plotly_nbext.errors import ServiceError
from plotly_nbext.server.store import schema
from plotly_nbext.server.store.backups.copying_rows import copy_rows
from plotly_nbext.server.store.backups.file import UNREADABLE, altered, opened
from plotly_nbext.server.store.outages import reason

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

    from sqlalchemy import Connection

    from plotly_nbext.server.store import Database
    from plotly_nbext.server.store.backups.file import Sum

__all__ = ["restore"]

_NEXT_ID = text("SELECT setval(pg_get_serial_sequence('files', 'id'), :last)")


def restore(path: Path, database: Database, *, damaged: bool = False) -> None:
    """Bring all that a backup has to a database in which there is nothing, all or none of it.

    Parameters
    ----------
    damaged : bool
        Whether what can be read of a backup that is not as it was written is brought too.

    Raises
    ------
    ServiceError
        There are users in the database, or the backup is damaged, or none.
    """
    with opened(path) as source:
        try:
            with database.write() as target:
                _check_empty(target)
                copied = copy_rows(source, target)
                if not damaged:
                    _check(path, source, copied)
                _go_on_counting(target)
        except UNREADABLE as error:
            raise ServiceError(f"The backup can't be restored: {reason(error)}.") from None


def _check_empty(target: Connection) -> None:
    if target.execute(select(schema.users.c.username).limit(1)).first():
        raise ServiceError(
            "There are users in the database already; nothing is restored.",
            hint="Name an empty one, or a folder that is not there yet.",
        )


def _check(path: Path, source: Connection, copied: Mapping[str, Sum]) -> None:
    if wrong := altered(source, copied):
        raise ServiceError(
            f"{path} is damaged ({', '.join(wrong)}); nothing is restored.",
            hint="Take another backup, or bring what can be read of this one by --damaged; "
            "`plotly-nbext verify` tells what can't.",
        )


def _go_on_counting(target: Connection) -> None:
    if target.dialect.name != "postgresql":
        return  # SQLite itself goes by the largest that there is
    last = target.execute(select(func.max(schema.files.c.id))).scalar()
    if last is not None:
        target.execute(_NEXT_ID, {"last": last})
