"""The sub-commands of ``%plotly_grid`` that read: tables, folders, and what is told of a file."""

from __future__ import annotations

from typing import TYPE_CHECKING

from IPython.core.magic_arguments import argument

import plotly_nbext
from plotly_nbext.notebook.magics.arguments import variable
from plotly_nbext.notebook.magics.finding import find, find_grid, list_folder, list_trash
from plotly_nbext.notebook.magics.line import unquote
from plotly_nbext.notebook.magics.parser import command_line
from plotly_nbext.notebook.magics.results import Told
from plotly_nbext.notebook.magics.usage import UsageError

if TYPE_CHECKING:
    from argparse import Namespace

    import pandas as pd
    import polars as pl
    import pyarrow as pa

    from plotly_nbext.notebook.magics.listing import Listing
    from plotly_nbext.notebook.magics.scope import Scope

__all__ = ["lookup", "ls", "pull", "show", "url"]


@command_line("plotly_grid pull", example="df = %plotly_grid pull sales/2026")
@argument("grid", type=str, help="the grid's path or fid")
@argument(
    "--as",
    dest="as_",
    type=str,
    choices=("pandas", "polars", "arrow", "dask"),
    default="pandas",
    help="what to read it as; by default a DataFrame of pandas",
)
@argument("-o", "--out", type=variable, help="variable to keep the DataFrame in")
def pull(args: Namespace, scope: Scope) -> pd.DataFrame | pl.DataFrame | pa.Table:
    """Read a grid as a DataFrame.

    ::

        df = %plotly_grid pull sales/2026
        %plotly_grid pull sales/{year} --as polars -o df
    """
    __tracebackhide__ = True
    return plotly_nbext.pull(find_grid(args.grid, scope), args.as_)


@command_line("plotly_grid show", example="%plotly_grid show sales/2026")
@argument("grid", nargs="+", help="the grid's path or fid, or an expression that gives a Grid")
@argument("-o", "--out", type=variable, help="variable to keep the GridView in; it is shown, too")
def show(args: Namespace, scope: Scope) -> Told:
    """Show a grid as a table to scroll and edit.

    ::

        %plotly_grid show sales/2026
        %plotly_grid show grid -o view
    """
    __tracebackhide__ = True
    words = " ".join(args.grid)
    held = scope.held(words)
    is_grid = isinstance(held, plotly_nbext.Grid)
    view = plotly_nbext.GridView(held if is_grid else find_grid(scope.fill(unquote(words)), scope))
    return Told(view, view, always=True)


@command_line("plotly_grid lookup", example="%plotly_grid lookup sales/2026")
@argument("file", type=str, help="the path or fid of a grid, a plot or a folder")
@argument("-o", "--out", type=variable, help="variable to keep the Grid in; it is not shown then")
def lookup(args: Namespace, scope: Scope) -> Told:
    """Tell a grid's fid, path, rows and columns.

    ::

        %plotly_grid lookup sales/2026
        grid = %plotly_grid lookup alice:88
    """
    __tracebackhide__ = True
    from plotly_nbext.notebook.magics.listing import Facts

    file = find(args.file, scope)
    return Told(file, Facts(file))


@command_line("plotly_grid url", example="%plotly_grid url sales/2026")
@argument("file", type=str, help="the path or fid of a grid, a plot or a folder")
@argument("-o", "--out", type=variable, help="variable to keep the address in")
def url(args: Namespace, scope: Scope) -> Told:
    """Print the address of a grid's page.

    ::

        %plotly_grid url sales/2026
    """
    __tracebackhide__ = True
    address = find(args.file, scope).url
    return Told(address, address)


@command_line("plotly_grid ls", example="%plotly_grid ls sales")
@argument("folder", nargs="?", type=str, default="", help="the folder; by default the top folder")
@argument("-l", "--long", action="store_true", help="with fids and times")
@argument("--trash", action="store_true", help="list the trash, by the paths that files had")
@argument(
    "-o", "--out", type=variable, help="variable to keep the Listing in; it is not shown then"
)
def ls(args: Namespace, _scope: Scope) -> Listing:
    """List the grids, plots and folders of a folder.

    ::

        %plotly_grid ls
        %plotly_grid ls sales --long
        %plotly_grid ls --trash
    """
    __tracebackhide__ = True
    from plotly_nbext.notebook.magics.listing import Listing  # brings requests

    if not args.trash:
        return Listing(list_folder(args.folder), folder=args.folder, long=args.long)
    if args.folder:
        raise UsageError(
            "The trash is one for all folders.", hint="For example: %plotly_grid ls --trash"
        )
    return Listing.of_trash(list_trash(), long=args.long)
