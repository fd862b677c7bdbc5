"""Delimited text → cells, a block of rows at a time.

Rows that are written by the book are divided by numpy. Python's reader goes on from the first block
that has others: it knows what to make of them, and says where they can't be read.
"""

from __future__ import annotations

import csv
import io
from dataclasses import dataclass
from itertools import chain, islice, zip_longest
from typing import TYPE_CHECKING

import pyarrow as pa

from plotly_nbext.server.uploads.dialect import find_reading, read_rows
from plotly_nbext.server.uploads.division import Divider
from plotly_nbext.server.uploads.encoding import encoding_of
from plotly_nbext.server.uploads.limits import NotATable, Unreadable
from plotly_nbext.server.uploads.spool import block_rows, check_size

if TYPE_CHECKING:
    from collections.abc import Generator, Iterable, Iterator
    from pathlib import Path
    from typing import TextIO

    from plotly_nbext.server.uploads.spool import Spool

__all__ = ["Block", "Source"]

_SAMPLE_CHARACTERS = 16_384
# each column takes its time anew, which is to be worth it; and each character its memory, up to
# fifty bytes
_BLOCK_CHARACTERS = 1 << 20
_COLUMN_CHARACTERS = 1 << 13
_MOST_BLOCK_CHARACTERS = 1 << 23


@dataclass(frozen=True)
class Block:
    """Some rows.

    Attributes
    ----------
    length : int
        How many there are.
    widths : set of int
        How many cells they have.
    last_is_full : bool
        Whether there is something in the last cell of each.
    columns : iterable of pyarrow.Array
        Their cells by columns, which are made one by one: strings, or null where nothing is.
    """

    length: int
    widths: set[int]
    last_is_full: bool
    columns: Iterable[pa.Array]


class Source:
    """A text that is read as often as needed.

    Parameters
    ----------
    file : Path
        The text.
    name : str
        What its sender calls it.
    spool : Spool
        Where warnings go.

    Attributes
    ----------
    header : list of str
        The cells of its first row.
    has_names : bool
        Whether the rows begin with a name in quotes that the header has no cell for.
    file_bytes : int
        The size of the file.

    Raises
    ------
    Unreadable
        It has no rows, or the first can't be read.
    """

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
        with self._open() as stream:
            header = next(self._rows(stream), None)
        if header is None:
            raise NotATable("The file has no rows.")
        check_size(0, len(header), 0)
        self.header = header
        self.file_bytes = file.stat().st_size
        self._block_rows = block_rows(len(header), spool.chunk_rows)

    def blocks(self) -> Iterator[Block]:
        """Read the rows below the header.

        Raises
        ------
        Unreadable
            They can't be read.
        """
        with self._open() as stream:
            next(self._rows(stream))
            left = ""
            if Divider.knows(self._dialect):
                left = yield from self._fast_blocks(stream)
            begun = io.StringIO(left + stream.readline(), newline="")
            rows = self._rows(chain(begun, stream))
            while block := list(islice(rows, self._block_rows)):
                columns = zip_longest(*block, fillvalue="")
                yield Block(
                    length=len(block),
                    widths=set(map(len, block)),
                    last_is_full=all(row[-1] for row in block),
                    columns=(
                        pa.array([c or None for c in cells], pa.string()) for cells in columns
                    ),
                )

    def _fast_blocks(self, stream: TextIO) -> Generator[Block, None, str]:
        """Read rows up to where they are not by the book; return the text that is left."""
        size = max(_BLOCK_CHARACTERS, _COLUMN_CHARACTERS * len(self.header))
        divider = Divider(self._dialect)
        data = b""
        while text := stream.read(min(size, _MOST_BLOCK_CHARACTERS)):
            data += text.encode()
            division = divider.divide(data)
            if division is None:
                break
            columns, length, end = division
            if length:
                full = columns[-1].null_count == 0
                yield Block(length, {len(columns)}, last_is_full=full, columns=columns)
            data = data[end:]
        return data.decode()

    def _open(self) -> TextIO:
        stream = self._file.open(encoding=self._encoding, newline="")
        for _ in range(self._skipped_lines):
            stream.readline()
        return stream

    def _rows(self, lines: Iterable[str]) -> Iterator[list[str]]:
        lines = iter(lines)
        try:
            yield from filter(None, read_rows(lines, self._dialect))
        except csv.Error as error:
            after = sum(1 for _ in lines)
            with self._file.open(encoding=self._encoding, newline="") as stream:
                line = sum(1 for _ in stream) - after
            raise Unreadable(
                f"Line {line:,} can't be read: {error}. Is a quote not closed, or not doubled?"
            ) from None
