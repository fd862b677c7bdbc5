"""How much memory a push, a pull, downloads and a grid made of JSON take, on both sides."""

from __future__ import annotations

import multiprocessing
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from plotly_nbext.columns import encode_frame, json, wire

from .engines import ChartStudio, Parquet, Server, connect, session
from .frames import wide

if TYPE_CHECKING:
    from collections.abc import Callable

    import requests

__all__ = ["Memory", "few", "memory"]

CHUNK_ROWS: Final = 16_384
TINY: Final = 100


@dataclass
class Memory:
    """Bytes of memory that a grid takes.

    Attributes
    ----------
    frame, chunk : int
        Those of its values, and of so many of them as travel at once: 16,384 rows.
    client : dict
        How many more a process has at most while it does something, by what it does.
    idle : int
        What the server has after it did the same with a tiny grid.
    server : dict
        How many more than that it has at most, by what is asked of it: with as many rows as are
        in few chunks, and with all.
    """

    frame: int
    chunk: int
    client: dict[str, int]
    idle: int
    server: dict[str, tuple[int, int]]


class Peak:
    """The most memory that a process has from now on."""

    def __init__(self, pid: int | str = "self") -> None:
        self._folder = Path("/proc") / str(pid)
        (self._folder / "clear_refs").write_text("5")  # the most is what it has now
        self.start = self._read("VmRSS")

    def read(self) -> int:
        """Tell how many bytes it had at most."""
        return self._read("VmHWM")

    def _read(self, name: str) -> int:
        status = (self._folder / "status").read_text()
        line = next(line for line in status.splitlines() if line.startswith(name))
        return int(line.split()[1]) * 1024


def memory(rows: int) -> Memory:
    """Measure the memory of a frame that is pushed, pulled and downloaded."""
    _, _, small = _of_a_server(few(rows))
    idle, client, large = _of_a_server(rows)
    for engine in (ChartStudio, Parquet):
        client[engine.name] = _in_a_process(_write, engine, rows)
    server = {name: (small[name], large[name]) for name in large}
    return Memory(_size(rows), _size(min(rows, CHUNK_ROWS)), client, idle, server)


def _of_a_server(rows: int) -> tuple[int, dict[str, int], dict[str, int]]:
    """Measure what a server has, and how much more its clients and it have at most."""
    client: dict[str, int] = {}
    server: dict[str, int] = {}
    with Server() as started:
        steps: dict[str, Callable[[int], object]] = {
            "push": lambda rows: client.update(push=_in_a_process(_push, started.url, rows)),
            "pull": lambda rows: client.update(pull=_in_a_process(_pull, started.url, rows)),
            "content as JSON": lambda rows: _download(started.url, rows, ".json"),
            "csv": lambda rows: _download(started.url, rows, ".csv"),
            "create of JSON": lambda rows: _in_a_process(_create, started.url, rows),
        }
        for step in steps.values():
            step(TINY)
        idle = Peak(started.pid).start
        for name, step in steps.items():
            peak = Peak(started.pid)
            step(rows)
            server[name] = peak.read() - idle
    return idle, client, server


def few(rows: int) -> int:
    """Tell how many rows are few: those of two chunks, if there are more."""
    return min(2 * CHUNK_ROWS, rows // 2)


def _size(rows: int) -> int:
    return sum(column.array.nbytes for column in encode_frame(wide(rows)).columns)


def _in_a_process(work: Callable[..., int], *arguments: Any) -> int:
    with ProcessPoolExecutor(1, multiprocessing.get_context("spawn")) as pool:
        return pool.submit(work, *arguments).result()


def _push(url: str, rows: int) -> int:
    frame = wide(rows)
    client = connect(url)
    client.push(frame.head(TINY), "tiny", progress=False)
    peak = Peak()
    client.push(frame, _name(rows), progress=False)
    return peak.read() - peak.start


def _pull(url: str, rows: int) -> int:
    client = connect(url)
    client.pull("tiny")
    peak = Peak()
    client.pull(_name(rows))
    return peak.read() - peak.start


def _write(engine: type[ChartStudio | Parquet], rows: int) -> int:
    frame = wide(rows)
    with engine() as started:
        started.write(frame.head(TINY))
        peak = Peak()
        started.write(frame)
        return peak.read() - peak.start


def _create(url: str, rows: int) -> int:
    """Create a grid as a client does that knows nothing but JSON."""
    columns = encode_frame(wide(rows)).columns
    body = b'{"data":{"cols":{%b}}}' % b",".join(
        json.dumps(column.name) + b':{"data":' + wire.to_json(column.array) + b"}"
        for column in columns
    )
    peak = Peak()
    with session() as sender:
        headers = {"Content-Type": "application/json"}
        sender.post(f"{url}/v2/grids", data=body, headers=headers).raise_for_status()
    return peak.read() - peak.start


def _download(url: str, rows: int, ending: str) -> None:
    address = connect(url).grid(_name(rows)).url.rstrip("/") + ending
    with session() as sender, sender.get(address, stream=True) as answer:
        answer.raise_for_status()
        _read_all(answer)


def _read_all(answer: requests.Response) -> None:
    for _ in answer.iter_content(1 << 20):
        pass


def _name(rows: int) -> str:
    return f"{rows} rows"
