"""Dask clusters for tests: a scheduler and workers, each a process of its own, on loopback."""

from __future__ import annotations

import asyncio
import os
import signal
import socket
import subprocess
import sys
from contextlib import asynccontextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any

import psutil

from plotly_nbext.server.rendering.cluster.renderer import ClusterRenderer

from .support import until

if TYPE_CHECKING:
    from collections.abc import AsyncIterator

    from plotly_nbext.server.rendering import Renderer


def free_port() -> int:
    """A port that nobody listens on now."""
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        port: int = listener.getsockname()[1]
        return port


class Cluster:
    """A scheduler, which may be killed and started again at its address, and its workers."""

    def __init__(
        self, folder: Path, *options: str, protocol: str = "tcp", **environment: str
    ) -> None:
        self.address = f"{protocol}://127.0.0.1:{free_port()}"
        self._options = options
        self.workers: list[subprocess.Popen[bytes]] = []
        self._folder = folder
        self._environment = environment
        self.start_scheduler()

    def start_scheduler(self) -> None:
        """Start it, or start it again."""
        port = self.address.rpartition(":")[2]
        self.scheduler = self._start("scheduler", "--host", "127.0.0.1", "--port", port)

    def start_worker(self, threads: int = 1, **environment: str) -> subprocess.Popen[bytes]:
        """Start one more, which nobody starts again."""
        options = ["--host", "127.0.0.1", "--nthreads", str(threads), "--no-nanny"]
        folder = ["--local-directory", str(self._folder), "--memory-limit", "0"]
        worker = self._start("worker", self.address, *options, *folder, **environment)
        self.workers.append(worker)
        return worker

    def stop(self) -> None:
        """End all of it."""
        for processes in (self.workers, [self.scheduler]):  # a worker says goodbye
            for process in processes:
                process.terminate()
            for process in processes:
                try:
                    process.wait(10)
                except subprocess.TimeoutExpired:
                    kill(process)

    def _start(self, *command: str, **environment: str) -> subprocess.Popen[bytes]:
        with (self._folder / "log.txt").open("ab") as log:
            return subprocess.Popen(
                [sys.executable, "-m", "dask", *command, "--no-dashboard", *self._options],
                env=os.environ | self._environment | environment,
                cwd=self._folder,
                stdout=log,
                stderr=log,
            )


def kill(process: subprocess.Popen[bytes]) -> None:
    """End a process as a machine that is switched off does."""
    process.send_signal(signal.SIGKILL)
    process.wait()


def browsers_of(worker: subprocess.Popen[bytes]) -> list[psutil.Process]:
    """The processes that a worker has started."""
    return psutil.Process(worker.pid).children(recursive=True)


@asynccontextmanager
async def drawing_on(
    cluster: Cluster, *, slots: int = 0, local: Renderer | None = None, **options: Any
) -> AsyncIterator[ClusterRenderer]:
    """A server's renderer, once the cluster has so many browsers for it."""
    renderer = ClusterRenderer(cluster.address, local=local, **options)
    await renderer.start()
    try:
        if slots:
            await has_slots(renderer, slots)
        yield renderer
    finally:
        await renderer.close()


async def has_slots(renderer: ClusterRenderer, slots: int) -> None:
    """Wait until the cluster is known to have so many browsers."""
    link = renderer._link
    await until(
        lambda: link.problem is None and link.slots == slots, f"the cluster has {slots} browsers"
    )


async def processing(renderer: ClusterRenderer) -> dict[str, list[str]]:
    """The drawings that the scheduler has given to workers, by the workers' addresses."""
    client = renderer._link.client
    assert client is not None
    given = await client.processing()
    return {at: [key for key in keys if "plotly" in key] for at, keys in given.items()}


async def until_processing(renderer: ClusterRenderer, drawings: int) -> None:
    """Wait until exactly so many drawings are with workers."""
    async with asyncio.timeout(30):
        # only a question tells
        while sum(map(len, (await processing(renderer)).values())) != drawings:  # noqa: ASYNC110
            await asyncio.sleep(0.02)
