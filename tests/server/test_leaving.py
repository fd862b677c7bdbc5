"""Who goes away before their change is made: it is undone, and nobody waits for it."""

from __future__ import annotations

import signal
import socket
import sys
import threading
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import AbstractContextManager, contextmanager
from pathlib import Path
from subprocess import PIPE, Popen
from typing import Any
from urllib.parse import urlsplit

import psutil
import pyarrow as pa
import pytest

from plotly_nbext.server.arrow_body import ArrowBody
from plotly_nbext.server.routes import grids as grid_routes
from plotly_nbext.server.routes import rows as row_routes
from plotly_nbext.server.routes import uploads

from .arrow import ARROW, stream
from .conftest import Api
from .test_patience import connect, head, kept_awake, serving_here, wait_for

CLIENT = """
import sys
import numpy as np
import pandas as pd
from plotly_nbext.client import Client
from plotly_nbext.accounts import Account

url, username, api_key, what = sys.argv[1:]
client = Client(lambda: Account(url, username, api_key))
frame = pd.DataFrame({"x": np.arange(200_000.0)})
try:
    if what == "upload":
        frame.to_csv("new.csv")
        client.upload("new.csv")
    else:
        client.push(frame, "old", mode=what)
except KeyboardInterrupt:
    print("interrupted")
"""


