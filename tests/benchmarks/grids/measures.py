"""What is measured: writing, reading, appending, windows."""

from __future__ import annotations

import json
import time
from collections.abc import Callable
from contextlib import ExitStack
from dataclasses import dataclass, field
from functools import partial
from random import Random
from statistics import median, quantiles
from typing import TYPE_CHECKING, Final

import pyarrow as pa
from pandas.testing import assert_frame_equal

from .engines import (
    KEY,
    USER,
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
from .load import Caller, Request, rate

if TYPE_CHECKING:
    import pandas as pd

__all__ = [
    "WRITERS_AT_ONCE",
    "Times",
    "appends",
    "frame_times",
    "rates",
    "windows",
]

ENGINES: Final = (Ours, ChartStudio, ToJSON, ToSQL, Parquet)
SLOW: Final = (ChartStudio, ToJSON, ToSQL)
AGAIN: Final = "`push` of the same again"
CHANGED: Final = "`push` with one other column"
PARSERS: Final[dict[str, tuple[str, Callable[[bytes], object]]]] = {
    "JSON": ("application/json", json.loads),
    "Arrow": (
        "application/vnd.apache.arrow.stream",
        lambda body: pa.ipc.open_stream(body).read_all(),
    ),
}
WRITERS_AT_ONCE: Final = (1, 4, 16)
ROWS_AT_ONCE: Final = (1, 10)
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


def frame_times(
    frame: pd.DataFrame, rounds: int, slow_rounds: int
) -> tuple[dict[str, Times], dict[str, Times]]:
    """Time writes and reads of a frame, by engine.

    In each round each engine writes and reads it, one after the other, so that what else the
    machine does hits all alike. Those that take long have fewer rounds, and warm up on a part.
    """
    writes: dict[str, Times] = {}
    reads: dict[str, Times] = {}
    with ExitStack() as stack:
        engines = [stack.enter_context(engine()) for engine in ENGINES]
        frames = [engine.prepare(frame) for engine in engines]
        first = frame.columns[0]
        changed = frame.assign(**{first: frame[first].to_numpy()[::-1]})
        for engine, its_frame in zip(engines, frames, strict=True):
            engine.write(its_frame.head(1_000) if isinstance(engine, SLOW) else its_frame)
            if isinstance(engine, Parquet | Ours):
                assert_frame_equal(engine.read(), its_frame)
        for number in range(rounds):
            for engine, its_frame in zip(engines, frames, strict=True):
                if isinstance(engine, SLOW) and number >= slow_rounds:
                    continue
                writes.setdefault(engine.name, Times()).add(partial(engine.write, its_frame))
                if isinstance(engine, Parquet | Ours):
                    reads.setdefault(engine.read_name, Times()).add(engine.read)
                if isinstance(engine, Ours):
                    for name, again in ((AGAIN, frame), (CHANGED, changed)):
                        noted = writes.setdefault(name, Times())
                        noted.add(partial(engine.write_again, again))
    return writes, reads


def appends(count: int) -> tuple[Times, Times]:
    """Time one-row appends over HTTP to one grid, and the commits of SQLite between them."""
    ours, commits = Times(), Times()
    with (
        Server() as server,
        Commit() as commit,
        Caller(Request.append(_row_address(server, "rows"), (USER, KEY), [ROW])) as writer,
    ):
        for _ in range(count):
            ours.add(writer.ask)
            commits.add(lambda: commit.append(str(ROW).encode()))
    return ours, commits


def rates(seconds: float) -> dict[int, dict[int, float]]:
    """Count the rows that are acknowledged in a second, by rows in a request and by writers."""
    found: dict[int, dict[int, float]] = {}
    with Server() as server:
        for rows in ROWS_AT_ONCE:
            for writers in WRITERS_AT_ONCE:
                url = _row_address(server, f"{rows} rows of {writers}")
                request = Request.append(url, (USER, KEY), [ROW] * rows)
                found.setdefault(rows, {})[writers] = rows * rate([request] * writers, seconds)
    return found


def windows(rows: int, count: int) -> dict[str, Times]:
    """Time windows of 100 rows and 20 columns, each from another place, until they are parsed."""
    times = {form: Times() for form in PARSERS}
    with Server() as server, session() as sender:
        grid = connect(server.url).push(wide(rows), "wide", progress=False)
        url = f"{server.url}/v2/grids/{grid.fid}/content"
        random = Random(0)

        def window(form: str) -> None:
            media_type, parse = PARSERS[form]
            start = random.randrange(rows - 100)
            query = {"start": str(start), "stop": str(start + 100)}
            answer = sender.get(url, params=query, headers={"Accept": media_type})
            answer.raise_for_status()
            parse(answer.content)

        for number in range(-10, count):  # the first warm up, and are not counted
            for form, noted in times.items():
                (noted if number >= 0 else Times()).add(partial(window, form))
    return times


def _row_address(server: Server, name: str) -> str:
    columns = {f"c{place}": {"data": [value]} for place, value in enumerate(ROW)}
    with session() as sender:
        body = {"filename": name, "data": {"cols": columns}}
        answer = sender.post(f"{server.url}/v2/grids", json=body)
        answer.raise_for_status()
        fid: str = answer.json()["file"]["fid"]
    return f"{server.url}/v2/grids/{fid}/row"
