"""A grid's cells as text, and its first rows as HTML for where no widget can live."""

from __future__ import annotations

import re
from html import escape
from typing import TYPE_CHECKING, Any, Final

from plotly_nbext.columns import json

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

__all__ = ["cell_text", "column_type", "preview_html"]

MOST_ROWS: Final = 10
MOST_COLUMNS: Final = 20
MOST_CHARACTERS: Final = 250

_DATE = re.compile(r"\d{4}-\d\d-\d\d")
_DATETIME = re.compile(r"\d{4}-\d\d-\d\d[T ]\d\d:\d\d.*")


def cell_text(value: Any) -> str | None:
    """Write a cell's value as people read it.

    Parameters
    ----------
    value : Any
        A JSON value of a grid.

    Returns
    -------
    str or None
        Its text, in at most 250 characters; None for null. Integers keep all of their digits,
        which JavaScript's numbers would not.
    """
    if value is None:
        return None
    text = value if isinstance(value, str) else json.dumps(value).decode()
    return text if len(text) <= MOST_CHARACTERS else f"{text[: MOST_CHARACTERS - 1]}…"


def column_type(values: Iterable[Any]) -> str:
    """Infer the type of a column from some of its JSON values.

    Parameters
    ----------
    values : iterable
        JSON values; nulls say nothing.

    Returns
    -------
    str
        ``boolean``, ``integer``, ``number``, ``date``, ``datetime``, ``text``, ``mixed``, or
        ``empty`` when there is no value.
    """
    types = {_value_type(value) for value in values if value is not None}
    for wider in ({"integer", "number"}, {"date", "datetime"}, {"date", "datetime", "text"}):
        if len(types) > 1 and types <= wider:
            return max(types & wider, key=["integer", "number", "date", "datetime", "text"].index)
    if len(types) > 1:
        return "mixed"
    return types.pop() if types else "empty"


def _value_type(value: Any) -> str:
    if isinstance(value, bool):
        return "boolean"
    if isinstance(value, int):
        return "integer"
    if isinstance(value, float):
        return "number"
    if not isinstance(value, str):
        return "mixed"
    if _DATE.fullmatch(value):
        return "date"
    return "datetime" if _DATETIME.fullmatch(value) else "text"


def preview_html(columns: Sequence[str], rows: Sequence[Sequence[Any]], row_count: int) -> str:
    """Make an HTML table of a grid's first rows that needs no script and no style sheet.

    Parameters
    ----------
    columns : sequence of str
        The names of the columns.
    rows : sequence of sequence
        The first rows, as JSON values in the order of the columns. At most ten are shown, and
        at most twenty columns; the types are inferred from all that are given.
    row_count : int
        The number of rows of the whole grid.

    Returns
    -------
    str
        The table and a line with the grid's size. Every name and value is escaped.
    """
    shown = min(len(columns), MOST_COLUMNS)
    rest = "<th>…</th>" if shown < len(columns) else ""
    names = "".join(f"<th>{escape(name)}</th>" for name in columns[:shown])
    types = "".join(
        f"<td><small>{column_type(row[x] for row in rows)}</small></td>" for x in range(shown)
    )
    body = "".join(
        f"<tr><th>{y}</th>{''.join(map(_cell_html, row[:shown]))}{rest and '<td></td>'}</tr>"
        for y, row in enumerate(rows[:MOST_ROWS])
    )
    return (
        '<div><table border="1" class="dataframe"><thead>'
        f"<tr><th></th>{names}{rest}</tr><tr><th></th>{types}{rest and '<td></td>'}</tr>"
        f"</thead><tbody>{body}</tbody></table>"
        f"<p>{row_count:,} rows × {len(columns):,} columns</p></div>"
    )


def _cell_html(value: Any) -> str:
    return f"<td>{escape(cell_text(value) or '')}</td>"
