"""The words that a line reads as text: how they are written, and what is written."""

from __future__ import annotations

import re
from typing import Final

from plotly_nbext.notebook.magics.line import unquote

__all__ = ["typed", "written"]

_NEEDS_QUOTES: Final = re.compile(r"""^[#-]|[\s"'()\[\]{}]|;$""")


def typed(word: str, quote: str) -> str | None:
    """Read a word that may not be at its end.

    Parameters
    ----------
    word : str
        What is written of it.
    quote : str
        The quote that is open in it, or nothing.

    Returns
    -------
    str or None
        The text; None where it holds an expression, whose value nobody knows yet.
    """
    text = unquote(word + quote)
    plain = text.replace("{{", "").replace("}}", "")
    return None if "{" in plain or "}" in plain else text.replace("{{", "{").replace("}}", "}")


def written(text: str, quote: str, *, after: str = "", goes_on: bool = False) -> str:
    """Write a text as a word that the line's splitter reads as it is.

    Parameters
    ----------
    text : str
        The text.
    quote : str
        The quote that the user has begun with, or nothing.
    after : str
        What stands behind the cursor.
    goes_on : bool
        Whether more is to be written of the word: its quote stays open.
    """
    text = text.replace("{", "{{").replace("}", "}}")
    if not quote and not _NEEDS_QUOTES.search(text):
        return text
    if not quote:
        quote = "'" if '"' in text and "'" not in text else '"'
    end = "" if goes_on or after.startswith(quote) else quote
    return quote + text.replace(quote, f"\\{quote}") + end
