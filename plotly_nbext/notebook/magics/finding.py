"""The file that a line names, or an error that helps to find it."""

from __future__ import annotations

from contextlib import suppress
from typing import TYPE_CHECKING, TypeVar

import plotly_nbext
from plotly_nbext.errors import NotFoundError, PlotlyNbextError
from plotly_nbext.notebook.magics.usage import UsageError
from plotly_nbext.suggestions import suggestion

if TYPE_CHECKING:
    from collections.abc import Callable

    from plotly_nbext.client import Client, File, Grid
    from plotly_nbext.notebook.magics.scope import Scope

__all__ = [
    "exists",
    "find",
    "find_grid",
    "find_trashed",
    "list_folder",
    "list_trash",
    "path_before_trash",
    "path_of_fid",
    "quoted",
]

_AnyFile = TypeVar("_AnyFile", bound="File")

_NOUNS = {"grid": "grid", "plot": "plot", "fold": "folder"}


def find(reference: str, scope: Scope) -> File:
    """Return the file of any type with a path or a fid.

    Raises
    ------
    NotFoundError
        There is none; it says what there is.
    """
    __tracebackhide__ = True
    return _opened(reference, scope, lambda client: client.file)


def find_grid(reference: str, scope: Scope) -> Grid:
    """Return the grid with a path or a fid.

    Raises
    ------
    NotFoundError
        There is none; it says what there is.
    """
    __tracebackhide__ = True
    return _opened(reference, scope, lambda client: client.grid)


def _opened(
    reference: str, scope: Scope, opener: Callable[[Client], Callable[[str], _AnyFile]]
) -> _AnyFile:
    __tracebackhide__ = True
    if not reference.strip("/"):
        raise UsageError(
            f"{reference!r} names no file.", hint="%plotly_grid ls lists what is in the top folder."
        )
    client = _client()
    try:
        return opener(client)(reference)
    except NotFoundError as error:
        raise _missing(client, reference, error, scope) from None


def exists(path: str) -> bool:
    """Tell whether there is a file of any type with a path."""
    return _client().exists(path.strip("/"))


def list_folder(path: str) -> list[File]:
    """List a folder.

    Raises
    ------
    NotFoundError
        There is none; it says what there is.
    """
    __tracebackhide__ = True
    client = _client()
    try:
        return client.list(path)
    except NotFoundError as error:
        raise _missing(client, path, error, filetypes=["fold"]) from None


def list_trash() -> list[tuple[str, File]]:
    """List the trash, each file with the path that it had."""
    return _trashed(_client())


def path_before_trash(file: File) -> str:
    """Tell the path that a file in the trash had."""
    return next((was for was, each in list_trash() if each.fid == file.fid), file.name)


def path_of_fid(reference: str) -> str | None:
    """Tell the path of a file by its fid; None of a text that is no fid of a file."""
    from plotly_nbext.client.paths import is_fid

    if not is_fid(reference):
        return None
    with suppress(PlotlyNbextError):
        return _client().file(reference).path
    return None


def find_trashed(reference: str) -> File:
    """Return the file in the trash that had a path, or has a fid.

    Raises
    ------
    NotFoundError
        There is none.
    UsageError
        Several had that path.
    """
    __tracebackhide__ = True
    client = _client()
    there = _trashed(client)
    path = reference.strip("/")
    found = [file for was, file in there if path in (was, file.fid)]
    if not found:
        raise NotFoundError(
            f"There is no {reference!r} in the trash.", hint=_trash_hint(path, there)
        )
    if len(found) > 1:
        lines = [f"{file.fid}, of {file.modified:%Y-%m-%d %H:%M:%S} UTC" for file in found]
        raise UsageError(
            f"There are {len(found)} files in the trash that were {reference!r}.",
            hint="\n".join(["Name one by its fid:", *lines]),
        )
    return found[0]


