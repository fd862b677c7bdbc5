"""Drawing what is wished for last, whoever wishes, in whichever thread."""

from __future__ import annotations

import threading
import time
from collections import deque
from typing import TYPE_CHECKING, Final, Generic, TypeVar

if TYPE_CHECKING:
    from collections.abc import Callable

__all__ = ["Redrawing"]

QUIET: Final = 0.1
"""How long wishes must rest before a drawing begins, in seconds."""

LONGEST: Final = 0.5
"""How long wishes that never rest are waited for."""

Result = TypeVar("Result")


class Redrawing(Generic[Result]):
    """Draws again when asked: at once, or soon in a thread of its own, one drawing at a time.

    A drawing shows what is wished for when it begins. So all that is asked before it begins is
    answered by it, and all that is asked later needs one more, not one each.

    Parameters
    ----------
    draw : callable
        Draws what is wished for by then, and returns what is to be told of it, or None.
    tell : callable
        Is told each result, in their order. Nothing is locked meanwhile.
    """

    def __init__(self, draw: Callable[[], Result | None], tell: Callable[[Result], object]) -> None:
        self._draw = draw
        self._tell = tell
        self._state = threading.Condition()
        self._asked = self._begun = self._done = 0
        self._due = 0.0
        self._latest: float | None = None
        self._thread: threading.Thread | None = None
        self._stopped = False
        # again by the thread that draws, when what is drawn has it draw more
        self._drawing = threading.RLock()
        self._results: deque[Result] = deque()
        self._telling = threading.Lock()

    @property
    def is_overtaken(self) -> bool:
        """Whether more was asked since the last drawing began."""
        return self._asked > self._begun

    @property
    def is_stopped(self) -> bool:
        """Whether nothing is to come of what is still drawn."""
        return self._stopped

    def now(self) -> None:
        """Return when a drawing has ended that began since; it is made here if need be."""
        with self._state:
            self._asked += 1
            asked = self._asked
        self._draw_for(asked)

    def soon(self) -> None:
        """Ask for a drawing that begins when nothing was asked for a while."""
        with self._state:
            self._asked += 1
            now = time.monotonic()
            if self._latest is None:
                self._latest = now + LONGEST
            self._due = min(now + QUIET, self._latest)
            if self._thread is None and not self._stopped:
                self._thread = threading.Thread(
                    target=self._work, name="plotly_nbext redrawing", daemon=True
                )
                self._thread.start()

    def stop(self) -> None:
        """Draw no more; of a drawing that is under way nothing is told."""
        with self._state:
            self._stopped = True
            self._state.notify_all()

    def _work(self) -> None:
        try:
            while asked := self._next():
                self._draw_for(asked)
        except BaseException:
            with self._state:
                self._thread = None  # the next wish is not to wait for this one
            raise

    def _next(self) -> int:
        """Wait until a drawing is due, and return up to which wish; 0 ends the thread."""
        with self._state:
            while self._asked > self._done and not self._stopped:
                rest = self._due - time.monotonic()
                if rest <= 0:
                    return self._asked
                self._state.wait(rest)
            self._thread = None
            return 0

    def _draw_for(self, asked: int) -> None:
        with self._drawing:
            with self._state:
                if self._done >= asked or self._stopped:
                    return
                begun = self._begun = self._asked
                self._latest = None
            try:
                result = self._draw()
            finally:
                with self._state:
                    self._done = max(self._done, begun)
            if result is not None:
                self._results.append(result)
        self._tell_all()

    def _tell_all(self) -> None:
        """Tell the results, unless a thread does; it tells those that come meanwhile, too."""
        while self._results and self._telling.acquire(blocking=False):
            try:
                while self._results:
                    self._tell(self._results.popleft())
            finally:
                self._telling.release()
