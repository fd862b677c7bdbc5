"""Word of grids that this process changed, for whoever shows what is drawn of them."""

from __future__ import annotations

import logging
import threading
import weakref
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Callable

__all__ = ["announce", "listen", "unlisten"]

_log = logging.getLogger(__name__)

# again by the same thread: what is collected as garbage meanwhile may be a listener that leaves
_lock: Final = threading.RLock()
_listeners: list[weakref.WeakMethod[Callable[[str], object]]] = []


def listen(listener: Callable[[str], object]) -> None:
    """Have a method called with the fid of each grid that is changed from now on.

    Parameters
    ----------
    listener : bound method
        Kept only as long as its object is. It is called in the thread that made the change, and
        has to be quick; what it raises is logged.
    """
    with _lock:
        _listeners[:] = [known for known in _listeners if known() is not None]
        _listeners.append(weakref.WeakMethod(listener))


def unlisten(listener: Callable[[str], object]) -> None:
    """Call a method no longer; one that was never called is no error."""
    with _lock:
        _listeners[:] = [known for known in _listeners if known() not in {None, listener}]


def announce(fid: str) -> None:
    """Say that a grid was changed."""
    if not _listeners:
        return
    with _lock:
        known = [*_listeners]
    for reference in known:
        if listener := reference():
            try:
                listener(fid)
            except Exception:  # noqa: BLE001 - the change is made, whoever can't hear of it
                _log.exception("What listens to the changes of grids failed.")
