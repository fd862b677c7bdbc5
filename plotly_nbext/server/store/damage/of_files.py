"""Examine all that a database holds: its structure, users, files, figures, what lies astray."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sqlalchemy import func, select, text

from plotly_nbext.server.store.checksums import is_whole
from plotly_nbext.server.store.damage.of_grids import examine_grid
from plotly_nbext.server.store.files import FOLDER, GRID, PLOT, FileRecord
from plotly_nbext.server.store.schema import (
    HOME,
    chunks,
    columns,
    files,
    metadata,
    plots,
    row_log,
    users,
)

if TYPE_CHECKING:
    from collections.abc import Mapping
    from typing import Any

    from sqlalchemy import Row

    from plotly_nbext.server.store.damage.examination import Examination

__all__ = ["examine"]

DATABASE = "the database"


def examine(examination: Examination) -> None:
    """Find what is not as it must be."""
    if examination.connection.dialect.name == "sqlite":
        _examine_sqlite(examination)
    _examine_strays(examination)
    for user in examination.rows("the users", select(users)):
        with examination.part(f"the user {user.username}"):
            _examine_user(examination, user)


def _examine_sqlite(examination: Examination) -> None:
    for (found,) in examination.rows(DATABASE, text("PRAGMA integrity_check")):
        if found != "ok":
            examination.note(DATABASE, found)
    for table in metadata.sorted_tables:
        if table in {chunks, columns, row_log, plots}:
            continue  # of which more is told below
        check = text(f"PRAGMA foreign_key_check({table.name})")
        for row in examination.rows(DATABASE, check):
            examination.note(
                DATABASE, f"a row of {table.name} refers to one of {row.parent} that is not there"
            )


def _examine_strays(examination: Examination) -> None:
    """Find values, columns and figures of files that are not there."""
    its_column = (columns.c.file_id == chunks.c.file_id) & (columns.c.uid == chunks.c.uid)
    strays = (
        select(chunks.c.file_id, chunks.c.uid, func.count().label("count"))
        .where(~select(columns.c.uid).where(its_column).exists())
        .group_by(chunks.c.file_id, chunks.c.uid)
    )
    for row in examination.rows("chunks", strays):
        examination.note(
            f"chunks of file number {row.file_id}", f"{row.count} belong to no column ({row.uid})"
        )
    for table, filetype in ((columns, GRID), (row_log, GRID), (plots, PLOT)):
        its_file = (files.c.id == table.c.file_id) & (files.c.filetype == filetype)
        astray = (
            select(table.c.file_id)
            .where(~select(files.c.id).where(its_file).exists())
            .group_by(table.c.file_id)
        )
        for row in examination.rows(table.name, astray):
            examination.note(f"{table.name} of file number {row.file_id}", "there is no such file")


def _examine_user(examination: Examination, user: Row[Any]) -> None:
    of_owner = select(files).where(files.c.owner == user.username)
    found = [*examination.rows(f"the files of {user.username}", of_owner)]
    folders = {row.idlocal: row.parent for row in found if row.filetype == FOLDER}
    numbers = {row.idlocal for row in found}
    examination.know(found)
    for row in found:
        where = examination.name_of(row)
        if row.idlocal >= user.next_idlocal:
            examination.note(where, "its number would be given out again")
        if row.parent != HOME and row.parent not in folders:
            examination.note(where, f"it lies in {row.owner}:{row.parent}, which is no folder")
        if _lies_in_itself(row.parent, folders):
            examination.note(where, "it lies in a folder that lies in itself")
        if row.trashed_with is not None and row.trashed_with not in numbers:
            examination.note(where, "it went to the trash with a file that is not there")
        with examination.part(where):
            FileRecord.from_row(row)
        before = len(examination.findings)
        with examination.part(where):
            if row.filetype == GRID:
                examine_grid(examination, where, row)
            elif row.filetype == PLOT:
                _examine_plot(examination, where, row)
        if row.filetype == GRID and len(examination.findings) > before:
            examination.damaged_grids.append(f"{row.owner}:{row.idlocal}")


def _lies_in_itself(parent: int, folders: Mapping[int, int]) -> bool:
    passed = set()
    while parent in folders and parent not in passed:
        passed.add(parent)
        parent = folders[parent]
    return parent in passed


def _examine_plot(examination: Examination, where: str, plot: Row[Any]) -> None:
    found = [*examination.rows(where, select(plots).where(plots.c.file_id == plot.id))]
    if not found:
        examination.note(where, "it has no figure")
    for row in found:
        if not is_whole(row.figure, row.checksum):
            examination.note(where, "its figure is not as it was written")
