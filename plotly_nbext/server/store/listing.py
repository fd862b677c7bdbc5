"""Lists of files: which ones, in what order, and how many."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from sqlalchemy import func, select

from plotly_nbext.server.store.files import FileRecord
from plotly_nbext.server.store.schema import files

if TYPE_CHECKING:
    from collections.abc import Sequence

    from sqlalchemy import ColumnElement, Connection

__all__ = ["Listing", "children", "count"]


@dataclass(frozen=True)
class Listing:
    """Which files to list: a user's, in one folder (``parent`` None: everywhere), of some types."""

    owner: str
    parent: int | None
    filetypes: Sequence[str] = ()
    public_only: bool = False

    def conditions(self) -> list[ColumnElement[bool]]:
        """Spell it in SQL; what is in the trash is never listed."""
        conditions = [files.c.owner == self.owner, files.c.trashed_with.is_(None)]
        if self.parent is not None:
            conditions.append(files.c.parent == self.parent)
        if self.filetypes:
            conditions.append(files.c.filetype.in_(self.filetypes))
        if self.public_only:
            conditions.append(files.c.world_readable.is_(True))
        return conditions


def children(
    connection: Connection, listing: Listing, *, offset: int = 0, limit: int = 100
) -> list[FileRecord]:
    """List files by name."""
    rows = connection.execute(
        select(files)
        .where(*listing.conditions())
        .order_by(files.c.filename, files.c.idlocal)
        .offset(offset)
        .limit(limit)
    )
    return [FileRecord.from_row(row) for row in rows]


def count(connection: Connection, listing: Listing) -> int:
    """Count what :func:`children` lists."""
    counted = select(func.count()).where(*listing.conditions())
    return int(connection.execute(counted).scalar_one())
