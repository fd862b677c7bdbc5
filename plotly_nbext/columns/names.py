"""The names of a grid's columns, which are unique strings, for any labels a frame may have."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from plotly_nbext.columns import json

if TYPE_CHECKING:
    from collections.abc import Iterable

__all__ = ["clean", "column_names", "why_no_name"]

_NUL = "\0"
_REPLACEMENT = "\N{REPLACEMENT CHARACTER}"


def why_no_name(text: str) -> str | None:
    """Tell why a text can't be the name of a column; None if it can."""
    if _NUL in text:  # which C's strings, so Arrow's, and PostgreSQL's can't have
        return "it has a NUL character"
    try:
        json.dumps(text)
    except ValueError as error:
        return str(error)
    return None


def clean(text: str) -> str:
    """Put the replacement character in the place of each NUL."""
    return text.replace(_NUL, _REPLACEMENT)


def column_names(labels: Iterable[Any]) -> list[str]:
    """Name the columns of a grid.

    Parameters
    ----------
    labels : iterable of hashable
        The labels of a frame's columns.

    Returns
    -------
    list of str
        The text of each label, the levels of a MultiIndex joined by " / ". The first of several
        equal texts is left as it is, the others get " (2)", " (3)", …
    """
    texts = [_text(label) for label in labels]
    taken = set(texts)
    last: dict[str, int] = {}
    names = []
    for text in texts:
        number = last.get(text, 0) + 1
        name = text
        while number > 1 and (name := f"{text} ({number})") in taken:
            number += 1
        last[text] = number
        taken.add(name)
        names.append(name)
    return names


def _text(label: Any) -> str:
    if isinstance(label, tuple):
        return " / ".join(part for part in map(str, label) if part)
    return str(label)