def _trashed(client: Client) -> list[tuple[str, File]]:
    """List the trash with the paths from which files came there."""
    files = client.trashed()
    by_fid = {file.fid: file for file in files}
    folders: dict[str, str] = {}

    def path_of(file: File) -> str:
        folder = file.folder_fid
        if folder is None:
            return file.name
        if folder not in folders:
            there = by_fid.get(folder)
            try:
                folders[folder] = path_of(there) if there else client.folder(folder).path
            except NotFoundError:  # it went with a folder above it
                folders[folder] = "…"
        return f"{folders[folder]}/{file.name}"

    return [(path_of(file), file) for file in files]


def _trash_hint(path: str, there: list[tuple[str, File]]) -> str:
    above = [was for was, _ in there if path.startswith(f"{was}/")]
    if above:
        return f"Its folder is there: %plotly_grid restore {quoted(above[0])}"
    meant = suggestion(path, [was for was, _ in there])
    if meant:
        return f"Did you mean {quoted(meant)}?"
    return "%plotly_grid ls --trash lists what is there."


def _missing(
    client: Client,
    reference: str,
    error: NotFoundError,
    scope: Scope | None = None,
    filetypes: list[str] | None = None,
) -> NotFoundError:
    """Make the error of a file that is not there, with what there is instead.

    That is asked of the server: a listing of one's own folder, which holds nothing of others.
    """
    hint = error.hint
    if hint is None and scope is not None and reference.isidentifier():
        held = scope.held(reference)
        if isinstance(held, plotly_nbext.Grid):
            hint = f"The variable {reference} holds a Grid: write {{{reference}.fid}}"
    with suppress(PlotlyNbextError):  # the error itself is to be seen
        hint = hint or _hint(client, reference.strip("/"), filetypes)
    return NotFoundError(
        error.message,
        status_code=error.status_code,
        field=error.field,
        request_id=error.request_id,
        hint=hint,
    )


def _hint(client: Client, reference: str, filetypes: list[str] | None) -> str:
    from plotly_nbext.client.paths import is_fid

    with suppress(NotFoundError):
        there = client.file(reference)
        noun = _NOUNS.get(there.filetype, "file")
        does = "ls" if noun == "folder" else "lookup"
        return f"It is a {noun}: %plotly_grid {does} {quoted(reference)}"
    with suppress(PlotlyNbextError):  # not every server tells of its trash
        for was, file in _trashed(client):
            if reference in (was, file.fid) or reference.startswith(f"{was}/"):
                return f"It is in the trash: %plotly_grid restore {quoted(was)}"
    if is_fid(reference):
        return "%plotly_grid ls --long lists the fids of what is yours."
    meant, folder = _near(client, reference, filetypes)
    if meant:
        return f"Did you mean {quoted(meant)}?"
    listing = f"ls {quoted(folder)}" if folder else "ls"
    return f"%plotly_grid {listing} lists what is there."


def _near(client: Client, path: str, filetypes: list[str] | None) -> tuple[str | None, str]:
    """Find what a path was probably meant to be, and the folder in which it was sought."""
    from plotly_nbext.client.paths import split_path

    folder, name = split_path(path)
    try:
        files = client.list(folder, filetype=filetypes)
    except NotFoundError:
        meant, above = _near(client, folder, ["fold"])
        if meant is None:
            return None, above
        folder = meant
        files = client.list(folder, filetype=filetypes)
        names = [file.name for file in files]
        near = name if name in names else suggestion(name, names)
        return "/".join(filter(None, [folder, near])), folder
    near = suggestion(name, [file.name for file in files])
    return near and f"{folder}/{near}".lstrip("/"), folder


def quoted(reference: str) -> str:
    """Write a path as a line takes it."""
    filled = reference.replace("{", "{{").replace("}", "}}")
    if filled and not any(letter.isspace() or letter in "'\"()[]{}#;" for letter in filled):
        return filled
    escaped = filled.replace('"', '\\"')
    return f'"{escaped}"'


def _client() -> Client:
    from plotly_nbext.api import current_client  # which brings requests

    return current_client()
