"""Chunks as the table has them."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from plotly_nbext.server.store.checksums import Damaged
from plotly_nbext.server.store.chunks import Chunk

if TYPE_CHECKING:
    from sqlalchemy import Row

    from plotly_nbext.server.store.files import FileHead

__all__ = ["chunk_of", "chunk_row", "missing"]


def chunk_row(grid: FileHead, uid: str, start: int, chunk: Chunk) -> dict[str, Any]:
    """Make the row of a chunk."""
    return {
        "file_id": grid.id,
        "uid": uid,
        "start": start,
        "length": chunk.length,
        "type": chunk.type,
        "size": chunk.size,
        "checksum": chunk.checksum,
        "data": chunk.data,
    }


def chunk_of(grid: FileHead, row: Row[Any]) -> Chunk:
    """Read the row of a chunk.

    Raises
    ------
    Damaged
        It is no longer what was written.
    """
    chunk = Chunk(row.type, row.length, row.size, row.data)
    if not chunk.is_whole(row.checksum):
        rows = f"rows {row.start:,} to {row.start + row.length - 1:,}"
        # without the name, which those who see a figure of it may not know
        raise Damaged(f"What the column {row.uid!r} of the grid {grid.fid} has in {rows}", grid.fid)
    return chunk


def missing(grid: FileHead) -> Damaged:
    """Tell that a chunk is not there, which must be."""
    return Damaged(f"The grid {grid.fid} is not whole: what it has in some rows", grid.fid)
