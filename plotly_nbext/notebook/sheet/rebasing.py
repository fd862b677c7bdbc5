"""Edits that are put over another state of the grid than the one that they were made on."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from plotly_nbext.errors import Conflict
from plotly_nbext.notebook.sheet.draft import Draft
from plotly_nbext.notebook.sheet.errors import Stale
from plotly_nbext.notebook.sheet.kinds import kind_of
from plotly_nbext.notebook.sheet.recognising import are_the_same, edited_by_both, touched_rows
from plotly_nbext.notebook.sheet.texts import cut, text_of
from plotly_nbext.notebook.tables import size_of

if TYPE_CHECKING:
    from plotly_nbext.notebook.sheet.change import Column
    from plotly_nbext.notebook.sheet.kinds import Kind
    from plotly_nbext.notebook.sheet.reading import Stored

__all__ = ["conflict", "rebased"]

# so many of those that others have changed too are named
MOST_CELLS: Final = 3


def rebased(draft: Draft, stored: Stored) -> Draft:
    """Put the edits of a draft over what the grid is now.

    Raises
    ------
    Conflict
        The rows that were edited are not where they were, or a column that was edited is gone or
        of another type.
    """
    _check(draft, stored)
    after = Draft(stored)
    after.take_over(draft, _columns_over(draft, after))
    return after


def conflict(draft: Draft, stored: Stored, path: str) -> dict[str, Any]:
    """Tell what others made of a grid, and whether the edits of a draft can be put over it.

    Returns
    -------
    dict
        The ``message``, ``can_rebase``, and ``mine`` and ``theirs``: the numbers of ``rows`` and
        ``columns`` that were read first and that there are now.
    """
    mine, theirs = _size(draft.stored), _size(stored)
    detail = "" if mine == theirs else f" It has {size_of(stored.columns, stored.row_count)} now."
    detail += _columns_told(draft.stored, stored)
    can_rebase = True
    try:
        rebased(draft, stored)
    except Conflict as error:
        detail, can_rebase = f" {error.message}", False
    else:
        detail += _told(draft, edited_by_both(draft, stored))
    return {
        "message": f"{Stale(path).message}{detail}",
        "can_rebase": can_rebase,
        "mine": mine,
        "theirs": theirs,
    }


def _columns_told(before: Stored, now: Stored) -> str:
    """Name columns that others have changed, as far as nothing has to be read for it."""
    old, new = ({one.uid: one for one in stored.columns} for stored in (before, now))
    both = [uid for uid in old if uid in new]
    changed = [
        uid
        for uid in both
        if before.row_count == now.row_count and not before.head[uid].equals(now.head[uid])
    ]
    told = [
        _named("new", [new[uid].name for uid in new if uid not in old]),
        _named("gone", [old[uid].name for uid in old if uid not in new]),
        *(
            f"{old[uid].name!r} is named {new[uid].name!r}"
            for uid in both[:MOST_CELLS]
            if old[uid].name != new[uid].name
        ),
        _named("with other values", [new[uid].name for uid in changed]),
    ]
    words = "; ".join(filter(None, told))
    return f" Columns: {words}." if words else ""


def _named(what: str, names: list[str]) -> str:
    if not names:
        return ""
    more = f" and {len(names) - MOST_CELLS:,} more" if len(names) > MOST_CELLS else ""
    return f"{what} {', '.join(map(repr, names[:MOST_CELLS]))}{more}"


def _size(stored: Stored) -> dict[str, int]:
    return {"rows": stored.row_count, "columns": len(stored.columns)}


def _told(draft: Draft, both: list[tuple[str, int, Any]]) -> str:
    """Name cells that others have changed too."""
    if not both:
        return ""
    cells = []
    for uid, row, value in both[:MOST_CELLS]:
        column = draft.column(uid)
        now = "empty" if value is None else cut(text_of(value, column.kind))
        cells.append(f"{column.name!r} in row {row} is {now} now")
    more = f" and {len(both) - MOST_CELLS:,} more" if len(both) > MOST_CELLS else ""
    return f" Cells that you edited were changed too: {', '.join(cells)}{more}."


def _check(draft: Draft, stored: Stored) -> None:
    """Refuse to put edits over a grid that they do not fit any more."""
    before = draft.stored
    names = {column.uid: column.name for column in before.columns}
    now = {column.uid: column for column in stored.columns}
    for column in draft.columns:
        is_edited = len(draft.edited(column.uid).ids) > 0
        is_touched = is_edited or names.get(column.uid) != column.name
        if column.uid not in names or not is_touched:
            continue
        if column.uid not in now:
            raise Conflict(f"The column {column.name!r}, which was edited, is gone.")
        kind = kind_of(now[column.uid], stored.head[column.uid])
        if is_edited and not _fits(draft, column, kind):
            raise Conflict(
                f"The column {column.name!r}, which was edited, is of another type: {kind.word}."
            )
    if draft.rows is not None and stored.row_count < before.row_count:
        raise Conflict(_rows_words(before, stored))
    if not are_the_same(touched_rows(draft), before, stored):
        raise Conflict(_rows_words(before, stored))


def _fits(draft: Draft, column: Column, kind: Kind) -> bool:
    """Tell whether what was edited of a column can be in it as it is now."""
    if kind == column.kind or kind.name == "anything":
        return True
    if kind.name != column.kind.name and not {kind.name, column.kind.name} <= _NUMBERS:
        return False
    try:
        kind.fitted(draft.edited(column.uid).values.tolist())
    except ValueError:
        return False
    return True


_NUMBERS: Final = frozenset({"integer", "number"})


def _rows_words(before: Stored, stored: Stored) -> str:
    if stored.row_count == before.row_count:
        return "Its rows were changed, among which those that were edited can't be told."
    return (
        f"It has {stored.row_count:,} rows now, not {before.row_count:,}, among which those that "
        "were edited can't be told."
    )


def _columns_over(draft: Draft, after: Draft) -> tuple[Column, ...]:
    """Give the columns that the grid has now what was done to those that it had."""
    before = {column.uid: column.name for column in draft.stored.columns}
    theirs = {column.uid: column for column in after.columns}
    mine = []
    for column in draft.columns:
        now = theirs.get(column.uid)
        if now is not None:
            is_renamed = column.name != before[column.uid]
            mine.append(now.renamed(column.name) if is_renamed else now)
        elif column.uid not in before:
            mine.append(column)
    uids = [column.uid for column in draft.columns]
    if uids == [uid for uid in before if uid in uids]:  # where they lie is not edited
        mine_by_uid = {column.uid: column for column in mine}
        mine = [
            mine_by_uid.get(uid, one)
            for uid, one in theirs.items()
            if uid in mine_by_uid or uid not in before
        ]
        new = []
    else:
        new = [column for uid, column in theirs.items() if uid not in before]
    names = [column.name for column in [*mine, *new]]
    if len(set(names)) < len(names):
        twice = next(name for name in names if names.count(name) > 1)
        raise Conflict(f"There are two columns {twice!r} now.")
    return (*mine, *new)
