"""Measure how rendering grows with workers: ``python -m tests.benchmarks.scale.rendering``.

Prints Markdown. The workers of a Dask cluster have a browser each; against them, a server of its
own browsers.
"""

from __future__ import annotations

import argparse
import os
import tempfile
import threading
import time
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack, contextmanager
from importlib.metadata import version
from pathlib import Path
from typing import TYPE_CHECKING, Final

from distributed import Client

from ...server.rendering.clusters import Cluster
from ..rendering.engines import KEY, OverHTTP
from ..rendering.figures import figures, renew

if TYPE_CHECKING:
    from collections.abc import Iterator

COUNTS: Final = (1, 2, 4)

CLIENTS: Final = 16
"""Each a user of their own, as one alone gets only so many browsers."""

WARM_SECONDS: Final = 4.0


class OnCluster(OverHTTP):
    """Our server, which draws on a cluster."""

    def __init__(self, cluster: Cluster) -> None:
        super().__init__()
        self._options += ["--dask-scheduler", cluster.address]


@contextmanager
def local(browsers: int) -> Iterator[OverHTTP]:
    """A server with browsers of its own."""
    with OverHTTP(browsers) as server:
        yield server


@contextmanager
def clustered(workers: int) -> Iterator[OverHTTP]:
    """A server that draws on workers with a browser each."""
    with ExitStack() as stack:
        folder = Path(stack.enter_context(tempfile.TemporaryDirectory()))
        cluster = Cluster(folder)
        stack.callback(cluster.stop)
        for _ in range(workers):
            cluster.start_worker()
        with Client(cluster.address) as client:
            client.wait_for_workers(workers, timeout=60)
        yield stack.enter_context(OnCluster(cluster))


def images_per_second(server: OverHTTP, seconds: float) -> float:
    """Count light figures, each another, that clients get who ask as fast as they are answered."""
    figure, lock = next(iter(figures().values())), threading.Lock()
    end = time.perf_counter() + seconds

    def client(number: int) -> int:
        images = 0
        with server.session() as session:
            session.auth = (f"user-{number}", KEY)
            while time.perf_counter() < end:
                with lock:
                    body = server.body(renew(figure), "png")
                server.post(body, session)
                images += 1
        return images

    begun = time.perf_counter()
    with ThreadPoolExecutor(CLIENTS) as clients:
        images = sum(clients.map(client, range(CLIENTS)))
    return images / (time.perf_counter() - begun)


def p50(server: OverHTTP, count: int) -> float:
    """Take the time of a light figure, in seconds, when there is no other."""
    figure = next(iter(figures().values()))
    times = sorted(server.time(renew(figure), "png") for _ in range(count))
    return times[len(times) // 2]


def main() -> None:
    """Measure, and print a table."""
    parser = argparse.ArgumentParser(prog="python -m tests.benchmarks.scale.rendering")
    parser.add_argument("--quick", action="store_true", help="little: whether it works at all")
    quick = parser.parse_args().quick
    seconds, count = (2.0, 10) if quick else (10.0, 100)
    load = os.getloadavg()[0]
    print(
        f"distributed {version('distributed')}, {os.cpu_count()} cores, load {load:.1f} before. "
        f"Light figures, {CLIENTS} clients; × is the ratio to the first of its kind.\n"
    )
    _row("browsers", "own: images/s", "p50 of one", "workers: images/s", "p50 of one", "to own")
    _row(*["---"] * 6)
    first: dict[str, float] = {}
    for number in COUNTS:
        cells, rates = [], []
        for kind, serving in (("own", local), ("workers", clustered)):
            with serving(number) as server:
                images_per_second(server, WARM_SECONDS)
                rate = images_per_second(server, seconds)
                cells.append(f"{rate:.0f} {rate / first.setdefault(kind, rate):.2f}×")
                cells.append(f"{p50(server, count) * 1000:.0f} ms")
                rates.append(rate)
        _row(str(number), *cells, f"{rates[1] / rates[0]:.2f}×")


def _row(*cells: str) -> None:
    print("|", " | ".join(cells), "|", flush=True)


if __name__ == "__main__":
    main()
