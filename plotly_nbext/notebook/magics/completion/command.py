"""What a command line takes at the cursor, by its parser."""

from __future__ import annotations

import argparse
from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from plotly_nbext.notebook.magics.completion.cursor import Cursor
    from plotly_nbext.notebook.magics.parser import Parser

__all__ = ["Expected", "expected"]


class Expected(NamedTuple):
    """What may stand at the cursor.

    Attributes
    ----------
    actions : list of argparse.Action
        The arguments of which it is a value, the likeliest first.
    word : str
        What is written of the value.
    options : list of str
        The options that may stand there.
    arguments : list of str
        The words before the cursor that are no options.
    values : dict
        The words that were given to options, by the options' ``dest``.
    """

    actions: list[argparse.Action]
    word: str
    options: list[str]
    arguments: list[str]
    values: dict[str, list[str]]


def expected(parser: Parser, words: list[str], cursor: Cursor) -> Expected:
    """Read the words before the cursor and tell what may come.

    Parameters
    ----------
    parser : Parser
        The command line.
    words : list of str
        The words that it reads.
    cursor : Cursor
        Where the next one is.
    """
    arguments: list[str] = []
    values: dict[str, list[str]] = {}
    pending: argparse.Action | None = None
    for word in words:
        if pending is not None:
            values[pending.dest].append(word)
            pending = None
            continue
        action, value = _option(parser, word)
        if action is None:
            arguments.append(word)
            continue
        values.setdefault(action.dest, []).extend([] if value is None else [value])
        pending = action if value is None and _takes_value(action) else None
    if pending is not None:
        return Expected([pending], cursor.word, [], arguments, values)
    action, value = _option(parser, cursor.word)
    if action is not None and value is not None and "=" in cursor.word:
        return Expected([action], value, [], arguments, values)
    given = {*values}
    for word in cursor.after.split():
        action, _ = _option(parser, word)
        given |= {action.dest} if action else set()
    options = [
        option
        for action in parser.arguments
        if _is_taken(action) and (action.dest not in given or _is_repeatable(action))
        for option in action.option_strings
    ]
    actions = _positionals(parser, len(arguments))
    return Expected(actions, cursor.word, options, arguments, values)


def _option(parser: Parser, word: str) -> tuple[argparse.Action | None, str | None]:
    """Find the option that a word is, and its value where that is in the same word."""
    if not word.startswith("-"):
        return None, None
    name, equals, value = word.partition("=")
    by_name = {option: each for each in parser.arguments for option in each.option_strings}
    if name not in by_name and not name.startswith("--") and _takes_value(by_name.get(word[:2])):
        return by_name[word[:2]], word[2:]
    meant = [name] if name in by_name else [each for each in by_name if each.startswith(name)]
    is_one = len({id(by_name[each]) for each in meant}) == 1 and (
        name in by_name or name.startswith("--")
    )
    return (by_name[meant[0]], value if equals else None) if is_one else (None, None)


def _takes_value(action: argparse.Action | None) -> bool:
    return action is not None and action.nargs != 0


def _is_taken(action: argparse.Action) -> bool:
    """Tell whether an option is there for more than an error that says what to do instead."""
    return action.help != argparse.SUPPRESS


def _is_repeatable(action: argparse.Action) -> bool:
    # argparse tells its kinds of actions apart by classes that it keeps to itself
    return type(action).__name__ in {"_AppendAction", "_CountAction", "_ExtendAction"}


def _positionals(parser: Parser, place: int) -> list[argparse.Action]:
    """List the positional arguments that a word may be of, by how many stand before it."""
    positionals = [action for action in parser.arguments if not action.option_strings]
    for at, action in enumerate(positionals):
        if action.nargs in {"+", "*"}:
            rest = positionals[at + 1 :]
            return [action] if place == at else [*rest[:1], action]
        if place == at:
            return [action]
    return []
