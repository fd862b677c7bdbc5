"""Everything that a user has on a server, as a folder of readable files."""

from __future__ import annotations

import errno
import uuid
from collections import Counter
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Final

import msgspec

from plotly_nbext.client import Folder, Plot
from plotly_nbext.client.progress import bar
from plotly_nbext.errors import (
    ApiError,
    NotFoundError,
    PlotlyNbextError,
    ValidationError,
)
from plotly_nbext.moving.fetching import Place, facts, fetched
from plotly_nbext.moving.manifest import (
    JOURNAL,
    MANIFEST,
    PART,
    Entry,
    Manifest,
    append_line,
    fault,
    identity,
    is_within,
    leads_out,
    read_lines,
    read_manifest,
    write_manifest,
    write_whole,
)
from plotly_nbext.moving.names import disk_name
from plotly_nbext.moving.report import Report, ends_all, reason

if TYPE_CHECKING:
    import os
    from collections.abc import Iterator

    from plotly_nbext.client import Client, File

__all__ = ["export_to"]

FORMATS: Final = ("parquet", "csv")


def export_to(
    folder: str | os.PathLike[str],
    client: Client | None = None,
    *,
    format: str = "parquet",  # noqa: A002 - the option's word
    progress: bool = True,
) -> Report:
    """Write all files of a user into a folder: grids, plots and the folders that they are in.

    ``GET /v2/folders/home``, ``GET /v2/folders/FID``, ``GET /v2/TYPE/FID`` and
    ``GET /v2/TYPE/FID/content``. Called again with the same folder, it goes on where it was
    interrupted, reads only what has changed since, and removes what is no longer there. What lies
    in the trash is left out, and counted. No API key and no share key is written.

    Parameters
    ----------
    folder : path
        Where; it is made, or empty, or an earlier export of the same user.
    client : Client, optional
        The server, and whose files; by default that of the session.
    format : {"parquet", "csv"}
        How the values of grids are written.
    progress : bool
        Whether a bar is shown when it takes more than a second.

    Returns
    -------
    Report
        What was written; what could not be is there by name and reason.

    Raises
    ------
    PlotlyNbextError
        The folder holds something else, or can't be written; or the server was lost, then call it
        again.

    Examples
    --------
    >>> from plotly_nbext.moving import export_to
    >>> print(export_to("my-files"))
    2 files exported.
    """
    if format not in FORMATS:
        raise ValidationError(
            f"format must be one of {', '.join(FORMATS)}, not {format!r}.", field="format"
        )
    if client is None:
        from plotly_nbext.api import current_client

        client = current_client()
    root = Path(folder).expanduser().resolve()
    try:
        export = _begin(root, client, format)
        with bar("export", None, shown=progress, unit=" files") as shown:
            for place in _walk(client, export):
                _write(export, place)
                shown.advance()
        _finish(export, client)
    except OSError as error:
        raise PlotlyNbextError(
            f"{error.filename or root} can't be written: {error.strerror or error}.",
            hint="Mend that and export to the same folder again: it goes on.",
        ) from None
    return export.report


@dataclass
class _Export:
    """An export that goes on."""

    root: Path
    manifest: Manifest
    known: dict[str, Entry]
    """What is there of before, by the fids."""
    former: set[str]
    """All the places where something of before may lie: a file may have been moved since."""
    report: Report = field(default_factory=lambda: Report("exported"))
    own: set[str] = field(default_factory=set)
    """The fids of the user's files."""
    earlier: dict[str, Entry] = field(default_factory=dict)
    """What is there of before of what can't be read now, by its label."""


def _begin(root: Path, client: Client, tables: str) -> _Export:
    """Find what is there of an export, or make a folder for it."""
    manifest = Manifest(
        id=str(uuid.uuid4()), server=client.url, username=client.username, tables=tables
    )
    known: list[Entry] = []
    journal = root / JOURNAL
    if journal.exists():
        header, *lines = read_lines(journal) or [{}]
        with suppress(msgspec.ValidationError):
            there = msgspec.convert(header, Manifest)
            _check_same(root, there, manifest)
            manifest.id = there.id
            known = [msgspec.convert(line, Entry) for line in lines]
            known = [entry for entry in known if is_within(entry)]
    elif (root / MANIFEST).exists():
        there = read_manifest(root)
        _check_same(root, there, manifest)
        manifest.id, known = there.id, there.files
    elif root.exists() and (not root.is_dir() or any(root.iterdir())):
        raise PlotlyNbextError(
            f"{root} holds something else than an export.",
            hint="Name a folder that is new or empty, or one to which you exported before.",
        )
    root.mkdir(mode=0o700, parents=True, exist_ok=True)
    for path in [*root.rglob("*")]:
        if path.is_symlink() and leads_out(root, path):
            raise PlotlyNbextError(
                f"{path} is a link that leads out of the export.",
                hint="Remove the link, or name another folder.",
            )
        if path.name.startswith(PART) and path.is_file():
            path.unlink()
    lines = [msgspec.json.encode(each) + b"\n" for each in [manifest, *known]]
    write_whole(journal, b"".join(lines))
    (root / MANIFEST).unlink(missing_ok=True)
    former = {entry.stored.file for entry in known}
    return _Export(root, manifest, {entry.fid: entry for entry in known}, former)


