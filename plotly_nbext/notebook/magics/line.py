"""A magic's line, cut into words without breaking the Python in it.

IPython's own splitter cuts ``px.scatter(df, x="a b")`` in two and leaves the quotes on the values
of options. Here a word ends at white space outside quotes and brackets, so that argparse can tell
the options from an expression, and an expression is put together again unchanged in meaning.
"""

from __future__ import annotations

import re
from typing import NamedTuple

from plotly_nbext.notebook.magics.usage import UsageError

__all__ = ["TOKEN", "Line", "split", "unquote"]

TOKEN = re.compile(
    r"""
    (?P<string> (?P<quote>\"{3}|'{3}|\"|') (?:\\.|(?!(?P=quote)).)* (?P=quote) )
    | (?P<opener> [(\[{] )
    | (?P<closer> [)\]}] )
    | (?P<space> \s+ )
    | (?P<other> . )
    """,
    re.DOTALL | re.VERBOSE,
)
_CLOSERS = {"(": ")", "[": "]", "{": "}"}


class Line(NamedTuple):
    """A magic's line.

    Attributes
    ----------
    words : list of str
        What argparse reads; quotes are still on.
    silent : bool
        Whether the line ends with ``;``, which asks for no output.
    """

    words: list[str]
    silent: bool


def split(line: str) -> Line:
    """Cut a line at white space that is outside quotes and brackets.

    A ``#`` at the start of a word begins a comment, as in Python.

    Parameters
    ----------
    line : str
        What follows the name of the magic.

    Returns
    -------
    Line
        Its words, and whether it ends with ``;``.

    Raises
    ------
    UsageError
        When a quote or a bracket has no partner.
    """
    words: list[str] = []
    word = ""
    opened: list[str] = []
    for token in TOKEN.finditer(line):
        kind, part = token.lastgroup, token.group()
        if kind == "space" and not opened:
            words += [word] if word else []
            word = ""
            continue
        if kind == "other" and part == "#" and not word and not opened:
            break
        if kind == "other" and part in "\"'":
            raise _unmatched(part, line)
        if kind == "opener":
            opened.append(part)
        elif kind == "closer" and (not opened or _CLOSERS[opened.pop()] != part):
            raise _unmatched(part, line)
        word += part
    if opened:
        raise _unmatched(opened[-1], line)
    words += [word] if word else []
    silent = bool(words) and words[-1].endswith(";")
    if silent:
        words[-1] = words[-1].rstrip(";")
    return Line([word for word in words if word], silent)


def _unmatched(character: str, line: str) -> UsageError:
    return UsageError(
        f"{character} has no partner in: {line.strip()}\n"
        "Put quotes around an option's value that holds quotes or brackets."
    )


def unquote(word: str) -> str:
    r"""Take the quotes off an option's value, as a shell does.

    Backslashes stay, for the sake of Windows paths; only ``\"`` inside ``"…"`` gives the quote.
    Quotes inside ``{…}`` are Python's.
    """
    text, depth = "", 0
    for token in TOKEN.finditer(word):
        quote, part = token["quote"], token.group()
        if quote is not None and not depth:
            part = part[len(quote) : -len(quote)].replace(f"\\{quote}", quote)
        depth = max(0, depth + {"{": 1, "}": -1}.get(token.group(), 0))
        text += part
    return text
