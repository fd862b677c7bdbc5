"""What IPython asks when TAB is pressed."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any, Final

from IPython.core.completer import (
    MATCHES_LIMIT,
    SimpleCompletion,
    SimpleMatcherResult,
    context_matcher,
)

from plotly_nbext.notebook.magics.completion import cursor as cursors
from plotly_nbext.notebook.magics.completion.command import expected
from plotly_nbext.notebook.magics.completion.config import config_values
from plotly_nbext.notebook.magics.completion.look import Look
from plotly_nbext.notebook.magics.completion.values import PYTHON, Asked, Value, values_of
from plotly_nbext.notebook.magics.completion.words import typed, written

if TYPE_CHECKING:
    from IPython.core.completer import CompletionContext
    from IPython.core.interactiveshell import InteractiveShell

    from plotly_nbext.notebook.magics.completion.command import Expected
    from plotly_nbext.notebook.magics.completion.cursor import Cursor
    from plotly_nbext.notebook.magics.parser import Parser

__all__ = ["add", "take"]

IDENTIFIER: Final = "plotly_nbext.magics"
MAGICS: Final = ("plotly_render", "plotly_grid")

_NAME: Final = re.compile(r"(^|(?<=\{))(?!\d)\w+$")


def add(ip: InteractiveShell) -> None:
    """Have a shell complete the lines of the magics."""
    take(ip)
    ip.Completer.custom_matchers.append(_matcher(ip, Look(ip)))


def take(ip: InteractiveShell) -> None:
    """Take away what :func:`add` added."""
    for matcher in [*ip.Completer.custom_matchers]:
        if getattr(matcher, "matcher_identifier", None) == IDENTIFIER:
            ip.Completer.custom_matchers.remove(matcher)
            matcher.look.close()


class _Nothing(tuple[SimpleCompletion, ...]):
    """No completions, of which IPython thinks that there is one.

    Else it would offer Python's names, where none can stand.
    """

    __slots__ = ()

    def __len__(self) -> int:
        return 1


def _matcher(ip: InteractiveShell, look: Look) -> Any:
    @context_matcher(identifier=IDENTIFIER, priority=100)
    def match(context: CompletionContext) -> SimpleMatcherResult:
        cursor = cursors.find(
            context.full_text, context.cursor_line, context.cursor_position, MAGICS
        )
        if cursor is not None:
            result = _complete(cursor, ip, look)
        elif set_now := config_values(context.text_until_cursor, ip):
            word, values = set_now
            result = _result(word, [(value, "value") for value in values])
        else:
            result = None
        return result or SimpleMatcherResult(completions=[])

    matcher: Any = match
    matcher.look = look
    return matcher


def _complete(cursor: Cursor, ip: InteractiveShell, look: Look) -> SimpleMatcherResult | None:
    """Complete the word at the cursor; None leaves it to IPython."""
    from plotly_nbext.notebook.magics.commands import COMMANDS

    if cursor.magic == "plotly_grid" and not cursor.words:
        commands = [name for name in COMMANDS if name.startswith(cursor.word)]
        return _result(cursor.word, [(name, "command") for name in commands])
    parser, words = _command(cursor)
    if parser is None:
        return _result(cursor.word, [])
    line = expected(parser, words, cursor)
    if line.options and line.word.startswith("-"):
        return _result(line.word, _options(line, line.word))
    # the cell, and no word on the line, gives a cell magic's figure
    values = [] if cursor.is_cell and line.options else _values(parser, line, cursor, ip, look)
    if values == [PYTHON]:
        name = _NAME.search(line.word)
        if name is None:
            return None
        # which IPython does not offer after the name of a magic, or in quotes
        matches = sorted(ip.Completer.global_matches(name.group()))
        return _result(name.group(), [(each, "variable") for each in matches])
    if not values and not line.word:
        return _result("", _options(line, "--"))
    found = [(_text(value, line.word, cursor), value.type) for value in values[:MATCHES_LIMIT]]
    return _result(line.word, found)


def _options(line: Expected, start: str) -> list[tuple[str, str]]:
    return [(option, "option") for option in line.options if option.startswith(start)]


def _values(
    parser: Parser, line: Expected, cursor: Cursor, ip: InteractiveShell, look: Look
) -> list[Value]:
    hidden = ip.user_ns_hidden.keys()
    names = {name: value for name, value in [*ip.user_ns.items()] if name not in hidden}
    text = typed(line.word, cursor.quote)
    return values_of(Asked(parser.prog, line.word, text, line, names, look.seen))


def _command(cursor: Cursor) -> tuple[Parser | None, list[str]]:
    """Return the parser of the line, and the words that are for it."""
    from plotly_nbext.notebook.magics.commands import COMMANDS
    from plotly_nbext.notebook.magics.render import PlotlyRender

    if cursor.magic == "plotly_render":
        render: Any = PlotlyRender.plotly_render
        return render.parser, cursor.words
    command, *words = cursor.words
    return (COMMANDS[command].parser if command in COMMANDS else None), words


def _text(value: Value, word: str, cursor: Cursor) -> str:
    if value.is_python:
        return value.text
    quote = word[:1] if word[:1] in {'"', "'"} else cursor.quote
    return written(value.text, quote, after=cursor.after, goes_on=value.goes_on)


def _result(word: str, found: list[tuple[str, str]]) -> SimpleMatcherResult:
    completions = [SimpleCompletion(text=text, type=kind) for text, kind in found]
    return SimpleMatcherResult(
        completions=completions or _Nothing(),
        matched_fragment=word,
        suppress=True,
        ordered=True,
    )
