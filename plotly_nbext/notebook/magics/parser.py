"""The command line of a magic: its options and arguments, and what is said when they are wrong."""

from __future__ import annotations

import argparse
from argparse import ArgumentError
from copy import copy
from typing import TYPE_CHECKING, Any, TypeVar

from IPython.core.magic_arguments import MagicArgumentParser

from plotly_nbext.notebook.magics.line import unquote
from plotly_nbext.notebook.magics.usage import UsageError
from plotly_nbext.suggestions import did_you_mean

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Sequence

__all__ = ["Parser", "command_line"]

Function = TypeVar("Function", bound="Callable[..., Any]")


class Parser(MagicArgumentParser):
    """Reads the words of a magic's line.

    Parameters
    ----------
    prog : str
        The magic, as it is written: ``plotly_grid push``.
    description : str
        What it does.
    example : str
        A line that works, which is shown when a line doesn't.
    """

    def __init__(self, prog: str, description: str, example: str) -> None:
        init: Any = super().__init__  # which IPython has not typed
        init(prog, description=description)
        self.example = example
        self._fill: Callable[[str], str] = str

    @property
    def arguments(self) -> list[argparse.Action]:
        """The options and the positional arguments."""
        return self._actions

    @property
    def options(self) -> list[str]:
        """The options, long and short."""
        return [option for action in self._actions for option in action.option_strings]

    def asks_for_help(self, words: Sequence[str]) -> bool:
        """Tell whether the line asks for the help in place of anything else."""
        return any(word in ("-h", "--help") for word in words)

    def parse_words(
        self,
        words: Sequence[str],
        fill: Callable[[str], str],
        namespace: argparse.Namespace | None = None,
    ) -> argparse.Namespace:
        """Read words, of which options may stand anywhere.

        Parameters
        ----------
        words : sequence of str
            What follows the magic's name.
        fill : callable
            Fills in the ``{expression}`` of values. Those of arguments without a type are Python,
            and stay as they are written.
        namespace : argparse.Namespace, optional
            Values in place of the options' own defaults.

        Raises
        ------
        UsageError
            They don't fit.
        """
        __tracebackhide__ = True
        filling = copy(self)  # an expression may call the very magic
        filling._fill = fill  # noqa: SLF001 - its own
        args, extra = filling.parse_known_intermixed_args(words, namespace)
        if not extra:
            return args
        word = extra[0].partition("=")[0]
        if not word.startswith("-"):
            self.error(f"%{self.prog} has no use for {' '.join(extra)!r}.")
        meant = did_you_mean(word, [*self.options, "--help"])
        raise UsageError(
            f"%{self.prog} has no option {word}.",
            hint=meant or f"It has {self._listed()}.",
        )

    def error(self, message: str) -> Any:
        """Refuse a line, with one that would do."""
        message = message.removeprefix("argument ").removesuffix(".")
        raise UsageError(f"{message}.", hint=f"For example: {self.example}")

    # argparse asks these, and has no other way to read a value or to refuse it in one's own words

    def _match_argument(self, action: argparse.Action, arg_strings_pattern: str) -> int:
        try:
            return super()._match_argument(action, arg_strings_pattern)
        except ArgumentError:
            if not action.option_strings:
                raise
        if action.choices:
            hint = f"It is one of {_words(action.choices)}."
        else:
            long = max(action.option_strings, key=len)
            hint = f"Write {long} {action.metavar or action.dest.upper()}."
        raise UsageError(f"{_name(action)} needs a value.", hint=hint)

    def _get_value(self, action: argparse.Action, arg_string: str) -> Any:
        __tracebackhide__ = True
        is_python = action.type is None
        text = arg_string if is_python else self._fill(unquote(arg_string))
        get_value: Any = super()._get_value  # which typeshed lacks
        return get_value(action, text)

    def _check_value(self, action: argparse.Action, value: Any) -> None:
        if action.choices is None or value in action.choices:
            return
        raise UsageError(
            f"{_name(action)} can't be {value!r}. It is one of {_words(action.choices)}.",
            hint=did_you_mean(str(value), map(str, action.choices)),
        )

    def _listed(self) -> str:
        own = [
            max(action.option_strings, key=len)
            for action in self._actions
            if action.option_strings and action.help != argparse.SUPPRESS
        ]
        return f"{', '.join(own)} and --help" if own else "none but --help"


def _name(action: argparse.Action) -> str:
    return "/".join(action.option_strings) or action.dest


def _words(choices: Iterable[Any]) -> str:
    return ", ".join(map(str, choices))


def command_line(prog: str, *, example: str) -> Callable[[Function], Function]:
    """Make the arguments that are declared under it a magic's command line.

    The parser is then the function's ``parser``, and its help the function's docstring.

    Parameters
    ----------
    prog : str
        The magic, as it is written.
    example : str
        A line that works.
    """

    def decorate(function: Function) -> Function:
        made: Any = function
        parser = Parser(prog, made.__doc__ or "", example)
        for decorator in reversed(getattr(made, "decorators", [])):
            decorator.add_to_parser(parser, None)
        # IPython takes the words that such a parser knows for none that it could complete
        made.has_arguments = False
        made.parser = parser
        made.__doc__ = parser.format_help()
        return function

    return decorate
