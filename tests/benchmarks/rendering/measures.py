"""What is measured: the time of one image, images a second, cold start, memory."""

from __future__ import annotations

import asyncio
import threading
import time
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack
from dataclasses import dataclass, field
from itertools import product
from statistics import median, quantiles
from typing import TYPE_CHECKING

import psutil

from .engines import (
    FromPython,
    InPage,
    KaleidoServer,
    KaleidoTabs,
    OverHTTP,
    ToImage,
    WithoutHTTP,
)
from .figures import LIGHT, figures, renew

if TYPE_CHECKING:
    import plotly.graph_objects as go

    from .engines import Engine

FORMATS = ("png", "svg", "pdf")
CLIENTS = (1, 4, 8)
BROWSERS = 4
DRAWS = 5
ENGINES = (InPage, WithoutHTTP, OverHTTP, FromPython, KaleidoServer, ToImage)


@dataclass
class Times:
    """Seconds that something took, time after time."""

    seconds: list[float] = field(default_factory=list)

    @property
    def p50(self) -> float:
        return median(self.seconds)

    @property
    def p95(self) -> float:
        if len(self.seconds) == 1:
            return self.seconds[0]
        return quantiles(self.seconds, n=20, method="inclusive")[-1]


def latency(rounds: int, slow_rounds: int) -> dict[tuple[str, str, str], Times]:
    """Time single images, by engine, figure and format.

    In each round each figure is drawn in each format by one engine after the other, so that what
    else the machine does hits all alike; a light one several times in a row, as its times scatter
    most. ``fig.to_image()`` takes seconds, and has fewer rounds.
    """
    times: dict[tuple[str, str, str], Times] = {}
    cases = list(product(figures().items(), FORMATS))
    with ExitStack() as stack:
        engines: list[Engine] = [stack.enter_context(engine()) for engine in ENGINES]
        for number in range(-1, rounds):  # the first warms up, and is not counted
            for ((name, figure), format), engine in product(cases, engines):
                is_slow = isinstance(engine, ToImage)
                if is_slow and not 0 <= number < slow_rounds:
                    continue
                for _ in range(DRAWS if name in LIGHT and not is_slow else 1):
                    took = engine.time(renew(figure), format)
                    if number >= 0:
                        key = engine.name, name, format
                        times.setdefault(key, Times()).seconds.append(took)
    return times


def throughput(seconds: float) -> dict[tuple[str, int], tuple[float, Times]]:
    """Count light images a second, by engine and number of clients, and time each of them."""
    results = {}
    figure = next(iter(figures().values()))
    for clients in CLIENTS:
        for browsers in (1, BROWSERS):
            with OverHTTP(browsers) as server:
                _drive(server, figure, BROWSERS, seconds=1)  # until its browsers are there
                name = f"plotly_nbext, {browsers} browser{'s' if browsers > 1 else ''}"
                results[name, clients] = _drive(server, figure, clients, seconds)
        for tabs in (1, BROWSERS):
            kaleido = KaleidoTabs(tabs)
            count = max(clients, round(5 * seconds))  # it draws about as many in that time
            several = [renew(type(figure)(figure)) for _ in range(count)]
            took, all_took = asyncio.run(kaleido.render(several, clients))
            results[kaleido.name, clients] = count / all_took, Times(took)
    return results


def _drive(
    server: OverHTTP, figure: go.Figure, clients: int, seconds: float
) -> tuple[float, Times]:
    """Let clients send figures for some time, each as fast as it is answered."""
    bodies = threading.Lock()

    def body() -> bytes:
        with bodies:
            return server.body(renew(figure), "png")

    start = time.perf_counter()

    def client(_: int) -> list[float]:
        took = []
        with server.session() as session:
            while time.perf_counter() < start + seconds:
                sent = body()
                since = time.perf_counter()
                server.post(sent, session)
                took.append(time.perf_counter() - since)
        return took

    with ThreadPoolExecutor(clients) as pool:
        took = [each for one in pool.map(client, range(clients)) for each in one]
    return len(took) / (time.perf_counter() - start), Times(took)


def cold_start(rounds: int) -> dict[str, Times]:
    """Time from nothing to the first image, by engine."""
    figure = next(iter(figures().values()))
    times: dict[str, Times] = {}
    for _ in range(rounds):
        for engine in (OverHTTP, KaleidoServer, ToImage):
            start = time.perf_counter()
            with engine() as started:
                started.time(renew(figure), "png")
                took = time.perf_counter() - start
            times.setdefault(started.name, Times()).seconds.append(took)
    return times


def again(rounds: int) -> tuple[Times, Times]:
    """Time a light figure that is new to the server, and the same once more."""
    figure = next(iter(figures().values()))
    first, second = Times(), Times()
    with OverHTTP(cache_mb=64) as server:
        server.time(renew(figure), "png")
        for _ in range(rounds):
            renew(figure)
            first.seconds.append(server.time(figure, "png"))
            second.seconds.append(server.time(figure, "png"))
    return first, second


def memory(images: int) -> dict[str, tuple[float, float]]:
    """Measure the memory that is theirs alone, in MB, by engine: with one image drawn, and many."""
    light = next(iter(figures().values()))
    used = {}
    for engine, name in (
        (OverHTTP(1), "plotly_nbext, 1 browser"),
        (KaleidoServer(), KaleidoServer.name),
    ):
        before = set(psutil.Process().children(recursive=True))
        with engine:
            engine.time(renew(light), "png")
            first = _memory_of_new(before)
            for _ in range(images):
                engine.time(renew(light), "png")
            used[name] = first, _memory_of_new(before)
    return used


def _memory_of_new(known: set[psutil.Process]) -> float:
    ours = set(psutil.Process().children(recursive=True)) - known
    return sum(process.memory_full_info().uss for process in ours) / 1e6
