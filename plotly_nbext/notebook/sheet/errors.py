"""What a sheet refuses."""

from __future__ import annotations

from plotly_nbext.errors import Conflict, ValidationError

__all__ = ["CellError", "Stale"]


class CellError(ValidationError):
    """What was typed can't be in its column.

    Parameters
    ----------
    message : str
        Names the column, the text, and what would be right.
    column : str
        The column's uid.
    row : int, optional
        The row, as it is shown.
    """

    def __init__(self, message: str, *, column: str, row: int | None = None) -> None:
        super().__init__(message)
        self.column = column
        self.row = row


class Stale(Conflict):
    """The grid was changed since it was read: by others, or in another cell.

    Parameters
    ----------
    path : str
        What it is called.
    """

    def __init__(self, path: str) -> None:
        super().__init__(f"{path!r} was changed on the server since it was read here.")
