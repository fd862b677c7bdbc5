"""Several servers before one PostgreSQL and one Dask cluster, as processes of this machine."""

from __future__ import annotations

import os
import signal
import socket
import subprocess
import sys
import threading
import time
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any

import requests

from .. import postgres

if TYPE_CHECKING:
    from collections.abc import Iterator

__all__ = ["Cluster", "running"]

QUIET = {
    "DASK_DISTRIBUTED__WORKER__DAEMON": "False",
    "DASK_DISTRIBUTED__ADMIN__LOG_LENGTH": "1000",
}


@dataclass
class Cluster:
    """What runs, and the means to end parts of it."""

    folder: Path
    database: postgres.Server
    database_url: str
    servers: dict[str, subprocess.Popen[Any]] = field(default_factory=dict)
    workers: list[subprocess.Popen[Any]] = field(default_factory=list)
    scheduler: str = ""

    def add_user(self, name: str) -> str:
        """Add a user as an operator does; give the API key."""
        command = ["user", "add", name, "--database-url", self.database_url]
        added = subprocess.run(
            [sys.executable, "-m", "plotly_nbext", *command],
            check=True,
            capture_output=True,
            text=True,
        )
        return added.stdout.splitlines()[-1]

    def kill_server(self, url: str) -> None:
        """End a server without letting it end anything."""
        self.servers[url].kill()
        self.servers[url].wait(60)

    def has_ended(self, url: str) -> bool:
        """Tell whether a server is gone; one that is killed has closed its connections before."""
        try:
            self.servers[url].wait(10)
        except subprocess.TimeoutExpired:
            return False
        return True

    def kill_worker(self) -> None:
        """End a worker, with its nanny, which would start another, and its browsers."""
        os.killpg(self.workers.pop().pid, signal.SIGKILL)

    def cut_connections(self) -> int:
        """End all connections to the database; tell how many there were."""
        name = self.database_url.partition("@/")[2].partition("?")[0]
        found = self.database.execute(
            "SELECT count(pg_terminate_backend(pid)) FROM pg_stat_activity "
            f"WHERE datname = '{name}' AND pid <> pg_backend_pid()"
        )
        return int(found[0][0])

    def logs(self) -> str:
        """Give what all processes have written."""
        return "\n".join(
            f"== {log.name}\n{log.read_text()[-4_000:]}"
            for log in sorted(self.folder.glob("*.log"))
        )


@contextmanager
def running(folder: Path, *, servers: int, workers: int) -> Iterator[Cluster]:
    """Run a cluster; its processes end with it."""
    with ExitStack() as stack:
        database = stack.enter_context(postgres.running())
        url = stack.enter_context(database.database())
        cluster = Cluster(folder, database, url)

        def start(name: str, *command: str, **options: Any) -> subprocess.Popen[Any]:
            log = stack.enter_context((folder / f"{name}.log").open("w"))
            options = {"stdout": log, "stderr": log} | options
            process = subprocess.Popen(
                [sys.executable, "-m", *command],
                env=os.environ | QUIET,
                cwd=folder,
                start_new_session=True,
                **options,
            )
            stack.callback(_end, process)
            return process

        port = _free_port()
        cluster.scheduler = f"tcp://127.0.0.1:{port}"
        start(
            "scheduler",
            *("distributed.cli.dask_scheduler", "--host", "127.0.0.1", "--port", str(port)),
            "--no-dashboard",
        )
        for number in range(workers):
            worker = start(
                f"worker-{number}",
                *("distributed.cli.dask_worker", cluster.scheduler, "--host", "127.0.0.1"),
                *("--nthreads", "2", "--no-dashboard"),
            )
            cluster.workers.append(worker)
        for number in range(servers):
            process = start(
                f"server-{number}",
                *("plotly_nbext", "serve", "--database-url", url),
                *("--dask-scheduler", cluster.scheduler),
                stdout=subprocess.PIPE,
                text=True,
            )
            line = next((line for line in process.stdout if " serving http" in line), None)
            assert line is not None, cluster.logs()
            cluster.servers[line.split()[-1]] = process
        for address in cluster.servers:
            _wait_until_ready(address, cluster)
        yield cluster


def _wait_until_ready(address: str, cluster: Cluster) -> None:
    deadline = time.monotonic() + 60
    while not (answer := requests.get(f"{address}/readyz", timeout=60)).ok:
        assert time.monotonic() < deadline, (answer.text, cluster.logs())
        threading.Event().wait(0.1)


def _end(process: subprocess.Popen[Any]) -> None:
    if process.poll() is None:
        os.killpg(process.pid, signal.SIGTERM)
    try:
        process.wait(60)
    except subprocess.TimeoutExpired:
        os.killpg(process.pid, signal.SIGKILL)
        process.wait(60)
    if process.stdout is not None:
        process.stdout.close()


def _free_port() -> int:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        return int(taken.getsockname()[1])
