"""A change that is made anew where others were faster."""

from __future__ import annotations

import random
import time
from contextlib import suppress
from typing import TYPE_CHECKING, Final

from plotly_nbext.errors import Conflict

if TYPE_CHECKING:
    from collections.abc import Callable

__all__ = ["insist"]

TRIES: Final = 30


def insist(change: Callable[[int], None]) -> None:
    """Make a change to a file as it is, anew where others changed the file meanwhile.

    Parameters
    ----------
    change : callable
        Makes it, or raises Conflict and has made none of it. It is told how often it was tried.

    Raises
    ------
    Conflict
        Others change the file all the time.
    """
    for tried in range(TRIES):
        with suppress(Conflict):
            change(tried)
            return
        time.sleep(random.uniform(0, min(1, 0.02 * 2**tried)))  # noqa: S311 - a pause, no secret
    change(TRIES)
