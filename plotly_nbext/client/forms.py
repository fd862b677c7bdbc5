"""The two forms in which the values of grids travel: JSON, to any server, and Arrow, to ours."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final, NamedTuple, Protocol

if TYPE_CHECKING:
    from collections.abc import Mapping

    from plotly_nbext.client.content import Content
    from plotly_nbext.client.session import Session
    from plotly_nbext.columns import Table

__all__ = ["COLUMNS_A_REQUEST", "Change", "Form", "Place", "form_of", "if_match"]

# uids travel in the address, which servers cut at some 8,000 characters
COLUMNS_A_REQUEST: Final = 500


class Place(NamedTuple):
    """Where a grid is: its server, and its address there; and what it is called."""

    session: Session
    address: str
    name: str


@dataclass(frozen=True)
class Change:
    """What a grid shall hold instead.

    Parameters
    ----------
    table : Table
        The columns whose values are written; one of a name that is there keeps its uid.
    order : list of str
        The names of all columns.
    kept : list of str
        The uids of those that *table* lacks, which stay as they are.
    metadata : mapping, optional
        The grid's metadata; None leaves it.
    revision : int, optional
        The one that the grid must still have, where it matters and its server tells revisions.
    """

    table: Table
    order: list[str]
    kept: list[str]
    metadata: Mapping[str, Any] | None
    revision: int | None


class Form(Protocol):
    """How the values of grids are written and read."""

    def create(
        self, grids: Place, table: Table, fields: Mapping[str, Any], *, progress: bool
    ) -> Any:
        """Make a grid that holds a table, and return what is answered."""

    def content(
        self, grid: Place, meta: Mapping[str, Any], query: Mapping[str, str], *, progress: bool
    ) -> Content:
        """Read a grid whose metadata is known; the query may ask for some rows or columns only."""

    def write(self, grid: Place, change: Change, *, progress: bool) -> Any:
        """Make a grid hold something else.

        Returns
        -------
        mapping or None
            What the server tells of it then, if it does.

        Raises
        ------
        Conflict
            It has not the revision that it should have.
        """

    def append(self, grid: Place, change: Change, *, progress: bool) -> Any:
        """Append the rows of a table of all columns; as :meth:`write`."""


def form_of(session: Session) -> Form:
    """Choose the form for a server."""
    from plotly_nbext.client import arrow_form, json_form  # which import from here

    return arrow_form if session.takes_arrow else json_form


def if_match(revision: int | None) -> dict[str, str]:
    """Ask our server to refuse a change where the grid has another revision by now."""
    return {} if revision is None else {"If-Match": f'"{revision}"'}
