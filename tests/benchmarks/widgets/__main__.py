"""Measure widgets that show tables: ``python -m tests.benchmarks.widgets``; prints Markdown."""

from __future__ import annotations

import argparse
import asyncio
import os
from importlib.metadata import version
from pathlib import Path
from typing import TYPE_CHECKING, Final, NamedTuple

from .notebook import LIMIT
from .picture import draw
from .session import MEMORY, measure_all
from .tables import OURS, TABLES

if TYPE_CHECKING:
    from tests.benchmarks.grids.measures import Times

    from .measures import Found, Scroll

SIZES: Final = ((10_000, 20), (1_000_000, 100))
QUICK: Final = ((2_000, 20),)
NOTHING: Final = "—"


class Goal(NamedTuple):
    """A figure to reach."""

    what: str
    goal: str
    measured: float
    reached: bool


def main() -> None:
    """Measure all, print tables of each size, and what was to be reached."""
    parser = argparse.ArgumentParser(prog="python -m tests.benchmarks.widgets")
    parser.add_argument("--quick", action="store_true", help="one round: whether it works at all")
    parser.add_argument("--rounds", type=int, default=3, help="times that each is shown and worked")
    parser.add_argument("--picture", type=Path, help="where the frames are drawn: a png file")
    options = parser.parse_args()
    rounds = 1 if options.quick else options.rounds
    _introduce(rounds)
    found: dict[str, Found] = {}
    size = ""
    for rows, columns in QUICK if options.quick else SIZES:
        size = f"{rows:,} × {columns}"
        seconds = 0.5 if options.quick else 1.5
        found = asyncio.run(measure_all(rows, columns, rounds, seconds))
        _scrolling(size, found)
        _waiting(size, found)
        _sizes(size, found)
        _notes(found)
    print(f"\nThe figures to reach, with {size}:\n")
    _table("what", "goal", "measured", "reached")
    for what, goal, measured, reached in _goals(found[OURS.name]):
        _row(what, goal, f"{measured:,.3g}", "yes" if reached else "no")
    if options.picture:
        draw(size, found, options.picture)


def _introduce(rounds: int) -> None:
    versions = {table.package: table.version for table in TABLES}
    named = ", ".join(f"{name} {its}" for name, its in versions.items() if its)
    print(
        f"{named}, jupyterlab {version('jupyterlab')}, {os.cpu_count()} cores, no GPU. "
        f"Rounds: {rounds}. Milliseconds, p50 (p95)."
    )
    for name, its in versions.items():
        if its is None:
            print(f"\nNOT MEASURED: {name}, which is not installed.")


def _scrolling(size: str, found: dict[str, Found]) -> None:
    print()
    _table(
        f"scrolling {size}",
        "by the wheel: frames/s",
        "a frame",
        "frames that show other cells",
        "cells that are empty",
        "by the bar: frames/s",
        "a frame",
        "frames that show other cells",
        "cells that are empty",
    )
    for name, its in found.items():
        _row(name, *_scroll(its.wheel), *_scroll(its.drag))


def _scroll(scroll: Scroll) -> tuple[str, str, str, str]:
    if not scroll.cells:
        return (NOTHING,) * 4
    return (
        f"{scroll.rate:.0f}",
        _ms(scroll.intervals),
        f"{scroll.renewal:.0%}",
        f"{scroll.emptiness:.1%}",
    )


def _waiting(size: str, found: dict[str, Found]) -> None:
    print()
    _table(
        f"waiting, {size}",
        "from the cell's run to the first texts, the first time",
        "again",
        "from the output's being there",
        "from the end of the scroll bar to the last row's text",
        "from Enter to the kernel's having done with an edit",
        "from Ctrl+S to the server's having it",
    )
    for name, its in found.items():
        times = (its.first, its.run, its.paint, its.end, its.edit, its.save)
        _row(name, *map(_ms, times))


def _sizes(size: str, found: dict[str, Found]) -> None:
    print()
    _table(
        f"kB, {size}",
        "over the comm to be shown",
        "over the comm for a screen elsewhere",
        "in the saved notebook",
        "scripts and styles",
    )
    for name, its in found.items():
        if not its.saved_bytes:
            _row(name, *[NOTHING] * 4)
            continue
        screens = sorted(its.screen_bytes)
        screen = _kb(screens[len(screens) // 2]) if screens else NOTHING
        modules = _kb(its.module_bytes) if its.module_bytes else NOTHING
        _row(name, _kb(its.shown_bytes), screen, _kb(its.saved_bytes), modules)


def _notes(found: dict[str, Found]) -> None:
    print()
    for table in TABLES:
        its = found.get(table.name)
        if its is None:
            continue
        if its.failure:
            print(f"- {table.name}: {its.failure}.")
        if its.remark:
            print(f"- {table.name}: {its.remark}.")
        if table.note:
            print(f"- {table.name}: {table.note}.")
    print(f"- A kernel had {MEMORY} GB, and nothing was waited for longer than {LIMIT} s.")


def _goals(ours: Found) -> list[Goal]:
    rate = 1 / ours.wheel.intervals.p50
    p95 = 1000 * max(ours.wheel.intervals.p95, ours.drag.intervals.p95)
    paint = 1000 * ours.paint.p50
    return [
        Goal("frames/s while the wheel turns, p50", "≥ 50", rate, rate >= 50),
        Goal("a frame while scrolling, ms, p95", "≤ 40", p95, p95 <= 40),
        Goal("from the output to the first texts, ms, p50", "< 300", paint, paint < 300),
    ]


def _ms(times: Times) -> str:
    if not times.seconds:
        return NOTHING
    if len(times.seconds) == 1:
        return f"{1000 * times.p50:.0f}"
    p50, p95 = 1000 * times.p50, 1000 * times.p95
    return f"{p50:.0f} ({p95:.0f})"


def _kb(size: int) -> str:
    return f"{size / 1000:,.{0 if size >= 10_000 else 1}f}"


def _table(head: str, *cells: str) -> None:
    _row(head, *cells)
    _row(*["---"] * (len(cells) + 1))


def _row(head: str, *cells: str) -> None:
    print("|", " | ".join([head, *cells]), "|", flush=True)


if __name__ == "__main__":
    main()
