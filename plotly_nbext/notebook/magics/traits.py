"""What the magics' configuration may hold."""

from __future__ import annotations

import math
from numbers import Real
from typing import Any

from traitlets import Enum, Float, Int

__all__ = ["Choice", "Factor", "Pixels"]


class Choice(Enum[Any]):
    """One of several words."""

    def info(self, *, as_rst: bool = False) -> str:
        """Say what it may be."""
        del as_rst
        return f"one of {', '.join(self.values or ())}"


class Pixels(Int[Any, Any]):
    """A size; None leaves it to the figure."""

    info_text = "a whole number of CSS pixels above 0"

    def validate(self, obj: Any, value: Any) -> Any:
        """Refuse what is none."""
        if isinstance(value, bool) or not isinstance(value, int) or value < 1:
            self.error(obj, value)
        return value


class Factor(Float[Any, Any]):
    """An image's pixels per CSS pixel."""

    info_text = "a number above 0"

    def validate(self, obj: Any, value: Any) -> float:
        """Refuse what is none."""
        is_number = isinstance(value, Real) and not isinstance(value, bool)
        if not is_number or not 0 < float(value) < math.inf:
            self.error(obj, value)
        return float(value)
