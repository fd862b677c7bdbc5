"""A figure that is too much, and what such are made of."""

from __future__ import annotations

import base64
from collections.abc import Callable
from typing import Any, NamedTuple

__all__ = ["Bomb", "layout", "many", "title", "trace", "zeros"]


class Bomb(NamedTuple):
    """A figure that is made when it is needed.

    Attributes
    ----------
    vector : str
        By what it is too much.
    make : Callable
        Gives the figure, or the bytes of one.
    endless : bool
        Whether nobody could draw it: it has to be refused.
    """

    vector: str
    make: Callable[[], Any]
    endless: bool = False


def zeros(count: int, dtype: str = "f8", size: int = 8) -> dict[str, str]:
    """A typed array of zeros."""
    return {"dtype": dtype, "bdata": base64.b64encode(bytes(count * size)).decode()}


def many(part: Any, count: int) -> list[Any]:
    """The same many times."""
    return [part] * count


def layout(**parts: Any) -> dict[str, Any]:
    """A line, and a layout."""
    return {"data": [{"y": [1, 3, 2]}], "layout": parts}


def trace(kind: str, **parts: Any) -> dict[str, Any]:
    """One trace."""
    return {"data": [{"type": kind, **parts}]}


def title(text: str) -> dict[str, Any]:
    """A text where there is but one."""
    return layout(title={"text": text})
