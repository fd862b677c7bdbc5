"""The parser of ``plotly-nbext``: what is mistyped is answered with what was probably meant."""

from __future__ import annotations

import argparse
from typing import TYPE_CHECKING, Any

from plotly_nbext.service import COMMAND
from plotly_nbext.suggestions import did_you_mean

if TYPE_CHECKING:
    from collections.abc import Sequence

__all__ = ["Parser"]


class Parser(argparse.ArgumentParser):
    """Reads a command and its options."""

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        self.set_defaults(refuse=self.refuse)  # that of the innermost command counts

    def refuse(self, words: Sequence[str]) -> None:
        """Exit with 2 for words that the command has no use for."""
        options = [option for action in self._actions for option in action.option_strings]
        meant = did_you_mean(words[0].partition("=")[0], options)
        self.error(_sentences(f"{self.prog} has no use for {' '.join(words)}.", meant))

    def _check_value(self, action: argparse.Action, value: Any) -> None:
        if action.choices is None or value in action.choices:
            return
        choices = [str(choice) for choice in action.choices if choice != COMMAND]
        if isinstance(action, argparse._SubParsersAction):  # noqa: SLF001 - has no other name
            wrong = f"there is no {str(action.metavar).lower()} {value!r}"
        else:
            wrong = f"{'/'.join(action.option_strings) or action.dest} can't be {value!r}"
        message = f"{wrong}: it is one of {', '.join(choices)}."
        self.error(_sentences(message, did_you_mean(str(value), choices)))


def _sentences(*sentences: str | None) -> str:
    return " ".join(filter(None, sentences))