class Gate:
    """Where the server's work waits, once, until it is told to go on."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch) -> None:
        self._monkeypatch = monkeypatch
        self.reached = threading.Event()
        self.open = threading.Event()

    @contextmanager
    def placed(self, place: Callable[[Gate, pytest.MonkeyPatch], None]) -> Iterator[None]:
        with self._monkeypatch.context() as patch:
            place(self, patch)
            yield

    def wait(self) -> None:
        self.reached.set()
        assert self.open.wait(60)

    def before(self, work: Callable[..., Any]) -> Callable[..., Any]:
        def waiting(*arguments: Any, **options: Any) -> Any:
            self.wait()
            return work(*arguments, **options)

        return waiting


@pytest.fixture
def gate(monkeypatch: pytest.MonkeyPatch) -> Gate:
    return Gate(monkeypatch)


@pytest.fixture
def api(tmp_path: Path) -> Iterator[Api]:
    """A user of a server within this process."""
    with serving_here(tmp_path) as user, kept_awake(user):
        yield user


def clients(api: Api) -> set[Any]:
    """List who is connected to the server."""
    port = urlsplit(api.url).port
    found = psutil.Process().net_connections("tcp")
    return {each.raddr for each in found if each.laddr.port == port and each.raddr}


@pytest.fixture
def client(api: Api, tmp_path: Path) -> Callable[[str], AbstractContextManager[Popen[str]]]:
    """Start a client in a process of its own."""

    @contextmanager
    def start(what: str) -> Iterator[Popen[str]]:
        account = api.url, api.username, api.api_key
        command = [sys.executable, "-c", CLIENT, *account, what]
        process = Popen(command, stdout=PIPE, text=True, cwd=tmp_path)
        try:
            yield process
        finally:
            process.kill()
            process.communicate()

    return start


def places(process: Popen[str]) -> set[Any]:
    """List where a process has its ends of connections."""
    return {each.laddr for each in psutil.Process(process.pid).net_connections("tcp")}


def interrupt(process: Popen[str], api: Api) -> None:
    """Press Ctrl-C, and wait until the server knows."""
    theirs = places(process)
    process.send_signal(signal.SIGINT)
    assert process.communicate(timeout=60)[0] == "interrupted\n"
    assert wait_for(lambda: not clients(api) & theirs)
    api.expect(200, "GET", "/healthz")


def wait_between_batches(gate: Gate, monkeypatch: pytest.MonkeyPatch) -> None:
    batches = ArrowBody.batches

    def slow(self: ArrowBody, *most: int) -> Iterator[pa.RecordBatch]:
        for number, batch in enumerate(batches(self, *most)):
            if number == 3:
                gate.wait()
            yield batch

    monkeypatch.setattr(ArrowBody, "batches", slow)


def wait_before_the_commit(gate: Gate, monkeypatch: pytest.MonkeyPatch) -> None:
    for module in (grid_routes, row_routes, uploads):
        monkeypatch.setattr(module, "grid_meta", gate.before(module.grid_meta))
    monkeypatch.setattr(row_routes, "appended", gate.before(row_routes.appended))


def wait_before_the_load(gate: Gate, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(uploads, "_columns", gate.before(uploads._columns))


@pytest.mark.parametrize("what", ["replace", "append"])
@pytest.mark.parametrize("place", [wait_between_batches, wait_before_the_commit])
def test_a_push_that_is_interrupted_while_the_server_keeps_it_changes_nothing(
    api, client, gate, place, what
):
    grid = api.grid({"x": [1, 2]}, filename="old")
    with gate.placed(place), client(what) as process:
        assert gate.reached.wait(60)
        interrupt(process, api)
        gate.open.set()
        # its turn comes once the other is undone
        api.expect(200, "PATCH", f"/v2/grids/{grid['fid']}", json={"metadata": {"writer": "free"}})
    assert api.table(grid["fid"]) == {"x": [1, 2]}
    assert api.meta(grid["fid"])["revision"] == grid["revision"] + 1
    with client(what) as process:
        assert process.wait(60) == 0
    assert len(api.table(grid["fid"])["x"]) == 200_000 + 2 * (what == "append")


@pytest.mark.parametrize("place", [wait_before_the_load, wait_before_the_commit])
def test_an_upload_that_is_interrupted_while_it_is_kept_makes_no_grid(api, client, gate, place):
    with gate.placed(place), client("upload") as process:
        assert gate.reached.wait(60)
        interrupt(process, api)
        gate.open.set()
        folder = api.folder("made next")
    listed = api.expect(200, "GET", "/v2/folders/home").json()["children"]["results"]
    assert [each["fid"] for each in listed] == [folder["fid"]]
    with client("upload") as process:
        assert process.wait(60) == 0


def test_who_waits_for_a_turn_and_leaves_never_has_it(api, client, gate):
    grid = api.grid({"x": [1, 2]}, filename="old")
    path = f"/v2/grids/{grid['fid']}/row"
    with gate.placed(wait_before_the_commit), begun(api, path, "first"):
        assert gate.reached.wait(60)
        with client("append") as process:
            assert wait_for(lambda: clients(api) & places(process))
            interrupt(process, api)
        gate.open.set()
        assert wait_for(lambda: api.meta(grid["fid"])["row_count"] == 5)
    assert api.table(grid["fid"]) == {"x": [1, 2, 3, 4, 5]}


def test_a_request_that_was_lost_while_it_was_made_is_made_by_the_next_with_its_key(api, gate):
    grid = api.grid({"x": [1, 2]}, filename="old")
    path = f"/v2/grids/{grid['fid']}/row"
    with ThreadPoolExecutor() as threads, gate.placed(wait_before_the_commit):
        with begun(api, path, "key") as sender:
            assert gate.reached.wait(60)
            lost = sender.getsockname()
            others = clients(api) - {lost}
        assert wait_for(lambda: lost not in clients(api))
        again = threads.submit(append, api, path, "key")
        # it comes while the first one is being undone
        assert wait_for(lambda: clients(api) > others)
        gate.open.set()
        assert again.result(60) == 201
    assert append(api, path, "key") == 201
    assert api.table(grid["fid"]) == {"x": [1, 2, 3, 4, 5]}


ROWS = stream({"x": [3, 4, 5]})


def append(api: Api, path: str, key: str) -> int:
    headers = {"Content-Type": ARROW, "Idempotency-Key": key}
    with Api(api.url, api.username, api.api_key) as caller:
        return caller.request("POST", path, data=ROWS, headers=headers).status_code


def begun(api: Api, path: str, key: str) -> socket.socket:
    """Append rows, and read no answer."""
    length = f"Content-Length: {len(ROWS)}"
    sender = connect(api)
    request = head(api, f"POST {path}", f"Content-Type: {ARROW}", f"Idempotency-Key: {key}", length)
    sender.sendall(request + ROWS)
    return sender
