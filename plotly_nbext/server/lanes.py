"""How much of one kind of work goes on at a time: none takes the threads of all others."""

from __future__ import annotations

from asyncio import Lock
from weakref import WeakValueDictionary

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
    checking : CapacityLimiter
        Answers that are read before they are sent.
    """

    def __init__(self, writers: int) -> None:
        self.writing = CapacityLimiter(writers)
        self.searching = CapacityLimiter(2)
        self.sending = CapacityLimiter(4)
        self.checking = CapacityLimiter(2)
        self._lines: WeakValueDictionary[str, Lock] = WeakValueDictionary()

    def line(self, name: str) -> Lock:
        """Give the line of changes that the database makes one after the other.

        Who waits for the lock of a row has a thread, a connection and a place in a lane.

        Parameters
        ----------
        name : str
            Whose changes they are, or of what.
        """
        line = self._lines.get(name)
        if line is None:
            line = self._lines[name] = Lock()
        return line
