"""A magic's line, cut into words without breaking the Python in it.

IPython's own splitter cuts ``px.scatter(df, x="a b")`` in two and leaves the quotes on the values
of options. Here a word ends at white space outside quotes and brackets, so that argparse can tell
the options from an expression, and an expression is put together again unchanged in meaning.
"""

from __future__ import annotations

import re
from typing import NamedTuple

from IPython.core.error import UsageError

__all__ = ["Line", "split", "unquote"]

_TOKEN = re.compile(
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
    for token in _TOKEN.finditer(line):
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
    """

    def inside(token: re.Match[str]) -> str:
        quote = token["quote"]
        if quote is None:
            return token.group()
        body = token.group()[len(quote) : -len(quote)]
        return body.replace(f"\\{quote}", quote)

    return _TOKEN.sub(inside, word)
