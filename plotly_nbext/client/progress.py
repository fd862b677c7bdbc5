"""A bar that tells how far something is, where it takes more than a second."""

from __future__ import annotations

import threading
from contextlib import contextmanager
from dataclasses import dataclass
from typing import IO, TYPE_CHECKING, Any, Final, cast

from tqdm import tqdm
from tqdm.utils import CallbackIOWrapper

if TYPE_CHECKING:
    from collections.abc import Iterator

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

    def reading(self, stream: IO[bytes], *, then: str) -> IO[bytes]:
        """Count the bytes of a file while they are read; ``then`` is said after the last."""

        def count(size: int) -> None:
            self.advance(size)
            if not size:
                self.say(then)

        return cast("IO[bytes]", CallbackIOWrapper(count, stream))

    def say(self, words: str) -> None:
        """Tell beside the bar what is going on."""
        self._shown.set_postfix_str(words, refresh=self._visible.is_set())


@contextmanager
def bar(name: str, total: int | None, *, shown: bool, **units: Any) -> Iterator[Bar]:
    """Show what is counted, from the first second on, and nothing of it at the end.

    It is tqdm's bar of text: its widget is an error message in a notebook that is opened again.

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
    with tqdm(
        total=total, desc=name, delay=AFTER_SECONDS, leave=False, disable=not shown, **units
    ) as inner:
        visible = threading.Event()

        def appear() -> None:
            inner.refresh()
            visible.set()

        # tqdm draws when it is told of more, and the first of many may take long
        first = threading.Timer(AFTER_SECONDS, appear)
        first.start()
        try:
            yield Bar(inner, visible)
        finally:
            first.cancel()
            first.join()
            if visible.is_set():
                inner.clear()
