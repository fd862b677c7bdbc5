"""A disk as a loss of power leaves it, made of what a traced process has written and synced."""

from __future__ import annotations

import re
from collections import defaultdict
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path
    from random import Random

__all__ = ["SENT", "STRACE", "Call", "Disk", "calls"]

SENT = {"sendto", "sendmsg"}
"""What answers."""

LONGEST = 8_192
"""Of what is written at once: SQLite writes a page."""

_TRACED = (
    "openat,mkdir,pwrite64,pwritev,ftruncate,fallocate,fsync,fdatasync,"
    "unlink,unlinkat,rename,renameat,renameat2,sendto,sendmsg"
)
STRACE = ["strace", "-f", "-qq", "--seccomp-bpf", "-y", "-xx", "-s", str(LONGEST), "-e", _TRACED]

_CALL = re.compile(r"(\d+) +(?:(\w+)\(|<\.\.\. (\w+) resumed>)(.*)", re.DOTALL)
_FD = re.compile(r"(\d+|AT_FDCWD)<((?:\\x[0-9a-f]{2})*)>(\(deleted\))?")
_TEXT = re.compile(r'"((?:\\x[0-9a-f]{2})*)"(\.\.\.)?')


class Call(NamedTuple):
    """A call of the kernel, when it begins and once more when it ends."""

    name: str
    path: str
    data: bytes
    numbers: list[int]
    ends: bool
    begins: bool
    process: str


def calls(trace: Path) -> Iterator[Call]:
    """Read what was traced; what failed, and files that had no name any more, are left out."""
    begun: dict[str, str] = {}
    with trace.open() as lines:
        for line in lines:
            found = _CALL.match(line)
            if found is None:
                continue
            process, name, resumed, rest = found.groups()
            if resumed:
                rest = begun.pop(process) + rest
                yield from _call(resumed, rest, process, begins=False, ends=True)
            elif rest.rstrip().endswith("<unfinished ...>"):
                begun[process] = rest.rstrip().removesuffix("<unfinished ...>")
                yield from _call(name, begun[process], process, begins=True, ends=False)
            else:
                yield from _call(name, rest, process, begins=True, ends=True)


def _call(name: str, rest: str, process: str, *, begins: bool, ends: bool) -> Iterator[Call]:
    arguments, _, result = rest.rpartition(" = ")
    if ends and result.startswith("-1"):
        return
    texts = [] if name == "sendmsg" else _TEXT.findall(rest)
    sent = name in SENT
    data = b"".join(_bytes(text) for text, _ in (_TEXT.findall(rest) if sent else texts))
    fd = _FD.search(rest)
    if name in {"openat", "mkdir", "unlink", "unlinkat"}:
        # of an opened file, the kernel tells the path by what it returns
        opened = _FD.match(result) if name == "openat" else None
        path = _bytes(opened[2]) if opened else data
    else:
        if fd is None or fd[3]:
            return
        path = _bytes(fd[2])
        assert sent or not any(more for _, more in texts), (
            f"more than {LONGEST} bytes: {rest[:200]}"
        )
    plain = _TEXT.sub("", _FD.sub("", arguments or rest))
    numbers = [int(number) for number in re.findall(r"\b\d+\b", plain)]
    flags = [] if name != "openat" else [int("O_CREAT" in rest)]
    yield Call(name, path.decode(), data, flags or numbers, ends, begins, process)


def _bytes(text: str) -> bytes:
    return bytes.fromhex(text.replace("\\x", ""))


@dataclass
class _File:
    """What is on the disk for sure, and what was written since; a number alone cuts it there."""

    durable: bytearray = field(default_factory=bytearray)
    pending: list[tuple[int, bytes | None]] = field(default_factory=list)


