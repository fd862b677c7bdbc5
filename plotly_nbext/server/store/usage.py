"""How much a user has."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Self

from sqlalchemy import func, select

from plotly_nbext.server.store.schema import chunks, files, plots, push_parts

if TYPE_CHECKING:
    from sqlalchemy import Connection

__all__ = ["Usage", "usage_of"]


@dataclass(frozen=True)
class Usage:
    """What there is of a user's, the trash included.

    Attributes
    ----------
    bytes : int
        The values of grids and the figures of plots, unpacked; and parts of grids to come.
    files : int
        Grids, plots and folders.
    """

    bytes: int
    files: int

    def plus(self, size: int, count: int) -> Self:
        """Add to it."""
        return type(self)(self.bytes + size, self.files + count)


def usage_of(connection: Connection, owner: str) -> Usage:
    """Count what a user has, by all that lies there."""
    of_owner = files.c.owner == owner
    stored = select(func.coalesce(func.sum(chunks.c.size), 0)).where(
        chunks.c.file_id == files.c.id, of_owner
    )
    drawn = select(func.coalesce(func.sum(func.length(plots.c.figure)), 0)).where(
        plots.c.file_id == files.c.id, of_owner
    )
    coming = select(func.coalesce(func.sum(func.length(push_parts.c.data)), 0)).where(
        push_parts.c.owner == owner
    )
    row = connection.execute(
        select(
            func.coalesce(func.sum(files.c.logged_bytes), 0)
            + stored.correlate(None).scalar_subquery()
            + drawn.correlate(None).scalar_subquery()
            + coming.scalar_subquery(),
            func.count(),
        ).where(of_owner)
    ).one()
    return Usage(int(row[0]), row[1])
