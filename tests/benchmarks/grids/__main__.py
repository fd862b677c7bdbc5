"""Measure grids: ``python -m tests.benchmarks.grids``; prints Markdown."""

from __future__ import annotations

import argparse
import os
from importlib.metadata import version
from pathlib import Path

import plotly.graph_objects as go

import plotly_nbext

from .engines import Ours
from .frames import frames
from .measures import (
    Times,
    appends,
    memory,
    rates,
    reading,
    windows,
    writing,
)

PACKAGES = ("pandas", "pyarrow", "chart-studio", "sqlalchemy")


def main() -> None:
    """Measure all, and print a table of each."""
    parser = argparse.ArgumentParser(prog="python -m tests.benchmarks.grids")
    parser.add_argument("--quick", action="store_true", help="little: whether it works at all")
    parser.add_argument("--rounds", type=int, default=5, help="times that each frame is written")
    parser.add_argument("--appends", type=int, default=10_000, help="rows that are appended")
    parser.add_argument("--picture", type=Path, help="where the appends are drawn: a png file")
    options = parser.parse_args()
    quick: bool = options.quick
    rounds = 1 if quick else options.rounds
    versions = ", ".join(f"{name} {version(name)}" for name in PACKAGES)
    print(f"{versions}; {os.cpu_count()} cores, {rounds} rounds (slow ones once).\n")
    made = frames(quick=quick)
    _table("seconds to write, p50", {name: writing(frame, rounds) for name, frame in made.items()})
    _table("seconds to read, p50", {name: reading(frame, rounds) for name, frame in made.items()})
    _appends(200 if quick else options.appends, options.picture)
    print("\nOne-row appends that are acknowledged in a second, by writers at once:\n")
    for writers, rate in rates(1 if quick else 10).items():
        print(f"- {writers}: {rate:.0f}")
    rows = 20_000 if quick else 1_000_000
    times = windows(rows, 20 if quick else 500)
    print(f"\nA window of 100 × 20 of {rows:,} × 20, ms, p50 (p95): {_ms(times)}\n")
    print(f"Memory of a push and a pull of {rows:,} × 20, MB:\n")
    for name, size in memory(rows).items():
        print(f"- {name}: {size / 1e6:.0f}")


def _table(what: str, found: dict[str, dict[str, Times]]) -> None:
    names = list(found)
    _row(what, *names)
    _row(*["---"] * (len(names) + 1))
    for engine in next(iter(found.values())):
        cells = []
        for name in names:
            ours = found[name][Ours.name]
            ratio = found[name][engine].p50 / ours.p50
            cells.append(f"{found[name][engine].p50:.3f} {ratio:.2f}×")
        _row(engine, *cells)
    print()


def _appends(count: int, picture: Path | None) -> None:
    ours, commits = appends(count)
    part = max(1, count // 10)
    first, last = Times(ours.seconds[:part]), Times(ours.seconds[-part:])
    print(f"{count:,} one-row appends over HTTP, ms, p50 (p95): {_ms(ours)};")
    print(f"SQLite's own commits between them: {_ms(commits)}, ratio {ours.p50 / commits.p50:.1f};")
    print(f"the last tenth costs {last.p50 / first.p50:.2f} of the first.")
    if picture:
        figure = go.Figure(
            go.Scattergl(
                y=[1000 * each for each in ours.seconds], mode="markers", marker={"size": 2}
            ),
            {"xaxis": {"title": "row"}, "yaxis": {"title": "ms", "type": "log"}},
        )
        plotly_nbext.write_image(figure, picture, width=900, height=400)


def _ms(times: Times) -> str:
    return f"{times.p50 * 1000:.1f} ({times.p95 * 1000:.1f})"


def _row(head: str, *cells: str) -> None:
    print("|", " | ".join([head, *cells]), "|", flush=True)


if __name__ == "__main__":
    main()
