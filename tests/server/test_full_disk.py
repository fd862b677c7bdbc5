"""A disk without room: what can't be kept is refused whole, and all goes on once there is room."""

from __future__ import annotations

import resource
import secrets
import threading
import time
from contextlib import closing
from typing import TYPE_CHECKING

import pyarrow as pa
import pytest
import uvicorn
from sqlalchemy import event

from plotly_nbext.server.app import create_app
from plotly_nbext.server.config import ServerConfig
from plotly_nbext.server.middleware import Activity
from plotly_nbext.server.store import Database, users

from .arrow import ARROW, stream
from .conftest import Api

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

pytestmark = pytest.mark.sqlite  # its one writer, and its file


class Disk:
    """A database that has room for some more pages, and a user of its server."""

    def __init__(self, database: Database, api: Api) -> None:
        self._database = database
        self._most = 2**30
        self.api = api

        @event.listens_for(database._engine, "begin")
        def _(connection) -> None:
            # each connection has a limit of its own
            connection.exec_driver_sql(f"PRAGMA max_page_count = {self._most}")

    def leave(self, pages: int) -> None:
        """Let the database grow by so many pages."""
        with self._database.read() as connection:
            count = connection.exec_driver_sql("PRAGMA page_count").scalar_one()
        self._most = count + pages


@pytest.fixture
def disk(tmp_path: Path) -> Iterator[Disk]:
    with closing(Database(tmp_path)) as database:
        app = Activity(create_app(ServerConfig(data=tmp_path, cache_bytes=0), database))
        server = uvicorn.Server(uvicorn.Config(app, port=0, log_level="critical", ws="none"))
        thread = threading.Thread(target=server.run)
        thread.start()
        deadline = time.monotonic() + 30
        while not server.started:
            assert time.monotonic() < deadline
            threading.Event().wait(0.01)
        port = server.servers[0].sockets[0].getsockname()[1]
        with database.write() as connection:
            key = users.add(connection, "alice")
        with Api(f"http://127.0.0.1:{port}", "alice", key) as api:
            yield Disk(database, api)
        server.should_exit = True
        thread.join(30)


def refused(api: Api, method: str, path: str, **options) -> None:
    error = api.refused(507, method, path, **options)
    assert error["code"] == "NO_ROOM"
    assert "no room left on the server's disk" in error["message"]


@pytest.mark.parametrize("prefer", ["", "return=minimal"])
def test_rows_that_the_disk_has_no_room_for_are_refused_until_it_has(disk, prefer):
    api = disk.api
    path = f"/v2/grids/{api.grid({'text': ['first']})['fid']}"
    before = api.expect(200, "GET", path).json()
    rows = {"rows": [[secrets.token_hex(200)] for _ in range(300)]}
    once = {"json": rows, "headers": {"Prefer": prefer, "Idempotency-Key": "once"}}
    disk.leave(0)
    for _ in range(2):
        refused(api, "POST", f"{path}/row", **once)
        assert api.expect(200, "GET", path).json() == before
    disk.leave(10_000)
    api.expect(201, "POST", f"{path}/row", **once)
    assert api.table(before["fid"]) == {"text": ["first", *(row for (row,) in rows["rows"])]}


def test_a_grid_that_the_disk_has_no_room_for_is_none(disk):
    api = disk.api
    disk.leave(5)
    columns = {"data": {"cols": {"x": {"data": [f"{n} text" for n in range(50_000)], "order": 0}}}}
    refused(api, "POST", "/v2/grids", json=columns)
    assert api.expect(200, "GET", "/v2/folders/all").json()["children"]["count"] == 0
    disk.leave(10_000)
    api.expect(201, "POST", "/v2/grids", json=columns)


def test_a_stream_that_the_disk_has_no_room_for_while_it_comes_is_refused(serve):
    server = serve()
    api = server.user()
    values = pa.table({"x": pa.array(range(500_000))})
    as_stream = {"data": stream(values), "headers": {"Content-Type": ARROW}}
    limits = resource.prlimit(server.pid, resource.RLIMIT_FSIZE)
    resource.prlimit(server.pid, resource.RLIMIT_FSIZE, (1_000_000, limits[1]))
    refused(api, "POST", "/v2/grids", **as_stream)
    assert api.expect(200, "GET", "/v2/folders/all").json()["children"]["count"] == 0
    resource.prlimit(server.pid, resource.RLIMIT_FSIZE, limits)
    fid = api.expect(201, "POST", "/v2/grids", **as_stream).json()["file"]["fid"]
    assert api.meta(fid)["row_count"] == 500_000
