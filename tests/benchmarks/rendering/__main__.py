"""Measure rendering: ``python -m tests.benchmarks.rendering``; prints Markdown."""

from __future__ import annotations

import argparse
import os
from importlib.metadata import version

from .engines import FromPython, InPage, KaleidoServer, ToImage
from .measures import (
    CLIENTS,
    ENGINES,
    FORMATS,
    Times,
    again,
    cold_start,
    latency,
    memory,
    throughput,
)


def main() -> None:
    """Measure all, and print a table of each."""
    parser = argparse.ArgumentParser(prog="python -m tests.benchmarks.rendering")
    parser.add_argument("--quick", action="store_true", help="one round: whether it works at all")
    parser.add_argument("--rounds", type=int, default=10, help="times that each image is rendered")
    options = parser.parse_args()
    quick: bool = options.quick
    rounds = 1 if quick else options.rounds
    slow_rounds = -(-rounds // 4)
    print(
        f"plotly {version('plotly')}, kaleido {version('kaleido')}, {os.cpu_count()} cores, "
        f"{rounds} rounds after one that warms up ({slow_rounds} of {ToImage.name}, without). "
        "Milliseconds, p50 (p95); × is the ratio of p50 to the first row."
    )
    _latency(latency(rounds, slow_rounds))
    _throughput(throughput(1 if quick else 5))
    _others(quick)


def _latency(times: dict[tuple[str, str, str], Times]) -> None:
    names = list(dict.fromkeys(name for _, name, _ in times))
    for format in FORMATS:
        print()
        _row(format, *names)
        _row(*["---"] * (len(names) + 1))
        for engine in ENGINES:
            cells = []
            for name in names:
                these, limit = times[engine.name, name, format], times[InPage.name, name, format]
                cells.append(f"{_ms(these)} {these.p50 / limit.p50:.2f}×")
            _row(engine.name, *cells)
    print(
        "\nHow many times slower kaleido is, by p50 (least and most of the figures and formats):\n"
    )
    for theirs, ours in ((ToImage, FromPython), (KaleidoServer, FromPython)):
        ratios = sorted(
            times[theirs.name, name, format].p50 / times[ours.name, name, format].p50
            for name in names
            for format in FORMATS
        )
        print(f"- {theirs.name} / {ours.name}: {ratios[0]:.1f}–{ratios[-1]:.0f}")


def _throughput(results: dict[tuple[str, int], tuple[float, Times]]) -> None:
    print()
    _row("images/s, light png", *(f"{n} client{'s' if n > 1 else ''}" for n in CLIENTS))
    _row(*["---"] * (len(CLIENTS) + 1))
    for name in dict.fromkeys(name for name, _ in results):
        cells = (results[name, clients] for clients in CLIENTS)
        _row(name, *(f"{rate:.1f}; {_ms(times)} ms" for rate, times in cells))


def _others(quick: bool) -> None:
    print("\nFrom nothing to the first image, s (p50):\n")
    for name, times in cold_start(1 if quick else 3).items():
        print(f"- {name}: {times.p50:.2f}")
    first, second = again(20 if quick else 300)
    print(f"\nA light figure, over HTTP: {_ms(first)} ms; the same again: {_ms(second)} ms\n")
    print("Memory of their own, MB, after the first image and after many:\n")
    for name, (one, many) in memory(20 if quick else 500).items():
        print(f"- {name}: {one:.0f}, {many:.0f}")


def _ms(times: Times) -> str:
    p50, p95 = times.p50 * 1000, times.p95 * 1000
    return f"{p50:.1f} ({p95:.1f})" if p50 < 10 else f"{p50:.0f} ({p95:.0f})"


def _row(head: str, *cells: str) -> None:
    print("|", " | ".join([head, *cells]), "|", flush=True)


if __name__ == "__main__":
    main()
