"""Files of an export, made on a server or put in the place of those there."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from plotly_nbext.client import Grid, Plot
from plotly_nbext.client import json_form as _json_form
from plotly_nbext.client.creation import created
from plotly_nbext.client.forms import Change, Place, form_of
from plotly_nbext.client.losses import tell_lost_columns
from plotly_nbext.client.paths import split_path
from plotly_nbext.columns import EncodedColumn, Table, json

if TYPE_CHECKING:
    from collections.abc import Sequence

    import pyarrow as pa

    from plotly_nbext.client import Client, File
    from plotly_nbext.client.forms import Form
    from plotly_nbext.client.session import Session
    from plotly_nbext.moving.manifest import Entry

__all__ = ["make_folder", "make_grid", "make_plot", "replace_grid", "replace_plot"]


def make_folder(client: Client, entry: Entry, path: str) -> File:
    """Make a folder as an export has it: ``POST /v2/folders``, ``PATCH /v2/folders/FID``."""
    folder = client.make_folder(path)
    return _patched(folder, entry) if entry.world_readable or entry.metadata else folder


def make_grid(client: Client, entry: Entry, arrays: Sequence[pa.Array], path: str) -> Grid:
    """Make a grid: ``POST /v2/grids``."""
    session = _session(client)
    form, table = _form_and_table(session, entry, arrays)
    place = Place(session, "/grids", path)
    answer = form.create(place, table, _fields(entry, path), progress=False)
    return Grid(session, created(answer), path)


def make_plot(client: Client, entry: Entry, figure: Any, path: str) -> Plot:
    """Make a plot: ``POST /v2/plots``."""
    session = _session(client)
    body = json.dumps({"figure": figure, **_fields(entry, path)})
    return Plot(session, created(session.json("POST", "/plots", body=body)), path)


def replace_grid(grid: Grid, entry: Entry, arrays: Sequence[pa.Array]) -> File:
    """Put a grid in the place of another: ``PUT /v2/grids/FID/content``, ``PATCH /v2/grids/FID``.

    As JSON: ``POST``, ``PUT`` and ``DELETE /v2/grids/FID/col``.
    """
    form, table = _form_and_table(grid.place.session, entry, arrays)
    order = [column.name for column in entry.columns]
    change = Change(table, order, kept=[], metadata=entry.metadata, revision=None)
    lost = [column for column in grid.refresh().columns if column.name not in order]
    plots = grid.referencers
    grid.take(form.write(grid.place, change, progress=False))
    tell_lost_columns(grid, lost, plots)
    return _patched(grid, entry)


def replace_plot(plot: Plot, entry: Entry, figure: Any) -> File:
    """Put a figure in the place of another: ``PATCH /v2/plots/FID``."""
    return _patched(plot, entry, figure=figure)


def _form_and_table(
    session: Session, entry: Entry, arrays: Sequence[pa.Array]
) -> tuple[Form, Table]:
    """Choose how a grid is sent: columns of different lengths fit no Arrow stream."""
    lengths = {len(array) for array in arrays}
    form: Form = form_of(session) if len(lengths) <= 1 else _json_form
    columns = [
        EncodedColumn(column.name, array)
        for column, array in zip(entry.columns, arrays, strict=True)
    ]
    return form, Table(columns, {}, max(lengths, default=0))


def _fields(entry: Entry, path: str) -> dict[str, Any]:
    folder, filename = split_path(path)
    fields = {
        "filename": filename,
        "world_readable": entry.world_readable,
        "metadata": entry.metadata,
    }
    return fields | {"parent_path": folder} if folder else fields


def _patched(file: File, entry: Entry, **fields: Any) -> File:
    """Give a file the facts of another one."""
    fields |= {"world_readable": entry.world_readable, "metadata": entry.metadata}
    return file._patch(**fields)  # noqa: SLF001 - several facts in one request


def _session(client: Client) -> Session:
    return client._session  # noqa: SLF001 - what is moved has no frame or figure to push
