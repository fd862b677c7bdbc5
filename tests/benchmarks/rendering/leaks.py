"""Whether anything is left behind by thousands of figures: memory, processes, files.

Run ``python -m tests.benchmarks.rendering.leaks``: a server process of its own draws figures of
all kinds, none of them twice, for several clients at once, and is looked at now and then. It ends
with 1 when something grew beyond its bound.
"""

from __future__ import annotations

import argparse
import os
import sys
import tempfile
import threading
import time
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from dataclasses import astuple, dataclass, fields
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
import plotly.graph_objects as go
import psutil

from .engines import OverHTTP

if TYPE_CHECKING:
    from collections.abc import Iterator

BROWSERS = 2
CLIENTS = 4
CHECKPOINTS = 10

# A page is replaced at 1 GB; while it is, there is one more. The rest of a browser takes 150 MB.
MOST_BROWSERS = BROWSERS + 1
MOST_BROWSER_MB = MOST_BROWSERS * 1_300
MOST_PROCESSES = MOST_BROWSERS * 12

# between the first third and the end: 64 MB are the images that the server keeps
MOST_SERVER_GROWTH_MB = 100
MOST_DESCRIPTOR_GROWTH = 12

LIGHT_FORMATS = ("png", "svg", "pdf", "jpeg", "webp")
BAD_REQUEST = 400


@dataclass(frozen=True)
class Checkpoint:
    """What there is of a server and its browsers after so many figures."""

    figures: int
    seconds: int
    server_mb: int
    descriptors: int
    threads: int
    browsers: int
    browser_mb: int
    processes: int
    zombies: int
    folders: int

    @classmethod
    def take(cls, figures: int, seconds: float, server: psutil.Process, folder: Path) -> Checkpoint:
        """Look at a server whose temporary files lie in `folder`."""
        children = server.children(recursive=True)
        return cls(
            figures,
            round(seconds),
            server.memory_info().rss // 1_000_000,
            server.num_fds(),
            server.num_threads(),
            len(server.children()),
            sum(map(memory, children)) // 1_000_000,
            len(children),
            sum(map(is_zombie, children)),
            len(profiles(folder)),
        )


def memory(process: psutil.Process) -> int:
    """Return a process's memory in bytes, with its share of what it has together with others."""
    with suppress(psutil.Error):
        share: int = process.memory_full_info().pss
        return share
    return 0


def is_zombie(process: psutil.Process) -> bool:
    """Tell whether a process has ended without its parent having asked."""
    with suppress(psutil.NoSuchProcess):
        return process.status() == psutil.STATUS_ZOMBIE
    return False


def profiles(folder: Path) -> list[Path]:
    """List the browsers' folders."""
    return list(folder.glob("plotly-nbext-*"))


def figure(i: int) -> tuple[go.Figure, str]:
    """Make figure number `i`, and choose its format: most are light, some large, some wrong."""
    kind = i % 100
    wide = ("png", "svg", "pdf")[i // 100 % 3]
    wave = np.sin(np.arange(20_000) * (1 + i / 1e5))
    if kind == 17:
        made, format = go.Figure(go.Scattergl(y=wave, mode="markers")), wide
    elif kind == 37:
        made, format = go.Figure(go.Surface(z=wave[:900].reshape(30, 30))), wide
    elif kind in {47, 57}:
        made, format = go.Figure(go.Heatmap(z=wave[:10_000].reshape(100, 100))), wide
    elif kind == 77:
        made, format = go.Figure(go.Choropleth(geojson="nowhere", locations=["a"], z=[i])), "png"
    else:
        made, format = go.Figure(go.Scatter(y=wave[:10])), LIGHT_FORMATS[i % len(LIGHT_FORMATS)]
    return made.update_layout(title=f"figure {i}"), format


def draw(server: OverHTTP, renders: int, folder: Path) -> Iterator[Checkpoint]:
    """Draw figures and stop now and then for a look."""
    local = threading.local()

    def post(i: int) -> None:
        if not hasattr(local, "session"):
            local.session = server.session()
        body = server.body(*figure(i))
        response = local.session.post(f"{server.url}/v2/images", body, timeout=120)
        assert response.status_code in {200, BAD_REQUEST}, (i, response.text)

    process = psutil.Process(server.process.pid)
    start = time.perf_counter()
    with ThreadPoolExecutor(CLIENTS) as clients:
        for n in range(1, CHECKPOINTS + 1):
            numbers = range(renders * (n - 1) // CHECKPOINTS, renders * n // CHECKPOINTS)
            for _ in clients.map(post, numbers):
                pass
            yield Checkpoint.take(numbers.stop, time.perf_counter() - start, process, folder)


def complaints(checkpoints: list[Checkpoint]) -> Iterator[str]:
    """Tell what grew beyond its bound."""
    bounds = {
        "browsers": MOST_BROWSERS,
        "browser_mb": MOST_BROWSER_MB,
        "processes": MOST_PROCESSES,
        "zombies": MOST_BROWSERS,  # they end when they are asked about, a moment later
        "folders": MOST_BROWSERS,
    }
    for name, bound in bounds.items():
        most = max(getattr(checkpoint, name) for checkpoint in checkpoints)
        if most > bound:
            yield f"{name}: {most}, more than {bound}"
    first, last = checkpoints[CHECKPOINTS // 3], checkpoints[-1]
    growths = {"server_mb": MOST_SERVER_GROWTH_MB, "descriptors": MOST_DESCRIPTOR_GROWTH}
    for name, bound in growths.items():
        growth = getattr(last, name) - getattr(first, name)
        if growth > bound:
            yield f"{name}: grew by {growth}, more than {bound}"


def main() -> int:
    """Run the program."""
    parser = argparse.ArgumentParser(description=__doc__, prog=f"python -m {__spec__.name}")
    parser.add_argument("--renders", type=int, default=10_000, help="how many figures")
    renders = parser.parse_args().renders

    with tempfile.TemporaryDirectory() as name:
        os.environ["TMPDIR"] = tempfile.tempdir = name
        checkpoints = []
        titles = [field.name for field in fields(Checkpoint)]
        print(*(f"{title:>11}" for title in titles))
        with OverHTTP(browsers=BROWSERS) as server:
            for checkpoint in draw(server, renders, Path(name)):
                checkpoints.append(checkpoint)
                print(*(f"{value:>11}" for value in astuple(checkpoint)), flush=True)
            left = psutil.Process(server.process.pid).children(recursive=True)
        found = list(complaints(checkpoints))
        _, alive = psutil.wait_procs(left, timeout=10)
        if alive:
            found.append(f"processes: {len(alive)} outlive the server")
        if folders := profiles(Path(name)):
            found.append(f"folders: {len(folders)} outlive the server")
    for complaint in found:
        print(complaint, file=sys.stderr)
    return 1 if found else 0


if __name__ == "__main__":
    sys.exit(main())
