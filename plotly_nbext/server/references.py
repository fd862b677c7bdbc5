"""Figures that draw on grids: ``xsrc: "alice:88:e3a9dd"`` becomes ``x: [values]``.

A reference names the grid by its fid and a column by its uid; several uids with commas make an
array of columns. It is read with someone's rights: the caller's for what is rendered at once, and
for a plot those of its owner, whoever looks at it.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

from plotly_nbext.columns import json
from plotly_nbext.errors import ValidationError
from plotly_nbext.server.auth import Caller, may_read
from plotly_nbext.server.bodies import bad_request
from plotly_nbext.server.column_references import Columns, Reference, Steps
from plotly_nbext.server.figure import decode_figure
from plotly_nbext.server.store import files, plots, references
from plotly_nbext.server.store.files import PLOT

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from sqlalchemy import Connection

    from plotly_nbext.server.store.files import FileRecord

__all__ = [
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

# what users put there is theirs: a key that ends in "src" is no attribute of plotly.js
_FREE_FORM = frozenset({"meta", "customdata"})

# JSON may have a letter of "src" so, though no encoder writes it
_ESCAPED = re.compile(rb"\\u00(?:7[23]|63)")


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
    columns = Columns(connection, caller)
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
    _fill(Columns(connection, caller), found, leave_missing=leave_missing)
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
    _fill(Columns(connection, caller, in_trash=True), dropped, leave_missing=True)
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


def _fill(columns: Columns, found: Sequence[Reference], *, leave_missing: bool) -> None:
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
