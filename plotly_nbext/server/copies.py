"""Copies of files, which show what the originals show."""

from __future__ import annotations

from typing import TYPE_CHECKING

from plotly_nbext.server.auth import Caller
from plotly_nbext.server.references import inline_references
from plotly_nbext.server.store import copying, plots, references

if TYPE_CHECKING:
    from sqlalchemy import Connection

    from plotly_nbext.server.store.files import FileRecord

__all__ = ["copy_file"]


def copy_file(
    connection: Connection,
    original: FileRecord,
    *,
    owner: str,
    parent: int,
    filename: str | None = None,
    world_readable: bool = False,
) -> FileRecord:
    """Copy a file as :func:`plotly_nbext.server.store.copying.copy` does.

    A plot is read with its owner's rights: where the new owner may not see a grid that it draws
    on, the copy holds the values that the original showed.
    """
    made = copying.copy(
        connection,
        original,
        owner=owner,
        parent=parent,
        filename=filename,
        world_readable=world_readable,
    )
    for plot, lost in references.lost_to_owner(connection, made, original.owner):
        figure = plots.figure(connection, plot)
        kept = inline_references(connection, Caller(original.owner), figure, lost)
        plots.replace(connection, plot, kept)
        for fid in lost:
            references.drop(connection, plot, fid)
    return made
