"""How much each user may keep."""

from __future__ import annotations

import threading
import time
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from cachetools import LRUCache

from plotly_nbext.errors import PermissionDenied
from plotly_nbext.server.store.usage import Usage, usage_of

if TYPE_CHECKING:
    from collections.abc import Callable

    from sqlalchemy import Connection

__all__ = ["Quotas"]

KNOWN_USERS: Final = 10_000
KNOWN_SECONDS: Final = 60
"""So long a count is gone by: what other servers write meanwhile is not in it."""

SMALL_BYTES: Final = 64_000
FAR: Final = 0.9
"""Up to this share of a quota, small changes are added up and not counted anew."""


@dataclass
class _Known:
    usage: Usage
    until: float


class Quotas:
    """What users have, counted where it comes near to what they may have.

    Parameters
    ----------
    most_bytes, most_files : int, optional
        What each may have.
    """

    def __init__(self, most_bytes: int | None, most_files: int | None) -> None:
        self._most_bytes = most_bytes
        self._most_files = most_files
        self._known: LRUCache[str, _Known] = LRUCache(KNOWN_USERS)
        self._lock = threading.Lock()

    def check(self, connection: Connection, owner: str, size: int | None) -> None:
        """Refuse a change that was just made, in its transaction, if it is too much.

        Parameters
        ----------
        size : int, optional
            The bytes that were sent for it; None if it may be any more.

        Raises
        ------
        PermissionDenied
            403: nothing helps but to delete something, so it is not to be sent again.
        """
        if self._most_bytes is None and self._most_files is None:
            return
        if size is not None and size <= SMALL_BYTES and self._is_far(owner, size):
            return
        usage = usage_of(connection, owner)
        self._refuse(self._most_bytes, usage.bytes, f"take {_megabytes(usage.bytes)}", _megabytes)
        self._refuse(self._most_files, usage.files, f"be {usage.files:,}", "{:,}".format)
        with self._lock:
            self._known[owner] = _Known(usage, time.monotonic() + KNOWN_SECONDS)

    def _is_far(self, owner: str, size: int) -> bool:
        """Add a small change to what is known; tell whether that is far from the quota."""
        with self._lock:
            known = self._known.get(owner)
            if known is None or known.until < time.monotonic():
                return False
            usage = known.usage = known.usage.plus(size, 1)
        return not any(
            most is not None and there > most * FAR
            for most, there in ((self._most_bytes, usage.bytes), (self._most_files, usage.files))
        )

    def _refuse(
        self, most: int | None, there: int, what: str, spelled: Callable[[int], str]
    ) -> None:
        if most is not None and there > most:
            raise PermissionDenied(
                f"Your files would {what}; on this server {spelled(most)} are the most. "
                "Delete some for good: those in the trash count.",
                status_code=403,
            )


def _megabytes(count: int) -> str:
    return f"{count / 1e6:,.1f} MB"
