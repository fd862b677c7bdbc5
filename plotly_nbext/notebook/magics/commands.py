"""The sub-commands of ``%plotly_grid``: a function each, with its arguments above it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Literal

from IPython.core.magic_arguments import argument, magic_arguments
from IPython.display import display

import plotly_nbext
from plotly_nbext.notebook.magics.arguments import template, variable
from plotly_nbext.notebook.magics.line import unquote

if TYPE_CHECKING:
    from argparse import Namespace

    import pandas as pd
    import polars as pl
    import pyarrow as pa

    from plotly_nbext.client import Difference, Folder, Grid
    from plotly_nbext.notebook.magics.listing import Listing
    from plotly_nbext.notebook.magics.scope import Scope

__all__ = ["COMMANDS"]

_INDEX: dict[str, Literal["auto"] | bool] = {"auto": "auto", "yes": True, "no": False}


@magic_arguments("plotly_grid push")
@argument("expr", nargs="+", help="a Python expression that gives a DataFrame")
@argument("-n", "--name", type=template, required=True, help="the grid's name or path")
@argument(
    "--mode",
    type=unquote,
    choices=("replace", "create", "append", "upsert"),
    default="replace",
    help="update a grid of that name in place or make it (replace, the default), refuse one that "
    "is there (create), add rows to it (append), or put rows in place of those with the same key "
    "and add the others (upsert)",
)
@argument(
    "-k",
    "--key",
    type=template,
    action="append",
    help="a column whose values tell rows apart; once for each, where it takes several",
)
@argument("--dry-run", action="store_true", help="change nothing, and tell what would be changed")
@argument(
    "--index",
    type=unquote,
    choices=tuple(_INDEX),
    default="auto",
    help="keep the row labels as columns: auto keeps those that are named or are not 0, 1, 2, …",
)
@argument("--parent", "--folder", type=template, help="the folder that the name starts from")
@argument("--public", action="store_true", help="let anyone read the grid")
@argument("-o", "--out", type=variable, help="variable to keep the Grid in; it is not shown then")
def push(args: Namespace, scope: Scope) -> Grid | Difference:
    """Write a DataFrame as a grid, or update the one of that name."""
    __tracebackhide__ = True
    pushed: Grid | Difference = plotly_nbext.push(
        scope.evaluate(" ".join(args.expr)),
        args.name,
        mode=args.mode,
        key=args.key,
        index=_INDEX[args.index],
        parent=args.parent,
        world_readable=args.public,
        dry_run=args.dry_run,
    )
    return pushed


@magic_arguments("plotly_grid upload")
@argument("file", type=template, help="the path of a file on the kernel's machine")
@argument("-n", "--name", type=template, help="the new file's name or path; by default its own")
@argument("--parent", "--folder", type=template, help="the folder that the name starts from")
@argument("--public", action="store_true", help="let anyone read it")
@argument("-o", "--out", type=variable, help="variable to keep it in; it is not shown then")
def upload(args: Namespace, _scope: Scope) -> Grid | Folder:
    """Upload a file of tables: a grid for one, a folder of grids for several."""
    __tracebackhide__ = True
    return plotly_nbext.upload(args.file, args.name, parent=args.parent, world_readable=args.public)


@magic_arguments("plotly_grid pull")
@argument("grid", type=template, help="the grid's path or fid")
@argument(
    "--as",
    dest="as_",
    type=unquote,
    choices=("pandas", "polars", "arrow"),
    default="pandas",
    help="what to read it as; by default a DataFrame of pandas",
)
@argument("-o", "--out", type=variable, help="variable to keep the DataFrame in")
def pull(args: Namespace, _scope: Scope) -> pd.DataFrame | pl.DataFrame | pa.Table:
    """Read a grid as a DataFrame, which is the magic's value unless -o keeps it."""
    return plotly_nbext.pull(args.grid, args.as_)


@magic_arguments("plotly_grid show")
@argument("grid", nargs="+", help="the grid's path or fid, or an expression that gives a Grid")
def show(args: Namespace, scope: Scope) -> None:
    """Show a grid as a table that scrolls."""
    __tracebackhide__ = True
    words = " ".join(args.grid)
    held = scope.held(words)
    is_grid = isinstance(held, plotly_nbext.Grid)
    display(held if is_grid else plotly_nbext.grid(scope.fill(unquote(words))))


@magic_arguments("plotly_grid ls")
@argument("folder", nargs="?", type=template, default="", help="the folder; by default the top")
@argument("-l", "--long", action="store_true", help="with fids and times")
def ls(args: Namespace, _scope: Scope) -> Listing:
    """List the grids and folders of a folder."""
    # Not before they are needed: the one brings pandas and requests, the other html.
    from plotly_nbext.api import current_client
    from plotly_nbext.notebook.magics.listing import Listing

    return Listing(current_client().list(args.folder), folder=args.folder, long=args.long)


COMMANDS = {command.__name__: command for command in (push, upload, pull, show, ls)}
