"""The kinds of values that options take, and reading a line's options with them."""

from __future__ import annotations

import argparse
import keyword
import math
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from plotly_nbext.notebook.magics.parser import Parser
    from plotly_nbext.notebook.magics.scope import Scope

__all__ = ["parse", "pixels", "scale", "variable"]


def variable(name: str) -> str:
    """Read the name of a variable to keep a result in."""
    if not name.isidentifier() or keyword.iskeyword(name):
        raise argparse.ArgumentTypeError(f"{name!r} can't be the name of a variable")
    return name


def pixels(text: str) -> int:
    """Read a positive number of CSS pixels; what ``{width * 1.5}`` gives may end in ``.0``."""
    number = _number(text)
    if not (0 < number < math.inf and number.is_integer()):
        raise argparse.ArgumentTypeError(f"{text!r} is not a whole number of pixels above 0")
    return int(number)


def scale(text: str) -> float:
    """Read a positive factor from CSS pixels to an image's own pixels."""
    factor = _number(text)
    if not 0 < factor < math.inf:
        raise argparse.ArgumentTypeError(f"{text!r} is not a number above 0")
    return factor


def _number(text: str) -> float:
    try:
        return float(text)
    except ValueError:
        return math.nan


def parse(parser: Parser, words: list[str], scope: Scope, **defaults: Any) -> argparse.Namespace:
    """Read a line's words: options and the words of an expression, in any order.

    Parameters
    ----------
    parser : Parser
        The command line.
    words : list of str
        What is written on it.
    scope : Scope
        Where the expressions in the values are evaluated.
    **defaults
        Values of options that are not written, in place of the options' own.

    Raises
    ------
    UsageError
        When the words don't fit the parser, or a value can't be filled in.
    """
    __tracebackhide__ = True
    known = {action.dest for action in parser.arguments}
    args = argparse.Namespace(**{name: defaults[name] for name in known & defaults.keys()})
    return parser.parse_words(words, scope.fill, args)
