"""Figures that draw on grids: ``xsrc: "alice:88:e3a9dd"`` becomes ``x: [values]``.

A reference names the grid by its fid and a column by its uid; several uids with commas make an
array of columns. It is read with someone's rights: the caller's for what is rendered at once, and
for a plot those of its owner, whoever looks at it.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, TypeAlias

import msgspec

from plotly_nbext.columns import json
from plotly_nbext.errors import NotFoundError, ValidationError
from plotly_nbext.server.auth import Caller, may_read, readable, writable
from plotly_nbext.server.bodies import bad_request
from plotly_nbext.server.figure import decode_figure
from plotly_nbext.server.store import files, grids, plots, references
from plotly_nbext.server.store.files import GRID, PLOT

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from sqlalchemy import Connection

    from plotly_nbext.server.store.files import FileRecord
    from plotly_nbext.server.store.grids import ColumnRecord

__all__ = [
    "Reference",
    "drop_reference",
    "fill_references",
    "find_references",
    "inline_references",
    "may_have_references",
    "note_source",
    "plot_content",
    "referenced_grids",
]

MAX_BYTES = 200_000_000  # of JSON text: 10 million numbers with all their digits
MAX_TOLD = 200

# plotly 1 writes a slash before the uids
_REFERENCE = re.compile(r"([^:/\s]+:(?:0|[1-9][0-9]*))[:/]([0-9a-f]{6}(?:,[0-9a-f]{6})*)")

# what users put there is theirs: a key that ends in "src" is no attribute of plotly.js
_FREE_FORM = frozenset({"meta", "customdata"})

# JSON may have a letter of "src" so, though no encoder writes it
_ESCAPED = re.compile(rb"\\u00(?:7[23]|63)")

Steps: TypeAlias = "tuple[Steps, str | int] | None"
"""The way into a figure, of which what lies there shares the first part; None at its top."""


@dataclass(frozen=True, slots=True)
class Reference:
    """An attribute of a figure that names columns.

    Attributes
    ----------
    holder : dict
        The object of the figure that it stands in.
    attribute : str
        Its name, such as ``xsrc``.
    steps : Steps
        The way to it.
    """

    holder: dict[str, Any]
    attribute: str
    steps: Steps

    @property
    def path(self) -> str:
        """Where it is, to be told: ``figure.data[0].xsrc``; a long one is cut."""
        parts, steps = [f".{self.attribute}"], self.steps
        while steps is not None:
            steps, step = steps
            parts.append(f"[{step}]" if isinstance(step, int) else f".{step}")
        return _cut("".join(["figure", *reversed(parts)]))

    @property
    def text(self) -> str:
        """What stands there."""
        text: str = self.holder[self.attribute]
        return text

    @property
    def fid(self) -> str:
        """The grid that is meant, also where the columns are no uids."""
        return ":".join(re.split("[:/]", self.text, maxsplit=2)[:2])

    def fill(self, values: msgspec.Raw | list[msgspec.Raw]) -> None:
        """Put the values beside the reference."""
        self.holder[self.attribute.removesuffix("src")] = values

    def remove(self) -> None:
        """Take the reference away; what stands beside it stays."""
        del self.holder[self.attribute]


def may_have_references(figure: bytes) -> bool:
    """Tell whether a figure's JSON text could hold a reference, without reading it."""
    if b'src"' in figure:
        return True
    # one byte is looked for many times as fast
    return b"\\" in figure and _ESCAPED.search(figure) is not None


def find_references(figure: dict[str, Any]) -> list[Reference]:
    """Find what is meant as a reference in a figure, well-formed or not."""
    return list(_references(figure, None))


def referenced_grids(
    connection: Connection, caller: Caller, found: Sequence[Reference]
) -> list[FileRecord]:
    """Return the grids of some references, all of which the caller can read.

    Raises
    ------
    ValidationError
        400: a reference can't be read, by a column or grid that is not there or not the caller's.
    """
    columns = _Columns(connection, caller)
    return [columns.find(reference)[0] for reference in found]


def fill_references(
    connection: Connection, caller: Caller, figure: bytes, *, leave_missing: bool = False
) -> bytes:
    """Put the values beside all references of a figure.

    Parameters
    ----------
    leave_missing : bool
        Whether a reference that can't be read stays as it is.

    Raises
    ------
    ValidationError
        400: a reference can't be read, by a column or grid that is not there or not the caller's;
        or the values are too long.
    """
    if not may_have_references(figure):
        return figure
    content = decode_figure(figure, keep_too_large=True)
    found = find_references(content)
    if not found:
        return figure
    _fill(_Columns(connection, caller), found, leave_missing=leave_missing)
    return json.dumps(content)


def inline_references(
    connection: Connection, caller: Caller, figure: bytes, fids: Iterable[str]
) -> bytes:
    """Put the values of some grids in place of the references to them.

    They can be read in the caller's own trash too: what is dropped there would else be lost. A
    reference of which not all columns can be read showed nothing, and leaves nothing.

    Raises
    ------
    ValidationError
        400: the values are too long.
    """
    if not may_have_references(figure):
        return figure
    content = decode_figure(figure)
    wanted = set(fids)
    dropped = [reference for reference in find_references(content) if reference.fid in wanted]
    if not dropped:
        return figure
    _fill(_Columns(connection, caller, in_trash=True), dropped, leave_missing=True)
    for reference in dropped:
        reference.remove()
    return json.dumps(content)


