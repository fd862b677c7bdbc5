"""What a saved notebook shows in place of a widget."""

from __future__ import annotations

import threading
from typing import TYPE_CHECKING, Any
from uuid import uuid4

from IPython.display import publish_display_data

if TYPE_CHECKING:
    from collections.abc import Callable

    from plotly_nbext.notebook.display import Bundle

__all__ = ["StandIn"]


class StandIn:
    """What is seen of a widget where it can't live: an output of its own, before the widget's.

    In one bundle a widget outranks all else also in a notebook that is opened again, where there is
    none any more: JupyterLab says so, and shows nothing. The page of a widget that lives hides what
    stands in for it, see ``stand_in.js``.

    A widget has one, however often it is shown: its outputs change all at once, by one message.

    Parameters
    ----------
    make : callable
        Gives the data and the metadata of the output by MIME type, as they are by then.
    display_id : str, optional
        What the output is known by.
    """

    def __init__(self, make: Callable[[], Bundle], display_id: str | None = None) -> None:
        self._make = make
        self._id = display_id or uuid4().hex
        self._lock = threading.Lock()
        self._begun = self._ended = 0
        self._shown: Bundle | None = None

    def show(self, data: dict[str, Any], metadata: dict[str, Any]) -> None:
        """Show it, and below it the widget, whose own data and metadata these are."""
        self._publish(update=False)
        # what reads a saved notebook warns of an output without any text
        publish_display_data(data | {"text/plain": ""}, metadata)

    def update(self) -> None:
        """Show in all its outputs what there is now: what is saved is then as new as the widget."""
        if self._shown is not None:
            self._publish(update=True)

    def _publish(self, *, update: bool) -> None:
        with self._lock:
            self._begun += 1
            begun = self._begun
        made = self._make()  # which may wait for others
        with self._lock:
            # of two threads the one that looked last is right
            if update and (begun < self._ended or made == self._shown):
                return
            self._ended = max(begun, self._ended)
            self._shown = made
            data, metadata = made
            publish_display_data(data, metadata, transient={"display_id": self._id}, update=update)
