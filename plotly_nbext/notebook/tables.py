"""The first rows of a grid as a table, for where no widget can live.

GitHub leaves of HTML neither classes nor styles, but ``align``, ``dir`` and ``scope``; JupyterLab's
own style puts all cells to the right that have no style themselves.
"""

from __future__ import annotations

import re
from html import escape
from typing import TYPE_CHECKING, Any, Final, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

__all__ = [
    "CAPTION_STYLE",
    "LEFT_STYLE",
    "MOST_COLUMNS",
    "MOST_ROWS",
    "Head",
    "column_type",
    "counted",
    "html_table",
    "size_of",
    "text_table",
]

# as in grid_table.js
NUMBERS: Final = frozenset({"integer", "number", "duration"})

MOST_ROWS: Final = 10
MOST_COLUMNS: Final = 20

# of a line of text, as wide as a terminal
MOST_CHARACTERS: Final = 80
MOST_CHARACTERS_OF_A_CELL: Final = 24

_DATE = re.compile(r"\d{4}-\d\d-\d\d")
_DATETIME = re.compile(r"\d{4}-\d\d-\d\d[T ]\d\d:\d\d.*")


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


class Head(NamedTuple):
    """What stands above a column."""

    name: str
    type: str
    kind: str
    """What its values are; the page's front end knows them by the same words."""

    @property
    def is_number(self) -> bool:
        """Whether its values are written to the right."""
        return self.kind in NUMBERS


def html_table(
    title: str,
    heads: Sequence[Head],
    texts: Sequence[Sequence[str | None]],
    row_count: int,
    *,
    note: str = "",
    most: tuple[int, int] = (MOST_ROWS, MOST_COLUMNS),
) -> str:
    """Make an HTML table of a grid's first rows that needs no script and no style sheet.

    It is one line, for Markdown reads what follows an empty one as Markdown again.

    Parameters
    ----------
    title : str
        What the grid is called.
    heads : sequence of Head
        The columns.
    texts : sequence of sequence of str or None
        The first cells of each column; None for null. An empty text is shown as ``""``.
    row_count : int
        The number of rows of the whole grid.
    note : str
        What else is to be said below it.
    most : (int, int)
        How many rows and columns are shown, whatever is given.

    Returns
    -------
    str
        The table, with the grid's size and what of it is shown. Names and values are escaped.
    """
    rows, columns = most
    heads_shown = heads[:columns]
    few = [column[:rows] for column in texts[:columns]]
    rest, none = ("<th>…</th>", "<td></td>") if len(heads) > columns else ("", "")
    names = "".join(map(_head, heads_shown))
    body = "".join(
        f'<tr><th scope="row" align="right">{y}</th>'
        f"{''.join(map(_cell, row, heads_shown))}{none}</tr>"
        for y, row in enumerate(zip(*few, strict=True))
    )
    caption = f'<b dir="auto">{_safe(title)}</b>: {size_of(heads, row_count)}'
    said = " ".join(
        filter(None, [_part(len(few[0]) if few else 0, row_count, heads, columns), note])
    )
    return (
        f'<div class="pnx-rows"><table border="1" class="dataframe">'
        f'<caption align="left" style="{CAPTION_STYLE}">{caption}</caption>'
        f"<thead><tr><td></td>{names}{rest}</tr></thead><tbody>{body}</tbody></table>"
        f"{said and f'<p>{said}</p>'}</div>"
    )


def text_table(heads: Sequence[Head], texts: Sequence[Sequence[str | None]], row_count: int) -> str:
    """Write a grid's first rows as lines of text.

    Parameters
    ----------
    heads, texts, row_count
        As :func:`html_table` takes them.

    Returns
    -------
    str
        The names, the rows and what is missing; as many columns as a line has room for.
    """
    shown = min(len(texts[0]), MOST_ROWS) if texts else 0
    lines = ["", *map(str, range(shown))]
    columns = [_pad(lines, is_number=True)]
    room = MOST_CHARACTERS - len(columns[0][0])
    for head, column in zip(heads, texts, strict=False):
        cells = [_plain(text) for text in (head.name, *column[:shown])]
        padded = _pad(cells, is_number=head.is_number)
        room -= len(padded[0]) + 2
        if room < 0:
            break
        columns.append(padded)
    if len(columns) <= len(heads):
        columns.append(["…"] * (shown + 1))
    more = ["…"] if shown < row_count else []
    return "\n".join([*("  ".join(cells).rstrip() for cells in zip(*columns, strict=True)), *more])


