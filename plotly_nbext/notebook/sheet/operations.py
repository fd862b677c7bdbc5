"""What can be done to a draft: each function tells a change, and what it is called.

Rows and columns are counted as they are shown, and a range is its first and the one after its last;
a column by itself is named by its uid.
"""

from __future__ import annotations

import itertools
from dataclasses import replace
from typing import TYPE_CHECKING, Any, Final, NamedTuple

import numpy as np

from plotly_nbext.columns import json
from plotly_nbext.errors import ValidationError
from plotly_nbext.notebook.sheet import cells
from plotly_nbext.notebook.sheet.change import Change, Column, Patch
from plotly_nbext.notebook.sheet.errors import CellError
from plotly_nbext.notebook.sheet.kinds import ADDED, added_kind
from plotly_nbext.notebook.sheet.texts import cut
from plotly_nbext.notebook.sheet.typed import read_texts
from plotly_nbext.notebook.tables import counted

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from plotly_nbext.notebook.sheet.change import Ids
    from plotly_nbext.notebook.sheet.draft import Draft

    Range = tuple[int, int]

__all__ = [
    "Operation",
    "add_column",
    "clear",
    "delete_columns",
    "delete_rows",
    "fill",
    "insert_rows",
    "move",
    "paste",
    "rename",
    "set_cell",
]


# that are changed at once, and rows that come: more would take a kernel's memory
MOST_CELLS: Final = 5_000_000
MOST_ROWS: Final = 1_000_000


class Operation(NamedTuple):
    """Something that is to be done."""

    label: str
    """What it is called: "Paste 12 cells"."""
    change: Change


def set_cell(draft: Draft, row: int, uid: str, text: str) -> Operation | None:
    """Type a text into a cell; None if it says what the cell holds.

    Raises
    ------
    CellError
        It can't be in that column.
    """
    column, ids = draft.column(uid), draft.row(row)
    try:
        (value,) = read_texts([text], column)
    except CellError as error:
        error.row = row
        raise
    ((before,),) = cells.values(draft, [column], ids)
    if type(value) is type(before) and value == before:
        return None
    return Operation(f"Edit {column.name}", Change(cells={uid: Patch.of(ids, _objects([value]))}))


def clear(draft: Draft, rows: Range, columns: Range) -> Operation | None:
    """Empty the cells of a range.

    Raises
    ------
    ValidationError
        There are too many.
    """
    ids, some = _range(draft, rows, columns)
    patch = Patch.of(ids, _objects(itertools.repeat(None, len(ids))))
    return _on_cells("Clear", ids, {column.uid: patch for column in some})


def fill(draft: Draft, rows: Range, columns: Range) -> Operation | None:
    """Put the first row of a range into those below it.

    Raises
    ------
    ValidationError
        There are too many cells.
    """
    ids, some = _range(draft, rows, columns)
    rest = ids[1:]
    if not len(rest):
        return None
    first = cells.values(draft, some, ids[:1])
    return _on_cells(
        "Fill",
        rest,
        {
            column.uid: Patch.of(rest, _objects(itertools.repeat(value, len(rest))))
            for column, (value,) in zip(some, first, strict=True)
        },
    )


def paste(draft: Draft, row: int, column: int, block: Sequence[Sequence[str]]) -> Operation:
    """Put a block of texts into cells; rows that are missing are added.

    Parameters
    ----------
    draft : Draft
        What is edited.
    row, column : int
        Where the first of the texts goes.
    block : sequence of sequence of str
        Rows of texts, all of one length.

    Raises
    ------
    CellError
        One can't be in its column; nothing is pasted then.
    ValidationError
        There are too few columns, or there is no such row.
    """
    if row != draft.shown_rows:
        draft.row(row)
    height, width = len(block), len(block[0])
    into = draft.columns[column : column + width]
    if len(into) < width:
        raise ValidationError(
            f"What is pasted has {counted(width, 'column')}; from here to the last there "
            f"{'is' if len(into) == 1 else 'are'} {len(into)}. Nothing was pasted.",
            field="column",
        )
    values = []
    for x, one in enumerate(into):
        try:
            values.append(read_texts([line[x] for line in block], one))
        except CellError as error:
            error.row = row + (error.row or 0)
            raise
    ids = draft.ids(row, row + height)
    change = Change()
    if missing := height - len(ids):
        added = draft.new_ids(missing)
        change, ids = draft.inserting(draft.shown_rows, added), np.concatenate([ids, added])
    patches = {
        one.uid: Patch.of(ids, _objects(texts)) for one, texts in zip(into, values, strict=True)
    }
    return Operation(f"Paste {counted(height * width, 'cell')}", replace(change, cells=patches))


