"""The sub-commands of ``%plotly_grid`` that write tables."""

from __future__ import annotations

import ast
from typing import TYPE_CHECKING, Any, Literal

from IPython.core.magic_arguments import argument

import plotly_nbext
from plotly_nbext.notebook.magics.arguments import variable
from plotly_nbext.notebook.magics.finding import find_grid, path_of_fid, quoted
from plotly_nbext.notebook.magics.line import unquote
from plotly_nbext.notebook.magics.parser import command_line
from plotly_nbext.notebook.magics.usage import UsageError

if TYPE_CHECKING:
    from argparse import Namespace

    from plotly_nbext.client import Difference, Folder, Grid
    from plotly_nbext.notebook.magics.scope import Scope

__all__ = ["append", "diff", "push", "upload"]

_INDEX: dict[str, Literal["auto"] | bool] = {"auto": "auto", "yes": True, "no": False}

_frame = argument(
    "frame",
    nargs="*",
    help="an expression that gives a DataFrame, a Series or an Arrow table, and after it the "
    "grid's path",
)
_name = argument(
    "-n", "--name", type=str, help="the grid's path, in place of the one after the expression"
)
_parent = argument("--parent", "--folder", type=str, help="the folder that the path starts from")
_mode = argument(
    "--mode",
    type=str,
    choices=("replace", "create", "append", "upsert"),
    default="replace",
    help="update a grid of that name in place or make it (replace, the default), refuse one that "
    "is there (create), add rows to it (append), or put rows in place of those with the same key "
    "and add the others (upsert)",
)
_key = argument(
    "-k",
    "--key",
    type=str,
    action="append",
    help="a column whose values tell rows apart; once for each, where it takes several",
)
_index = argument(
    "--index",
    type=str,
    choices=tuple(_INDEX),
    default="auto",
    help="keep the row labels as columns: auto keeps those that are named or are not 0, 1, 2, …",
)
_public = argument("--public", action="store_true", help="let anyone read it")


@command_line("plotly_grid push", example="%plotly_grid push df sales/2026")
@_frame
@_name
@_parent
@_mode
@_key
@argument("--dry-run", action="store_true", help="change nothing, and tell what would be changed")
@_index
@_public
@argument("-o", "--out", type=variable, help="variable to keep the Grid in; it is not shown then")
def push(args: Namespace, scope: Scope) -> Grid | Difference:
    """Write a DataFrame as a grid, or update the grid of that name in place.

    ::

        %plotly_grid push df sales/2026
        %plotly_grid push df[df.total > 0] sales/{year} -o grid
        %plotly_grid push df sales/2026 --mode upsert --key month
        %plotly_grid push df --name "sales/2026, north" --public
    """
    __tracebackhide__ = True
    pushed: Grid | Difference = _push(args, scope, dry_run=args.dry_run)
    return pushed


@command_line("plotly_grid diff", example="%plotly_grid diff df sales/2026")
@_frame
@_name
@_parent
@_mode
@_key
@_index
@argument("-o", "--out", type=variable, help="variable to keep the Difference in")
def diff(args: Namespace, scope: Scope) -> Difference:
    """Tell what a push would change of a grid; nothing is.

    ::

        %plotly_grid diff df sales/2026
        %plotly_grid diff df sales/2026 --key month
    """
    __tracebackhide__ = True
    args.public = False
    difference: Difference = _push(args, scope, dry_run=True)
    return difference


@command_line("plotly_grid append", example="%plotly_grid append df sales/2026")
@_frame
@_name
@_parent
@_index
@argument("-o", "--out", type=variable, help="variable to keep the Grid in; it is not shown then")
def append(args: Namespace, scope: Scope) -> Grid:
    """Add the rows of a DataFrame to a grid that is there.

    ::

        %plotly_grid append df sales/2026
        %plotly_grid append df.tail(3) sales/2026 -o grid
    """
    __tracebackhide__ = True
    frame, name = _frame_and_name("append", args, scope)
    path = f"{args.parent.rstrip('/')}/{name}" if args.parent else name
    return find_grid(path, scope).append(frame, index=_INDEX[args.index])


@command_line("plotly_grid upload", example="%plotly_grid upload sales.xlsx")
@argument("file", type=str, help="the path of a file on the kernel's machine")
@argument("-n", "--name", type=str, help="the new file's name or path; by default its own")
@_parent
@_public
@argument("-o", "--out", type=variable, help="variable to keep it in; it is not shown then")
def upload(args: Namespace, _scope: Scope) -> Grid | Folder:
    """Upload a file of tables: a grid for one table, a folder of grids for several.

    csv, tsv, json, Excel, OpenDocument, parquet, and zip archives of these.

    ::

        %plotly_grid upload sales.csv --parent sales
        %plotly_grid upload sales.xlsx --name sales/2026
    """
    __tracebackhide__ = True
    return plotly_nbext.upload(args.file, args.name, parent=args.parent, world_readable=args.public)


def _push(args: Namespace, scope: Scope, *, dry_run: bool) -> Any:
    __tracebackhide__ = True
    command = "push" if "dry_run" in args else "diff"
    frame, name = _frame_and_name(command, args, scope)
    if args.mode == "upsert" and not args.key:
        raise UsageError("--mode upsert needs --key, a column whose values tell rows apart.")
    if not args.parent and (path := path_of_fid(name)):
        raise UsageError(
            f"{command} takes a path, and {name} is a fid.",
            hint=f"The path of that file is {quoted(path)}",
        )
    do: Any = plotly_nbext.push  # its overloads know True and False, but no bool
    return do(
        frame,
        name,
        mode=args.mode,
        key=args.key,
        index=_INDEX[args.index],
        parent=args.parent,
        world_readable=args.public,
        dry_run=dry_run,
    )


def _frame_and_name(command: str, args: Namespace, scope: Scope) -> tuple[Any, str]:
    """Read what is pushed, and where to.

    The last word is the name where the words with it are no expression, but those before it are:
    of ``df sales/2026`` there is no other reading, and ``df - total`` gives no name.

    Raises
    ------
    UsageError
        There is no expression, or no name.
    """
    __tracebackhide__ = True
    hint = f"For example: %plotly_grid {command} df sales/2026"
    words, name = args.frame, args.name
    if not words:
        raise UsageError(f"{command} takes a DataFrame and the path of its grid.", hint=hint)
    expression = " ".join(words)
    if not _is_expression(expression):
        *before, last = words
        if not _is_expression(" ".join(before)):
            raise _not_understood(command, words, hint)
        expression = " ".join(before)
        if name is not None:
            raise UsageError(f"{command} {expression} is given two paths: {last} and {name}.")
        name = scope.fill(unquote(last))
    if name is None:
        raise UsageError(f"{command} needs a path for the grid of {expression}.", hint=hint)
    return scope.evaluate(expression), name


def _not_understood(command: str, words: list[str], hint: str) -> UsageError:
    for end in range(len(words) - 2, 0, -1):
        if _is_expression(" ".join(words[:end])):
            frame, name = " ".join(words[:end]), " ".join(words[end:])
            hint = f'Is it a path with spaces? %plotly_grid {command} {frame} "{name}"'
            break
    return UsageError(f"{' '.join(words)} is no Python expression with a path after it.", hint=hint)


def _is_expression(text: str) -> bool:
    try:
        ast.parse(text, mode="eval")
    except SyntaxError:
        return False
    return True
