"""An export, or what another server or an older program left, brought to a server."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final, get_args

from plotly_nbext.client import Grid, Plot
from plotly_nbext.client.progress import bar
from plotly_nbext.errors import ApiError, PlotlyNbextError, ValidationError
from plotly_nbext.moving import writing
from plotly_nbext.moving.manifest import fault
from plotly_nbext.moving.planning import OnConflict, Plan
from plotly_nbext.moving.record import Record, Recorded, state_of
from plotly_nbext.moving.report import Report, ends_all, reason
from plotly_nbext.moving.sources import opened_source

if TYPE_CHECKING:
    import os
    from pathlib import Path

    from plotly_nbext.client import Client, File
    from plotly_nbext.moving.manifest import Entry, Manifest
    from plotly_nbext.moving.planning import Step

__all__ = ["import_from"]

_ORDER: Final = {"fold": 0, "grid": 1, "table": 1, "plot": 2}


def import_from(
    source: str | os.PathLike[str] | Client,
    client: Client | None = None,
    *,
    on_conflict: OnConflict = "error",
    skip_damaged: bool = False,
    into: str = "",
    progress: bool = True,
) -> Report:
    """Bring files to a server: folders, then grids, then the plots that draw on them.

    ``POST /v2/folders``, ``POST /v2/grids``, ``POST /v2/plots``, and ``PATCH`` of these. All
    checksums are looked at before anything is written. References to grids are rewritten to
    their new fids and uids. Called again, it goes on where it was interrupted, and leaves what is
    there with the same content.

    Parameters
    ----------
    source : path or Client
        The folder of an export; or one with JSON figures, JSON grids and csv files as Chart Studio
        gave them; or a server to read, such as Chart Studio's.
    client : Client, optional
        The server to write to; by default that of the session.
    on_conflict : {"error", "skip", "replace", "rename"}
        What to do where another file has the name: import nothing at all; leave it, and the one of
        the export out; put the export's content in its place; take the name "name (2)".
    skip_damaged : bool
        Whether files that are missing or damaged are left out, in place of importing nothing.
    into : str
        The folder on the server that all goes into.
    progress : bool
        Whether a bar is shown when it takes more than a second.

    Returns
    -------
    Report
        What was imported; what could not be is there by name and reason.

    Raises
    ------
    PlotlyNbextError
        The source is none, or damaged; or the server was lost, then call it again.
    ValidationError
        Names are taken; nothing was written.

    Examples
    --------
    >>> from plotly_nbext.moving import export_to, import_from
    >>> exported = export_to("my-files")
    >>> print(import_from("my-files", into="copy"))
    2 files imported.
    """
    if on_conflict not in get_args(OnConflict):
        raise ValidationError(
            f"on_conflict must be one of {', '.join(get_args(OnConflict))}, not {on_conflict!r}.",
            field="on_conflict",
        )
    if client is None:
        from plotly_nbext.api import current_client

        client = current_client()
    report = Report("imported")
    into = into.strip("/")
    with opened_source(source, client, report, progress=progress) as (root, manifest):
        entries = _undamaged(root, manifest, report, skip_damaged=skip_damaged)
        record = Record(manifest.id, client, into)
        plan = Plan(client, root, manifest, record, report, on_conflict)
        with bar("import", len(entries), shown=progress, unit=" files") as shown:
            steps = plan.steps(entries, into.split("/") if into else [])
            if into:
                client.make_folder(into)
            for step in steps:
                _carry_out(plan, step)
                shown.advance()
    return report


def _undamaged(
    root: Path, manifest: Manifest, report: Report, *, skip_damaged: bool
) -> list[Entry]:
    """Leave out the files that are not as they were written, or refuse them all."""
    faults = {
        entry.fid: (entry, why)
        for entry in manifest.files
        if entry.filetype != "fold" and (why := fault(root, entry.stored))
    }
    if faults and not skip_damaged:
        lines = [f"{root / entry.stored.file}: {why}" for entry, why in faults.values()]
        raise PlotlyNbextError(
            "\n".join(["Nothing was imported, as files are not as they were exported:", *lines]),
            hint="Export again to the same folder, which mends it, or say --skip-damaged "
            "(skip_damaged=True) to import the rest.",
        )
    for entry, why in faults.values():
        report.failed[entry.label] = f"{entry.stored.file}: {why}"
    kept = [entry for entry in manifest.files if entry.fid not in faults]
    return sorted(kept, key=lambda entry: _ORDER[entry.filetype])


def _carry_out(plan: Plan, step: Step) -> None:
    """Do what is to be done with a file, and note what became of it."""
    entry, label = step.entry, step.target
    if step.action == "same":
        plan.report.same.append(label)
        return
    if step.action == "skip":
        plan.report.skipped.append(label)
        return
    try:
        file = _written(plan, step)
    except (ApiError, ValueError, OSError) as error:
        if ends_all(error):
            raise
        plan.report.failed[label] = reason(error)
        return
    if file.name != step.path[-1]:
        step.path = [*step.path[:-1], file.name]
    uids = plan.note(entry, file)
    plan.record.add(Recorded(entry.fid, file.fid, step.path, state_of(file), uids))
    plan.report.done.append(label)
    if entry.left_behind:
        plan.report.remark(label, entry.left_behind)


def _written(plan: Plan, step: Step) -> File:
    """Write a file, and return it as it is on the server."""
    entry, there = step.entry, step.there
    match entry.filetype:
        case "fold":
            return writing.make_folder(plan.client, entry, step.target)
        case "grid":
            arrays = plan.arrays(entry)
            if isinstance(there, Grid):
                return writing.replace_grid(there, entry, arrays)
            return writing.make_grid(plan.client, entry, arrays, step.target)
        case "plot":
            figure, lost = plan.figure(entry)
            if lost:
                words = f"it no longer draws on {', '.join(lost)}, which did not come along."
                plan.report.remark(step.target, words)
            if isinstance(there, Plot):
                return writing.replace_plot(there, entry, figure)
            return writing.make_plot(plan.client, entry, figure, step.target)
        case _:
            return _uploaded(plan, step)


def _uploaded(plan: Plan, step: Step) -> File:
    """Upload a table. What became of it can't be compared with it, so it is noted before too."""
    fid = step.entry.fid
    plan.record.add(Recorded(fid, "", step.path, ""))
    try:
        file = plan.root / step.entry.stored.file
        return plan.client.upload(file, step.target, progress=False)
    except ApiError as error:
        if not ends_all(error):
            plan.record.add(Recorded(fid, "", [], ""))
        raise
