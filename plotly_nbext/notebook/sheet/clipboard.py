"""Cells ⇄ tab-separated text, as Excel and Sheets copy and paste it."""

from __future__ import annotations

import csv
import io
from typing import TYPE_CHECKING, Final

from plotly_nbext.errors import ValidationError

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

__all__ = ["MOST_CELLS", "block_of", "check_size", "tsv"]

# so many cells travel through a page's clipboard at once
MOST_CELLS: Final = 1_000_000

# a cell may hold any text
csv.field_size_limit(1 << 30)


def tsv(rows: Iterable[Sequence[str | None]]) -> str:
    """Write rows of cells; a cell with a tab, a line break or a quote is quoted."""
    lines = _Lines()
    # whose line ends are \r\n, so that it quotes either of these
    csv.writer(lines, "excel-tab").writerows(rows)
    return "\n".join(lines)


class _Lines(list[str]):
    def write(self, line: str) -> None:
        self.append(line.removesuffix("\r\n"))


def block_of(text: str) -> list[list[str]]:
    """Read rows of cells, all of one length: short rows end in empty cells.

    Raises
    ------
    ValidationError
        There are too many.
    """
    lines = io.StringIO(text.removesuffix("\n").removesuffix("\r"), newline="")
    rows = list(csv.reader(lines, "excel-tab"))
    width = max(map(len, rows), default=0)
    check_size(len(rows), width, "pasted")
    return [row + [""] * (width - len(row)) for row in rows] if width else [[""]]


def check_size(rows: int, columns: int, done: str) -> None:
    """Refuse what is too much for a clipboard.

    Raises
    ------
    ValidationError
        It is.
    """
    if rows * columns > MOST_CELLS:
        raise ValidationError(
            f"At most {MOST_CELLS:,} cells are {done} at once, not {rows:,} × {columns:,}.",
            field="rows",
        )
