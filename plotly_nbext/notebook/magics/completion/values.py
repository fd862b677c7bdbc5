"""What the arguments of the magics can be: which kinds there are, and what there is of each."""

from __future__ import annotations

import os
import re
from collections import Counter
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final, NamedTuple

from plotly_nbext.notebook.magics.completion import variables
from plotly_nbext.notebook.magics.completion.words import typed

if TYPE_CHECKING:
    import argparse
    from collections.abc import Callable, Iterable, Mapping

    from plotly_nbext.client.seen import Seen
    from plotly_nbext.notebook.magics.completion.command import Expected

__all__ = ["PYTHON", "Asked", "Value", "kind_of", "values_of"]


class Value(NamedTuple):
    """Something that an argument can be.

    Attributes
    ----------
    text : str
        The value; or Python, which is written as it stands.
    type : str
        What it is, which front ends show as an icon.
    goes_on : bool
        Whether it is a folder in which one goes on.
    is_python : bool
        Whether quotes would make something else of it.
    """

    text: str
    type: str
    goes_on: bool = False
    is_python: bool = False


@dataclass(frozen=True)
class Asked:
    """What is asked for.

    Attributes
    ----------
    prog : str
        The command.
    word : str
        What is written of the word, with quotes.
    text : str or None
        What it is so far; None where it holds an expression.
    line : Expected
        The rest of the line.
    names : mapping
        The user's variables.
    seen : Seen or None
        What is known of the server's files.
    """

    prog: str
    word: str
    text: str | None
    line: Expected
    names: Mapping[str, Any]
    seen: Seen | None


PYTHON: Final = Value("", "python")
"""That an expression goes on, which IPython completes."""

_NAME: Final = re.compile(r"(?!\d)\w*")


def kind_of(prog: str, action: argparse.Action) -> Callable[[Asked], Iterable[Value]]:
    """Tell how the values of an argument are found."""
    if action.choices is not None:
        choices = [str(choice) for choice in action.choices]
        return lambda asked: [Value(each, "value") for each in choices if _starts(each, asked)]
    return _KINDS.get((prog, action.dest)) or _KINDS.get(action.dest) or _nothing


def values_of(asked: Asked) -> list[Value]:
    """List what the word at the cursor can be, of the likeliest argument that it can be."""
    if "{" in asked.word.replace("{{", "").rpartition("}")[2]:
        return [PYTHON]  # as in an f-string
    for action in asked.line.actions:
        if found := [*kind_of(asked.prog, action)(asked)]:
            return found
    return []


def _nothing(_: Asked) -> list[Value]:
    return []


def _figures(asked: Asked) -> list[Value]:
    return _python(asked, variables.is_figure)


def _frames(asked: Asked) -> list[Value]:
    """List tables, or after one the grids to write to."""
    expression = " ".join(asked.line.arguments)
    if expression and _is_expression(expression):
        return [] if asked.line.values.get("name") else _files(asked)
    return _python(asked, variables.is_frame)


def _grids(asked: Asked) -> list[Value]:
    held = re.match(r"(?!\d)\w+(?=[.(\[])", asked.word)
    if held and held.group() in asked.names:
        return [PYTHON]
    return [*_variables(asked, variables.is_grid), *_files(asked, "grid")]


def _files(asked: Asked, filetype: str | None = None) -> list[Value]:
    """List what lies in the folder that is written so far: files, and folders to go on in."""
    if asked.text is None or asked.seen is None:
        return []
    if ":" in asked.text:
        found = asked.seen.fids(asked.text)
        return [
            Value(fid, file.filetype) for fid, file in found if filetype in {None, file.filetype}
        ]
    folder, slash, start = asked.text.rpartition("/")
    values = []
    for name, file in asked.seen.inside(folder):
        if not name.startswith(start):
            continue
        if file.filetype == "fold":
            values.append(Value(f"{folder}{slash}{name}/", "folder", goes_on=True))
        elif filetype in {None, file.filetype}:
            values.append(Value(f"{folder}{slash}{name}", file.filetype))
    return sorted(values)


def _stored_grids(asked: Asked) -> list[Value]:
    return _files(asked, "grid")


def _folders(asked: Asked) -> list[Value]:
    return _files(asked, "fold")


def _folders_and_top(asked: Asked) -> list[Value]:
    top = [Value("/", "folder")] if asked.text == "" else []
    return [*top, *_folders(asked)]


