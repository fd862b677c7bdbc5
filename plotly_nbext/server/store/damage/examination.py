"""An examination of a database, which may be too damaged to answer."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from sqlalchemy.exc import DBAPIError

from plotly_nbext.server.store.outages import passes, reason

if TYPE_CHECKING:
    from collections.abc import Iterator

    from sqlalchemy import Connection, Row
    from sqlalchemy.sql.base import Executable

__all__ = ["Examination", "Finding"]

ROWS_AT_ONCE = 1_000


@dataclass(frozen=True)
class Finding:
    """One thing that is not as it must be.

    Attributes
    ----------
    where : str
        The file, such as ``alice:3 (sales)``, and the part of it; or the database itself.
    what : str
        What is wrong there.
    """

    where: str
    what: str

    def __str__(self) -> str:
        return f"{self.where}: {self.what}."


class Examination:
    """What is asked of a database, and what was found.

    Parameters
    ----------
    connection : Connection
        In a transaction that sees one state of the database.

    Attributes
    ----------
    findings : list of Finding
        What was found so far.
    """

    def __init__(self, connection: Connection) -> None:
        self.connection = connection
        self.findings: list[Finding] = []

    def note(self, where: str, what: str) -> None:
        """Note what is wrong somewhere."""
        self.findings.append(Finding(where, what))

    def rows(
        self, where: str, statement: Executable, at_once: int = ROWS_AT_ONCE
    ) -> Iterator[Row[Any]]:
        """Give the rows of an answer, as many as can be read; what can't be read is noted.

        Parameters
        ----------
        where : str
            What is asked about.
        at_once : int
            How many rows are in memory.
        """
        savepoint = self.connection.begin_nested()
        try:
            asked = statement.execution_options(yield_per=at_once)
            with self.connection.execute(asked) as rows:
                yield from rows
        except DBAPIError as error:
            if passes(error):
                raise
            # which PostgreSQL would not go on without
            savepoint.rollback()
            self.note(where, f"it can't be read: {reason(error)}")
        else:
            savepoint.commit()
