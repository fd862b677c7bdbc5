"""What an import is to do with each file: where it goes, and what is there already."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Final, Literal

from plotly_nbext.client import Folder, Grid, Plot
from plotly_nbext.client.references import referenced_grids
from plotly_nbext.columns import json
from plotly_nbext.errors import NotFoundError, ValidationError
from plotly_nbext.moving.names import numbered, server_name
from plotly_nbext.moving.record import state_of
from plotly_nbext.moving.references import rewritten
from plotly_nbext.moving.sameness import is_same_grid, is_same_plot
from plotly_nbext.moving.tables import read_table

if TYPE_CHECKING:
    from pathlib import Path

    import pyarrow as pa

    from plotly_nbext.client import Client, File
    from plotly_nbext.moving.manifest import Entry, Manifest
    from plotly_nbext.moving.record import Record
    from plotly_nbext.moving.references import Moved
    from plotly_nbext.moving.report import Report

__all__ = ["OnConflict", "Plan", "Step"]

OnConflict = Literal["error", "skip", "replace", "rename"]

_TOLD: Final = 10  # names in a message


@dataclass
class Step:
    """What is to be done with a file: where it goes, and what is there."""

    entry: Entry
    path: list[str]
    action: Literal["make", "replace", "same", "skip"]
    there: File | None = None

    @property
    def target(self) -> str:
        """The path as it is written."""
        return "/".join(self.path)


@dataclass
class Plan:
    """An import, from what is known before it to what is known afterwards."""

    client: Client
    root: Path
    manifest: Manifest
    record: Record
    report: Report
    on_conflict: OnConflict
    moved: dict[str, Moved] = field(default_factory=dict)
    """What became of grids, by their old fids."""
    folders: dict[tuple[str, ...], list[str] | None] = field(default_factory=dict)
    """Where folders went, by their old paths; None for one that could not go anywhere."""
    listings: dict[str, dict[str, File]] = field(default_factory=dict)
    claimed: set[tuple[str, ...]] = field(default_factory=set)
    awaited: set[str] = field(default_factory=set)
    """The old fids of files that are to be written."""

    def steps(self, entries: list[Entry], into: list[str]) -> list[Step]:
        """Say what is to be done with each file; nothing is written yet.

        Raises
        ------
        ValidationError
            Names are taken, and nothing was said on what to do then.
        """
        self.folders[()] = into
        steps = []
        conflicts = []
        for entry in entries:
            if step := self._step(entry):
                steps.append(step)
                if step.action == "skip" and self.on_conflict == "error":
                    conflicts.append(step.target)
        if conflicts:
            more = f" and {len(conflicts) - _TOLD} more" if len(conflicts) > _TOLD else ""
            raise ValidationError(
                "Nothing was imported, as other files have the names of "
                f"{', '.join(map(repr, conflicts[:_TOLD]))}{more}.",
                field="on_conflict",
                hint="Say --on-conflict skip, replace or rename (on_conflict=), or name a folder "
                "to import to with --into (into=).",
            )
        return steps

    def _step(self, entry: Entry) -> Step | None:
        """Find the place of a file, and what is there; None where its folder has none."""
        parent = self.folders.get(tuple(entry.path[:-1]))
        if parent is None:
            self.report.failed[entry.label] = "its folder could not be imported."
            self.folders[tuple(entry.path)] = None
            return None
        there = self._listing(parent)
        name = server_name(entry.path[-1], self.client.username)
        if (*parent, name) in self.claimed:
            taken = {path[-1] for path in self.claimed if [*path[:-1]] == parent}
            name = numbered(name, taken | there.keys())
        step = self._recorded(entry) or self._compared(entry, [*parent, name], there)
        self.claimed.add(tuple(step.path))
        if step.path[-1] != entry.path[-1]:
            self.report.remark(entry.label, f"it is named {step.path[-1]!r} there.")
        if entry.filetype == "fold":
            self.folders[tuple(entry.path)] = None if step.action == "skip" else step.path
        elif step.action in {"make", "replace"}:
            self.awaited.add(entry.fid)
        return step

    def _recorded(self, entry: Entry) -> Step | None:
        """Find a file that was imported before and is as it was then."""
        known = self.record.get(entry.fid)
        if known is None or not known.path:
            return None
        there = self._listing(known.path[:-1]).get(known.path[-1])
        if there is None:
            return None
        if not known.new:  # the name was free, and we were stopped before the answer came
            return Step(entry, known.path, "same", there)
        if there.fid != known.new:
            return None
        if entry.filetype != "fold" and state_of(there) != known.state:
            return None
        if entry.filetype == "grid":
            self.moved[entry.fid] = known.new, known.uids
        return Step(entry, known.path, "same", there)

    def _compared(self, entry: Entry, path: list[str], others: dict[str, File]) -> Step:
        there = others.get(path[-1])
        if there is None:
            return Step(entry, path, "make")
        if self._is_same(entry, there):
            return Step(entry, path, "same", there)
        if self.on_conflict == "rename":
            return self._renamed(entry, path, others)
        if self.on_conflict == "replace" and there.filetype == entry.filetype:
            return Step(entry, path, "replace", there)
        if isinstance(there, Grid) and entry.filetype == "grid":
            self.note(entry, there)  # plots draw on the one that stays
        return Step(entry, path, "skip", there)

    def _renamed(self, entry: Entry, path: list[str], others: dict[str, File]) -> Step:
        """Find a name that is free, or what an import that was stopped had made by one."""
        taken = {claimed[-1] for claimed in self.claimed}
        while (name := numbered(path[-1], taken)) in others:
            if self._is_same(entry, others[name]):
                return Step(entry, [*path[:-1], name], "same", others[name])
            taken.add(name)
        return Step(entry, [*path[:-1], name], "make")

    def _is_same(self, entry: Entry, there: File) -> bool:
        if entry.filetype == "fold":
            return isinstance(there, Folder)
        if entry.filetype == "grid" and isinstance(there, Grid):
            same = is_same_grid(there, entry, self.arrays(entry))
            if same:
                self.note(entry, there)
            return same
        if entry.filetype == "plot" and isinstance(there, Plot):
            figure, _ = self.figure(entry)
            # one that is to draw on a grid that is yet to come draws on something else by now
            return not self._awaits(entry) and is_same_plot(there, entry, figure)
        return False

    def _listing(self, path: list[str]) -> dict[str, File]:
        """List what lies in a folder of the server, by name."""
        key = "/".join(path)
        if key not in self.listings:
            try:
                self.listings[key] = {file.name: file for file in self.client.list(key)}
            except NotFoundError:
                self.listings[key] = {}
        return self.listings[key]

    def note(self, entry: Entry, file: File) -> dict[str, str]:
        """Note what became of a grid and its columns."""
        if entry.filetype != "grid" or not isinstance(file, Grid):
            return {}
        new = {column.name: column.uid for column in file.columns}
        uids = {each.uid: new[each.name] for each in entry.columns if each.name in new}
        self.moved[entry.fid] = file.fid, uids
        return uids

    def arrays(self, entry: Entry) -> list[pa.Array]:
        """Read the values of a grid."""
        return read_table(self.root / entry.stored.file, entry.columns)

    def figure(self, entry: Entry) -> tuple[Any, list[str]]:
        """Read a figure, with references to what became of its grids; and those that are lost."""
        return rewritten(self._stored_figure(entry), self.moved, self._is_readable)

    def _awaits(self, entry: Entry) -> bool:
        return not self.awaited.isdisjoint(referenced_grids(self._stored_figure(entry)))

    def _stored_figure(self, entry: Entry) -> Any:
        return json.loads((self.root / entry.stored.file).read_bytes())

    def _is_readable(self, fid: str) -> bool:
        """Tell whether a reference to a grid that was not moved leads somewhere all the same."""
        if self.client.url != self.manifest.server:
            return False
        try:
            self.client.grid(fid)
        except NotFoundError:
            return False
        return True
