"""What a figure's attribute refers to: columns of a grid, or why it does not."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final, TypeAlias

import msgspec

from plotly_nbext.errors import NotFoundError
from plotly_nbext.server.auth import Caller, readable, writable
from plotly_nbext.server.bodies import bad_request
from plotly_nbext.server.store import files, grids
from plotly_nbext.server.store.files import GRID
from plotly_nbext.suggestions import suggestion

if TYPE_CHECKING:
    from collections.abc import Collection

    from sqlalchemy import Connection

    from plotly_nbext.errors import ValidationError
    from plotly_nbext.server.store.files import FileRecord
    from plotly_nbext.server.store.grids import ColumnRecord

__all__ = ["Columns", "Reference", "Steps"]

MAX_TOLD: Final = 200
MOST_OFFERED: Final = 5

# plotly 1 writes a slash before the uids
_REFERENCE = re.compile(r"([^:/\s]+:(?:0|[1-9][0-9]*))[:/]([0-9a-f]{6}(?:,[0-9a-f]{6})*)")

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


def _refusal(reference: Reference, why: str) -> ValidationError:
    path = reference.path
    return bad_request(f"{path.removeprefix('figure.')} = {_cut(reference.text)!r} {why}", path)


def _offered(grid: FileRecord, columns: Collection[ColumnRecord]) -> str:
    """List columns of a grid as references, to choose from."""
    some = list(columns)[:MOST_OFFERED]
    more = f" and {len(columns) - len(some)} more" if len(columns) > len(some) else ""
    listed = ", ".join(f"{grid.fid}:{column.uid} ({_cut(column.name)!r})" for column in some)
    return f" It has {listed or 'none'}{more}."


def _cut(text: str) -> str:
    return text if len(text) <= MAX_TOLD else f"{text[:MAX_TOLD]}…"


class Columns:
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
            raise _refusal(reference, f"is no reference to a column.{self._meant(reference)}")
        fid, uids = match[1], match[2].split(",")
        try:
            grid, columns = self._grid(fid)
        except files.InTrash:
            raise _refusal(reference, "names a grid that is in the trash.") from None
        except NotFoundError:
            # the same for what is not there, which tells nothing of what others have
            why = "names a grid that is not there, or not for you to see."
            raise _refusal(reference, why) from None
        for uid in uids:
            if uid not in columns:
                why = f"names the column {uid!r}, which the grid {grid.filename!r} has not."
                raise _refusal(reference, why + _offered(grid, columns.values()))
        return grid, [columns[uid] for uid in uids]

    def _meant(self, reference: Reference) -> str:
        """Tell what would be right: the columns of the grid, where it is one for the caller."""
        try:
            grid, columns = self._grid(reference.fid)
        except NotFoundError:
            return " One is user:id:uid, such as alice:88:e3a9dd."
        named = reference.text[len(reference.fid) + 1 :]
        meant = suggestion(named, [column.name for column in columns.values()])
        for column in columns.values():
            if column.name == meant:
                return f" Did you mean {grid.fid}:{column.uid} ({_cut(meant)!r})?"
        return _offered(grid, columns.values())

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
