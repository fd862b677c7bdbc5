"""What lies in a folder, and what there is to know of a file, as tables."""

from __future__ import annotations

from contextlib import suppress
from html import escape
from typing import TYPE_CHECKING, Self

from plotly_nbext.client import Grid
from plotly_nbext.errors import NotFoundError

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from plotly_nbext.client import File

__all__ = ["Facts", "Listing"]

FOLDER = "fold"
MOST_COLUMNS = 30


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
        named = [(file.name, file) for file in files]
        self._fill(named, f"Nothing in {folder!r}." if folder else "No grids yet.", long=long)

    @classmethod
    def of_trash(cls, files: Iterable[tuple[str, File]], *, long: bool = False) -> Self:
        """List the trash.

        Parameters
        ----------
        files : iterable of (str, File)
            What lies there, with the path that it had.
        long : bool
            As above.
        """
        listing = cls([])
        listing._fill(files, "The trash is empty.", long=long)
        return listing

    def _fill(self, files: Iterable[tuple[str, File]], nothing: str, *, long: bool) -> None:
        there = sorted(files, key=lambda named: (named[0], named[1].fid))
        self.files = [file for _, file in there]
        self._nothing = nothing
        self._header = ("name", "rows", *(("fid", "modified") if long else ()))
        self._rows = [_cells(name, file)[: len(self._header)] for name, file in there]

    def __len__(self) -> int:
        return len(self.files)

    def __iter__(self) -> Iterator[File]:
        return iter(self.files)

    def __getitem__(self, place: int) -> File:
        return self.files[place]

    def __repr__(self) -> str:
        if not self.files:
            return self._nothing
        table = [self._header, *self._rows]
        widths = [max(map(len, column)) for column in zip(*table, strict=True)]
        return "\n".join(_line(cells, widths) for cells in table)

    def _repr_html_(self) -> str:
        if not self.files:
            return f"<p>{escape(self._nothing)}</p>"
        head = "".join(f"<th>{name}</th>" for name in self._header)
        body = "".join(
            f"<tr>{''.join(f'<td>{escape(cell)}</td>' for cell in row)}</tr>" for row in self._rows
        )
        return (
            f'<table border="1" class="dataframe"><thead><tr>{head}</tr></thead>'
            f"<tbody>{body}</tbody></table>"
        )


class Facts:
    """What there is to know of a file without reading it.

    Parameters
    ----------
    file : File
        The file.
    """

    def __init__(self, file: File) -> None:
        self._facts = [("fid", file.fid)]
        with suppress(NotFoundError):  # not every server tells the paths of what is others'
            self._facts.insert(0, ("path", file.path))
        if isinstance(file, Grid):
            self._facts.append(("rows", f"{file.row_count:,}"))
            columns = file.columns
            for place, column in enumerate(columns[:MOST_COLUMNS]):
                label = "" if place else "columns"
                self._facts.append((label, f"{column.name} ({column.src})"))
            if len(columns) > MOST_COLUMNS:
                self._facts.append(("", f"… and {len(columns) - MOST_COLUMNS:,} more"))
        else:
            self._facts.append(("type", "folder" if file.filetype == FOLDER else file.filetype))
        self._facts += [
            ("read by", "anyone" if file.world_readable else file.owner),
            ("modified", _time(file)),
            ("page", file.url),
        ]

    def __repr__(self) -> str:
        width = max(len(label) for label, _ in self._facts)
        return "\n".join(f"{label:{width}}  {fact}" for label, fact in self._facts)

    def _repr_html_(self) -> str:
        rows = "".join(
            f"<tr><th>{escape(label)}</th><td>{escape(fact)}</td></tr>"
            for label, fact in self._facts
        )
        return f'<table border="1" class="dataframe"><tbody>{rows}</tbody></table>'


def _cells(name: str, file: File) -> tuple[str, ...]:
    name = f"{name}/" if file.filetype == FOLDER else name
    told = file.told_rows if isinstance(file, Grid) else None
    rows = "" if told is None else f"{told:,}"
    return name, rows, file.fid, _time(file)


def _time(file: File) -> str:
    return f"{file.modified:%Y-%m-%dT%H:%M:%SZ}"


def _line(cells: tuple[str, ...], widths: list[int]) -> str:
    """Write a line of the table, with the numbers of rows to the right."""
    padded = [
        cell.rjust(width) if place == 1 else cell.ljust(width)
        for place, (cell, width) in enumerate(zip(cells, widths, strict=True))
    ]
    return "  ".join(padded).rstrip()