class Disk:
    """The files of one folder whose names begin alike.

    A write may be on the disk once it has begun, and is for sure once a sync has ended that began
    after it. A name is there, or gone, for sure once its folder was synced; names come and go in
    their order, as filesystems have it that keep a log of them, and nothing else is so.

    Parameters
    ----------
    folder : str
        Where the files are.
    names : tuple of str
        Which files they are; others are not looked at.
    deaf : str
        The name of a file whose syncs do nothing, as of a disk that tells lies.
    """

    def __init__(self, folder: str, names: tuple[str, ...], deaf: str = "") -> None:
        self._folder = folder
        self._names = names
        self._deaf = deaf
        self._there: dict[str, _File] = {}
        self._durable: dict[str, _File] = {}
        self._links: list[tuple[str, _File | None]] = []
        self._syncing: dict[str, tuple[int, int]] = {}
        self.synced: dict[str, int] = defaultdict(int)

    def follow(self, call: Call) -> None:
        """Do what a call did."""
        if call.name in {"fsync", "fdatasync"}:
            self._sync(call)
            return
        folder, _, name = call.path.rpartition("/")
        if not call.begins and call.name != "openat":
            return
        if folder != self._folder or name not in self._names:
            return
        match call.name:
            case "openat" if call.ends and call.numbers[0] and name not in self._there:
                self._link(name, _File())
            case "unlink" | "unlinkat":
                self._link(name, None)
            case "pwrite64":
                # …, data, count, offset)
                self._there[name].pending.append((call.numbers[-1], call.data))
            case "ftruncate":
                self._there[name].pending.append((call.numbers[-1], None))
            case "openat" | "mkdir":
                pass
            case _:
                raise NotImplementedError(call.name)

    def image(self, target: Path, random: Random) -> str:
        """Write what may be left of it to a folder; tell how much of what was not synced is."""
        how = random.choice(["nothing", "all", "first", "some", "torn at 512", "torn at 4096"])
        names = dict(self._durable)
        kept = {"nothing": 0, "all": len(self._links)}.get(how, random.randint(0, len(self._links)))
        for name, file in self._links[:kept]:
            names.pop(name, None)
            if file is not None:
                names[name] = file
        for name, file in names.items():
            content = bytearray(file.durable)
            for write in _left(file.pending, how, random):
                _apply(content, *write)
            (target / name).write_bytes(content)
        return how

    def _link(self, name: str, file: _File | None) -> None:
        self._links.append((name, file))
        self._there.pop(name, None)
        if file is not None:
            self._there[name] = file

    def _sync(self, call: Call) -> None:
        """Note how much there is when a sync begins, which is safe when it ends."""
        folder, _, name = call.path.rpartition("/")
        if call.begins:
            written = self._there[name].pending if self._is_ours(folder, name) else []
            self._syncing[call.process] = (len(written), len(self._links))
        if not call.ends:
            return
        writes, links = self._syncing.pop(call.process)
        self.synced[call.path] += 1
        if call.path == self._folder:
            for linked, file in self._links[:links]:
                self._durable.pop(linked, None)
                if file is not None:
                    self._durable[linked] = file
            del self._links[:links]
        elif self._is_ours(folder, name) and name != self._deaf:
            file = self._there[name]
            for write in file.pending[:writes]:
                _apply(file.durable, *write)
            del file.pending[:writes]

    def _is_ours(self, folder: str, name: str) -> bool:
        return folder == self._folder and name in self._there


def _left(
    pending: list[tuple[int, bytes | None]], how: str, random: Random
) -> Iterator[tuple[int, bytes | None]]:
    """Choose what is left of writes that were not synced."""
    first = random.randint(0, len(pending))
    share = random.choice([0.1, 0.5, 0.9])
    for place, (offset, data) in enumerate(pending):
        if how == "all" or (how == "first" and place < first):
            yield offset, data
        elif how == "some" or (how.startswith("torn") and data is None):
            if random.random() < share:
                yield offset, data
        elif how.startswith("torn") and data is not None:
            size = int(how.rsplit(maxsplit=1)[-1])
            start = offset
            while start < offset + len(data):
                end = min(offset + len(data), (start // size + 1) * size)
                if random.random() < share:
                    yield start, data[start - offset : end - offset]
                start = end


def _apply(content: bytearray, offset: int, data: bytes | None) -> None:
    if data is None:
        del content[offset:]
        content.extend(bytes(offset - len(content)))
        return
    content.extend(bytes(max(0, offset - len(content))))
    content[offset : offset + len(data)] = data
