"""Exceptions that came through requests, without its frames: they hold the key that was sent."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from types import TracebackType

__all__ = ["without_requests"]

_HOLDERS: Final = {"requests", "urllib3", "http", "ssl"}


def without_requests(error: BaseException) -> None:
    """Take the frames of requests out of the traceback of an exception, and of those behind it."""
    behind: BaseException | None = error
    while behind is not None:
        behind.with_traceback(_kept(behind.__traceback__))
        behind = behind.__cause__ or behind.__context__


def _kept(traceback: TracebackType | None) -> TracebackType | None:
    """Unlink the frames of requests from a traceback, and return where it begins now."""
    while traceback is not None and _holds_key(traceback):
        traceback = traceback.tb_next
    if traceback is not None:
        traceback.tb_next = _kept(traceback.tb_next)
    return traceback


def _holds_key(traceback: TracebackType) -> bool:
    module = traceback.tb_frame.f_globals.get("__name__", "")
    return module.partition(".")[0] in _HOLDERS
