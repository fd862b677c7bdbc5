"""The figures of plots, kept as the JSON text that came."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sqlalchemy import insert, select, update

from plotly_nbext.server.store.schema import plots

if TYPE_CHECKING:
    from sqlalchemy import Connection

    from plotly_nbext.server.store.files import FileRecord

__all__ = ["create", "figure", "replace"]


def create(connection: Connection, plot: FileRecord, figure: bytes) -> None:
    """Keep the figure of a new plot."""
    connection.execute(insert(plots).values(file_id=plot.id, figure=figure))


def figure(connection: Connection, plot: FileRecord) -> bytes:
    """Return a plot's figure."""
    content: bytes = connection.execute(
        select(plots.c.figure).where(plots.c.file_id == plot.id)
    ).scalar_one()
    return content


def replace(connection: Connection, plot: FileRecord, figure: bytes) -> None:
    """Put another figure in the place of a plot's."""
    connection.execute(update(plots).where(plots.c.file_id == plot.id).values(figure=figure))
