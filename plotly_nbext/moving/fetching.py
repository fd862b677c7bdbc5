"""A file of a server, written to disk as an export has it."""

from __future__ import annotations

import os
import shutil
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

from plotly_nbext.client import Folder, Grid, Plot
from plotly_nbext.client.references import referenced_grids
from plotly_nbext.columns import json
from plotly_nbext.errors import ValidationError
from plotly_nbext.moving.manifest import PART, Column, Entry, Stored, checksum, write_whole
from plotly_nbext.moving.references import with_values_of
from plotly_nbext.moving.tables import arrays_of, is_text, write_table

if TYPE_CHECKING:
    from collections.abc import Collection
    from pathlib import Path

    from plotly_nbext.client import File

__all__ = ["Place", "facts", "fetched"]

TRIES: Final = 5


@dataclass(frozen=True)
class Place:
    """A file, and where it goes."""

    file: File
    path: list[str]
    on_disk: str


def facts(place: Place) -> Entry:
    """Say what the server tells of a file."""
    file = place.file
    return Entry(
        fid=file.fid,
        filetype=file.filetype,
        path=place.path,
        world_readable=file.world_readable,
        link_shared=file.is_link_shared,
        collaborators=file.collaborators,
        comments=file.comments,
        metadata=file.all_metadata,
        created=file.created.isoformat(),
        modified=file.modified.isoformat(),
        revision=file.revision if isinstance(file, Grid) else None,
        stored=Stored(place.on_disk, "", 0),
    )


def fetched(place: Place, root: Path, own: Collection[str]) -> Entry:
    """Read a file from the server and write it to disk.

    Parameters
    ----------
    place : Place
        The file.
    root : Path
        The folder of the export.
    own : collection of str
        The fids of the files that are exported: of other grids a figure takes the values along.

    Raises
    ------
    ApiError
        It can't be read.
    """
    target = root / place.on_disk
    target.parent.mkdir(parents=True, exist_ok=True)
    _make_room(target, for_folder=isinstance(place.file, Folder))
    columns: list[Column] = []
    if isinstance(place.file, Folder):
        target.mkdir(exist_ok=True)
        return facts(place)
    if isinstance(place.file, Grid):
        columns = _write_grid(place.file, target)
    elif isinstance(place.file, Plot):
        _write_plot(place.file, own, target)
    else:
        raise ValidationError(
            f"It is of the type {place.file.filetype!r}, whose content Chart Studio's API gives "
            "to nobody."
        )
    entry = facts(place)
    entry.columns, entry.stored = columns, checksum(root, place.on_disk)
    return entry


def _write_grid(grid: Grid, target: Path) -> list[Column]:
    for _ in range(TRIES):
        columns, content = grid.refresh().columns, grid.content()
        names = [name for name, _ in content.columns]
        if content.revision == grid.revision and names == [column.name for column in columns]:
            break
    else:
        raise ValidationError("It is changed all the time: export again when others are done.")
    arrays = arrays_of(columns, content)
    part = target.with_name(PART + target.name)
    write_table(part, names, arrays)
    with part.open("rb+") as file:
        os.fsync(file.fileno())
    part.replace(target)
    return [
        Column(column.name, column.uid, len(array), is_text(array))
        for column, array in zip(columns, arrays, strict=True)
    ]


def _write_plot(plot: Plot, own: Collection[str], target: Path) -> None:
    plot.refresh()
    figure: dict[str, Any] = plot.figure(inline_data=False)
    if others := referenced_grids(figure).difference(own):
        # grids that do not come along: what they hold now is all that can
        with_values_of(figure, plot.figure(inline_data=True), others)
    write_whole(target, json.dumps(figure))


def _make_room(path: Path, *, for_folder: bool) -> None:
    """Remove what an earlier state has there, if it is of the other kind."""
    if path.is_dir() and not for_folder:
        shutil.rmtree(path)  # names are given once: nothing of this state is in it
    elif path.is_file() and for_folder:
        path.unlink()
