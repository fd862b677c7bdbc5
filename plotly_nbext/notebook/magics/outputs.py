"""The outputs that cells have shown, by display id."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from IPython.display import display

if TYPE_CHECKING:
    from IPython.core.interactiveshell import ExecutionInfo, InteractiveShell

    from plotly_nbext.notebook.display import Bundle

__all__ = ["Outputs"]


class Outputs:
    """Shows bundles, and updates those that were shown with an id.

    An output that is lost can't be updated, so it is shown anew: a cell that runs again loses its
    outputs, and so does one that calls ``clear_output``. (That someone deletes a cell or clears
    it by hand, a front end doesn't tell.)

    Parameters
    ----------
    shell : InteractiveShell
        The shell whose cells show them.
    """

    def __init__(self, shell: InteractiveShell) -> None:
        self._shell = shell
        self._cells: dict[str, str] = {}  # in which an id is shown
        history: Any = shell.history_manager
        self._text = str(history.input_hist_raw[-1])  # of the cell that loads us
        self._runs = 0
        shell.events.register("pre_run_cell", self._begin)
        publisher: Any = shell.display_pub
        if hasattr(publisher, "register_hook"):  # a kernel's
            publisher.register_hook(self._look_at)

    def close(self) -> None:
        """Hear no more of the shell."""
        self._shell.events.unregister("pre_run_cell", self._begin)
        publisher: Any = self._shell.display_pub
        if hasattr(publisher, "unregister_hook"):
            publisher.unregister_hook(self._look_at)

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
        """Tell whether nothing is shown with an id; from now on the running cell shows it."""
        is_new = display_id not in self._cells
        if is_new:
            self._cells[display_id] = self._cell
        return is_new

    @property
    def cell_id(self) -> str | None:
        """The id of the running cell, where the front end sends it.

        To one that doesn't, the same text is the same cell.
        """
        cell_id: str | None = self._request.get("metadata", {}).get("cellId")
        return cell_id

    @property
    def run(self) -> int:
        """How many cells have run, with this one."""
        return self._runs

    @property
    def _cell(self) -> str:
        return self.cell_id or self._text

    @property
    def _request(self) -> dict[str, Any]:
        """What the front end has asked for."""
        shell: Any = self._shell
        request: dict[str, Any] = shell.get_parent() if hasattr(shell, "get_parent") else {}
        return request

    def _begin(self, info: ExecutionInfo) -> None:
        # not from the history, which has no cells that ran without one
        self._text = str(info.raw_cell).rstrip("\n")
        self._runs += 1
        self._lose(info.cell_id or self._text)

    def _look_at(self, message: dict[str, Any]) -> dict[str, Any]:
        """Look at what the kernel sends; the caller sends what this gives."""
        if message["header"]["msg_type"] != "clear_output":
            return message
        if self._request.get("header", {}).get("msg_type") == "execute_request":
            self._lose(self._cell)
        else:  # a widget's, such as that of ipywidgets.interact: which cell it is in is not told
            self._cells.clear()
        return message

    def _lose(self, cell: str) -> None:
        self._cells = {key: each for key, each in self._cells.items() if each != cell}
