"""The kinds of values that options take, and reading a line's options with them."""

from __future__ import annotations

import argparse
import keyword
import math
from typing import TYPE_CHECKING

from plotly_nbext.notebook.magics.line import unquote

if TYPE_CHECKING:
    from plotly_nbext.notebook.magics.scope import Scope

__all__ = ["parse", "pixels", "scale", "template", "variable"]


class Template(str):
    """Text in which ``{expression}`` is yet to be filled in, as in an f-string."""

    __slots__ = ()


def template(word: str) -> Template:
    """Read text that may hold expressions; :func:`parse` fills them in."""
    return Template(unquote(word))


def variable(word: str) -> str:
    """Read the name of a variable to keep a result in."""
    name = unquote(word)
    if not name.isidentifier() or keyword.iskeyword(name):
        raise argparse.ArgumentTypeError(f"{name!r} can't be the name of a variable")
    return name


def pixels(word: str) -> int:
    """Read a positive number of CSS pixels."""
    value = unquote(word)
    if not value.isdecimal() or int(value) == 0:
        raise argparse.ArgumentTypeError(f"{value!r} is not a whole number of pixels above 0")
    return int(value)


def scale(word: str) -> float:
    """Read a positive factor from CSS pixels to an image's own pixels."""
    value = unquote(word)
    try:
        factor = float(value)
    except ValueError:
        factor = math.nan
    if not 0 < factor < math.inf:
        raise argparse.ArgumentTypeError(f"{value!r} is not a number above 0")
    return factor


def parse(parser: argparse.ArgumentParser, words: list[str], scope: Scope) -> argparse.Namespace:
    """Read a line's words: options and the words of an expression, in any order.

    Raises
    ------
    UsageError
        When the words don't fit the parser, or a template can't be filled in.
    """
    args = parser.parse_intermixed_args(words)
    for name, value in vars(args).items():
        if isinstance(value, Template):
            setattr(args, name, scope.fill(value))
    return args
