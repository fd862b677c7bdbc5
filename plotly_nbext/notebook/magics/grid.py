"""``%plotly_grid``: hands the line to one of its sub-commands."""

from __future__ import annotations

import inspect
from typing import TYPE_CHECKING, Any

from IPython.core.error import UsageError
from IPython.core.magic import Magics, line_magic, magics_class, needs_local_scope, no_var_expand

from plotly_nbext.notebook.magics.arguments import parse
from plotly_nbext.notebook.magics.commands import COMMANDS
from plotly_nbext.notebook.magics.line import split
from plotly_nbext.notebook.magics.scope import Scope

if TYPE_CHECKING:
    from IPython.core.interactiveshell import InteractiveShell

__all__ = ["GridMagics"]


@magics_class
class GridMagics(Magics):
    """The magic for grids."""

    def __init__(self, shell: InteractiveShell) -> None:
        super().__init__(shell)
        self._shell = shell

    @no_var_expand
    @needs_local_scope
    @line_magic
    def plotly_grid(self, line: str, local_ns: dict[str, Any] | None = None) -> Any:
        """Push, upload, pull, show and list grids.

        ::

            %plotly_grid push df --name sales/2026
            %plotly_grid push df[df.year == 2026] --name sales/2026 --mode append
            %plotly_grid push df --name sales/2026 --mode upsert --key month --dry-run
            %plotly_grid upload sales.xlsx --parent sales
            df = %plotly_grid pull sales/2026
            %plotly_grid show sales/2026
            %plotly_grid ls sales

        A grid is named by its path or its fid; ``{expression}`` in a name is filled in as in an
        f-string. A final ``;`` keeps the result from being shown.
        """
        __tracebackhide__ = True
        words, silent = split(line)
        name = words[0] if words else ""
        if name not in COMMANDS:
            raise UsageError(f"Write %plotly_grid {'|'.join(COMMANDS)} …, not {name!r}.")
        command = COMMANDS[name]
        scope = Scope(self._shell, local_ns)
        args = parse(command.parser, words[1:], scope)
        result = command(args, scope)
        if getattr(args, "out", None):
            scope.store(args.out, result)
            return None
        return None if silent else result


# `%plotly_grid?` shows every sub-command with its arguments.
GridMagics.plotly_grid.__doc__ = "\n".join(
    str(inspect.getdoc(function)) for function in (GridMagics.plotly_grid, *COMMANDS.values())
)