def _check_same(root: Path, there: Manifest, ours: Manifest) -> None:
    whose = (identity(there.server), there.username)
    if whose != (identity(ours.server), ours.username):
        raise PlotlyNbextError(
            f"{root} holds an export of {there.username!r} at {there.server}, "
            f"not of {ours.username!r} at {ours.server}.",
            hint="Name another folder.",
        )


def _walk(client: Client, export: _Export) -> Iterator[Place]:
    """List all files, grids before plots, and folders before what they hold."""
    plots: list[Place] = []
    others: list[Place] = []

    def look(files: list[File], path: list[str], on_disk: str, reserved: set[str]) -> None:
        for file in sorted(files, key=lambda file: int(file.fid.partition(":")[2])):
            if file.fid in export.own:  # it was moved while we looked
                continue
            export.own.add(file.fid)
            ending = {"grid": f".{export.manifest.tables}", "plot": ".json"}.get(file.filetype, "")
            place = Place(
                file, [*path, file.name], on_disk + disk_name(file.name, ending, reserved)
            )
            (plots if isinstance(file, Plot) else others).append(place)
            if isinstance(file, Folder):
                try:
                    inside = file.list()
                except NotFoundError:
                    continue  # it went away
                except ApiError as error:
                    if ends_all(error):
                        raise
                    _leave_out(export, place, reason(error))
                    continue
                look(inside, place.path, f"{place.on_disk}/", set())

    look(client.list(), [], "", {MANIFEST, JOURNAL})
    yield from others
    yield from plots


def _write(export: _Export, place: Place) -> None:
    """Write a file, unless it is there as it is on the server."""
    label = "/".join(place.path)
    there = export.known.get(place.file.fid)
    try:
        entry = facts(place)
        if there is not None and _is_current(export.root, there, entry, place.on_disk):
            entry.columns, entry.stored = there.columns, there.stored
            export.report.same.append(label)
        else:
            entry = fetched(place, export.root, export.own)
            export.report.done.append(label)
    except NotFoundError:
        return  # it was deleted while we came to it
    except (ApiError, ValueError) as error:
        if ends_all(error):
            raise
        why = reason(error)
    except OSError as error:
        if error.errno != errno.ENAMETOOLONG:  # of folders in folders; all else ends the export
            raise
        why = "its path is longer than this system takes."
    else:
        export.manifest.files.append(entry)
        append_line(export.root / JOURNAL, entry)
        return
    if there is not None:
        export.earlier[label] = there
    export.report.failed[label] = export.manifest.left_out[label] = why


def _leave_out(export: _Export, place: Place, why: str) -> None:
    """Note that nobody can tell what is in a folder; what was there before stays."""
    label = "/".join(place.path)
    export.report.failed[label] = export.manifest.left_out[label] = f"What it holds: {why}"
    inside = f"{place.on_disk}/"
    for entry in export.known.values():
        if entry.stored.file.startswith(inside):
            export.earlier["/".join(entry.path)] = entry


def _is_current(root: Path, there: Entry, now: Entry, on_disk: str) -> bool:
    state = (there.modified, there.revision, there.filetype)
    if state != (now.modified, now.revision, now.filetype) or there.stored.file != on_disk:
        return False
    if now.filetype == "fold":
        return (root / on_disk).is_dir()
    return fault(root, there.stored) is None


def _finish(export: _Export, client: Client) -> None:
    """Write the manifest, and remove what is of an earlier state."""
    manifest, report = export.manifest, export.report
    taken = {entry.stored.file for entry in manifest.files}
    for label, there in export.earlier.items():
        # another may have its place by now
        if there.stored.file not in taken and fault(export.root, there.stored) is None:
            manifest.files.append(there)
            why = report.failed.get(label, "It can't be read now.")
            report.failed[label] = f"{why} What was exported of it before stays."
    manifest.exported = datetime.now(UTC).isoformat(timespec="seconds")
    manifest.counts = dict(Counter(entry.filetype for entry in manifest.files))
    with suppress(NotFoundError):
        if count := len(client.trashed()):
            report.remark("trash", f"{count} in the trash left out; restore() takes a file back.")
    write_manifest(export.root, manifest)
    kept = {entry.stored.file for entry in manifest.files}
    for path in (export.root / file for file in sorted(export.former - kept, reverse=True)):
        if not path.is_dir():
            path.unlink(missing_ok=True)
        elif not any(path.iterdir()):
            path.rmdir()
