"""Delimited text → a table, block by block.

The first row is the header; blank lines are no rows. Rows that end early are filled up with nulls.
Cells beyond the header get columns of their own, as in a spreadsheet; but if all rows have one cell
more than the header, the first of them is the row's name (so writes R). What doesn't divide the
header divides no row either: ``1,5`` below ``price`` is one cell.
"""

from __future__ import annotations

from itertools import zip_longest
from typing import TYPE_CHECKING

import pyarrow as pa
import pyarrow.compute as pc

from plotly_nbext.server.uploads.cells import Block, Source
from plotly_nbext.server.uploads.lossless import KINDS, numbers, text
from plotly_nbext.server.uploads.spool import ColumnWriter, check_size

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence
    from pathlib import Path

    from plotly_nbext.server.uploads.lossless import Kind
    from plotly_nbext.server.uploads.spool import Spool

__all__ = ["read"]


def read(file: Path, name: str, spool: Spool, path: Sequence[str]) -> None:
    """Read a table into a spool.

    Parameters
    ----------
    file : Path
        The text.
    name : str
        What the sender calls it.
    spool : Spool
        Where the table goes.
    path : sequence of str
        The table's path in the upload.

    Raises
    ------
    Unreadable
        It is no delimited text, or larger than a table may be.
    """
    source = Source(file, name, spool)
    header = source.header
    columns = [_Column(spool) for _ in header]
    widths: set[int] = set()
    last_is_full = True
    rows = 0
    for block in source.blocks():
        widths |= block.widths
        last_is_full = last_is_full and block.last_is_full
        check_size(rows + block.length, max(widths | {len(header)}), source.file_bytes)
        columns += [_Column(spool, rows) for _ in range(len(columns), max(widths))]
        _add(block, columns)
        rows += block.length
    broken = [column if column.broken else None for column in columns]
    for column in filter(None, broken):
        column.restart()
    if any(broken):
        for block in source.blocks():
            _add(block, broken)
    writers = [column.writer for column in columns]
    for place, column in enumerate(columns):
        if column.odd:
            row, word = column.odd
            label = header[place] if place < len(header) else f"Column {place + 1}"
            spool.warn(
                f"Column {label!r} is text because of {word!r} in row {row:,} below the header: "
                "all other cells are numbers. An empty cell is null among numbers."
            )
    has_names = source.has_names or last_is_full
    spool.add(path, _labels(header, writers, widths, has_names, spool), writers)


class _Column:
    """A column that takes its first cells for what all are, and is read anew as text otherwise.

    Most columns end as they begin, so that the text is read once.
    """

    def __init__(self, spool: Spool, rows_before: int = 0) -> None:
        self.writer = ColumnWriter(spool)
        self.writer.pad(rows_before)
        self.broken = False
        self._kinds: Sequence[Kind] = KINDS
        self._gaps = _Gaps(rows_before)

    @property
    def odd(self) -> tuple[int, str] | None:
        """The first cell that says in words that there is none, where only these make it text."""
        return self._gaps.first

    def add(self, cells: pa.Array) -> None:
        """Append cells, unless it is clear that they are appended again later."""
        if self.broken:
            return
        if cells.null_count == len(cells):
            self.writer.pad(len(cells))
            self._gaps.skip(len(cells))
            return
        for kind in self._kinds:
            values = kind(cells)
            if values is not None:
                self._kinds = (kind,)
                self.writer.extend(values)
                if kind is text:
                    self._gaps.look(cells)
                return
        self.broken = True

    def restart(self) -> None:
        """Begin again, as text."""
        self.writer.restart()
        self.broken = False
        self._kinds = (text,)
        self._gaps = _Gaps(0)


class _Gaps:
    """Looks among numbers for words that say that there is none, as ``NaN``."""

    def __init__(self, rows: int) -> None:
        self._rows = rows
        self._found: tuple[int, str] | None = None
        self._has_numbers = False
        self._is_over = False  # something else was found

    @property
    def first(self) -> tuple[int, str] | None:
        """The row of the first one, from 1, and the word; None where it is not just these."""
        return self._found if self._has_numbers and not self._is_over else None

    def skip(self, count: int) -> None:
        """Pass rows without anything."""
        self._rows += count

    def look(self, cells: pa.Array) -> None:
        """Look at the next cells of a column of text."""
        if not self._is_over:
            are_gaps = pc.is_in(cells, value_set=pa.array(_GAPS))
            others = pc.if_else(are_gaps, None, cells)
            self._has_numbers |= others.null_count < len(others)
            self._is_over = numbers(others) is None
            row = pc.index(are_gaps, value=True).as_py()
            if self._found is None and row >= 0:
                self._found = self._rows + row + 1, cells[row].as_py()
        self._rows += len(cells)


# no array yet: the first one of a process would import pandas, if nobody kept it from that
_GAPS = ("NA", "N/A", "n/a", "NaN", "nan", "null", "NULL", "None", "-", ".")


def _add(block: Block, columns: Iterable[_Column | None]) -> None:
    """Add a block of rows to columns; those that are None are not read."""
    for column, cells in zip_longest(columns, block.columns):
        if column:
            column.add(pa.nulls(block.length, pa.string()) if cells is None else cells)


def _labels(
    header: list[str],
    columns: list[ColumnWriter],
    widths: set[int],
    has_names: bool,  # if the rows are one cell longer than the header
    spool: Spool,
) -> list[str]:
    """Name the columns by the header, and say where the rows don't fit it."""
    beyond = any(column.written for column in columns[len(header) :])
    if beyond and has_names and widths == {len(header) + 1}:
        spool.warn(
            "All rows have one cell more than the header: the first is taken for the row's name, "
            "and the header for the names of the others."
        )
        return ["", *header]
    if beyond:
        spool.warn(
            f"The header has {len(header)} cells and some rows have up to {max(widths)}: "
            "the columns beyond it are named by their place."
        )
    if min(widths, default=len(header)) < len(header):
        spool.warn("Rows with fewer cells than the header are filled up with nulls.")
    unnamed = [column for label, column in zip(header, columns, strict=False) if not label]
    if len(unnamed) == len(header) - 1 and header[0] and any(each.written for each in unnamed):
        spool.warn(
            f"The first line names one of {len(header)} columns only. If it is a title, leave it "
            "out."
        )
    return header + [""] * (len(columns) - len(header))
