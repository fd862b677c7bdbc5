"""What is measured: writing, reading, appending, windows, memory."""

from __future__ import annotations

import multiprocessing
import resource
import time
from concurrent.futures import ProcessPoolExecutor
from contextlib import ExitStack
from dataclasses import dataclass, field
from functools import partial
from random import Random
from statistics import median, quantiles
from typing import TYPE_CHECKING, Any, Final

from .engines import (
    ChartStudio,
    Commit,
    Ours,
    Parquet,
    Server,
    ToJSON,
    ToSQL,
    connect,
    session,
)
from .frames import wide

if TYPE_CHECKING:
    from collections.abc import Callable

    import pandas as pd
    import requests

    from .engines import Engine

__all__ = [
    "AGAIN",
    "READERS",
    "WRITERS",
    "WRITERS_AT_ONCE",
    "Times",
    "appends",
    "memory",
    "rates",
    "reading",
    "windows",
    "writing",
]

SLOW: Final = (ChartStudio, ToJSON, ToSQL)
WRITERS: Final[tuple[type[Engine], ...]] = (ChartStudio, ToJSON, ToSQL, Parquet, Ours)
READERS: Final = (Parquet, Ours)
AGAIN: Final = "`push` of the same again"
WRITERS_AT_ONCE: Final = (1, 4, 16)
ROW: Final = [1, 2.5, "text", True, None, "2026-01-01T00:00:00", 7, 0.1, "north", -1]


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

    def add(self, work: Callable[[], object]) -> None:
        """Do something and note how long it took."""
        start = time.perf_counter()
        work()
        self.seconds.append(time.perf_counter() - start)


def writing(frame: pd.DataFrame, rounds: int) -> dict[str, Times]:
    """Time writes of a frame, one engine after the other in each round; the slow ones once."""
    times: dict[str, Times] = {}
    with ExitStack() as stack:
        engines = [stack.enter_context(engine()) for engine in WRITERS]
        for number in range(-1, rounds):  # the first warms up, and is not counted
            for engine in engines:
                if isinstance(engine, SLOW) and number != 0:
                    continue
                noted = times.setdefault(engine.name, Times()) if number >= 0 else Times()
                noted.add(partial(engine.write, frame))
                if isinstance(engine, Ours) and number >= 0:
                    again = times.setdefault(AGAIN, Times())
                    again.add(partial(engine.write_again, frame))
    return times


def reading(frame: pd.DataFrame, rounds: int) -> dict[str, Times]:
    """Time reads of a frame that was written."""
    times: dict[str, Times] = {}
    with ExitStack() as stack:
        engines: list[Any] = [stack.enter_context(engine()) for engine in READERS]
        for engine in engines:
            engine.write(frame)
        for number in range(-1, rounds):
            for engine in engines:
                noted = times.setdefault(engine.name, Times()) if number >= 0 else Times()
                noted.add(engine.read)
    return times


def appends(count: int) -> tuple[Times, Times]:
    """Time one-row appends over HTTP to one grid, and the commits of SQLite between them."""
    ours, commits = Times(), Times()
    with Server() as server, Commit() as commit, session() as sender:
        url = _row_address(server, "rows")
        body = {"rows": [ROW]}
        for _ in range(count):
            ours.add(lambda: _post(sender, url, body))
            commits.add(lambda: commit.append(str(ROW).encode()))
    return ours, commits


def rates(seconds: float) -> dict[int, float]:
    """Count the acknowledged one-row appends a second, by the number of writers at once."""
    found = {}
    with Server() as server:
        for writers in WRITERS_AT_ONCE:
            url = _row_address(server, f"rows of {writers}")
            spawn = multiprocessing.get_context("spawn")
            with ProcessPoolExecutor(writers, spawn) as pool:
                urls = [url] * writers
                list(pool.map(_append_for, urls, [0.5] * writers))  # until all are there
                found[writers] = sum(pool.map(_append_for, urls, [seconds] * writers)) / seconds
    return found


def windows(rows: int, count: int) -> Times:
    """Time windows of 100 rows and 20 columns, each from another place, over HTTP as JSON."""
    times = Times()
    with Server() as server, session() as sender:
        grid = connect(server.url).push(wide(rows), "wide", progress=False)
        url = f"{server.url}/v2/grids/{grid.fid}/content"
        random = Random(0)
        for _ in range(count):
            start = random.randrange(rows - 100)
            query = {"start": str(start), "stop": str(start + 100)}
            times.add(partial(_get, sender, url, query))
    return times


def memory(rows: int) -> dict[str, int]:
    """Measure the bytes that a push and a pull take at most, on both sides."""
    with Server() as server:
        connect(server.url).whoami()
        idle = server.memory()
        spawn = multiprocessing.get_context("spawn")
        with ProcessPoolExecutor(1, spawn) as pool:
            frame, pushed = pool.submit(_push, server.url, rows).result()
        top_of_push = server.peak_memory()
        with ProcessPoolExecutor(1, spawn) as pool:
            before, pulled = pool.submit(_pull, server.url).result()
        return {
            "the frame itself": frame,
            "client, push, beyond the frame": pushed,
            "client, pull, the frame included": pulled - before,
            "server, idle": idle,
            "server, at most in the push": top_of_push,
            "server, at most in both": server.peak_memory(),
        }


def _push(url: str, rows: int) -> tuple[int, int]:
    frame = wide(rows)
    before = _peak()
    connect(url).push(frame, "memory", progress=False)
    return int(frame.memory_usage(deep=False).sum()), _peak() - before


def _pull(url: str) -> tuple[int, int]:
    client = connect(url)
    client.whoami()
    before = _peak()
    client.pull("memory")
    return before, _peak()


def _peak() -> int:
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * 1024


def _row_address(server: Server, name: str) -> str:
    columns = {f"c{place}": {"data": [value]} for place, value in enumerate(ROW)}
    with session() as sender:
        body = {"filename": name, "data": {"cols": columns}}
        answer = sender.post(f"{server.url}/v2/grids", json=body)
        answer.raise_for_status()
        fid: str = answer.json()["file"]["fid"]
    return f"{server.url}/v2/grids/{fid}/row"


def _append_for(url: str, seconds: float) -> int:
    """Append row after row for some time, from a process of its own."""
    with session() as sender:
        end = time.perf_counter() + seconds
        count = 0
        while time.perf_counter() < end:
            _post(sender, url, {"rows": [ROW]})
            count += 1
    return count


def _get(sender: requests.Session, url: str, query: dict[str, str]) -> None:
    sender.get(url, params=query).raise_for_status()


def _post(sender: requests.Session, url: str, body: dict[str, Any]) -> None:
    sender.post(url, json=body, headers={"Prefer": "return=minimal"}).raise_for_status()
