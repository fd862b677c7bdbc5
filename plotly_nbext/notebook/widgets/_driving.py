"""Figures that are live themselves: a ``plotly.graph_objects.FigureWidget``."""

from __future__ import annotations

import weakref
from typing import TYPE_CHECKING, Any

from traitlets import HasTraits

if TYPE_CHECKING:
    from collections.abc import Callable

__all__ = ["follow", "is_live"]


def is_live(figure: Any) -> bool:
    """Tell whether a figure says by itself when it changes."""
    return isinstance(figure, HasTraits) and hasattr(figure, "plotly_relayout")


def follow(figure: Any, listener: Callable[[], object]) -> Callable[[], None]:
    """Have a method called when a figure changes, by Python or by whoever looks at it.

    Parameters
    ----------
    figure : FigureWidget
        Any other figure never says so.
    listener : bound method
        Kept only as long as its object is.

    Returns
    -------
    callable
        Ends it.
    """
    if not is_live(figure):
        return lambda: None
    # Each change is a message to its page, put into one of these traits and taken out again.
    names = [name for name in figure.trait_names() if name.startswith("_py2js_")]
    method = weakref.WeakMethod(listener)
    followed = weakref.ref(figure)

    def hear(change: Any) -> None:
        heard = method()
        if heard is None:
            stop()
        elif change.new is not None:
            heard()

    def stop() -> None:
        there = followed()
        if there is not None:
            there.unobserve(hear, names)

    figure.observe(hear, names)
    return stop
