"""A file of any format → tables."""

from __future__ import annotations

import zipfile
from typing import TYPE_CHECKING

from msgspec import structs

from plotly_nbext.server.uploads import archive, delimited, json_forms
from plotly_nbext.server.uploads.identify import (
    Format,
    extension,
    identify,
    is_named_binary,
    is_named_delimited,
    is_named_json,
)
from plotly_nbext.server.uploads.limits import NotATable, Unreadable

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from plotly_nbext.server.uploads.spool import Spool, Table

__all__ = ["read"]

_TEXTS = {Format.DELIMITED, Format.JSON}


def read(file: Path, name: str, spool: Spool) -> None:
    """Read the tables of a file into a spool.

    Parameters
    ----------
    file : Path
        The file.
    name : str
        What the sender calls it; "" if they don't say.
    spool : Spool
        Where the tables go.

    Raises
    ------
    Unreadable
        There is no table, or it is larger than may be.
    """
    kind = identify(file, name)
    if kind is Format.ARCHIVE:
        _read_archive(file, spool)
    else:
        if kind in _TEXTS and is_named_binary(name):
            spool.warn(f"The file is no {extension(name)}, as its name says: it is {kind.value}.")
        _read_as(kind, file, name, spool, [])
        if kind is Format.DELIMITED and is_named_binary(name) and _is_hardly_any(spool.tables):
            raise NotATable(
                f"The file is text without rows and columns, and no {extension(name)}, as its name "
                "says."
            )
    if not spool.tables:
        raise NotATable(" ".join(["There is no table in the file.", *spool.warnings]))


def _read_as(kind: Format, file: Path, name: str, spool: Spool, path: Sequence[str]) -> None:
    match kind:
        case Format.DELIMITED:
            delimited.read(file, name, spool, path)
        case Format.JSON:
            try:
                json_forms.read(file, name, spool, path)
            except NotATable:
                # a text that only begins like JSON
                if not is_named_delimited(name):
                    raise
                delimited.read(file, name, spool, path)
        case Format.PARQUET:
            from plotly_nbext.server.uploads import parquet

            parquet.read(file, spool, path)
        case Format.WORKBOOK:
            from plotly_nbext.server.uploads import workbook

            if zipfile.is_zipfile(file):
                archive.check(file)
            workbook.read(file, spool, path)


def _is_hardly_any(tables: Sequence[Table]) -> bool:
    """Tell whether there is less than two rows of one column: any words look like that."""
    return all(len(table.columns) == 1 and table.columns[0].length <= 1 for table in tables)


def _read_archive(file: Path, spool: Spool) -> None:
    archive.check(file)
    for parts, member in archive.members(file):
        shown = "/".join(parts)
        try:
            kind = identify(member, parts[-1])
        except NotATable as error:
            spool.warn(f"{shown!r} is left out: {error}")
            continue
        if kind is Format.ARCHIVE:
            raise Unreadable(f"{shown!r} is an archive in the archive: unpack it first.")
        if kind in _TEXTS and not (is_named_delimited(parts[-1]) or is_named_json(parts[-1])):
            spool.warn(f"{shown!r} is left out: by its name it is no table.")
            continue
        try:
            _read_as(kind, member, parts[-1], spool, parts)
        except Unreadable as error:
            raise Unreadable(f"{shown!r}: {error}") from None
    while _share_a_folder(spool.tables):  # which says nothing
        spool.tables[:] = [structs.replace(t, path=t.path[1:]) for t in spool.tables]


def _share_a_folder(tables: list[Table]) -> bool:
    paths = [table.path for table in tables]
    return all(len(path) > 1 for path in paths) and len({path[0] for path in paths}) == 1
