"""The sub-commands of ``%plotly_grid`` that move files about."""

from __future__ import annotations

from contextlib import contextmanager
from typing import TYPE_CHECKING

from IPython.core.magic_arguments import argument

from plotly_nbext.errors import (
    NotFoundError,
    PermissionDenied,
    PlotlyNbextError,
    ValidationError,
)
from plotly_nbext.notebook.magics.arguments import variable
from plotly_nbext.notebook.magics.finding import (
    exists,
    find,
    find_trashed,
    path_before_trash,
    quoted,
)
from plotly_nbext.notebook.magics.parser import command_line
from plotly_nbext.notebook.magics.results import Told
from plotly_nbext.notebook.magics.usage import UsageError

if TYPE_CHECKING:
    from argparse import Namespace
    from collections.abc import Callable, Iterator

    from plotly_nbext.client import File
    from plotly_nbext.notebook.magics.scope import Scope

__all__ = ["delete", "move", "rename", "restore", "trash"]

_out = argument(
    "-o", "--out", type=variable, help="variable to keep the Grid in; several as a list"
)
_files = argument("files", nargs="+", type=str, help="paths or fids of grids, plots or folders")


@command_line("plotly_grid rename", example="%plotly_grid rename sales/2026 2027")
@argument("file", type=str, help="the path or fid of a grid, a plot or a folder")
@argument("name", type=str, help="the new name; the file stays in its folder")
@_out
def rename(args: Namespace, scope: Scope) -> Told:
    """Give a grid, a plot or a folder another name.

    ::

        %plotly_grid rename sales/2026 2027
    """
    __tracebackhide__ = True
    name = args.name.strip("/")
    if "/" in name:
        raise UsageError(
            f"The name {name!r} has a '/', and rename leaves a file in its folder.",
            hint=_instead(args.file.strip("/"), name),
        )

    def do(file: File) -> str:
        before, path = file.name, file.path
        with _room_for(lambda: path.removesuffix(before) + name):
            file.rename(name)
        return _done(f"{path!r} is now {file.path!r}.", "rename", file.path, before)

    return _each([find(args.file, scope)], do)


@command_line("plotly_grid move", example="%plotly_grid move sales/2026 archive")
@_files
@argument("folder", type=str, help="the folder to put them in, / for the top folder")
@_out
def move(args: Namespace, scope: Scope) -> Told:
    """Put grids, plots or folders into another folder, which is made if it is not there.

    ::

        %plotly_grid move sales/2025 archive
        %plotly_grid move sales/2024 sales/2025 archive/sales
        %plotly_grid move archive/2025 /
    """
    __tracebackhide__ = True

    files = [find(reference, scope) for reference in args.files]
    new = "" if not args.folder.strip("/") or exists(args.folder) else ", in a new folder"

    def do(file: File) -> str:
        path = file.path
        with _room_for(lambda: f"{args.folder.strip('/')}/{file.name}".lstrip("/")):
            file.move(args.folder)
        folder = path.rpartition("/")[0] or "/"
        return _done(f"{path!r} is now {file.path!r}{new}.", "move", file.path, folder)

    return _each(files, do)


@command_line("plotly_grid trash", example="%plotly_grid trash sales/2026")
@_files
def trash(args: Namespace, scope: Scope) -> Told:
    """Put grids, plots or folders in the trash, from which restore takes them back.

    ::

        %plotly_grid trash sales/2026
        %plotly_grid trash sales/2024 sales/2025
    """
    __tracebackhide__ = True

    def do(file: File) -> str:
        path = file.path
        file.trash()
        return _done(f"{path!r} is in the trash.", "restore", path)

    return _each([find(reference, scope) for reference in args.files], do)


@command_line("plotly_grid restore", example="%plotly_grid restore sales/2026")
@argument("files", nargs="+", type=str, help="the paths that the files had, or their fids")
@_out
def restore(args: Namespace, _scope: Scope) -> Told:
    """Take grids, plots or folders out of the trash.

    ::

        %plotly_grid restore sales/2026
        %plotly_grid ls --trash
    """
    __tracebackhide__ = True

    def do(file: File) -> str:
        with _room_for(lambda: path_before_trash(file)):
            file.restore()
        return _done(f"{file.path!r} is back.", "trash", file.path)

    return _each([find_trashed(reference) for reference in args.files], do)


@command_line("plotly_grid delete", example="%plotly_grid delete sales/2026 --yes")
@_files
@argument("--yes", action="store_true", help="yes, for good: nothing takes them back")
def delete(args: Namespace, scope: Scope) -> Told:
    """Delete grids, plots, or folders with all in them, for good.

    What is in the trash can be deleted, too.

    ::

        %plotly_grid delete sales/2026 --yes
    """
    __tracebackhide__ = True
    if not args.yes:
        named = " ".join(map(quoted, args.files))
        raise UsageError(
            "What is deleted is gone for good.",
            hint=f"If you mean it: %plotly_grid delete {named} --yes\n"
            f"To be able to undo it: %plotly_grid trash {named}",
        )

    def do(file: File) -> str:
        was = names[file.fid]
        file.delete()
        return f"{was!r} is deleted for good."

    files = [_find_anywhere(reference, scope) for reference in args.files]
    names = {file.fid: name for file, name in zip(files, args.files, strict=True)}
    return _each(files, do)


def _each(files: list[File], do: Callable[[File], str]) -> Told:
    """Do something to files that were all found before; what was done is told in any case."""
    __tracebackhide__ = True
    lines: list[str] = []
    each_once = list({file.fid: file for file in files}.values())
    for file in each_once:
        try:
            lines.append(do(file))
        except PlotlyNbextError as error:
            if lines:
                print("\n".join(lines))  # noqa: T201 - the cell's output
            if isinstance(error, PermissionDenied):
                error.hint = error.hint or f"{file.fid} is {file.owner}'s file."
            raise
    value = files if len(files) > 1 else files[0]
    return Told(value, "\n".join(lines), always=True)


@contextmanager
def _room_for(path: Callable[[], str]) -> Iterator[None]:
    """Say how to make room where another file has the path that one is to have."""
    __tracebackhide__ = True
    try:
        yield
    except ValidationError as error:
        from plotly_nbext.client.refusals import is_taken  # brings requests

        if is_taken(error):
            error.hint = f"Rename the other one first: %plotly_grid rename {quoted(path())} NAME"
        raise


def _done(what: str, undo: str, *names: str) -> str:
    return f"{what} Undo: %plotly_grid {undo} {' '.join(map(quoted, names))}"


def _instead(path: str, new: str) -> str:
    """Tell what does what someone meant who wrote ``rename PATH`` with a path."""
    folder, _, name = new.rpartition("/")
    here, _, before = path.rpartition("/")
    if folder == here:
        return f"Write the name alone: %plotly_grid rename {quoted(path)} {quoted(name)}"
    moved = f"To another folder: %plotly_grid move {quoted(path)} {quoted(folder)}"
    if name == before:
        return moved
    return f"{moved}\nThen: %plotly_grid rename {quoted(f'{folder}/{before}')} {quoted(name)}"


def _find_anywhere(reference: str, scope: Scope) -> File:
    """Return a file that is there, or else in the trash."""
    __tracebackhide__ = True
    try:
        return find(reference, scope)
    except NotFoundError as error:
        try:
            return find_trashed(reference)
        except NotFoundError:
            raise error from None
