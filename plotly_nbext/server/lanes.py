"""How much of one kind of work goes on at a time: none takes the threads of all others."""

from __future__ import annotations

from anyio import CapacityLimiter

__all__ = ["Lanes"]


class Lanes:
    """The lanes of one server; who finds theirs full waits in line, and holds no thread meanwhile.

    Attributes
    ----------
    writing : CapacityLimiter
        Changes, of which there is one at a time.
    beside : CapacityLimiter
        Changes that the database makes beside others, if it can.
    searching : CapacityLimiter
        Searches, each of which reads the name of every column that its caller may see.
    sending : CapacityLimiter
        Pieces of whole grids.
    """

    def __init__(self) -> None:
        self.writing = CapacityLimiter(1)
        self.beside = CapacityLimiter(8)
        self.searching = CapacityLimiter(2)
        self.sending = CapacityLimiter(4)
