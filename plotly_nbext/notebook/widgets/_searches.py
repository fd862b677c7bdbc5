"""Searches that take longer than an answer may."""

from __future__ import annotations

import itertools
import time
from typing import TYPE_CHECKING, Final, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from plotly_nbext.notebook.sheet.change import Place

__all__ = ["Found", "Searches"]

# as long as nobody minds that nothing else is answered
SECONDS: Final = 0.2
# of as many pages
MOST: Final = 8


class Found(NamedTuple):
    """What came of a search so far."""

    place: Place | None
    """The cell, if there is one."""
    more: int | None
    """The search's number, if it is not at its end."""


class Searches:
    """The searches that are not at their end, which any thread may go on with."""

    def __init__(self) -> None:
        self._numbers = itertools.count(1)
        self._going: dict[int, tuple[int, Iterator[Place | None]]] = {}

    def go_on(
        self, more: int | None, view: int, start: Callable[[], Iterator[Place | None]]
    ) -> Found:
        """Search for a moment.

        Parameters
        ----------
        more : int or None
            The number of the search to go on with.
        view : int
            What is shown. A search of something else starts again.
        start : callable
            Starts one.
        """
        of, places = self._going.pop(more or 0, (view, None))
        if places is None or of != view:
            places = start()
        end = time.monotonic() + SECONDS
        for place in places:
            if place is not None:
                return Found(place, None)
            if time.monotonic() > end:
                number = next(self._numbers)
                self._going[number] = view, places
                for forgotten in [*self._going][:-MOST]:
                    self._going.pop(forgotten, None)
                return Found(None, number)
        return Found(None, None)