def insert_rows(draft: Draft, at: int, count: int) -> Operation | None:
    """Insert empty rows before one, or after the last.

    Raises
    ------
    ValidationError
        They are too many.
    """
    most = min(MOST_ROWS, MOST_CELLS // max(len(draft.columns), 1))
    if count > most:
        raise ValidationError(f"At most {most:,} rows are inserted at once, not {count:,}.")
    if count < 1:
        return None
    return Operation(f"Insert {counted(count, 'row')}", draft.inserting(at, draft.new_ids(count)))


def delete_rows(draft: Draft, rows: Range) -> Operation | None:
    """Delete the rows of a range."""
    count = len(draft.ids(*rows))
    if not count:
        return None
    return Operation(f"Delete {counted(count, 'row')}", draft.deleting(*rows))


def rename(draft: Draft, uid: str, name: str) -> Operation | None:
    """Give a column another name.

    Raises
    ------
    ValidationError
        It is taken, or none.
    """
    column = draft.column(uid)
    if name == column.name:
        return None
    _check_name(draft, name)
    renamed = [one.renamed(name) if one is column else one for one in draft.columns]
    return Operation(f"Rename {column.name}", Change(columns=tuple(renamed)))


def move(draft: Draft, uid: str, to: int) -> Operation | None:
    """Put a column at another place among the others."""
    column = draft.column(uid)
    order = [one for one in draft.columns if one is not column]
    order.insert(to, column)
    if tuple(order) == draft.columns:
        return None
    return Operation(f"Move {column.name}", Change(columns=tuple(order)))


def add_column(draft: Draft, name: str, kind: str, at: int) -> Operation:
    """Add an empty column at a place.

    Parameters
    ----------
    draft : Draft
        What is edited.
    name : str
        Its name, which no other column has.
    kind : str
        One of :data:`~plotly_nbext.notebook.sheet.kinds.ADDED`.
    at : int
        Its place.

    Raises
    ------
    ValidationError
        The name or the kind is none.
    """
    _check_name(draft, name)
    if kind not in ADDED:
        raise ValidationError(
            f"{kind!r} is no kind of column; write one of {', '.join(ADDED)}.", field="kind"
        )
    columns = list(draft.columns)
    columns.insert(at, Column(draft.new_uid(), name, added_kind(kind)))
    return Operation(f"Add {name}", Change(columns=tuple(columns)))


def delete_columns(draft: Draft, uids: Sequence[str]) -> Operation | None:
    """Delete columns.

    Raises
    ------
    ValidationError
        None would be left.
    """
    columns = [draft.column(uid) for uid in uids]
    if not columns:
        return None
    if len(columns) == len(draft.columns):
        raise ValidationError("A grid has at least one column.")
    label = columns[0].name if len(columns) == 1 else counted(len(columns), "column")
    return Operation(f"Delete {label}", draft.without_columns({one.uid for one in columns}))


def _range(draft: Draft, rows: Range, columns: Range) -> tuple[Ids, tuple[Column, ...]]:
    ids, some = draft.ids(*rows), draft.columns[slice(*columns)]
    if len(ids) * len(some) > MOST_CELLS:
        raise ValidationError(
            f"At most {MOST_CELLS:,} cells are changed at once, not {len(ids):,} × {len(some):,}."
        )
    return ids, some


def _on_cells(verb: str, ids: Ids, patches: dict[str, Patch]) -> Operation | None:
    cell_count = len(ids) * len(patches)
    if not cell_count:
        return None
    return Operation(f"{verb} {counted(cell_count, 'cell')}", Change(cells=patches))


def _objects(values: Iterable[Any]) -> Any:
    """Make an array that holds lists as they are."""
    held = list(values)
    return np.fromiter(held, dtype=object, count=len(held))


def _check_name(draft: Draft, name: str) -> None:
    if not name.strip():
        raise ValidationError("A column needs a name.", field="name")
    try:
        json.dumps(name)
    except ValueError as error:
        raise ValidationError(f"{cut(name)!r} can't be a name: {error}.", field="name") from None
    if any(column.name == name for column in draft.columns):
        raise ValidationError(f"There is a column named {cut(name)!r} already.", field="name")
