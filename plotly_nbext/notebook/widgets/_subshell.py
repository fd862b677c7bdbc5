"""Widgets that are heard while a cell runs."""

from __future__ import annotations

import asyncio
import contextlib
from typing import Any

import anywidget

__all__ = ["SubshellWidget"]


class SubshellWidget(anywidget.AnyWidget):
    """A widget that hears its page in the thread that the page asks for: a subshell of the kernel.

    What the page asks for then runs beside a cell, not after it.
    """

    _cells: asyncio.AbstractEventLoop | None = None

    def open(self) -> None:
        """Open the comm to the page, unless it is open.

        Examples
        --------
        It is called as soon as there is a widget:

        >>> view = plotly_nbext.FigureView({"data": [{"y": [1, 3, 2]}]})
        >>> view.open()
        """
        with contextlib.suppress(RuntimeError):  # where there is no kernel, none runs
            self._cells = asyncio.get_running_loop()
        super().open()
        # ipykernel 7.4 gives what a page says to the shell that last wrote to it, whatever subshell
        # was named, for cells that await a widget. If that is the shell of the cells, and one runs
        # that doesn't, nothing is heard until its end. A comm without this method is left alone,
        # and nothing public says so.
        if hasattr(self.comm, "_reply_subshell_for"):
            self.comm._reply_subshell_for = None  # noqa: SLF001

    def _handle_msg(self, msg: dict[str, Any]) -> None:
        """Do what the page asks for, and wake a cell that awaits it: its loop is another thread's.

        This is a method of ipywidgets. Were it called no more, only the waking would be lost.
        """
        super()._handle_msg(msg)
        if self._cells is not None:
            with contextlib.suppress(RuntimeError):  # it has ended
                self._cells.call_soon_threadsafe(lambda: None)
