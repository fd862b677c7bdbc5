"""A folder of files that people took out of Chart Studio, written anew as an export.

Figures are JSON with ``data`` or ``layout``; grids are JSON with ``cols``, as
``GET /v2/grids/FID/content`` gives them, or csv. Which grid a reference of a figure means is told
by the uids of its columns.
"""

from __future__ import annotations

import shutil
import uuid
from collections import Counter, defaultdict
from typing import TYPE_CHECKING, Any, Final

from plotly_nbext.client.references import referenced_columns, referenced_grids
from plotly_nbext.columns import json, wire
from plotly_nbext.errors import PlotlyNbextError
from plotly_nbext.moving.manifest import (
    Column,
    Entry,
    Manifest,
    Stored,
    checksum,
    leads_out,
    write_manifest,
    write_whole,
)
from plotly_nbext.moving.tables import is_text, write_table

if TYPE_CHECKING:
    from pathlib import Path

    from plotly_nbext.moving.report import Report

__all__ = ["as_export"]

SUFFIXES: Final = {".json", ".csv"}


def as_export(source: Path, target: Path, report: Report) -> None:
    """Write the files of a folder and those in it as an export.

    Parameters
    ----------
    source : Path
        The folder; each folder in it becomes one.
    target : Path
        An empty folder.
    report : Report
        Takes what could not be read.

    Raises
    ------
    PlotlyNbextError
        There is no such file in it.
    """
    staging = _Staging(source, target, report)
    found = sorted(
        path
        for path in source.rglob("*")
        if path.suffix.lower() in SUFFIXES and path.is_file() and not _is_hidden(path, source)
    )
    if not found:
        raise PlotlyNbextError(
            f"{source} holds no manifest.json of an export, and no .json or .csv file.",
            hint="Name the folder of an export, or one with figures and grids of Chart Studio.",
        )
    for path in found:
        if leads_out(source, path):
            why = "it is a link that leads out of the folder."
            report.failed[str(path.relative_to(source))] = why
            continue
        try:
            staging.add(path)
        except OSError as error:
            report.failed[str(path.relative_to(source))] = f"it can't be read: {error.strerror}."
        except (ValueError, TypeError, KeyError, AttributeError) as error:
            why = f"it is neither a figure nor a grid ({error})."
            report.failed[str(path.relative_to(source))] = why
    staging.finish()


class _Staging:
    """An export that is made of other files."""

    def __init__(self, source: Path, target: Path, report: Report) -> None:
        self._source = source
        self._target = target
        self._report = report
        self._entries: dict[tuple[str, ...], Entry] = {}
        self._figures: dict[str, Any] = {}
        self._names: dict[tuple[str, ...], set[str]] = defaultdict(set)

    def add(self, path: Path) -> None:
        """Read a file."""
        *folders, file = path.relative_to(self._source).parts
        if path.suffix.lower() == ".csv":
            entry = self._entry("table", [*folders, file])
            shutil.copyfile(path, self._target / entry.stored.file)
        else:
            content = json.loads(path.read_bytes())
            if not isinstance(content, dict):
                raise ValueError(f"it holds a {type(content).__name__}")
            if "cols" in content:
                entry = self._entry("grid", [*folders, path.stem], ".parquet")
                self._write_grid(entry, content)
            elif "data" in content or "layout" in content:
                entry = self._entry("plot", [*folders, path.stem])
                self._figures[entry.fid] = content
            else:
                raise ValueError("it has no data, layout or cols")
        self._add_folders(folders)
        self._entries[tuple(entry.path)] = entry

    def finish(self) -> None:
        """Write the figures, now that all grids are known, and the manifest."""
        grids = [entry for entry in self._entries.values() if entry.filetype == "grid"]
        for entry in self._entries.values():
            if entry.filetype == "plot":
                figure = _with_known_grids(self._figures[entry.fid], grids)
                write_whole(self._target / entry.stored.file, json.dumps(figure))
            if entry.filetype != "fold":
                entry.stored = checksum(self._target, entry.stored.file)
        files = [*self._entries.values()]
        manifest = Manifest(
            id=f"chart-studio-files:{self._source}",
            server="",
            username="",
            tables="parquet",
            counts=dict(Counter(entry.filetype for entry in files)),
            files=files,
        )
        write_manifest(self._target, manifest)

    def _entry(self, filetype: str, path: list[str], ending: str = "") -> Entry:
        while tuple(path) in self._entries:  # "sales.json" beside "sales.JSON"
            path = [*path[:-1], f"{path[-1]} ({filetype})"]
        # told by its path: the same when it is read again
        return Entry(
            fid=f"files:{chr(47).join(path)}",
            filetype=filetype,
            path=path,
            stored=Stored(f"{uuid.uuid4().hex}{ending}", "", 0),
        )

    def _add_folders(self, folders: list[str]) -> None:
        for depth in range(1, len(folders) + 1):
            path = folders[:depth]
            if tuple(path) not in self._entries:
                self._entries[tuple(path)] = self._entry("fold", path)

    def _write_grid(self, entry: Entry, content: dict[str, Any]) -> None:
        cols = content["cols"]
        if isinstance(cols, list):  # as `GET /v2/grids/FID/col` has them
            named = [(col["name"], col) for col in cols]
        else:
            named = sorted(cols.items(), key=lambda item: item[1].get("order", 0))
        names = Counter(name for name, _ in named)
        for name, col in named:
            if not isinstance(col.get("data"), list) or names[name] > 1:
                raise ValueError(f"the values of its column {name!r} are not told by one list")
        arrays = [wire.from_values(col["data"]) for _, col in named]
        write_table(self._target / entry.stored.file, [name for name, _ in named], arrays)
        entry.columns = [
            Column(name, str(col.get("uid", "")), len(array), is_text(array))
            for (name, col), array in zip(named, arrays, strict=True)
        ]


def _with_known_grids(figure: Any, grids: list[Entry]) -> Any:
    """Give grids the fids that figures have for them, where the columns tell which is meant."""
    for fid in referenced_grids(figure):
        needed = referenced_columns(figure, fid)
        fitting = [entry for entry in grids if needed <= {column.uid for column in entry.columns}]
        if len(fitting) == 1:
            fitting[0].fid = fid
    return figure


def _is_hidden(path: Path, source: Path) -> bool:
    return any(part.startswith(".") for part in path.relative_to(source).parts)
