"""Errors on their way from the kernel into a widget.

What a message handler raises is lost: the page waits, and nobody is told. So nothing raises.
"""

from __future__ import annotations

import functools
import logging
from typing import TYPE_CHECKING, Any

from anywidget.experimental import command

from plotly_nbext.errors import PlotlyNbextError

if TYPE_CHECKING:
    from collections.abc import Callable

__all__ = ["answering", "describe"]

_log = logging.getLogger(__name__)


def describe(error: Exception) -> dict[str, Any]:
    """Put an error into the words that a widget shows.

    Parameters
    ----------
    error : Exception
        One of ours is shown as its message; any other is a fault of the program, and its
        traceback goes to the log too.

    Returns
    -------
    dict
        The ``type`` and the ``message``; of what is wrong with one cell, its ``column`` and
        ``row``.
    """
    kind = type(error).__name__
    if isinstance(error, PlotlyNbextError):
        where = {part: getattr(error, part, None) for part in ("column", "row")}
        known = {part: place for part, place in where.items() if place is not None}
        return {"type": kind, "message": str(error), **known}
    _log.error("A widget failed.", exc_info=error)
    return {"type": kind, "message": f"{kind}: {error}"}


def answering(
    method: Callable[[Any, dict[str, Any]], dict[str, Any] | tuple[dict[str, Any], list[bytes]]],
) -> Callable[[Any, dict[str, Any], list[bytes]], tuple[dict[str, Any], list[bytes]]]:
    """Make a method a command that the page invokes, and that always answers.

    Parameters
    ----------
    method : callable
        Takes the widget and the message, and returns the answer's fields, with buffers or not.

    Returns
    -------
    callable
        The command. It answers ``{"ok": True, …}``, or, when the method raised,
        ``{"ok": False, "error": {"type": …, "message": …}}``.
    """

    @functools.wraps(method)
    def answer(
        widget: Any, message: dict[str, Any], _buffers: list[bytes]
    ) -> tuple[dict[str, Any], list[bytes]]:
        try:
            answered = method(widget, message)
            fields, buffers = answered if isinstance(answered, tuple) else (answered, [])
        except Exception as error:  # noqa: BLE001 - the page is the only one to tell
            return {"ok": False, "error": describe(error)}, []
        return {"ok": True, **fields}, buffers

    return command(answer)
