"""Where the cursor is on a magic's line."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final, NamedTuple

from plotly_nbext.notebook.magics.line import TOKEN

if TYPE_CHECKING:
    from collections.abc import Iterable

__all__ = ["Cursor", "find"]

_TARGET: Final = r"(?P<target>[^%#]*?[^%#=!<>]=[ \t]*)?"


class Cursor(NamedTuple):
    """What stands around the cursor.

    Attributes
    ----------
    magic : str
        The magic's name.
    words : list of str
        The whole words between the name and the cursor; quotes are still on.
    word : str
        What is written of the word at the cursor, up to it.
    quote : str
        The quote that is open in that word, or nothing.
    after : str
        What stands behind the cursor.
    is_cell : bool
        Whether it is a cell magic's line.
    """

    magic: str
    words: list[str]
    word: str
    quote: str
    after: str
    is_cell: bool


def find(cell: str, line: int, column: int, magics: Iterable[str]) -> Cursor | None:
    """Find the cursor on the line of one of the magics.

    Parameters
    ----------
    cell : str
        The text of the cell.
    line, column : int
        Where in it the cursor is.
    magics : iterable of str
        The names of the magics.

    Returns
    -------
    Cursor or None
        None where it is elsewhere, also in a comment at the line's end.
    """
    lines = cell.split("\n")
    before, after = lines[line][:column], lines[line][column:]
    names = "|".join(map(re.escape, magics))
    start = re.match(
        rf"\s*(?:%time[ \t]+)?{_TARGET}(?P<escape>%{{0,2}})(?P<name>{names})[ \t]+", before
    )
    if start is None:
        return None
    is_cell = start["escape"] == "%%"
    if start["target"] and start["escape"] != "%":
        return None
    if is_cell and "".join(lines[:line]).strip():
        return None
    words, word, quote = _cut(before[start.end() :])
    if word.startswith("#") or any(each.startswith("#") for each in words):
        return None
    return Cursor(start["name"], words, word, quote, after, is_cell)


def _cut(text: str) -> tuple[list[str], str, str]:
    """Cut a line that is not at its end into whole words, the last word, and its open quote."""
    words, word, depth = [], "", 0
    for token in TOKEN.finditer(text):
        kind, part = token.lastgroup, token.group()
        if kind == "space" and not depth:
            words += [word] if word else []
            word = ""
        elif kind == "other" and part in "\"'":
            return words, word + text[token.start() :], "" if depth else part
        else:
            depth += {"opener": 1, "closer": -1}.get(kind or "", 0)
            word += part
    return words, word, ""
