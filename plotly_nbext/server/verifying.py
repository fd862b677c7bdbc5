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
    dangling : list of Finding
        The references of plots that show nothing, for what they name was deleted, or is another's.
    """

    users: int
    files: int
    chunks: int
    damaged: list[Finding]
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

    def count(table: Table) -> int:
        counted: int = connection.execute(select(func.count()).select_from(table)).scalar_one()
        return counted

    dangling = [*_dangling(examination)]
    return Report(
        users=count(schema.users),
        files=count(schema.files),
        chunks=count(schema.chunks),
        damaged=examination.findings,
        dangling=dangling,
    )


def _dangling(examination: Examination) -> Iterator[Finding]:
    shown = select(schema.files).where(
        schema.files.c.filetype == PLOT, schema.files.c.trashed_with.is_(None)
    )
    for row in examination.rows("the plots", shown):
        plot = FileRecord.from_row(row)
        try:
            figure = plots.figure(examination.connection, plot)
            found = (
                find_references(decode_figure(figure, keep_too_large=True))
                if may_have_references(figure)
                else []
            )
        except ApiError:  # it is among what is damaged
            continue
        columns = Columns(examination.connection, Caller(plot.owner))
        for reference in found:
            try:
                columns.find(reference)
            except ApiError as error:
                yield Finding(f"{plot.fid} ({plot.filename})", error.message.removesuffix("."))