def size_of(columns: Sequence[object], row_count: int) -> str:
    """Say how large a grid is."""
    return f"{counted(row_count, 'row')} × {counted(len(columns), 'column')}"


def counted(number: int, noun: str) -> str:
    """Write how many there are of something."""
    return f"{number:,} {noun}{'' if number == 1 else 's'}"


def _part(rows: int, row_count: int, heads: Sequence[Head], columns: int) -> str:
    """Say what is shown, unless it is all."""
    first = [f"{rows:,} of {counted(row_count, 'row')}"] if rows < row_count else []
    first += [f"{columns:,} of {len(heads):,} columns"] if columns < len(heads) else []
    return f"The first {' and '.join(first)}." if first else ""


LEFT_STYLE: Final = "text-align:left"
# a caption is as wide as its table, which may be narrow
CAPTION_STYLE: Final = f"{LEFT_STYLE};white-space:nowrap"

_LEFT: Final = f' align="left" style="{LEFT_STYLE}"'
_RIGHT: Final = ' align="right"'


def _side(head: Head) -> str:
    return _RIGHT if head.is_number else _LEFT


def _head(head: Head) -> str:
    name, word = _safe(head.name), _safe(head.type)
    return f'<th scope="col"{_side(head)}>{name}<br/><small>{word}</small></th>'


def _cell(text: str | None, head: Head) -> str:
    if text is None:
        return "<td></td>"
    way = ' dir="auto"' if _RIGHT_TO_LEFT.search(text) else ""
    return f"<td{_side(head)}{way}>{_safe(text) or _EMPTY}</td>"


def _safe(text: str) -> str:
    """Write a text as HTML that no reader takes for markup, or for mathematics."""
    return escape(text.replace("\r\n", "\n").translate(_VISIBLE)).translate(_NO_MATHEMATICS)


def _plain(text: str | None) -> str:
    if text is None:
        return ""
    line = text.replace("\r\n", "\n").translate(_VISIBLE).translate(_NO_TURNS) or '""'
    most = MOST_CHARACTERS_OF_A_CELL
    return line if len(line) <= most else f"{line[: most - 1]}…"


def _pad(cells: Sequence[str], *, is_number: bool) -> list[str]:
    width = max(map(len, cells))
    return [cell.rjust(width) if is_number else cell.ljust(width) for cell in cells]


_EMPTY: Final = "&quot;&quot;"

# Control characters by their pictures, and halves of a character, which no file can hold.
_VISIBLE: Final = (
    {code: chr(0x2400 + code) for code in range(0x20)}
    | {0x7F: "\u2421"}
    | dict.fromkeys(range(0x80, 0xA0), "\ufffd")
    | dict.fromkeys(range(0xD800, 0xE000), "\ufffd")
    | dict.fromkeys(map(ord, "\n\r\u2028\u2029"), "↵")
)
# What turns the direction of all that follows: a cell of HTML ends that, a cell of text does not.
_NO_TURNS: Final = dict.fromkeys([*range(0x202A, 0x202F), *range(0x2066, 0x206A)], "\ufffd")
# MathJax looks for $…$, \\(…\\) and \\begin{…} within a text; GitHub leaves no class to forbid it.
_NO_MATHEMATICS: Final = str.maketrans({c: f"<span>{c}</span>" for c in "$\\"})

_RIGHT_TO_LEFT: Final = re.compile("[\u0590-\u08ff\ufb1d-\ufdff\ufe70-\ufeff\u202b\u202e\u2067]")
