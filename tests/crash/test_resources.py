"""Disks that are full or fail, too many descriptors, clocks that are set: nothing is lost by it.

Each is answered with a clear error meanwhile, and all goes on once its cause is gone: nobody has to
start the server again, or to mend anything.
"""

from __future__ import annotations

import socket
import subprocess
import sys
import time
from contextlib import ExitStack, closing, contextmanager
from datetime import UTC, datetime
from random import Random
from typing import TYPE_CHECKING

import pytest

from ..server.conftest import Api
from .changes import any_change
from .conditions import Clock, OnSmallDisk, failing, mounted
from .served import Served
from .sizes import SEED
from .team import Team

if TYPE_CHECKING:
    from collections.abc import Iterator

pytestmark = [pytest.mark.crash, pytest.mark.timeout(180)]

CALLERS = 4
DAY = 86_400


@contextmanager
def serving(served: Served) -> Iterator[Served]:
    """Start a server, and end it."""
    served.start()
    try:
        yield served
    finally:
        served.stop()


def logged(served: Served) -> list[str]:
    """Give the lines of its log, in which no traceback may be."""
    text = served.log.read_text()
    assert "Traceback" not in text, text[-5_000:]
    return text.splitlines()


def test_a_disk_without_room_refuses_and_all_goes_on_once_it_has(tmp_path):
    served = OnSmallDisk(tmp_path, 60)
    with serving(served):
        team = Team(served, CALLERS, Random(SEED), any_change)
        team.work(0.5)
        for caller in team.callers:
            caller.refusals = (507,)
        for _ in range(3):
            served.fill()
            before = team.count["refused with 507"]
            team.work(1)
            assert team.count["refused with 507"] > before
            served.clear()
            team.check()
            done = team.count["acknowledged"]
            team.work(0.5)
            assert team.count["acknowledged"] > done + CALLERS
        team.check()
        full = [line for line in logged(served) if "no room left on the disk" in line]
        assert len(full) == team.count["refused with 507"]


@pytest.mark.parametrize(
    ("calls", "error", "status"),
    [
        ("pwrite64,ftruncate", "EROFS", 503),
        ("pwrite64", "EIO", 503),
        ("pwrite64", "ENOSPC", 507),
        ("fdatasync,fsync", "EIO", 503),
    ],
)
def test_a_disk_that_fails_refuses_and_all_goes_on_once_it_works(calls, error, status, tmp_path):
    with serving(Served(tmp_path, tmp_path / "data")) as served:
        team = Team(served, CALLERS, Random(SEED), any_change)
        team.work(0.5)
        for caller in team.callers:
            caller.refusals = (status,)
        for _ in range(2):
            with failing(served, calls, error):
                before = team.count[f"refused with {status}"]
                team.work(1)
                assert team.count[f"refused with {status}"] > before
                reader = team.callers[0]
                reader.read("/v2/folders/all")
            team.check()
            done = team.count["acknowledged"]
            team.work(0.5)
            assert team.count["acknowledged"] > done
        team.check()
        served.kill()
        served.start()
        team.begin()
        team.check()
        assert any("failed: " in line for line in logged(served))


def test_a_disk_that_can_only_be_read_ends_the_start_with_a_line_that_says_so(tmp_path):
    data = tmp_path / "data"
    with serving(Served(tmp_path / "first", data)) as served:
        user = served.add_user("alice")
    read_only = mounted(f"mount --bind {data} {data} && mount -o remount,bind,ro {data}")
    command = [*read_only, sys.executable, "-m", "plotly_nbext", "serve", "--data", str(data)]
    ended = subprocess.run(command, capture_output=True, text=True, timeout=60, check=False)
    assert ended.returncode == 1
    assert "Read-only file system" in ended.stderr or "readonly" in ended.stderr
    assert str(data) in ended.stderr
    assert "Traceback" not in ended.stderr
    with serving(Served(tmp_path / "again", data)) as served:
        Api(served.url, *user).grid()


@pytest.mark.parametrize("error", ["ENOSPC", "EIO"])
def test_a_disk_that_fails_ends_the_start_with_a_line_that_says_what_to_see_to(error, tmp_path):
    data = tmp_path / "data"
    with serving(Served(tmp_path / "first", data)) as served:
        user = served.add_user("alice")
    fail = ["strace", "-f", "-qq", "-o", "/dev/null", "-e", "trace=pwrite64", "-e"]
    fail.append(f"inject=pwrite64:error={error}")
    command = [*fail, sys.executable, "-m", "plotly_nbext", "serve", "--data", str(data)]
    ended = subprocess.run(command, capture_output=True, text=True, timeout=60, check=False)
    assert ended.returncode == 1
    assert "See that its disk works, has room and can be written" in ended.stderr
    assert "Traceback" not in ended.stderr
    with serving(Served(tmp_path / "again", data)) as served:
        Api(served.url, *user).grid()


