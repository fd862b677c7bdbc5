"""``%plotly_grid``: hands the line to one of its sub-commands."""

from __future__ import annotations

import inspect
from typing import Any

from IPython.core.magic import line_magic, magics_class, needs_local_scope, no_var_expand

from plotly_nbext.notebook.magics.arguments import parse
from plotly_nbext.notebook.magics.commands import command_named, overview
from plotly_nbext.notebook.magics.configured import ConfiguredMagics
from plotly_nbext.notebook.magics.line import split
from plotly_nbext.notebook.magics.results import finish
from plotly_nbext.notebook.magics.scope import Scope
from plotly_nbext.notebook.magics.traits import Choice

__all__ = ["PlotlyGrid"]


@magics_class
class PlotlyGrid(ConfiguredMagics):
    """The magic for grids, and the defaults of its options."""

    index = Choice(
        ("auto", "yes", "no"), "auto", help="Whether push keeps the row labels, without --index."
    ).tag(config=True)
    as_ = Choice(
        ("pandas", "polars", "arrow", "dask"),
        "pandas",
        help="What pull reads a grid as, without --as.",
    ).tag(config=True)

    @no_var_expand
    @needs_local_scope
    @line_magic
    def plotly_grid(self, line: str, local_ns: dict[str, Any] | None = None) -> Any:
        """Push, pull, show and file grids.

        A grid is named by its path or its fid; ``{expression}`` in a name or in an option's value
        is filled in as in an f-string. ``df = %plotly_grid pull sales/2026`` keeps the value, as
        ``-o df`` does; a final ``;`` shows nothing. ``%plotly_grid push --help`` tells all of push,
        and so for each.
        """
        __tracebackhide__ = True
        words, silent = split(line)
        name = words[0] if words else ""
        if name in ("", "-h", "--help"):
            print(self._help())  # noqa: T201 - the cell's output
            return None
        command = command_named(name)
        if command.parser.asks_for_help(words):
            print(command.parser.format_help())  # noqa: T201 - as above
            return None
        scope = Scope(self._shell, local_ns)
        args = parse(command.parser, words[1:], scope, **self.in_force)
        result = command(args, scope)
        return finish(result, scope, out=getattr(args, "out", None), silent=silent)


# `%plotly_grid?` shows every sub-command with a line that works.
PlotlyGrid.plotly_grid.__doc__ = f"{inspect.getdoc(PlotlyGrid.plotly_grid)}\n\n{overview()}\n"
