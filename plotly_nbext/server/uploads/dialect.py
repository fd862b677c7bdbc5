"""How a text is delimited and quoted, told from its first lines."""

from __future__ import annotations

import csv
import io
import re
from dataclasses import asdict, dataclass, replace
from typing import TYPE_CHECKING

from plotly_nbext.server.uploads.identify import extension
from plotly_nbext.server.uploads.limits import MAX_CELL_CHARACTERS
from plotly_nbext.server.uploads.lossless import read_numbers

if TYPE_CHECKING:
    from _csv import Reader
    from collections.abc import Iterable, Sequence

__all__ = ["Dialect", "Reading", "find_reading", "read_rows"]

_USUAL = (",", ";", "\t", "|")
_RARE = (" ", "^", "~")
_TABBED = frozenset({"tsv", "tab"})
# a delimiter has to be, for csv; this one divides columns where anybody has written it
_NO_DELIMITER = "\x1f"
_EXCEL_HINT = re.compile(r"sep=([^\r\n])(?:\r\n?|\n|$)")


@dataclass(frozen=True)
class Dialect:
    """What :func:`csv.reader` is told; strict, since what it guesses otherwise is lost data."""

    delimiter: str = ","
    quotechar: str = '"'
    escapechar: str | None = None
    skipinitialspace: bool = False
    strict: bool = True


@dataclass(frozen=True)
class Reading:
    """How a text is read.

    Attributes
    ----------
    dialect : Dialect
        Its dialect.
    skipped_lines : int
        Lines before the header: one is Excel's ``sep=;``.
    undivided_by : str
        What may divide the rows, but not the header; nothing is divided then.
    has_names : bool
        Whether the rows begin with a name in quotes that the header has no cell for.
    """

    dialect: Dialect
    skipped_lines: int = 0
    undivided_by: str = ""
    has_names: bool = False


def read_rows(lines: Iterable[str], dialect: Dialect) -> Reader:
    """Read rows; a blank line is an empty one.

    Raises
    ------
    csv.Error
        A quote is not closed, or is followed by something else than the end of its cell.
    """
    csv.field_size_limit(MAX_CELL_CHARACTERS)
    return csv.reader(lines, **asdict(dialect))


def find_reading(sample: str, name: str) -> Reading:
    """Find how a text is to be read.

    Parameters
    ----------
    sample : str
        Its first lines.
    name : str
        The file's name; a tsv is delimited by tabs if it has any.
    """
    if hint := _EXCEL_HINT.match(sample):
        return Reading(_with_spaces(sample[hint.end() :], Dialect(hint[1])), skipped_lines=1)
    usual = ("\t",) if extension(name) in _TABBED and "\t" in sample else _USUAL
    found = _detect(sample, usual)
    if found is None:
        rare = _detect(sample, _RARE)
        found = rare if rare and _has_numbers(_rows(sample, rare), sample) else Dialect()
    rows = _rows(sample, found)
    has_names = _has_quoted_names(rows, sample)
    if rows and len(rows[0]) == 1 and not has_names:
        undivided_by = found.delimiter if any(len(row) > 1 for row in rows) else ""
        return Reading(replace(found, delimiter=_NO_DELIMITER), undivided_by=undivided_by)
    return Reading(_with_spaces(sample, found), has_names=has_names)


def _detect(sample: str, delimiters: Sequence[str]) -> Dialect | None:
    """Take the one delimiter that divides all rows evenly; ask clevercsv if there are more."""
    header, *below = [line for line in sample.splitlines() if line] or [""]
    present = [each for each in delimiters if each in header]
    if not any(each in line for each in present for line in below):
        # the first line may be a title
        present = [each for each in delimiters if each in sample]
    if not present:
        return None
    readings = {delimiter: _rows(sample, _standard(delimiter)) for delimiter in present}
    even = [delimiter for delimiter, rows in readings.items() if _is_even(rows, sample)]
    if len(even) == 1 and not _has_apostrophes(readings[even[0]]):
        return _standard(even[0])
    return _likeliest(sample, present) or (_standard(even[0]) if even else None)


def _likeliest(sample: str, delimiters: Sequence[str]) -> Dialect | None:
    """Ask clevercsv, but for an escape character only where doubled quotes don't fit."""
    from clevercsv.detect import Detector  # takes longer to import than most files to read

    found = Detector().detect(sample, delimiters=delimiters)
    if found is None or not found.delimiter:
        return None
    standard = replace(_standard(found.delimiter), quotechar=found.quotechar or '"')
    if not found.escapechar or _is_even(_rows(sample, standard), sample):
        return standard
    escaped = replace(standard, escapechar=found.escapechar)
    return escaped if _is_even(_rows(sample, escaped), sample) else standard


def _standard(delimiter: str) -> Dialect:
    return Dialect(delimiter, skipinitialspace=delimiter == " ")


def _with_spaces(sample: str, dialect: Dialect) -> Dialect:
    """Take a space after every single delimiter for a part of it."""
    following = [cell for row in _rows(sample, dialect) for cell in row[1:]]
    spaced = bool(following) and all(cell.startswith(" ") for cell in following)
    return replace(dialect, skipinitialspace=True) if spaced else dialect


def _rows(sample: str, dialect: Dialect) -> list[list[str]]:
    """Read the sample's rows, but not the last one if it is cut; none if they can't be read."""
    lines = io.StringIO(sample, newline="")
    rows: list[list[str]] = []
    try:
        rows += filter(None, read_rows(lines, dialect))
    except csv.Error:
        if lines.read(1):
            return []
    return rows


def _is_even(rows: list[list[str]], sample: str) -> bool:
    """Tell whether a delimiter divides the header as it divides all rows, or as R does."""
    widths = set(map(len, rows))
    return (len(widths) == 1 and widths != {1}) or _has_quoted_names(rows, sample)


def _has_quoted_names(rows: list[list[str]], sample: str) -> bool:
    """Tell whether each row has a name in quotes before what the header names: so writes R."""
    _, *lines = filter(None, sample.splitlines())
    return (
        len(rows) > 1
        and all(line.startswith('"') for line in lines)
        and all(len(row) == len(rows[0]) + 1 for row in rows[1:])
    )


def _has_apostrophes(rows: list[list[str]]) -> bool:
    """Tell whether cells are quoted by another mark than the standard's."""
    return any(len(cell) > 1 and cell[0] == cell[-1] == "'" for row in rows for cell in row)


def _has_numbers(rows: list[list[str]], sample: str) -> bool:
    """Tell whether rows have a number each below the header: then they are no sentences."""
    below = rows[1:]
    return (
        _is_even(rows, sample)
        and bool(below)
        and all(any(cell and read_numbers([cell]) for cell in row) for row in below)
    )
