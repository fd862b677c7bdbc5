"""What ``plotly-nbext verify`` finds: damage, and figures that draw on what is not there."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from sqlalchemy import func, select

from plotly_nbext.errors import ApiError
from plotly_nbext.server.auth import Caller
from plotly_nbext.server.column_references import Columns
from plotly_nbext.server.figure import decode_figure
from plotly_nbext.server.references import find_references, may_have_references
from plotly_nbext.server.store import plots, schema
from plotly_nbext.server.store.damage import Examination, Finding, examine
from plotly_nbext.server.store.files import PLOT, FileRecord

if TYPE_CHECKING:
    from collections.abc import Iterator

    from sqlalchemy import Connection, Table

__all__ = ["Report", "verify"]


@dataclass(frozen=True)
class Report:
    """What is in a database, and what is wrong with it.

    Attributes
    ----------
    users, files, chunks : int
        How many there are.
    damaged : list of Finding
        What is no longer as it was written.
    damaged_grids : list of str
        The fids of the grids of which something isn't.
    dangling : list of Finding
        The references of plots that show nothing, for what they name was deleted, or is another's.
    """

    users: int
    files: int
    chunks: int
    damaged: list[Finding]
    damaged_grids: list[str]
    dangling: list[Finding]


def verify(connection: Connection) -> Report:
    """Read all that a database holds, and check it.

    Parameters
    ----------
    connection : Connection
        In a transaction that sees one state of the database, or of a backup.
    """
    examination = Examination(connection)
    examine(examination)

    dangling = [*_dangling(examination)]
    users, files, chunks = (
        _count(examination, table) for table in (schema.users, schema.files, schema.chunks)
    )
    return Report(users, files, chunks, examination.findings, examination.damaged_grids, dangling)


def _count(examination: Examination, table: Table) -> int:
    counted = select(func.count()).select_from(table)
    return sum(row[0] for row in examination.rows(table.name, counted))


def _dangling(examination: Examination) -> Iterator[Finding]:
    damaged = {finding.where for finding in examination.findings}
    shown = select(schema.files).where(
        schema.files.c.filetype == PLOT, schema.files.c.trashed_with.is_(None)
    )
    for row in examination.rows("the plots", shown):
        where = examination.name_of(row)
        if where in damaged:
            continue
        with examination.part(where), examination.connection.begin_nested():
            for error in _unfound(examination.connection, FileRecord.from_row(row)):
                yield Finding(where, error.message.removesuffix("."))


def _unfound(connection: Connection, plot: FileRecord) -> Iterator[ApiError]:
    """Give what is answered to each reference that shows nothing."""
    figure = plots.figure(connection, plot)
    if not may_have_references(figure):
        return
    columns = Columns(connection, Caller(plot.owner))
    for reference in find_references(decode_figure(figure, keep_too_large=True)):
        try:
            columns.find(reference)
        except ApiError as error:
            yield error
