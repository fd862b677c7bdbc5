"""How much of one kind of work goes on at a time: none takes the threads of all others."""

from __future__ import annotations

from anyio import CapacityLimiter

__all__ = ["Lanes"]


class Lanes:
    """The lanes of one server; who finds theirs full waits in line, and holds no thread meanwhile.

    Parameters
    ----------
    writers : int
        How many changes the database makes at a time.

    Attributes
    ----------
    writing : CapacityLimiter
        Changes.
    searching : CapacityLimiter
        Searches, each of which reads the name of every column that its caller may see.
    sending : CapacityLimiter
        Pieces of whole grids.
    """

    def __init__(self, writers: int) -> None:
        self.writing = CapacityLimiter(writers)
        self.searching = CapacityLimiter(2)
        self.sending = CapacityLimiter(4)
