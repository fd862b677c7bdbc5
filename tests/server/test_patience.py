"""Nobody keeps the others waiting: silent clients, those who write, and those who search."""

from __future__ import annotations

import asyncio
import socket
import sqlite3
import threading
import time
from base64 import b64encode
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing, contextmanager
from pathlib import Path
from queue import Queue
from urllib.parse import urlsplit

import psutil
import pytest

from plotly_nbext.server import crowd, run
from plotly_nbext.server.config import ServerConfig
from plotly_nbext.server.middleware import Patience
from plotly_nbext.server.store import Database, sqlite, users

from .conftest import Api

ROWS = 1_500_000
PATIENCE_SECONDS = 1.0


@contextmanager
def serving_here(data: Path) -> Iterator[Api]:
    """Give a user of a server within this process."""
    ready: Queue[str] = Queue()
    config = ServerConfig(data=data, browsers=1, idle_timeout=2 * PATIENCE_SECONDS)
    server = threading.Thread(target=run.run, args=(config,), kwargs={"on_ready": ready.put})
    server.start()
    url = ready.get(timeout=60)
    with closing(Database(data)) as kept, kept.write() as connection:
        api_key = users.add(connection, "hasty")
    with Api(url, "hasty", api_key) as user:
        yield user
    # it ends by itself once nobody is waited for
    server.join(30)
    assert not server.is_alive()


@pytest.fixture
def impatient(tmp_path, monkeypatch):
    """A user of a server that waits for a second where others wait for a minute."""
    monkeypatch.setattr(run, "SILENCE_SECONDS", PATIENCE_SECONDS)
    with serving_here(tmp_path) as user:
        yield user


def connect(api: Api) -> socket.socket:
    address = urlsplit(api.url)
    return socket.create_connection((address.hostname, address.port), timeout=30)


def head(api: Api, request: str, *headers: str) -> bytes:
    token = b64encode(f"{api.username}:{api.api_key}".encode()).decode()
    lines = (f"{request} HTTP/1.1", f"Host: {urlsplit(api.url).netloc}", *headers)
    return "\r\n".join((*lines, f"Authorization: Basic {token}", "", "")).encode()


@contextmanager
def kept_awake(api: Api) -> Iterator[None]:
    """Let a server that ends when nobody asks for anything wait for a body meanwhile."""
    with connect(api) as sender:
        sender.sendall(head(api, "POST /v2/grids", "Content-Length: 10"))
        yield


@pytest.mark.parametrize("path", ["/v2/grids", "/v2/grids/upload"])
def test_who_sends_half_a_body_is_told_and_not_waited_for(impatient, path):
    with connect(impatient) as sender:
        sender.sendall(head(impatient, f"POST {path}", "Content-Length: 1000") + b'{"data":')
        answer = b"".join(iter(lambda: sender.recv(65536), b""))
    assert answer.startswith(b"HTTP/1.1 408 ")
    assert b'"code":"REQUEST_TIMEOUT"' in answer
    assert b"\r\nx-request-id: " in answer
    assert b"\r\nconnection: close\r\n" in answer.lower()


@pytest.mark.parametrize("before", ["", "HEAD /healthz HTTP/1.1\r\nHost: localhost\r\n\r\n"])
def test_who_never_ends_a_request_keeps_no_connection(impatient, before):
    with connect(impatient) as sender:
        if before:
            sender.sendall(before.encode())
            assert sender.recv(10_000).endswith(b"\r\n\r\n")
        sender.sendall(b"GET /v2 HTTP/1.1\r\nHost: local")
        sender.setblocking(False)

        def is_closed() -> bool:
            impatient.expect(200, "GET", "/healthz")  # the server itself goes on
            try:
                return sender.recv(1000) == b""
            except BlockingIOError:
                return False
            except ConnectionResetError:
                return True

        assert wait_for(is_closed)


def test_a_connection_is_kept_between_two_requests(impatient):
    request = b"HEAD /healthz HTTP/1.1\r\nHost: localhost\r\n\r\n"
    with connect(impatient) as sender:
        for _ in range(3):
            sender.sendall(request)
            assert sender.recv(10_000).startswith(b"HTTP/1.1 200 ")
            threading.Event().wait(1.5 * PATIENCE_SECONDS)


def test_a_slow_sender_is_waited_for_as_long_as_something_comes(impatient):
    body = b'{"data": {"cols": {}}}'
    with connect(impatient) as sender:
        sender.sendall(head(impatient, "POST /v2/grids", f"Content-Length: {len(body)}"))
        for place in range(0, len(body), 6):
            threading.Event().wait(PATIENCE_SECONDS / 2)
            sender.sendall(body[place : place + 6])
        assert sender.recv(1000).startswith(b"HTTP/1.1 201 ")


