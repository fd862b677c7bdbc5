"""What of the database's errors pass: it is away, has no room for now, or gave up a wait."""

from __future__ import annotations

from sqlalchemy.exc import IntegrityError, InterfaceError, OperationalError
from sqlalchemy.exc import TimeoutError as NoConnection

__all__ = ["NoConnection", "passes", "reason"]

# of PostgreSQL: the connection is lost, or refused, for there are too many; the server ends or
# starts, or only reads, as one that another has taken over from; of two who wait for each other,
# one is given up
_AWAY = ("08", "53300", "57P0", "25006", "40001", "40P01", "55P03")
# what a row refers to was deleted since it was looked at
_DELETED = "23503"


def passes(error: Exception) -> bool:
    """Tell whether the same may be done later: all of the transaction is undone."""
    if isinstance(error, NoConnection):
        return True
    state = getattr(getattr(error, "orig", None), "sqlstate", None)
    if isinstance(error, IntegrityError):
        return state == _DELETED
    if not isinstance(error, OperationalError | InterfaceError):
        return False
    if (code := getattr(error.orig, "sqlite_errorname", None)) is not None:
        return str(code).startswith("SQLITE_BUSY")
    # psycopg itself noticed it, if there is none
    return state is None or state.startswith(_AWAY)


def reason(error: Exception) -> str:
    """Tell in one line what the database did not do, or why."""
    lines = str(getattr(error, "orig", error)).splitlines()
    return lines[0] if lines else type(error).__name__