def plot_content(connection: Connection, plot: FileRecord) -> bytes:
    """Return a plot's figure with all values that its owner may read now beside their references.

    Raises
    ------
    ValidationError
        400: the values are too long.
    """
    figure = plots.figure(connection, plot)
    return fill_references(connection, Caller(plot.owner), figure, leave_missing=True)


def note_source(connection: Connection, caller: Caller, grid: FileRecord) -> None:
    """Keep that a grid was made from the file of its ``source_fid``, if its maker may read that."""
    source = files.head(connection, grid.source_fid or "")
    if source is not None and not source.trashed and may_read(caller, source):
        references.set_references(connection, grid, [source])


def drop_reference(connection: Connection, record: FileRecord, fid: str) -> FileRecord:
    """Make a file stand without another; a plot keeps the values that it shows from there.

    Raises
    ------
    ValidationError
        400: the values are too long.
    """
    references.drop(connection, record, fid)
    if record.filetype != PLOT:
        return record
    figure = plots.figure(connection, record)
    inlined = inline_references(connection, Caller(record.owner), figure, [fid])
    if inlined == figure:
        return record
    plots.replace(connection, record, inlined)
    return files.change(connection, record)


def _references(node: dict[str, Any] | list[Any], steps: Steps) -> Iterator[Reference]:
    if isinstance(node, dict):
        for key, value in node.items():
            if isinstance(value, str):
                if _is_meant(key, value):
                    yield Reference(node, key, steps)
            elif value and isinstance(value, dict | list) and key not in _FREE_FORM:
                yield from _references(value, (steps, key))
    else:
        for index, value in enumerate(node):
            if value and isinstance(value, dict | list):
                yield from _references(value, (steps, index))


def _is_meant(key: str, value: str) -> bool:
    """Tell what is meant as a reference, well-formed or not: other names end in "src" too."""
    is_attribute = len(key) > len("src") and key.endswith("src")
    return is_attribute and re.match(r"[^:/\s]+:\d+", value) is not None


def _fill(columns: _Columns, found: Sequence[Reference], *, leave_missing: bool) -> None:
    total = 0
    for reference in found:
        try:
            grid, named = columns.find(reference)
        except ValidationError:
            if leave_missing:
                continue
            raise
        # each use counts: a column that is named often stands there as often
        total += sum(columns.size(grid, column) for column in named)
        if total > MAX_BYTES:
            raise bad_request(
                f"The references up to {reference.path} are over {MAX_BYTES:,} bytes of values.",
                reference.path,
            )
        values = [columns.values(grid, column) for column in named]
        reference.fill(values if len(values) > 1 else values[0])


def _cut(text: str) -> str:
    return text if len(text) <= MAX_TOLD else f"{text[:MAX_TOLD]}…"


class _Columns:
    """What someone may read of grids, each asked for once; also of their trash if ``in_trash``."""

    def __init__(self, connection: Connection, caller: Caller, *, in_trash: bool = False) -> None:
        self._connection = connection
        self._caller = caller
        self._in_trash = in_trash
        self._grids: dict[str, tuple[FileRecord, dict[str, ColumnRecord]]] = {}
        self._sizes: dict[tuple[int, str], int] = {}
        self._values: dict[tuple[int, str], msgspec.Raw] = {}

    def find(self, reference: Reference) -> tuple[FileRecord, list[ColumnRecord]]:
        """Return the grid and the columns that a reference names, or refuse it."""
        match = _REFERENCE.fullmatch(reference.text)
        if match is None:
            path = reference.path
            raise bad_request(
                f"{_cut(reference.text)!r} is not a column reference (user:id:uid) in {path}.", path
            )
        try:
            grid, columns = self._grid(match[1])
            return grid, [columns[uid] for uid in match[2].split(",")]
        except (NotFoundError, KeyError):
            # one answer for both, which tells nothing of what others have
            path = reference.path
            raise bad_request(
                f"The column reference {_cut(reference.text)!r} in {path} leads nowhere, or not "
                "for you to see.",
                path,
            ) from None

    def size(self, grid: FileRecord, column: ColumnRecord) -> int:
        """Tell how long a column is, in bytes."""
        key = grid.id, column.uid
        if key not in self._sizes:
            self._sizes[key] = grids.json_size(self._connection, grid, column)
        return self._sizes[key]

    def values(self, grid: FileRecord, column: ColumnRecord) -> msgspec.Raw:
        """Read a column, as the text that it is kept as."""
        key = grid.id, column.uid
        if key not in self._values:
            runs = grids.json_runs(self._connection, grid, column)
            self._values[key] = msgspec.Raw(b"".join([b"[", *runs, b"]"]))
        return self._values[key]

    def _grid(self, fid: str) -> tuple[FileRecord, dict[str, ColumnRecord]]:
        if fid not in self._grids:
            grid = self._record(fid)
            columns = grids.list_columns(self._connection, grid)
            self._grids[fid] = grid, {column.uid: column for column in columns}
        return self._grids[fid]

    def _record(self, fid: str) -> FileRecord:
        try:
            return readable(self._connection, self._caller, fid, GRID)
        except NotFoundError:
            if not self._in_trash:
                raise
            return writable(self._connection, self._caller, fid, GRID, trashed=True)
