"""What the database's errors tell: it or its disk is away, or it gave up a wait, or is damaged."""

from __future__ import annotations

import errno
import sqlite3

from sqlalchemy.exc import IntegrityError, InterfaceError, OperationalError
from sqlalchemy.exc import TimeoutError as NoConnection

__all__ = ["NoConnection", "is_damage", "passes", "reason"]

# of PostgreSQL: the connection is lost, or refused, for there are too many; the server ends or
# starts, or only reads, as one that another has taken over from; of two who wait for each other,
# one is given up
_AWAY = ("08", "53300", "57P0", "25006", "40001", "40P01", "55P03")
# of SQLite: another writes for too long; the disk fails, or can only be read; there are no
# descriptors
_FAILING = ("SQLITE_BUSY", "SQLITE_IOERR", "SQLITE_READONLY", "SQLITE_CANTOPEN")
# what a database finds wrong in its own pages
_BROKEN = ("SQLITE_CORRUPT", "SQLITE_NOTADB", "XX001", "XX002")
# what fails and passes of files of our own
_NO_FILE = {errno.EIO, errno.EROFS, errno.EMFILE, errno.ENFILE}
# what a row refers to was deleted since it was looked at
_DELETED = "23503"


def passes(error: Exception) -> bool:
    """Tell whether the same may be done later: all of the transaction is undone."""
    error = _origin(error)
    if isinstance(error, NoConnection):
        return True
    if isinstance(error, OSError):
        return error.errno in _NO_FILE
    state = getattr(getattr(error, "orig", None), "sqlstate", None)
    if isinstance(error, IntegrityError):
        return state == _DELETED
    if not isinstance(error, OperationalError | InterfaceError):
        return False
    if isinstance(error.orig, sqlite3.Error):
        # a text that is none has no name
        return getattr(error.orig, "sqlite_errorname", "").startswith(_FAILING)
    # psycopg itself noticed it, if there is none
    return state is None or state.startswith(_AWAY)


def is_damage(error: Exception) -> bool:
    """Tell whether the database itself finds that it is damaged."""
    origin = getattr(_origin(error), "orig", None)
    names = (getattr(origin, name, None) for name in ("sqlite_errorname", "sqlstate"))
    return any(name.startswith(_BROKEN) for name in names if name)


def reason(error: Exception) -> str:
    """Tell in one line what the database did not do, or why."""
    error = _origin(error)
    lines = str(getattr(error, "orig", error)).splitlines()
    return lines[0] if lines else type(error).__name__


def _origin(error: Exception) -> Exception:
    """Give what is behind an error that says no more than that others' changes failed too."""
    if type(error) is RuntimeError and isinstance(error.__cause__, Exception):
        return error.__cause__
    return error
