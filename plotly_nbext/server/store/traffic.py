"""How many chunks go to the database and come from it, for whoever counts them."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Literal

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Sequence

    from sqlalchemy import Connection, Row

__all__ = ["Traffic", "read", "written"]

OPTION = "traffic"
"""By what name a connection knows it."""

Direction = Literal["read", "written"]


class Traffic:
    """Whom to tell.

    Attributes
    ----------
    tell : callable, optional
        Told ``"read"`` or ``"written"``, how many chunks, and how many bytes, packed; by any
        thread.
    """

    def __init__(self) -> None:
        self.tell: Callable[[Direction, int, int], None] | None = None


def written(connection: Connection, rows: Sequence[dict[str, Any]]) -> None:
    """Tell of chunks that are written."""
    _tell(connection, "written", len(rows), sum(len(row["data"]) for row in rows))


def read(connection: Connection, rows: Iterable[Row[Any]]) -> Iterator[Row[Any]]:
    """Pass chunks on, and tell of them at the end, or when no more of them are wanted."""
    count = size = 0
    try:
        for row in rows:
            yield row
            count += 1
            size += len(row.data)
    finally:
        _tell(connection, "read", count, size)


def _tell(connection: Connection, direction: Direction, count: int, size: int) -> None:
    traffic: Traffic | None = connection.get_execution_options().get(OPTION)
    if traffic is not None and traffic.tell is not None and count:
        traffic.tell(direction, count, size)
