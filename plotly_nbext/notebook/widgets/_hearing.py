"""Word of changes of a grid that a view shows, and that others made in this process."""

from __future__ import annotations

import threading
import weakref
from contextlib import contextmanager
from typing import TYPE_CHECKING

from plotly_nbext.client import Grid, announcements

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from plotly_nbext.notebook.sheet.reading import Source

__all__ = ["Hearing"]


class Hearing:
    """Calls a method when a grid was changed, in a thread of its own.

    Who makes a change may hold the lock of another view of it, which waits for this one's.

    Parameters
    ----------
    source : Source
        The grid; of what is none, nothing is heard.
    hear : bound method
        Kept only as long as its object is. It is called once for changes that follow quickly.
    """

    def __init__(self, source: Source, hear: Callable[[], object]) -> None:
        self._fid = source.fid if isinstance(source, Grid) else None
        self._hear = weakref.WeakMethod(hear)
        self._lock = threading.Lock()
        self._due = self._is_going = False
        self._own = threading.local()

    def start(self) -> None:
        """Hear from now on."""
        if self._fid is not None:
            announcements.listen(self._on_change)

    @contextmanager
    def deaf(self) -> Iterator[None]:
        """Hear nothing of what this thread does meanwhile: who does it knows."""
        self._own.is_deaf = True
        try:
            yield
        finally:
            self._own.is_deaf = False

    def stop(self) -> None:
        """Hear of nothing any more."""
        announcements.unlisten(self._on_change)
        self._fid = None

    def _on_change(self, fid: str) -> None:
        if fid != self._fid or getattr(self._own, "is_deaf", False):
            return
        with self._lock:
            self._due = True
            if self._is_going:
                return
            self._is_going = True
        threading.Thread(target=self._work, name="plotly_nbext hearing", daemon=True).start()

    def _work(self) -> None:
        try:
            while self._is_due():
                hear = self._hear()
                if hear is not None and self._fid is not None:
                    hear()
                del hear  # it holds the view
        except BaseException:
            with self._lock:
                self._is_going = False  # the next change is not to wait for this thread
            raise

    def _is_due(self) -> bool:
        with self._lock:
            self._is_going, self._due = self._due, False
            return self._is_going
