"""The refusal of what comes too soon."""

from __future__ import annotations

import math

from plotly_nbext.errors import RateLimited

__all__ = ["Throttled"]


class Throttled(RateLimited):
    """More was asked for than the caller may, for now (429).

    Parameters
    ----------
    seconds : float
        After how long it may be asked for again.

    Attributes
    ----------
    seconds : int
        The same, in whole seconds.
    """

    def __init__(self, seconds: float) -> None:
        self.seconds = max(1, math.ceil(seconds))
        # Chart Studio's words, in which its clients look for the number
        super().__init__(
            f"Request was throttled. Expected available in {self.seconds:.1f} seconds.",
            status_code=429,
        )
