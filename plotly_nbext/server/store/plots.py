"""The figures of plots, kept as the JSON text that came."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from sqlalchemy import insert, select, update

from plotly_nbext.server.store.checksums import Damaged, checksum, is_whole
from plotly_nbext.server.store.schema import plots

if TYPE_CHECKING:
    from sqlalchemy import Connection

    from plotly_nbext.server.store.files import FileRecord

__all__ = ["create", "figure", "replace"]


def create(connection: Connection, plot: FileRecord, figure: bytes) -> None:
    """Keep the figure of a new plot."""
    connection.execute(insert(plots).values(_row(figure) | {"file_id": plot.id}))


def figure(connection: Connection, plot: FileRecord) -> bytes:
    """Return a plot's figure.

    Raises
    ------
    Damaged
        It is no longer what was written.
    """
    row = connection.execute(select(plots).where(plots.c.file_id == plot.id)).one()
    if not is_whole(row.figure, row.checksum):
        raise Damaged(f"The figure of the plot {plot.filename!r} ({plot.fid})", plot.fid)
    content: bytes = row.figure
    return content


def replace(connection: Connection, plot: FileRecord, figure: bytes) -> None:
    """Put another figure in the place of a plot's."""
    connection.execute(update(plots).where(plots.c.file_id == plot.id).values(_row(figure)))


def _row(figure: bytes) -> dict[str, Any]:
    return {"checksum": checksum(figure), "figure": figure}