def _trash(asked: Asked) -> list[Value]:
    if asked.seen is None:
        return []
    there = asked.seen.trash()
    by_path = Counter(path for _, path, _ in there)
    values = []
    for fid, path, filetype in there:
        # several of one path are told apart by fids
        is_told_by_fid = path is None or by_path[path] > 1 or ":" in (asked.text or "")
        values.append(Value(fid if is_told_by_fid else str(path), filetype))
    return sorted(value for value in values if _starts(value.text, asked))


def _files_and_trash(asked: Asked) -> list[Value]:
    return [*_files(asked), *_trash(asked)]


def _columns(asked: Asked) -> list[Value]:
    """List the columns of the table on the line, and of the grid that it goes to."""
    known: dict[str, None] = {}
    arguments = asked.line.arguments
    start = _NAME.match(arguments[0]) if arguments else None
    frame = asked.names.get(start.group()) if start else None
    if variables.is_frame(frame):
        known |= dict.fromkeys(variables.columns_of(frame))
    if asked.seen:
        names = asked.line.values.get("name") or arguments[1:][-1:]
        folder = (asked.line.values.get("parent") or [""])[-1]
        for name in names:
            path = f"{typed(folder, '') or ''}/{typed(name, '') or ''}"
            known |= dict.fromkeys(asked.seen.columns(path.strip("/")))
    given = {typed(word, "") for word in asked.line.values.get("key", [])}
    return [Value(name, "column") for name in known if name not in given and _starts(name, asked)]


def _variable_names(asked: Asked) -> list[Value]:
    return _variables(asked, variables.is_value)


def _local_files(asked: Asked) -> list[Value]:
    """List the files of the kernel's machine."""
    if asked.text is None:
        return []
    folder, slash, start = asked.text.rpartition("/")
    try:
        entries = [*os.scandir(Path(f"{folder}{slash}" or ".").expanduser())]
    except (OSError, RuntimeError):
        return []
    return sorted(
        Value(f"{folder}{slash}{each.name}/", "folder", goes_on=True)
        if each.is_dir()
        else Value(f"{folder}{slash}{each.name}", "path")
        for each in entries
        if each.name.startswith(start) and (start or not each.name.startswith("."))
    )


def _servers(asked: Asked) -> list[Value]:
    """List the servers that were signed in to, by their names or addresses."""
    return [each for each in _all_servers() if _starts(each.text, asked)]


def _servers_and_local(asked: Asked) -> list[Value]:
    local = Value("local", "server")
    return [*_servers(asked), *([local] if _starts(local.text, asked) else [])]


def _all_servers() -> list[Value]:
    from plotly_nbext.accounts import servers
    from plotly_nbext.errors import PlotlyNbextError

    try:
        known = servers.all_servers()
    except PlotlyNbextError:  # a broken file; the command itself says so
        return []
    return [Value(each.name or each.url, "server") for each in known]


def _python(asked: Asked, is_kind: Callable[[Any], bool]) -> list[Value]:
    """List the variables of a kind where a name begins; the rest of Python is IPython's."""
    found = _variables(asked, is_kind)
    if not asked.word and _is_expression(" ".join(asked.line.arguments)):
        return []  # it may be whole: options come next
    return found or ([PYTHON] if asked.word else [])


def _variables(asked: Asked, is_kind: Callable[[Any], bool]) -> list[Value]:
    if not _NAME.fullmatch(asked.word):
        return []
    found = variables.named(asked.names, asked.word, is_kind)
    return [Value(name, "variable", is_python=True) for name in found]


def _starts(text: str, asked: Asked) -> bool:
    return asked.text is not None and text.startswith(asked.text)


def _is_expression(text: str) -> bool:
    try:
        compile(text, "<expression>", "eval")
    except (SyntaxError, ValueError):
        return False
    return True


_KINDS: Final[dict[Any, Callable[[Asked], list[Value]]]] = {
    "expr": _figures,
    "file": _files,
    "files": _files,
    "folder": _folders,
    "frame": _frames,
    "grid": _stored_grids,
    "key": _columns,
    "name": _files,
    "out": _variable_names,
    "parent": _folders,
    "save": _local_files,
    "server": _servers_and_local,
    # where the same word means something else
    ("plotly_grid show", "grid"): _grids,
    ("plotly_grid delete", "files"): _files_and_trash,
    ("plotly_grid login", "key"): _nothing,
    ("plotly_grid login", "name"): _nothing,
    ("plotly_grid logout", "server"): _servers,
    ("plotly_grid move", "folder"): _folders_and_top,
    ("plotly_grid rename", "name"): _nothing,
    ("plotly_grid restore", "files"): _trash,
    ("plotly_grid upload", "file"): _local_files,
}
