"""What this session has seen of a user's files on a server, for TAB to complete.

It is told of what passes through the client anyway, and never asks.
"""

from __future__ import annotations

import json
import threading
import weakref
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping

    from plotly_nbext.accounts import Account

__all__ = ["FOLDER", "GRID", "Seen", "SeenFile", "seen_by"]

FOLDER: Final = "fold"
GRID: Final = "grid"
HOME: Final = -1

_TYPES: Final = {"grids": GRID, "plots": "plot", "folders": FOLDER}


@dataclass(slots=True)
class SeenFile:
    """A file that was seen.

    Attributes
    ----------
    fid : str or None
        Its id; None of a folder that is known by what lies in it.
    filetype : str
        The type as the server names it.
    columns : tuple of str
        The names of a grid's columns, where they are known.
    """

    fid: str | None
    filetype: str
    columns: tuple[str, ...] = ()


class Seen:
    """The files of one user on one server, as far as this session knows them.

    Parameters
    ----------
    username : str
        Whose files have paths here.
    """

    def __init__(self, username: str) -> None:
        self._owner = username.lower()
        self._lock = threading.RLock()
        # by the path of the folder, then by name
        self._folders: dict[str, dict[str, SeenFile]] = {"": {}}
        self._paths: dict[str, str] = {}
        self._trash: dict[str, tuple[str | None, str]] = {}
        # by the fid of a folder whose own place is not known yet
        self._waiting: dict[str, dict[str, Mapping[str, Any]]] = {}

    def note(self, meta: Mapping[str, Any], path: str | None = None) -> None:
        """Take down what a server tells of a file; of other people's files there is nothing kept.

        Parameters
        ----------
        meta : mapping
            The file's metadata.
        path : str, optional
            Where it lies, if the caller knows. Else it is told when its folder is.
        """
        fid, name = str(meta.get("fid") or ""), str(meta.get("filename") or "")
        if not fid or not name or str(meta.get("owner") or "").lower() != self._owner:
            return
        with self._lock:
            if path is None:
                path = self._path_of(meta, fid, name)
            if meta.get("deleted"):
                self._drop(fid)
                self._trash[fid] = path, str(meta.get("filetype"))
                return
            self._trash.pop(fid, None)
            if path is not None:
                self._put(fid, path.strip("/"), meta)
            elif parent := _parent(meta):
                self._waiting.setdefault(parent, {})[fid] = meta

    def trashed(self, fid: str) -> None:
        """Note that a file, a folder with all in it, was put in the trash."""
        with self._lock:
            path = self._paths.get(fid)
            file = self._file(path) if path is not None else None
            self._drop(fid)
            if path is not None and file is not None:
                self._trash[fid] = path, file.filetype

    def restored(self, fid: str) -> None:
        """Note that a file left the trash; where it went, its metadata tells."""
        with self._lock:
            path, filetype = self._trash.pop(fid, (None, ""))
            if path is not None:
                self._put(fid, path, {"fid": fid, "filetype": filetype})

    def gone(self, fid: str) -> None:
        """Note that a file is no more."""
        with self._lock:
            self._drop(fid)
            self._trash.pop(fid, None)

    def missing(self, path: str, resource: str) -> None:
        """Note that a path was looked up, and that nothing of a type is there."""
        with self._lock:
            file = self._file(path)
            if file and _TYPES.get(resource, file.filetype) == file.filetype:
                self._remove(path.strip("/"))

    def keep(self, folder: str | None, fids: Collection[str]) -> None:
        """Note that nothing else lies in a folder.

        Parameters
        ----------
        folder : str or None
            The folder's fid; None for home.
        fids : collection of str
            What lies there.
        """
        with self._lock:
            path = "" if folder is None else self._paths.get(folder)
            if path is None:
                return
            for name, file in [*self._folders.get(path, {}).items()]:
                if file.fid not in fids:
                    self._remove(_join(path, name))

    def inside(self, folder: str) -> list[tuple[str, SeenFile]]:
        """List what lies in a folder, by its path: names and files."""
        with self._lock:
            return [*self._folders.get(folder.strip("/"), {}).items()]

    def fids(self, start: str) -> list[tuple[str, SeenFile]]:
        """List what is known by a fid that begins with some letters."""
        with self._lock:
            paths = [each for each in self._paths.items() if each[0].startswith(start)]
            found = [(fid, self._file(path)) for fid, path in paths]
            return [(fid, file) for fid, file in found if file and file.fid == fid]

    def trash(self) -> list[tuple[str, str | None, str]]:
        """List what is known to be in the trash: fids, the paths they had, and types."""
        with self._lock:
            return [(fid, path, filetype) for fid, (path, filetype) in self._trash.items()]

    def columns(self, reference: str) -> tuple[str, ...]:
        """Give the names of a grid's columns, by its path or fid; none where they aren't known."""
        with self._lock:
            file = self._file(self._paths.get(reference, reference))
            return file.columns if file else ()

    def _path_of(self, meta: Mapping[str, Any], fid: str, name: str) -> str | None:
        parent = _parent(meta)
        if parent is None:
            if meta.get("parent") == HOME:
                return name
            folder = self._paths.get(fid, "").rpartition("/")[0] if fid in self._paths else None
        else:
            in_trash, _ = self._trash.get(parent, (None, ""))
            folder = self._paths.get(parent, in_trash)
        return None if folder is None else _join(folder, name)

    def _put(self, fid: str, path: str, meta: Mapping[str, Any]) -> None:
        old = self._paths.get(fid)
        known = self._file(old) if old is not None else None
        if old is not None and old != path:
            self._move(old, path)
        folder, _, name = path.rpartition("/")
        self._ensure(folder, _parent(meta))
        there = self._folders[folder].get(name)
        if there and there.fid not in {None, fid}:  # another file has its place by now
            self._remove(path)
        columns = _columns(meta)
        if columns is None:
            columns = known.columns if known else ()
        self._folders[folder][name] = SeenFile(fid, str(meta.get("filetype")), columns)
        self._paths[fid] = path
        if meta.get("filetype") == FOLDER:
            self._folders.setdefault(path, {})
            self._place_those_of(fid)

    def _ensure(self, folder: str, fid: str | None = None) -> None:
        """Know a folder, and those above it, by what lies in it."""
        if not folder:
            return
        above, _, name = folder.rpartition("/")
        self._ensure(above)
        known = self._folders[above].setdefault(name, SeenFile(fid, FOLDER))
        if fid is not None:
            known.fid = fid
            self._paths[fid] = folder
        self._folders.setdefault(folder, {})
        if fid is not None:
            self._place_those_of(fid)

    def _place_those_of(self, folder: str) -> None:
        for meta in self._waiting.pop(folder, {}).values():
            self.note(meta)

    def _file(self, path: str) -> SeenFile | None:
        folder, _, name = path.strip("/").rpartition("/")
        return self._folders.get(folder, {}).get(name)

    def _drop(self, fid: str) -> None:
        path = self._paths.get(fid)
        if path is not None:
            self._remove(path)

    def _remove(self, path: str) -> None:
        """Forget a path, with all below it."""
        folder, _, name = path.rpartition("/")
        file = self._folders.get(folder, {}).pop(name, None)
        if file and file.fid:
            self._paths.pop(file.fid, None)
        if path in self._folders:
            for each in [each for each in self._folders if each == path or _is_below(each, path)]:
                del self._folders[each]
            for fid in [fid for fid, each in self._paths.items() if _is_below(each, path)]:
                del self._paths[fid]

    def _move(self, old: str, new: str) -> None:
        """Forget a path, and take what lies below it along to another one."""
        folder, _, name = old.rpartition("/")
        self._folders.get(folder, {}).pop(name, None)
        if old in self._folders:
            self._folders = {_moved(each, old, new): held for each, held in self._folders.items()}
            self._paths = {fid: _moved(each, old, new) for fid, each in self._paths.items()}