def test_connections_without_requests_keep_nobody_out_where_descriptors_are_few(tmp_path):
    few = ["prlimit", "--nofile=96:96"]
    with serving(Served(tmp_path, tmp_path / "data", before=few)) as served, ExitStack() as stack:
        api = Api(served.url, *served.add_user("alice"))
        grid = api.grid()
        address = ("127.0.0.1", int(served.url.rpartition(":")[2]))
        for number in range(150):
            idle = stack.enter_context(closing(socket.create_connection(address, timeout=30)))
            if number % 2:
                idle.sendall(b"GET /healthz HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n")
        path, rows = f"/v2/grids/{grid['fid']}/row", {"rows": [[1, 2]]}
        until = time.monotonic() + 15
        with Api(served.url, api.username, api.api_key) as another:
            while (answer := another.request("POST", path, json=rows)).status_code == 503:
                assert another.refused(503, "GET", "/healthz")["code"] == "UNAVAILABLE"
                assert time.monotonic() < until
                time.sleep(0.5)
            assert answer.status_code == 201
            for _ in range(10):
                another.expect(201, "POST", path, json=rows)
            assert another.meta(grid["fid"])["row_count"] == 2 + 11
        told = [line for line in logged(served) if "no connection can be taken" in line]
        assert 1 <= len(told) < 10


def test_descriptors_that_are_gone_are_answered_with_503_until_some_are_there(tmp_path):
    with serving(Served(tmp_path, tmp_path / "data")) as served:
        team = Team(served, CALLERS, Random(SEED), any_change)
        team.work(0.5)
        for caller in team.callers:
            caller.refusals = (503,)
        with failing(served, "openat", "EMFILE"):
            team.work(1)
        assert team.count["refused with 503"]
        team.check()
        done = team.count["acknowledged"]
        team.work(0.5)
        assert team.count["acknowledged"] > done
        team.check()
        logged(served)


@pytest.mark.parametrize("seconds", [-30 * DAY, 30 * DAY])
def test_a_clock_that_is_set_while_the_server_serves_changes_nothing(seconds, tmp_path):
    clock = Clock(tmp_path / "clock")
    with serving(Served(tmp_path, tmp_path / "data", environment=clock.environment)) as served:
        team = Team(served, CALLERS, Random(SEED), any_change)
        api = Api(served.url, *served.add_user("alice"))
        grid = api.grid()
        path = f"/v2/grids/{grid['fid']}"
        once = {"json": {"rows": [[1, 2]]}, "headers": {"Idempotency-Key": "once"}}
        first = api.expect(201, "POST", f"{path}/row", **once)
        for offset in (seconds, 0, seconds):
            clock.set(offset)
            team.work(0.5)
            team.check()
            meta = api.expect(200, "PATCH", path, json={"metadata": {"at": offset}}).json()
            modified = datetime.fromisoformat(meta["date_modified"]).replace(tzinfo=UTC)
            off = modified.timestamp() - (time.time() + offset)
            assert abs(off) < 60, "the server's clock was not set"
            # its age is counted by a clock that was set; what is older than a day is forgotten
            if offset <= 0:
                assert api.expect(201, "POST", f"{path}/row", **once).json() == first.json()
        assert team.count["acknowledged"] > CALLERS
        logged(served)


@pytest.mark.parametrize("seconds", [-30 * DAY, 30 * DAY])
def test_a_rate_keeps_nobody_out_for_longer_than_its_period_when_the_clock_is_set(
    seconds, tmp_path
):
    clock = Clock(tmp_path / "clock")
    served = Served(
        tmp_path,
        tmp_path / "data",
        environment=clock.environment,
        options=("--rate-limit", "5/2 second"),
    )
    with serving(served):
        api = Api(served.url, *served.add_user("alice"))
        while (refused := api.request("GET", "/v2/folders/home")).status_code == 200:
            pass
        assert refused.status_code == 429
        clock.set(seconds)
        until = time.monotonic() + 10
        while (answer := api.request("GET", "/v2/folders/home")).status_code == 429:
            assert int(answer.headers["Retry-After"]) <= 2
            assert time.monotonic() < until
            time.sleep(0.1)
        assert answer.status_code == 200
        # and it still holds
        while (refused := api.request("GET", "/v2/folders/home")).status_code == 200:
            assert time.monotonic() < until
        assert refused.status_code == 429
