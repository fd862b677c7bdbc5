"""What a push would change of a grid."""

from __future__ import annotations

from dataclasses import dataclass
from html import escape
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator

    from plotly_nbext.columns import Table

__all__ = ["ColumnDifference", "Difference"]


@dataclass(frozen=True)
class ColumnDifference:
    """How a column would change.

    Attributes
    ----------
    name : str
        The column's name.
    values_changed : int
        How many of its values would be others, in rows that are there before and after.
    before, after : str
        The type that it has, and the one that it would have.

    Examples
    --------
    >>> difference = grid.diff(sales.assign(total=[5, 7]))
    >>> difference.columns_changed[0].values_changed
    1
    """

    name: str
    values_changed: int
    before: str
    after: str

    def __str__(self) -> str:
        values = [counted(self.values_changed, "value")] if self.values_changed else []
        types = [f"{self.before} → {self.after}"] if self.before != self.after else []
        return ", ".join(values + types) or "what its type says beside the dtype"


@dataclass(frozen=True, repr=False)
class Difference:
    """What a push would change of a grid; true if it is anything.

    Rows are compared by their place, or by a key where one is named.

    Attributes
    ----------
    grid : str
        The grid's path.
    is_new : bool
        Whether there is no such grid yet.
    columns_added, columns_removed : tuple of str
        The names of columns that would come and go.
    columns_changed : tuple of ColumnDifference
        The columns that would hold other values, or be of another type.
    columns_reordered : bool
        Whether the columns that stay would be in another order.
    rows_added, rows_changed, rows_removed : int
        How many rows would come, hold other values, and go.
    labels_changed : bool
        Whether the row labels would be other columns, or have another name, type or frequency; or
        the column labels.
    metadata_changed : bool
        Whether the metadata that the user attached would be another one.

    Examples
    --------
    >>> difference = grid.diff(sales.head(1))
    >>> difference
    Difference('sales/2026')
      - 1 row
    >>> difference.rows_removed, bool(difference)
    (1, True)
    """

    grid: str
    is_new: bool = False
    columns_added: tuple[str, ...] = ()
    columns_changed: tuple[ColumnDifference, ...] = ()
    columns_removed: tuple[str, ...] = ()
    columns_reordered: bool = False
    rows_added: int = 0
    rows_changed: int = 0
    rows_removed: int = 0
    labels_changed: bool = False
    metadata_changed: bool = False

    @classmethod
    def of_new(cls, grid: str, table: Table) -> Difference:
        """Tell of a grid that would be made."""
        names = tuple(column.name for column in table.columns)
        return cls(grid, is_new=True, columns_added=names, rows_added=table.row_count)

    def __bool__(self) -> bool:
        return self.is_new or any(self._lines())

    def __repr__(self) -> str:
        what = "new" if self.is_new else "" if self else "nothing changes"
        head = f"Difference({', '.join(filter(None, [repr(self.grid), what]))})"
        return "\n".join([head, *(f"  {sign} {text}" for sign, text in self._lines())])

    def _repr_html_(self) -> str:
        what = "a new grid" if self.is_new else "" if self else "nothing changes"
        head = escape(": ".join(filter(None, [self.grid, what])))
        rows = "".join(
            f"<tr><td>{sign}</td><td>{escape(text)}</td></tr>" for sign, text in self._lines()
        )
        return f'<table border="1" class="dataframe"><caption>{head}</caption>{rows}</table>'

    def _lines(self) -> Iterator[tuple[str, str]]:
        """Tell each change, after the sign of its kind."""
        for name in self.columns_added:
            yield "+", f"column {name!r}"
        for column in self.columns_changed:
            yield "~", f"column {column.name!r}: {column}"
        for name in self.columns_removed:
            yield "-", f"column {name!r}"
        if self.columns_reordered:
            yield "~", "columns in another order"
        if self.labels_changed:
            yield "~", "row or column labels"
        if self.metadata_changed:
            yield "~", "metadata"
        counts = {"+": self.rows_added, "~": self.rows_changed, "-": self.rows_removed}
        yield from ((sign, counted(count, "row")) for sign, count in counts.items() if count)


def counted(count: int, noun: str) -> str:
    """Write a number of things: ``1 row``, ``2,000 rows``."""
    return f"{count:,} {noun}{'' if count == 1 else 's'}"