async def test_a_slow_but_steady_reader_gets_all_of_a_long_answer():
    body = bytes(range(256)) * 4000
    received = bytearray()
    more = []

    async def app(_scope, _receive, send):
        await send({"type": "http.response.start", "status": 200, "headers": []})
        await send({"type": "http.response.body", "body": body})

    async def send(message):
        # all of it takes four times as long as one is waited for
        part = message.get("body", b"")
        await asyncio.sleep(len(part) / len(body) * 4 * PATIENCE_SECONDS)
        received.extend(part)
        more.append(message.get("more_body", False))

    await Patience(app, PATIENCE_SECONDS)({"type": "http", "headers": []}, None, send)
    assert received == body
    assert more[-1] is False


def test_connections_without_a_request_make_room_for_others(tmp_path, monkeypatch):
    monkeypatch.setattr(crowd, "MANY_CONNECTIONS", 20)
    monkeypatch.setattr(crowd, "MAX_CONNECTIONS", 40)
    monkeypatch.setattr(crowd, "ROOM_SECONDS", 0.05)
    request = b"HEAD /healthz HTTP/1.1\r\nHost: localhost\r\n\r\n"
    with serving_here(tmp_path) as user:
        idle = []
        for _ in range(100):
            sender = connect(user)
            sender.sendall(request)
            assert sender.recv(10_000).startswith(b"HTTP/1.1 200 ")
            idle.append(sender)
            threading.Event().wait(0.01)
        idle[-1].sendall(request)
        assert idle[-1].recv(10_000).startswith(b"HTTP/1.1 200 ")
        assert idle[0].recv(1) == b""
        for sender in idle:
            sender.close()


@pytest.mark.sqlite
def test_who_reads_nothing_of_a_download_keeps_nothing_open(impatient, tmp_path):
    grid = impatient.grid({"x": list(range(ROWS))})
    database = str(tmp_path / "grids.db")

    def held() -> int:
        return sum(file.path == database for file in psutil.Process().open_files())

    before = held()
    readers = []
    for _ in range(10):
        reader = socket.socket()
        reader.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4096)
        reader.connect((urlsplit(impatient.url).hostname, urlsplit(impatient.url).port))
        reader.sendall(head(impatient, f"GET /v2/grids/{grid['fid']}/content"))
        readers.append(reader)
    assert wait_for(lambda: held() >= before + 8)
    # what the pool keeps are five
    assert wait_for(lambda: held() <= before + 5)
    for reader in readers:
        reader.close()


def wait_for(condition: Callable[[], bool], seconds: float = 30) -> bool:
    deadline = time.monotonic() + seconds
    while not condition() and time.monotonic() < deadline:
        threading.Event().wait(0.05)
    return condition()


@pytest.mark.sqlite
def test_writers_who_wait_keep_no_reader_waiting(serve):
    own = serve()
    api = own.user()
    path = f"/v2/grids/{api.grid()['fid']}"
    writer = sqlite3.connect(own.data / "grids.db", isolation_level=None)
    writer.execute("BEGIN IMMEDIATE")

    def change(number: int) -> int:
        with Api(api.url, api.username, api.api_key) as caller:
            return caller.request("PATCH", path, json={"metadata": {"n": number}}).status_code

    with ThreadPoolExecutor(60) as threads:
        try:
            changes = [threads.submit(change, number) for number in range(60)]
            # with more than there are threads, those who have none wait in line
            port = urlsplit(api.url).port
            assert wait_for(lambda: connected(port) >= 60)
            for _ in range(20):
                start = time.monotonic()
                api.expect(200, "GET", path)
                assert time.monotonic() - start < 5
        finally:
            writer.execute("ROLLBACK")
            writer.close()
        assert {change.result() for change in changes} == {200}


def test_many_searches_keep_nobody_waiting_and_look_at_nobody_else_s_columns(tmp_path, monkeypatch):
    looked_at = set()
    go_on = threading.Event()

    def lower(text: str | None) -> str | None:
        looked_at.add(text)
        assert go_on.wait(60)
        return None if text is None else text.lower()

    monkeypatch.setattr(sqlite, "_lower", lower)
    with serving_here(tmp_path) as api, Api(api.url) as anonymous:
        path = f"/v2/grids/{api.grid({'secret': [1]})['fid']}"
        api.grid({"Open": [1]}, world_readable=True)

        def search(_: int) -> int:
            with Api(api.url) as caller:
                return caller.expect(200, "GET", "/v2/search?q=open").json()["count"]

        with ThreadPoolExecutor(60) as threads:
            try:
                searches = [threads.submit(search, number) for number in range(60)]
                # with more than there are threads, those who have none wait in line
                assert wait_for(lambda: connected(urlsplit(api.url).port) >= 60)
                for _ in range(10):
                    start = time.monotonic()
                    anonymous.expect(404, "GET", path)
                    assert time.monotonic() - start < 5
            finally:
                go_on.set()
            assert {search.result() for search in searches} == {1}
    assert "Open" in looked_at
    assert "secret" not in looked_at


def connected(port: int) -> int:
    return sum(
        connection.status == "ESTABLISHED" and connection.laddr.port == port
        for connection in psutil.net_connections("tcp")
    )
