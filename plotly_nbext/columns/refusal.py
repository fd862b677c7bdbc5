"""What a grid can't keep, before the column's name is known."""

from __future__ import annotations

import reprlib
from typing import Any

from plotly_nbext.errors import ValidationError

__all__ = ["AS_TEXT", "Refusal"]

AS_TEXT = "Convert the column first, e.g. with .astype(str)."


class Refusal(ValueError):  # noqa: N818 - it becomes a ValidationError, the user's name for it
    """A value, or a whole dtype, that would not come back as it went.

    Parameters
    ----------
    reason : str
        What can't be kept, and why.
    row : int, optional
        Position of the value in its column; None if the reason is not one value.
    hint : str
        What to do about it.
    """

    def __init__(self, reason: str, *, row: int | None = None, hint: str = AS_TEXT) -> None:
        super().__init__(reason)
        self.reason = reason
        self.row = row
        self.hint = hint

    @classmethod
    def of_value(cls, value: Any, row: int, why: str, *, hint: str = AS_TEXT) -> Refusal:
        """Refuse one value; *why* goes on after the value and its type."""
        return cls(f"{_SHORT.repr(value)} ({_name(type(value))}) {why}", row=row, hint=hint)

    def of_column(self, name: str) -> ValidationError:
        """Make the error that names the column."""
        where = "" if self.row is None else f", row {self.row}"
        return ValidationError(f"column {name!r}{where}: {self.reason}", field=name, hint=self.hint)


class _Short(reprlib.Repr):
    def repr_int(self, x: int, level: int) -> str:
        try:
            return super().repr_int(x, level)
        except ValueError:  # Python spells no more than 4,300 digits
            return f"an integer of {x.bit_length():,} bits"


_SHORT = _Short()
_SHORT.maxother = _SHORT.maxstring = 60


def _name(kind: type) -> str:
    builtin = kind.__module__ == "builtins"
    return kind.__qualname__ if builtin else f"{kind.__module__}.{kind.__qualname__}"
