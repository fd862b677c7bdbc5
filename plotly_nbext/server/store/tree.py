"""The tree of folders, in SQL: a file with all below it, or with all above it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sqlalchemy import literal, select

from plotly_nbext.server.store.schema import files

if TYPE_CHECKING:
    from sqlalchemy import CTE, ColumnElement

__all__ = ["above", "below"]


def below(owner: str, idlocal: int, *conditions: ColumnElement[bool]) -> CTE:
    """Name (``id``, ``idlocal``) a file, what lies in it, and in the folders in it.

    What lies there and does not meet the conditions is left out with all that lies in it.
    """
    named = select(files.c.id, files.c.idlocal).where(files.c.owner == owner)
    tree = named.where(files.c.idlocal == idlocal).cte("below", recursive=True)
    inside = named.join(tree, files.c.parent == tree.c.idlocal).where(*conditions)
    return tree.union_all(inside)


def above(owner: str, idlocal: int) -> CTE:
    """Name (``id``, ``parent``, ``steps``) a file, at 0 steps, its folder, that one's folder …."""
    tree = (
        select(files.c.id, files.c.parent, literal(0).label("steps"))
        .where(files.c.owner == owner, files.c.idlocal == idlocal)
        .cte("above", recursive=True)
    )
    return tree.union_all(
        select(files.c.id, files.c.parent, tree.c.steps + 1)
        .join(tree, files.c.idlocal == tree.c.parent)
        .where(files.c.owner == owner)
    )
