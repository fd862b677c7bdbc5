"""What lies in a folder, as a table."""

from __future__ import annotations

from html import escape
from typing import TYPE_CHECKING

from plotly_nbext.client import Grid

if TYPE_CHECKING:
    from collections.abc import Iterable

    from plotly_nbext.client import File

__all__ = ["Listing"]

FOLDER = "fold"


class Listing:
    """The files of a folder, by name; folders end with a slash.

    What changes from run to run, ids and times, is there in the long form only, so that a saved
    notebook can be compared with a fresh run of it.

    Parameters
    ----------
    files : iterable of File
        What lies there.
    folder : str
        Where that is; empty for the top.
    long : bool
        Whether to tell each file's id and the time of its last change.
    """

    def __init__(self, files: Iterable[File], *, folder: str = "", long: bool = False) -> None:
        self.files = sorted(files, key=lambda file: (file.name, file.fid))
        self._folder = folder
        self._header = ("name", "rows", *(("fid", "modified") if long else ()))
        self._rows = [_cells(file)[: len(self._header)] for file in self.files]

    def __repr__(self) -> str:
        if not self.files:
            return self._nothing()
        table = [self._header, *self._rows]
        widths = [max(map(len, column)) for column in zip(*table, strict=True)]
        return "\n".join(_line(cells, widths) for cells in table)

    def _repr_html_(self) -> str:
        if not self.files:
            return f"<p>{escape(self._nothing())}</p>"
        head = "".join(f"<th>{name}</th>" for name in self._header)
        body = "".join(
            f"<tr>{''.join(f'<td>{escape(cell)}</td>' for cell in row)}</tr>" for row in self._rows
        )
        return (
            f'<table border="1" class="dataframe"><thead><tr>{head}</tr></thead>'
            f"<tbody>{body}</tbody></table>"
        )

    def _nothing(self) -> str:
        return f"Nothing in {self._folder!r}." if self._folder else "No grids yet."


def _cells(file: File) -> tuple[str, ...]:
    name = f"{file.name}/" if file.filetype == FOLDER else file.name
    told = file.told_rows if isinstance(file, Grid) else None
    rows = "" if told is None else f"{told:,}"
    return name, rows, file.fid, f"{file.modified:%Y-%m-%dT%H:%M:%SZ}"


def _line(cells: tuple[str, ...], widths: list[int]) -> str:
    """Write a line of the table, with the numbers of rows to the right."""
    padded = [
        cell.rjust(width) if place == 1 else cell.ljust(width)
        for place, (cell, width) in enumerate(zip(cells, widths, strict=True))
    ]
    return "  ".join(padded).rstrip()
