"""Commands that are stopped: what they began goes, and a line says what is there."""

from __future__ import annotations

import os
import signal
import sys
import threading
from typing import TYPE_CHECKING, Final, Self

if TYPE_CHECKING:
    from collections.abc import Callable

__all__ = ["Stopping"]

_SIGNALS: Final = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)
_OVER: Final = b"\0"


class Stopping:
    """Ends the process as soon as it is told to, whatever it does then.

    An exception in the midst of it would leave a trail of those who clean up, and come only when a
    database answers. There is nothing to clean up: a transaction that isn't committed is none.

    Parameters
    ----------
    state : str
        How things are then, in a few words.

    Attributes
    ----------
    state : str
        The same, for as long as it is so.
    undo : list of callable
        What is done then, the last of it first.
    held : Lock
        Taken while the state changes together with what it tells of.
    """

    def __init__(self, state: str) -> None:
        self.state = state
        self.undo: list[Callable[[], object]] = []
        self.held = threading.Lock()

    def __enter__(self) -> Self:
        self._read, self._write = os.pipe()
        os.set_blocking(self._write, False)
        # the numbers of signals come here at once, while a handler waits for what is under way
        signal.set_wakeup_fd(self._write)
        self._thread = threading.Thread(target=self._wait, daemon=True)
        self._thread.start()
        self._before = {
            each: signal.signal(each, _leave_it_to_the_thread)
            for each in _SIGNALS
            if signal.getsignal(each) != signal.SIG_IGN
        }
        return self

    def __exit__(self, *_: object) -> None:
        signal.set_wakeup_fd(-1)
        os.write(self._write, _OVER)
        self._thread.join()
        for descriptor in (self._read, self._write):
            os.close(descriptor)
        for number, handler in self._before.items():
            signal.signal(number, handler)

    def _wait(self) -> None:
        told = os.read(self._read, 1)
        if told == _OVER:
            return
        with self.held:
            try:
                for step in reversed(self.undo):
                    step()
                sys.stderr.write(f"plotly-nbext: stopped. {self.state}\n")
                sys.stderr.flush()
            finally:  # also where a terminal has hung up
                os._exit(128 + told[0])


def _leave_it_to_the_thread(*_: object) -> None:
    """Do nothing: an exception would come in the midst of anything."""
