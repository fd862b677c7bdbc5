"""Delimited text → a table, block by block.

The first row is the header; blank lines are no rows. Rows that end early are filled up with nulls.
Cells beyond the header get columns of their own, as in a spreadsheet; but if all rows have one cell
more than the header, the first of them is the row's name (so writes R). What doesn't divide the
header divides no row either: ``1,5`` below ``price`` is one cell.
"""

from __future__ import annotations

import csv
from itertools import islice, zip_longest
from typing import TYPE_CHECKING

from plotly_nbext.server.uploads.dialect import find_reading, read_rows
from plotly_nbext.server.uploads.encoding import encoding_of
from plotly_nbext.server.uploads.limits import NotATable, Unreadable
from plotly_nbext.server.uploads.lossless import KINDS, text
from plotly_nbext.server.uploads.spool import ColumnWriter, block_rows, check_size

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence
    from pathlib import Path

    from plotly_nbext.server.uploads.lossless import Kind
    from plotly_nbext.server.uploads.spool import Spool

__all__ = ["read"]

_SAMPLE_CHARACTERS = 16_384


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
    source = _Source(file, name, spool)
    header = source.header
    columns = [_Column(spool) for _ in header]
    widths: set[int] = set()
    last_is_full = True
    rows = 0
    for block in source.blocks():
        widths.update(map(len, block))
        last_is_full = last_is_full and all(row[-1] for row in block)
        check_size(rows + len(block), max(widths | {len(header)}), source.file_bytes)
        columns += [_Column(spool, rows) for _ in range(len(columns), max(widths))]
        _add(block, columns)
        rows += len(block)
    broken = [column if column.broken else None for column in columns]
    for column in filter(None, broken):
        column.restart()
    if any(broken):
        for block in source.blocks():
            _add(block, broken)
    writers = [column.writer for column in columns]
    has_names = source.has_names or last_is_full
    spool.add(path, _labels(header, writers, widths, has_names, spool), writers)


class _Source:
    """A text that is read as often as needed."""

    def __init__(self, file: Path, name: str, spool: Spool) -> None:
        self._file = file
        self._encoding = encoding_of(file, name, spool)
        with file.open(encoding=self._encoding, newline="") as stream:
            sample = stream.read(_SAMPLE_CHARACTERS)
        # whole lines, if there are any
        sample = sample[: max(sample.rfind("\n"), sample.rfind("\r")) + 1] or sample
        reading = find_reading(sample, name)
        self._dialect, self._skipped_lines = reading.dialect, reading.skipped_lines
        self.has_names = reading.has_names
        if reading.undivided_by:
            spool.warn(
                f"There is no {reading.undivided_by!r} in the first line, so that it divides no "
                "line: each is one cell. If the first line is a title, leave it out."
            )
        header = next(self._rows(), None)
        if header is None:
            raise NotATable("The file has no rows.")
        check_size(0, len(header), 0)
        self.header = header
        self.file_bytes = file.stat().st_size
        self._block_rows = block_rows(len(self.header), spool.chunk_rows)

    def blocks(self) -> Iterator[list[list[str]]]:
        """Read the rows below the header; a block does not reach over a chunk's end."""
        rows = self._rows()
        next(rows)
        while block := list(islice(rows, self._block_rows)):
            yield block

    def _rows(self) -> Iterator[list[str]]:
        with self._file.open(encoding=self._encoding, newline="") as stream:
            for _ in range(self._skipped_lines):
                stream.readline()
            reader = read_rows(stream, self._dialect)
            try:
                yield from filter(None, reader)
            except csv.Error as error:
                line = self._skipped_lines + reader.line_num
                raise Unreadable(
                    f"Line {line:,} can't be read: {error}. Is a quote not closed, or not doubled?"
                ) from None


class _Column:
    """A column that takes its first cells for what all are, and is read anew as text otherwise.

    Most columns end as they begin, so that the text is read once.
    """

    def __init__(self, spool: Spool, rows_before: int = 0) -> None:
        self.writer = ColumnWriter(spool)
        self.writer.pad(rows_before)
        self.broken = False
        self._kinds: Sequence[Kind] = KINDS

    def add(self, cells: Sequence[str]) -> None:
        """Append cells, unless it is clear that they are appended again later."""
        if self.broken:
            return
        if not any(cells):
            self.writer.pad(len(cells))
            return
        for kind in self._kinds:
            data = kind(cells)
            if data is not None:
                self._kinds = (kind,)
                self.writer.extend(len(cells), data)
                return
        self.broken = True

    def restart(self) -> None:
        """Begin again, as text."""
        self.writer.restart()
        self.broken = False
        self._kinds = (text,)


def _add(block: list[list[str]], columns: Iterable[_Column | None]) -> None:
    """Add a block of rows to columns; those that are None are not read."""
    no_cells = ("",) * len(block)
    for column, cells in zip_longest(columns, zip_longest(*block, fillvalue="")):
        if column:
            column.add(cells or no_cells)


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
