"""Processes as a user has them: notebooks that ask for the service, and the service itself."""

from __future__ import annotations

import json
import subprocess
import sys
import time
from typing import TYPE_CHECKING

import psutil
import pytest

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from plotly_nbext.service import ServiceInfo

NOTEBOOK = """
import dataclasses, json
from plotly_nbext import service
print(json.dumps(dataclasses.asdict(service.ensure())))
"""


def start_notebook(**options) -> subprocess.Popen[str]:
    """Start a process that asks for the local service and says what it got."""
    return subprocess.Popen(
        [sys.executable, "-c", NOTEBOOK],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        **options,
    )


def answer_of(notebook: subprocess.Popen[str]) -> dict[str, object]:
    out, err = notebook.communicate(timeout=120)
    assert notebook.returncode == 0, err
    assert err == ""
    return json.loads(out)


def wait_until(condition: Callable[[], bool], *, seconds: float = 30) -> None:
    deadline = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < deadline, "the condition was not met in time"
        time.sleep(0.02)


def runs(pid: int) -> bool:
    """Tell whether a process runs; one that only waits to be reaped does not."""
    try:
        return psutil.Process(pid).status() != psutil.STATUS_ZOMBIE
    except psutil.NoSuchProcess:
        return False


def kill(info: ServiceInfo) -> None:
    """Kill a service as the system does when memory is short."""
    psutil.Process(info.pid).kill()
    wait_until(lambda: not runs(info.pid))


@pytest.fixture
def command(home: Path) -> Callable[..., subprocess.CompletedProcess[str]]:
    """Run `plotly-nbext` with arguments, in the fresh home."""

    def run(*arguments: str, **options) -> subprocess.CompletedProcess[str]:
        return subprocess.run(
            [sys.executable, "-m", "plotly_nbext", *arguments],
            check=False,
            capture_output=True,
            text=True,
            timeout=120,
            **options,
        )

    return run
