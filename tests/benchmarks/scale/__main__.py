"""Measure what grows with what: ``python -m tests.benchmarks.scale``; prints Markdown."""

from __future__ import annotations

import argparse
import os
from importlib.metadata import version
from pathlib import Path
from typing import TYPE_CHECKING, Final

from .databases import open_postgres, places
from .growth import by_files, by_rows, by_users
from .picture import draw, draw_renders
from .renders import BROWSERS, by_renders
from .servers import requests_per_second

if TYPE_CHECKING:
    from collections.abc import Callable

    from ... import postgres
    from ..grids.measures import Times
    from .databases import Place

PACKAGES: Final = ("sqlalchemy", "psycopg", "pyarrow")

CLIENTS: Final = (1, 10, 100)

GROWTHS: Final = {
    "rows": ("rows of a grid of ten columns", by_rows, (10_000, 100_000, 1_000_000)),
    "files": ("files of a user, a hundred in a folder", by_files, (1_000, 10_000, 100_000)),
    "users": ("users, each with a hundred files", by_users, (10, 100, 1_000)),
}


def main() -> None:
    """Measure all, and print a table of each."""
    parser = argparse.ArgumentParser(prog="python -m tests.benchmarks.scale")
    parser.add_argument("--quick", action="store_true", help="little: whether it works at all")
    parser.add_argument("--count", type=int, default=100, help="times that each thing is done")
    parser.add_argument("--pictures", type=Path, help="the folder where they are drawn")
    options = parser.parse_args()
    count = 5 if options.quick else options.count
    versions = ", ".join(f"{name} {version(name)}" for name in PACKAGES)
    print(f"{versions}, {os.cpu_count()} cores. Milliseconds, p50 (p95) of {count}.")
    with open_postgres() as server:
        for name, (what, measure, usual) in GROWTHS.items():
            sizes = [max(1, size // 100) for size in usual] if options.quick else list(usual)
            found = _grow(server, measure, sizes, count)
            _print(what, sizes, found)
            if options.pictures:
                draw(found, sizes, what, options.pictures / f"{name}.png")
        _servers(server, 1 if options.quick else 8)
    _renders(1 if options.quick else 10, options.pictures)


def _grow(
    server: postgres.Server,
    measure: Callable[[Place, int, int], dict[str, Times]],
    sizes: list[int],
    count: int,
) -> dict[tuple[str, str], list[Times]]:
    """Measure each size in a fresh database of each kind."""
    found: dict[tuple[str, str], list[Times]] = {}
    for size in sizes:
        with places(server) as each:
            for place in each:
                for name, times in measure(place, size, count).items():
                    found.setdefault((place.name, name), []).append(times)
    return found


def _print(what: str, sizes: list[int], found: dict[tuple[str, str], list[Times]]) -> None:
    print(f"\n{what.capitalize()}; × is the ratio to the first:\n")
    _row("database", "", *(f"{size:,}" for size in sizes))
    _row(*["---"] * (len(sizes) + 2))
    for (place, name), all_times in found.items():
        first = all_times[0].p50
        cells = [
            f"{times.p50 * 1000:.3g} ({times.p95 * 1000:.3g}) {times.p50 / first:.2g}×"
            for times in all_times
        ]
        _row(place, name, *cells)


def _servers(server: postgres.Server, seconds: float) -> None:
    print("\nRequests a second of 16 clients to servers of one PostgreSQL:\n")
    found = {count: requests_per_second(server, count, seconds) for count in (1, 2)}
    names = list(found[1])
    _row("servers", *names)
    _row(*["---"] * (len(names) + 1))
    for count, rates in found.items():
        cells = [f"{rates[name]:,.0f} {rates[name] / found[1][name]:.2f}×" for name in names]
        _row(str(count), *cells)


def _renders(seconds: float, pictures: Path | None) -> None:
    print(f"\nLight figures, each another, of users at once; {BROWSERS} browsers:\n")
    _row("clients", "images/s", "ms, p50 (p95)")
    _row(*["---"] * 3)
    found = by_renders(CLIENTS, seconds)
    for clients, drawn in zip(CLIENTS, found, strict=True):
        times = drawn.times
        cells = f"{drawn.rate:.0f}", f"{times.p50 * 1000:.3g} ({times.p95 * 1000:.3g})"
        _row(str(clients), *cells)
    if pictures:
        waits = [drawn.times for drawn in found]
        draw_renders(waits, CLIENTS, pictures / "renders.png")


def _row(*cells: str) -> None:
    print("|", " | ".join(cells), "|", flush=True)


if __name__ == "__main__":
    main()
