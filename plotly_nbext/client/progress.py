"""A bar that tells how far something is, where it takes more than a second."""

from __future__ import annotations

import io
import os
import sys
import threading
from contextlib import contextmanager
from dataclasses import dataclass
from typing import IO, TYPE_CHECKING, Any, Final, cast

from tqdm import tqdm
from tqdm.utils import CallbackIOWrapper

if TYPE_CHECKING:
    from collections.abc import Iterator

    from IPython.display import DisplayHandle

__all__ = ["BYTES", "ROWS", "Bar", "bar"]

AFTER_SECONDS = 1

BYTES: Final = {"unit": "B", "unit_scale": True, "unit_divisor": 1024}
ROWS: Final = {"unit": " rows", "unit_scale": True}


@dataclass(frozen=True)
class Bar:
    """What is counted."""

    _shown: tqdm[Any]
    _visible: threading.Event

    def advance(self, count: int = 1) -> None:
        """Count what was done."""
        self._shown.update(count)

    def restart(self) -> None:
        """Count from nothing again."""
        self._shown.n = 0
        self._shown.bar_format = None

    def reading(self, stream: IO[bytes], *, then: str) -> IO[bytes]:
        """Count the bytes of a file while they are read; ``then`` is said after the last."""

        def count(size: int) -> None:
            self.advance(size)
            if not size:
                self.say(then)

        return cast("IO[bytes]", CallbackIOWrapper(count, stream))

    def say(self, words: str) -> None:
        """Tell beside the bar what goes on once all is counted, and for how long by now."""
        self._shown.bar_format = f"{{l_bar}}{{bar}}| {{n_fmt}}{{unit}} [{{elapsed}}, {words}]"
        if self._visible.is_set():
            self._shown.refresh()


class _CellBar(tqdm):  # type: ignore[type-arg]  # it is generic in its stubs alone
    """A bar in one output of a notebook's cell, which changes: a stream would keep each change."""

    _output: DisplayHandle | None = None
    _line = ""

    def __init__(self, *, disable: bool | None, **options: Any) -> None:
        # the file is only where tqdm moves its cursor
        super().__init__(
            **options, disable=bool(disable) or _is_captured(), file=io.StringIO(), ascii=False
        )

    def display(self, msg: str | None = None, pos: int | None = None) -> None:
        """Show the bar as it is now."""
        del pos
        self._show(str(self) if msg is None else msg)

    def clear(self, nolock: bool = False) -> None:
        """Show nothing."""
        del nolock
        self._show("")

    def _show(self, line: str) -> None:
        from IPython.display import DisplayHandle

        if line == self._line:  # so that it is emptied once
            return
        self._line = line
        content = {"text/plain": line}
        if self._output:
            self._output.update(content, raw=True)
        else:
            self._output = DisplayHandle()
            self._output.display(content, raw=True)


def _is_notebook() -> bool:
    """Tell whether what is shown goes to a cell's outputs."""
    ipython = sys.modules.get("IPython")
    return hasattr(ipython and ipython.get_ipython(), "kernel")


def _is_captured() -> bool:
    """Tell whether what a cell shows is kept, by ``%%capture``: each change as one more output."""
    from IPython.core.displaypub import CapturingDisplayPublisher
    from IPython.core.getipython import get_ipython

    return isinstance(getattr(get_ipython(), "display_pub", None), CapturingDisplayPublisher)


@contextmanager
def bar(name: str, total: int | None, *, shown: bool, **units: Any) -> Iterator[Bar]:
    """Show what is counted, each second from the first one on, and nothing of it at the end.

    It is tqdm's bar of text, also in a notebook: its widget is an error message in one that is
    opened again. There it is an output of the cell, which is empty at the end, and no output at all
    where ``%%capture`` keeps them. Elsewhere it is shown by a terminal alone. tqdm's environment
    variable ``TQDM_DISABLE`` turns it off everywhere.

    Parameters
    ----------
    name : str
        What stands before the bar.
    total : int or None
        Where the count ends, if that is known.
    shown : bool
        Whether it is shown at all.
    **units
        tqdm's options on what is counted.
    """
    shown = shown and not os.environ.get("TQDM_DISABLE")
    kind = _CellBar if _is_notebook() else tqdm
    # None: where the screen is a file, what moves its cursor is junk in it
    disable = None if shown else True
    with kind(
        total=total, desc=name, delay=AFTER_SECONDS, leave=False, disable=disable, **units
    ) as inner:
        visible, over = threading.Event(), threading.Event()

        def tick() -> None:
            while not over.wait(AFTER_SECONDS):
                inner.refresh()
                visible.set()

        # tqdm draws when it is told of more, which may take long
        ticking = threading.Thread(target=tick, daemon=True)
        if shown:
            ticking.start()
        try:
            yield Bar(inner, visible)
        finally:
            over.set()
            if shown:
                ticking.join()
            if visible.is_set():
                inner.clear()
