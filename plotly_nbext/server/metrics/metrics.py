"""To whom the server's parts tell what happens."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable

__all__ = ["Metrics"]


class Metrics:
    """Metrics that nobody has asked for: nothing is kept.

    The names are those of :data:`.FAMILIES`. A label is one of a few words that the program
    chooses, never what a user has sent: each value is kept for as long as the server runs.
    """

    def count(self, name: str, amount: float = 1, **labels: str) -> None:
        """Add to a counter."""

    def observe(self, name: str, seconds: float, **labels: str) -> None:
        """Note how long something took."""

    def watch(self, name: str, read: Callable[[], float]) -> None:
        """Have a number read whenever someone asks; where several watch a name, it is their sum."""

    def chunks(self, direction: str, count: int, size: int) -> None:
        """Note chunks that were read or written, and their bytes."""
        self.count("chunks", count, direction=direction)
        self.count("chunk_bytes", size, direction=direction)

    def text(self) -> bytes:
        """Spell them out, in Prometheus' text format."""
        return b""
