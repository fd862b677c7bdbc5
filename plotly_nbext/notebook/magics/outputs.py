"""The outputs that cells have shown, by display id."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from IPython.display import display

if TYPE_CHECKING:
    from IPython.core.interactiveshell import InteractiveShell

    from plotly_nbext.notebook.display import Bundle

__all__ = ["Outputs"]


class Outputs:
    """Shows bundles, and updates those that were shown with an id.

    Parameters
    ----------
    shell : InteractiveShell
        The shell whose cells show them.
    """

    def __init__(self, shell: InteractiveShell) -> None:
        self._shell = shell
        self._shown: dict[str, tuple[str, int]] = {}

    def show(self, bundle: Bundle, display_id: str | None = None) -> None:
        """Show a bundle, in place of the one that was shown with the same id.

        A cell that runs again has lost its outputs, so it shows its own anew.

        Parameters
        ----------
        bundle : tuple of dict
            Data and metadata by MIME type.
        display_id : str, optional
            What the output is known by later.
        """
        data, metadata = bundle
        if display_id is None:
            display(data, metadata=metadata, raw=True)
        else:
            update = not self._is_new(display_id)
            display(data, metadata=metadata, raw=True, display_id=display_id, update=update)

    def _is_new(self, display_id: str) -> bool:
        cell, run = self._running()
        shown_in, shown_by_run = self._shown.setdefault(display_id, (cell, 0))
        is_new = shown_in == cell and shown_by_run != run
        if is_new:
            self._shown[display_id] = cell, run
        return is_new

    def _running(self) -> tuple[str, int]:
        """Name the running cell, and which of its runs this is."""
        history: Any = self._shell.history_manager
        inputs = history.input_hist_raw
        request = self._shell.get_parent() if hasattr(self._shell, "get_parent") else {}
        # Front ends send the cell's id; to those that don't, the same text is the same cell.
        return request.get("metadata", {}).get("cellId") or inputs[-1], len(inputs)
