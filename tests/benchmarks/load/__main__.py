"""Load: ``python -m tests.benchmarks.load``; prints Markdown, and ends with 1 if a server fell."""

from __future__ import annotations

import argparse
import os
import sys
import time
from importlib.metadata import version
from pathlib import Path
from typing import TYPE_CHECKING, Final

import httpx

from ..grids.engines import Server
from .clients import HEADERS, Answers, run
from .growth import Held, grown
from .kinds import MIX, asked
from .picture import PERCENTILES, draw

if TYPE_CHECKING:
    from collections.abc import Callable

CLIENTS: Final = (1, 10, 100)
HOUR: Final = 36_000
"""Requests of a team of ten who each send one a second, for an hour."""

LOOKS: Final = 12

# few enough that 100 clients ask for more
NARROW: Final = ("--rate-limit", "10/minute", "--render-queue", "20", "--browsers", "1")
RENDERS: Final = {"render": 70, "window": 20, "append": 10}


def main() -> None:
    """Measure all, and print a table of each."""
    parser = argparse.ArgumentParser(prog="python -m tests.benchmarks.load")
    parser.add_argument("--quick", action="store_true", help="little: whether it works at all")
    parser.add_argument("--seconds", type=float, default=30, help="of each number of clients")
    parser.add_argument("--requests", type=int, default=HOUR, help="of the long run")
    parser.add_argument("--picture", type=Path, help="the file where latencies are drawn")
    options = parser.parse_args()
    seconds = 3 if options.quick else options.seconds
    requests = 1_500 if options.quick else options.requests
    print(f"plotly {version('plotly')}, {os.cpu_count()} cores. SQLite; browsers as many as cores.")
    wrong = [
        *_against_load(seconds, options.picture),
        *_beyond_capacity(seconds),
        *_for_long(requests),
    ]
    for each in wrong:
        print(f"WRONG: {each}", file=sys.stderr)
    sys.exit(bool(wrong))


def _lasting(seconds: float) -> Callable[[Answers], bool]:
    end = time.perf_counter() + seconds
    return lambda _: time.perf_counter() < end


def _against_load(seconds: float, picture: Path | None) -> list[str]:
    found: dict[int, Answers] = {}
    for clients in CLIENTS:
        with Server() as server:
            run(server.url, clients, _lasting(seconds / 5))  # browsers start, files are there
            found[clients] = run(server.url, clients, _lasting(seconds))
    print(f"\nA mix of requests, milliseconds: {', '.join(f'p{p}' for p in PERCENTILES)}:\n")
    _row("request", "of 100", *(_clients(clients) for clients in found))
    _row(*["---"] * (len(found) + 2))
    for kind, share in MIX.items():
        _row(kind, share, *(_percentiles(each, kind) for each in found.values()))
    _row("done/s", "", *(f"{each.count / each.elapsed:,.0f}" for each in found.values()))
    _row("refused", "", *(each.refused.total() for each in found.values()))
    _row("errors", "", *(each.failed.total() for each in found.values()))
    if picture:
        draw(found, picture)
    return [
        f"{clients} clients: {what}, {count} times"
        for clients, each in found.items()
        for what, count in each.failed.items()
    ]


def _beyond_capacity(seconds: float) -> list[str]:
    """Ask for more than is allowed, and for more figures than can be drawn and may wait."""
    with Server(options=NARROW) as server:
        answers = run(server.url, CLIENTS[-1], _lasting(seconds), RENDERS)
        drawn = _draws_for_another(server.url)
    print(f"\nBeyond what it can do ({CLIENTS[-1]} clients; `serve {' '.join(NARROW)}`):\n")
    _row("request", "done", "429", "503", "errors", "ms, p50, p95, p99")
    _row(*["---"] * 6)
    for kind, each in answers.kinds.items():
        refused = (each.refused[429], each.refused[503])
        _row(kind, len(each.seconds), *refused, each.failed.total(), _percentiles(answers, kind))
    wrong = [f"beyond capacity: {what}, {n} times" for what, n in answers.failed.items()]
    if not answers.refused:
        wrong.append("beyond capacity: nothing was refused")
    if not drawn:
        wrong.append("after the load the server drew nothing for one who had asked for nothing")
    return wrong


def _draws_for_another(url: str) -> bool:
    method, path, options = asked("render", fid="")
    return httpx.request(
        method, url + path, auth=("another", "any"), headers=HEADERS, timeout=60, **options
    ).is_success


def _for_long(requests: int) -> list[str]:
    held: list[Held] = []
    with Server() as server:

        def goes_on(answers: Answers) -> bool:
            if answers.count * LOOKS >= requests * len(held):
                held.append(Held.now(answers.count, server.pid))
            return answers.count < requests

        answers = run(server.url, 10, goes_on)
        held.append(Held.now(answers.count, server.pid))
    print(f"\n{requests:,} requests of 10 clients, in {answers.elapsed:,.0f} s:\n")
    _row("done", "MB", "descriptors", "threads", "processes")
    _row(*["---"] * 5)
    for each in held:
        _row(f"{each.requests:,}", each.megabytes, each.descriptors, each.threads, each.processes)
    return grown(held) + [f"{what}, {count} times" for what, count in answers.failed.items()]


def _percentiles(answers: Answers, kind: str) -> str:
    answered = answers.kinds[kind]
    if not answered.seconds:
        return ""
    return ", ".join(_milliseconds(answered.percentile(p)) for p in PERCENTILES)


def _milliseconds(seconds: float) -> str:
    return f"{seconds * 1000:,.0f}" if seconds > 1 else f"{seconds * 1000:.3g}"


def _clients(count: int) -> str:
    return "1 client" if count == 1 else f"{count} clients"


def _row(*cells: object) -> None:
    print("|", *(f"{cell} |" for cell in cells))


if __name__ == "__main__":
    main()
