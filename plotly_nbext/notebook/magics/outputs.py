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

    def show(self, bundle: Bundle, display_id: str | None = None, *, update: bool = False) -> None:
        """Show a bundle.

        Parameters
        ----------
        bundle : tuple of dict
            Data and metadata by MIME type.
        display_id : str, optional
            What the output is known by later.
        update : bool
            Whether it takes the place of the one that was shown with the same id.
        """
        data, metadata = bundle
        if display_id is None:
            display(data, metadata=metadata, raw=True)
        else:
            display(data, metadata=metadata, raw=True, display_id=display_id, update=update)

    def is_new(self, display_id: str) -> bool:
        """Tell whether nothing is shown with an id, by now in the running cell too.

        A cell that runs again has lost its outputs, so it shows its own anew.
        """
        cell, run = self.cell_id or self._inputs[-1], self.run
        shown_in, shown_by_run = self._shown.setdefault(display_id, (cell, 0))
        is_new = shown_in == cell and shown_by_run != run
        if is_new:
            self._shown[display_id] = cell, run
        return is_new

    @property
    def cell_id(self) -> str | None:
        """The id of the running cell, where the front end sends it.

        To one that doesn't, the same text is the same cell.
        """
        request = self._shell.get_parent() if hasattr(self._shell, "get_parent") else {}
        cell_id: str | None = request.get("metadata", {}).get("cellId")
        return cell_id

    @property
    def run(self) -> int:
        """How many cells have run, with this one."""
        return len(self._inputs)

    @property
    def _inputs(self) -> list[str]:
        history: Any = self._shell.history_manager
        inputs: list[str] = history.input_hist_raw
        return inputs
