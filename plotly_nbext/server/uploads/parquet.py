"""Parquet → a table, of the types that the file has, as any other Arrow table keeps them."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

import pyarrow as pa
from pyarrow import parquet

from plotly_nbext.columns.parts import Parts
from plotly_nbext.columns.refusal import Refusal
from plotly_nbext.server.uploads.limits import MAX_CELLS, NotATable, Unreadable
from plotly_nbext.server.uploads.spool import ColumnWriter, block_rows, check_size

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from pathlib import Path

    from plotly_nbext.columns.schema import Spec
    from plotly_nbext.server.uploads.spool import Spool

__all__ = ["read"]

_INDEX_LEVEL = re.compile(r"__index_level_\d+__")


def read(file: Path, spool: Spool, path: Sequence[str]) -> None:
    """Read a table into a spool.

    Parameters
    ----------
    file : Path
        The parquet file.
    spool : Spool
        Where the table goes.
    path : sequence of str
        The table's path in the upload.

    Raises
    ------
    Unreadable
        It is damaged, has values that JSON can't hold, or is larger than a table may be.
    """
    try:
        with parquet.ParquetFile(file) as source:
            names = source.schema_arrow.names
            check_size(0, len(names), 0)
            # a few bytes may say that a value is repeated a thousand million times
            if source.metadata.num_rows * len(names) > MAX_CELLS:
                raise Unreadable(
                    f"The file has {source.metadata.num_rows:,} rows of {len(names)} columns; "
                    f"{MAX_CELLS:,} cells are the most."
                )
            columns = [(name, Parts(), ColumnWriter(spool)) for name in names]
            rows = block_rows(len(names), spool.chunk_rows)
            for block in _blocks(source, rows):
                for (name, parts, writer), cells in zip(columns, block.columns, strict=True):
                    writer.extend(_encoded(name, parts, cells))
    except (pa.ArrowException, OSError) as error:
        reason = str(error).strip().partition("\n")[0].rstrip(".")
        raise NotATable(f"The parquet file can't be read: {reason}.") from None
    specs = [_spec(name, parts, spool) for name, parts, _ in columns]
    labels = ["index" if _INDEX_LEVEL.fullmatch(name) else name for name in names]
    spool.add(path, labels, [writer for _, _, writer in columns], specs)


def _encoded(name: str, parts: Parts, cells: pa.ChunkedArray) -> pa.Array:
    try:
        return parts.encode(cells)
    except Refusal as refusal:
        raise Unreadable(str(refusal.of_column(name))) from None


def _spec(name: str, parts: Parts, spool: Spool) -> Spec | None:
    spec, loses_rows = parts.spec()
    if spec is None:
        spool.warn(f"The column {name!r} has lost its type, which is another in each part of it.")
    elif loses_rows:
        spool.warn(f"The column {name!r} has null in place of NaN or infinity: they are too many.")
    return spec


def _blocks(source: Any, rows: int) -> Iterator[Any]:
    """Read blocks of so many rows, though the file's own groups end where they end."""
    waiting = source.schema_arrow.empty_table()
    if source.metadata.num_rows == 0:
        yield waiting
    for batch in source.iter_batches(batch_size=rows, use_threads=False):
        waiting = pa.concat_tables([waiting, pa.Table.from_batches([batch])])
        while waiting.num_rows >= rows:
            yield waiting.slice(0, rows)
            waiting = waiting.slice(rows)
    if waiting.num_rows:
        yield waiting
