"""Lists of files: which ones, in what order, and how many."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from sqlalchemy import false, func, or_, select

from plotly_nbext.server.store.files import FOLDER, FileRecord, visible_to
from plotly_nbext.server.store.schema import columns, files, stars

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from sqlalchemy import Column, ColumnElement, Connection

__all__ = ["ORDERS", "Listing", "children", "count", "subfolder_counts"]

ORDERS: Final[Mapping[str, Column[object]]] = {
    "filename": files.c.filename,
    "filetype": files.c.filetype,
    "date_modified": files.c.modified,
    "creation_time": files.c.created,
}
"""What lists can be ordered by."""


@dataclass(frozen=True)
class Listing:
    """Which files to list, of those that someone may see: all conditions that are given hold.

    Attributes
    ----------
    owner : str or None
        Whose files; None: anyone's.
    parent : int or None
        The folder that they lie in; None: everywhere.
    filetypes : sequence of str
        The types of file; none: all.
    reader : str or None
        Who is going to see the list: what is public, and what is theirs.
    starred_by : str or None
        Only what someone starred.
    text : str or None
        Only what has this in its name, or in the name of a column, in upper or lower case.
    in_trash : bool
        List what was put in the trash, without what a folder took along, in place of what was not.
    """

    owner: str | None = None
    parent: int | None = None
    filetypes: Sequence[str] = ()
    reader: str | None = None
    starred_by: str | None = None
    text: str | None = None
    in_trash: bool = False

    def conditions(self) -> list[ColumnElement[bool]]:
        """Spell it in SQL."""
        conditions = [
            visible_to(self.reader),
            files.c.trashed_with == files.c.idlocal
            if self.in_trash
            else files.c.trashed_with.is_(None),
        ]
        if self.owner is not None:
            # PostgreSQL takes no NUL, and nobody's name has one
            conditions.append(false() if "\0" in self.owner else files.c.owner == self.owner)
        if self.parent is not None:
            conditions.append(files.c.parent == self.parent)
        if self.filetypes:
            conditions.append(files.c.filetype.in_(self.filetypes))
        if self.starred_by is not None:
            starred = select(stars.c.file_id).where(stars.c.username == self.starred_by)
            conditions.append(files.c.id.in_(starred))
        if self.text is not None:
            named = columns.c.name.icontains(self.text, autoescape=True)
            conditions.append(
                or_(
                    files.c.filename.icontains(self.text, autoescape=True),
                    select(columns.c.uid).where(columns.c.file_id == files.c.id, named).exists(),
                )
            )
        return conditions


def children(
    connection: Connection,
    listing: Listing,
    *,
    order: Sequence[str] = ("filename",),
    offset: int = 0,
    limit: int = 100,
) -> list[FileRecord]:
    """List files; ``order`` names :data:`ORDERS`, with a ``-`` before what is to descend."""
    by = [
        ORDERS[name.removeprefix("-")].desc() if name.startswith("-") else ORDERS[name]
        for name in order
    ]
    rows = connection.execute(
        select(files)
        .where(*listing.conditions())
        .order_by(*by, files.c.owner, files.c.idlocal)
        .offset(offset)
        .limit(limit)
    )
    return [FileRecord.from_row(row) for row in rows]


def count(connection: Connection, listing: Listing) -> int:
    """Count what :func:`children` lists."""
    counted = select(func.count()).where(*listing.conditions())
    return int(connection.execute(counted).scalar_one())


def subfolder_counts(
    connection: Connection, records: Sequence[FileRecord], reader: str | None
) -> dict[int, int]:
    """Count the folders in each folder among some files that someone may see, by its id."""
    counts = {record.id: 0 for record in records if record.filetype == FOLDER}
    if not counts:
        return counts
    inside = files.alias()
    rows = connection.execute(
        select(files.c.id, func.count())
        .join(inside, (inside.c.owner == files.c.owner) & (inside.c.parent == files.c.idlocal))
        .where(
            files.c.id.in_(list(counts)),
            inside.c.filetype == FOLDER,
            inside.c.trashed_with.is_(None),
            visible_to(reader, inside),
        )
        .group_by(files.c.id)
    )
    return counts | {row[0]: row[1] for row in rows}
