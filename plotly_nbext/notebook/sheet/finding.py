"""The next cell that shows a text."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import numpy as np
import pyarrow.compute as pc

from plotly_nbext.notebook.sheet.cells import arrays
from plotly_nbext.notebook.sheet.change import Place
from plotly_nbext.notebook.sheet.texts import text_array

if TYPE_CHECKING:
    from collections.abc import Iterator

    from plotly_nbext.notebook.sheet.change import Ids
    from plotly_nbext.notebook.sheet.draft import Draft
    from plotly_nbext.notebook.sheet.kinds import Kind

__all__ = ["find"]

# so many rows are looked through first, and then so many cells at once
NEAR_ROWS: Final = 4096
CELLS_AT_ONCE: Final = 1 << 20

# what the texts of some kinds are made of: other texts need not be looked for in them
_CHARACTERS: Final = {
    "integer": "0123456789-",
    "number": "0123456789-+.e",
    "boolean": "trufals",
    "date": "0123456789-",
    "datetime": "0123456789-+:. ",
    "duration": "0123456789-:.",
}


def find(
    draft: Draft, text: str, start: Place, *, backwards: bool = False
) -> Iterator[Place | None]:
    """Find the next cell that shows a text, whatever its capitals; after the last comes the first.

    Parameters
    ----------
    draft : Draft
        What is looked through.
    text : str
        Part of what the cell shows.
    start : Place
        The cell that is looked at last.
    backwards : bool
        Whether the cell before is looked for.

    Yields
    ------
    Place or None
        None after each part that was looked through, which takes a moment; at last the cell, if
        there is one.
    """
    row_count, width = draft.shown_rows, len(draft.columns)
    if not text or not row_count:
        return
    step = -1 if backwards else 1
    # cells of the first row that are looked at last of all, with the start
    behind = width - start.column if backwards else start.column + 1
    found = None
    for first, last, columns in _parts(draft, text):
        if found is not None and found < first * width - behind:
            break
        rows = (start.row + step * np.arange(first, last)) % row_count
        for ahead in _matches(draft, text, start, rows, columns=columns, step=step):
            found = ahead if found is None else min(ahead, found)
        yield None
    if found is not None:
        cell = (start.row * width + start.column + step * (found + 1)) % (row_count * width)
        yield Place(*divmod(cell, width))


def _parts(draft: Draft, text: str) -> Iterator[tuple[int, int, list[int]]]:
    """Part what is looked through: rows by how far they are from the first one, and columns."""
    row_count, width = draft.shown_rows, len(draft.columns)
    columns = [x for x, column in enumerate(draft.columns) if _can_show(column.kind, text)]
    if not columns:
        return
    near = min(NEAR_ROWS, row_count)
    if draft.shown is None:
        yield 0, near, columns
        some = max(CELLS_AT_ONCE // width, NEAR_ROWS)
        for first in range(near, row_count, some):
            yield first, min(first + some, row_count), columns
    else:  # rows from everywhere are taken from whole columns
        for first, last in ((0, near), (near, row_count)):
            yield from ((first, last, [x]) for x in columns)


def _matches(
    draft: Draft, text: str, start: Place, rows: Ids, *, columns: list[int], step: int
) -> Iterator[int]:
    """Tell how many cells are before the next one that shows the text, in each of some columns."""
    row_count, width = draft.shown_rows, len(draft.columns)
    some = [draft.columns[x] for x in columns]
    found = arrays(draft, [column.uid for column in some], draft.ids(0, row_count)[rows])
    for x, column, cells in zip(columns, some, found, strict=True):
        shown = text_array(cells, column.kind)
        matches = np.asarray(pc.indices_nonzero(pc.match_substring(shown, text, ignore_case=True)))
        if len(matches):
            ahead = step * ((rows[matches] - start.row) * width + x - start.column) - 1
            yield int((ahead % (row_count * width)).min())


def _can_show(kind: Kind, text: str) -> bool:
    characters = _CHARACTERS.get(kind.name)
    return characters is None or set(text.lower()) <= set(characters)
