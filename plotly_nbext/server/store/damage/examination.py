"""An examination of a database, which may be too damaged to answer."""

from __future__ import annotations

from contextlib import contextmanager
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from sqlalchemy.exc import DBAPIError

from plotly_nbext.server.store.outages import reason

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

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
        The file, such as ``alice:3 (reports/sales)``, and the part of it; or the database itself.
    what : str
        What is wrong there.
    """

    where: str
    what: str

    def __str__(self) -> str:
        """Write it in one line, whatever is in a name."""
        text = f"{self.where}: {self.what}."
        return "".join(each if each.isprintable() else repr(each)[1:-1] for each in text)


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
    damaged_grids : list of str
        The fids of the grids in which something was found.
    """

    def __init__(self, connection: Connection) -> None:
        self.connection = connection
        self.findings: list[Finding] = []
        self.damaged_grids: list[str] = []
        self._paths: dict[int, str] = {}

    def note(self, where: str, what: str) -> None:
        """Note what is wrong somewhere."""
        self.findings.append(Finding(where, what))

    def know(self, files: Sequence[Row[Any]]) -> None:
        """Take down where the files of a user lie, by their rows."""
        rows = {row.idlocal: row for row in files}
        for row in files:
            path, passed, above = row.filename, {row.idlocal}, rows.get(row.parent)
            while above is not None and above.idlocal not in passed:
                path = f"{above.filename}/{path}"
                passed.add(above.idlocal)
                above = rows.get(above.parent)
            self._paths[row.id] = path

    def name_of(self, row: Row[Any]) -> str:
        """Name a file by its row, for those who look for it: ``alice:3 (reports/sales)``."""
        return f"{row.owner}:{row.idlocal} ({self._paths.get(row.id, row.filename)})"

    @contextmanager
    def part(self, where: str) -> Iterator[None]:
        """Look at a part of the database; if it is too damaged for that, it is noted.

        Parameters
        ----------
        where : str
            What is looked at.
        """
        try:
            yield
        except Exception as error:  # whatever damage makes of those who read it
            if isinstance(error, DBAPIError) and error.connection_invalidated:
                raise
            self.note(where, f"it can't be read: {reason(error).rstrip('.')}")

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
        # without a savepoint PostgreSQL would answer nothing more after an error
        with self.part(where), self.connection.begin_nested():
            asked = statement.execution_options(yield_per=at_once)
            with self.connection.execute(asked) as rows:
                yield from rows
