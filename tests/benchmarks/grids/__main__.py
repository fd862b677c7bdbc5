"""Measure grids: ``python -m tests.benchmarks.grids``; prints Markdown."""

from __future__ import annotations

import argparse
import os
from importlib.metadata import version
from pathlib import Path
from typing import NamedTuple

from .engines import ChartStudio, Commit, Ours, Parquet
from .frames import frames
from .measures import Times, appends, frame_times, rates, windows
from .memory import few, memory
from .picture import draw

PACKAGES = ("pandas", "pyarrow", "chart-studio", "sqlalchemy")


class Goal(NamedTuple):
    """A figure to reach."""

    what: str
    goal: str
    measured: float
    reached: bool


def main() -> None:
    """Measure all, print a table of each, and what was to be reached."""
    parser = argparse.ArgumentParser(prog="python -m tests.benchmarks.grids")
    parser.add_argument("--quick", action="store_true", help="little: whether it works at all")
    parser.add_argument("--rounds", type=int, default=5, help="times that each frame is written")
    parser.add_argument("--appends", type=int, default=100_000, help="rows that are appended")
    parser.add_argument("--picture", type=Path, help="where the appends are drawn: a png file")
    options = parser.parse_args()
    quick: bool = options.quick
    rows = 20_000 if quick else 1_000_000
    goals = [
        *_frames(1 if quick else options.rounds, quick=quick),
        *_appends(200 if quick else options.appends, options.picture),
        *_rates(0.5 if quick else 10),
        *_windows(rows, 20 if quick else 500),
        *_memory(rows),
    ]
    print("\nThe figures to reach:\n")
    _table("what", "goal", "measured", "reached")
    for what, goal, measured, reached in goals:
        _row(what, goal, f"{measured:,.4g}", "yes" if reached else "no")


def _frames(rounds: int, *, quick: bool) -> list[Goal]:
    versions = ", ".join(f"{name} {version(name)}" for name in PACKAGES)
    slow_rounds = -(-rounds // 4)
    print(
        f"{versions}, {os.cpu_count()} cores. Rounds: {rounds} after one that warms up "
        f"({slow_rounds} of what takes long). Seconds, p50; × is the ratio to the first row."
    )
    made = frames(quick=quick)
    times = {name: frame_times(frame, rounds, slow_rounds) for name, frame in made.items()}
    writes = {name: found for name, (found, _) in times.items()}
    reads = {name: found for name, (_, found) in times.items()}
    _seconds("write", writes)
    _seconds("read", reads)
    large = list(made)[-2]
    encoding = writes[large][ChartStudio.name].p50 / writes[large][Ours.name].p50
    parquet = reads[large][Ours.read_name].p50 / reads[large][Parquet.read_name].p50
    return [
        Goal(f"{ChartStudio.name} / {Ours.name}, {large}", "≥ 15", encoding, encoding >= 15),
        Goal(f"{Ours.read_name} / {Parquet.read_name}, {large}", "≤ 3", parquet, parquet <= 3),
    ]


def _seconds(what: str, found: dict[str, dict[str, Times]]) -> None:
    print()
    _table(what, *found)
    for engine in next(iter(found.values())):
        cells = []
        for times in found.values():
            first = next(iter(times.values()))
            cells.append(f"{times[engine].p50:#.3g} {times[engine].p50 / first.p50:.2f}×")
        _row(engine, *cells)


def _appends(count: int, picture: Path | None) -> list[Goal]:
    ours, commits = appends(count)
    tenth = max(1, count // 10)
    first, last = Times(ours.seconds[:tenth]), Times(ours.seconds[-tenth:])
    print(f"\n{count:,} appends of a row over HTTP, one after the other; ms, p50 (p95):\n")
    _table("", "all", "the first tenth", "the last tenth")
    for name, times in (("an append", ours), (Commit.name, commits)):
        parts = times.seconds, times.seconds[:tenth], times.seconds[-tenth:]
        _row(name, *(_ms(Times(part)) for part in parts))
    if picture:
        draw(ours, commits, picture)
    longer, growth = ours.p50 / commits.p50, last.p50 / first.p50
    return [
        Goal(f"an append / {Commit.name}", "≤ 5", longer, longer <= 5),
        Goal("an append, the last tenth / the first", "≤ 1.2", growth, growth <= 1.2),
    ]


def _rates(seconds: float) -> list[Goal]:
    found = rates(seconds)
    print("\nRows a second that are acknowledged, by writers at once to one grid:\n")
    _table("rows in a request", *map(str, found[1]))
    for rows, by_writers in found.items():
        _row(str(rows), *(f"{rate:,.0f}" for rate in by_writers.values()))
    most = max(found[1])
    rate = found[1][most]
    return [Goal(f"rows a second of {most} writers, one a request", "≥ 5,000", rate, rate >= 5000)]


def _windows(rows: int, count: int) -> list[Goal]:
    print(f"\nWindows of 100 × 20, each from another place of {rows:,} × 20; ms, p50 (p95):\n")
    goals = []
    for name, times in windows(rows, count).items():
        print(f"- {name}: {_ms(times)}")
        p95 = times.p95 * 1000
        goals.append(Goal(f"a window, {name}, ms, p95", "≤ 10", p95, p95 <= 10))
    return goals


def _memory(rows: int) -> list[Goal]:
    found = memory(rows)
    print(
        f"\nMemory at most, with {rows:,} × 20: {found.frame / 1e6:.0f} MB, of which "
        f"{found.chunk / 1e6:.1f} travel at once.\n"
    )
    _table("a process that has the frame, for", "more, MB", "× the frame")
    for name, size in found.client.items():
        _row(name, f"{size / 1e6:.0f}", f"{size / found.frame:.1f}")
    print()
    _table(
        f"the server ({found.idle / 1e6:.0f} MB idle), for",
        "more, MB",
        f"with {few(rows):,} rows",
        "for the rows beyond, × what travels at once",
    )
    beyond = {}
    for name, (small, large) in found.server.items():
        beyond[name] = (large - small) / found.chunk
        _row(name, f"{large / 1e6:.0f}", f"{small / 1e6:.0f}", f"{beyond[name]:.1f}")
    most = max(beyond.values())
    name = f"the server's memory for rows beyond {few(rows):,} / what travels at once"
    return [Goal(name, "< 3", most, most < 3)]


def _ms(times: Times) -> str:
    return f"{times.p50 * 1000:.2f} ({times.p95 * 1000:.2f})"


def _table(head: str, *cells: str) -> None:
    _row(head, *cells)
    _row(*["---"] * (len(cells) + 1))


def _row(head: str, *cells: str) -> None:
    print("|", " | ".join([head, *cells]), "|", flush=True)


if __name__ == "__main__":
    main()
