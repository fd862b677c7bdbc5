"""The sub-commands of ``%plotly_grid``: which there are, and what is said of them."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from plotly_nbext.notebook.magics import filing, reading, signing_in, writing
from plotly_nbext.notebook.magics.usage import UsageError
from plotly_nbext.suggestions import suggestion

if TYPE_CHECKING:
    from plotly_nbext.notebook.magics.parser import Parser

__all__ = ["COMMANDS", "command_named", "overview"]

# a function and its parser each
COMMANDS: Final[dict[str, Any]] = {
    command.__name__: command
    for command in (
        writing.push,
        writing.append,
        writing.diff,
        writing.upload,
        reading.pull,
        reading.show,
        reading.lookup,
        reading.url,
        reading.ls,
        filing.rename,
        filing.move,
        filing.trash,
        filing.restore,
        filing.delete,
        signing_in.login,
        signing_in.logout,
        signing_in.whoami,
        signing_in.servers,
    )
}

# what a shell, a browser and pandas call it
_ALIASES: Final = {
    "rm": "trash",
    "remove": "trash",
    "del": "delete",
    "mv": "move",
    "list": "ls",
    "dir": "ls",
    "info": "lookup",
    "open": "show",
    "view": "show",
    "get": "pull",
    "put": "push",
    "undo": "restore",
}


def command_named(name: str) -> Any:
    """Return the sub-command of a name.

    Raises
    ------
    UsageError
        There is none.
    """
    if name in COMMANDS:
        return COMMANDS[name]
    meant = _ALIASES.get(name.lower()) or suggestion(name, COMMANDS)
    raise UsageError(
        f"%plotly_grid has no sub-command {name!r}.",
        hint=f"Did you mean {meant}?" if meant else f"It has {', '.join(COMMANDS)}.",
    )


def overview() -> str:
    """Say of each sub-command what it does, with a line that works."""
    parsers: list[Parser] = [command.parser for command in COMMANDS.values()]
    width = max(len(parser.example) for parser in parsers)
    return "\n".join(f"{parser.example:{width}}  {_purpose(parser)}" for parser in parsers)


def _purpose(parser: Parser) -> str:
    return (parser.description or "").partition("\n")[0]