_all: Final[weakref.WeakValueDictionary[tuple[str, str], Seen]] = weakref.WeakValueDictionary()
_making: Final = threading.Lock()


def seen_by(account: Account) -> Seen:
    """Give what was seen with an account; it is kept as long as someone holds it."""
    key = account.url, account.username
    with _making:
        seen = _all.get(key)
        if seen is None:
            seen = _all[key] = Seen(account.username)
        return seen


def _parent(meta: Mapping[str, Any]) -> str | None:
    """Give the fid of the folder that a file lies in; None at home."""
    parent = meta.get("parent")
    if not isinstance(parent, int) or parent == HOME:
        return None
    return f"{str(meta['fid']).rpartition(':')[0]}:{parent}"


def _columns(meta: Mapping[str, Any]) -> tuple[str, ...] | None:
    columns = meta.get("cols")
    if isinstance(columns, str):  # as Chart Studio's own server writes them
        try:
            columns = json.loads(columns)
        except ValueError:
            return None
    if not isinstance(columns, list):
        return None
    return tuple(str(column["name"]) for column in columns if isinstance(column, dict))


def _join(folder: str, name: str) -> str:
    return f"{folder}/{name}" if folder else name


def _is_below(path: str, folder: str) -> bool:
    return path.startswith(f"{folder}/")


def _moved(path: str, old: str, new: str) -> str:
    return new + path[len(old) :] if path == old or _is_below(path, old) else path
