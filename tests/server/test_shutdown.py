"""A server that is told to end: what has begun is finished, and nobody is left without a word."""

from __future__ import annotations

import json
import os
import signal
import socket
import time
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing

import psutil
import pytest
import requests

from .conftest import Api
from .test_patience import connect, head, wait_for
from .test_render_cache import send

BODY = json.dumps({"data": {"cols": {"x": {"data": [1, 2], "order": 0}}}, "filename": "g"}).encode()


def begin_grid(api: Api) -> socket.socket:
    """Ask for a grid, and leave out the end of the body."""
    sender = connect(api)
    length = f"Content-Length: {len(BODY)}"
    sender.sendall(head(api, "POST /v2/grids", "Content-Type: application/json", length))
    sender.sendall(BODY[:-10])
    return sender


def is_closed(api: Api) -> bool:
    try:
        connect(api).close()
    except ConnectionRefusedError:
        return True
    return False


def received(sender: socket.socket) -> bytes:
    sender.settimeout(60)
    return b"".join(iter(lambda: sender.recv(65_536), b""))


def terminate(server) -> None:
    os.kill(server.pid, signal.SIGTERM)


def ended(server) -> int:
    """Wait for the end of the process, and give its exit code."""
    return server._process.wait(60)


def warm(api: Api) -> None:
    """Let the server have done once what takes longer at first."""
    api.expect(200, "GET", "/v2/users/current")
    api.expect(200, "GET", "/readyz")


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
def test_a_request_whose_body_is_still_to_come_is_answered(serve, number):
    server = serve()
    user = server.user()
    with begin_grid(user) as sender:
        warm(user)
        os.kill(server.pid, number)
        assert wait_for(lambda: is_closed(user))
        sender.sendall(BODY[-10:])
        answer = received(sender)
    assert answer.startswith(b"HTTP/1.1 201 ")
    assert b"\r\nconnection: close\r\n" in answer.lower()
    # who presses Ctrl-C is told so
    assert ended(server) in ({0} if number == signal.SIGTERM else {-2, 130})
    server.start()
    user.url = server.url
    fid = json.loads(answer.partition(b"\r\n\r\n")[2])["file"]["fid"]
    assert user.table(fid) == {"x": [1, 2]}


def test_who_spreads_requests_is_told_before_nobody_is_let_in(serve):
    server = serve("--drain-seconds", "3")
    user = server.user()
    kept = connect(user)
    request = b"HEAD /healthz HTTP/1.1\r\nHost: localhost\r\n\r\n"
    with kept, begin_grid(user) as held:
        kept.sendall(request)
        assert b"connection: close" not in kept.recv(10_000).lower()
        terminate(server)
        told = user.expect(503, "GET", "/readyz")
        assert told.json() == {"status": "not ready", "missing": {"server": "It is shutting down."}}
        assert told.headers["Connection"] == "close"
        assert user.expect(503, "HEAD", "/readyz").content == b""
        # who has not heard of it yet is served as ever, once more
        grid = user.grid({"y": [1]})
        kept.sendall(request)
        assert b"connection: close" in received(kept).lower()
        assert wait_for(lambda: is_closed(user))
        held.sendall(BODY[-10:])
        assert received(held).startswith(b"HTTP/1.1 201 ")
    assert ended(server) == 0
    server.start()
    user.url = server.url
    assert user.table(grid["fid"]) == {"y": [1]}
    server.kill()


def test_connections_between_two_requests_keep_no_server_alive(serve):
    server = serve()
    user = server.user()
    warm(user)
    with connect(user) as idle:
        idle.sendall(b"HEAD /healthz HTTP/1.1\r\nHost: localhost\r\n\r\n")
        idle.recv(10_000)
        begun = time.monotonic()
        terminate(server)
        assert received(idle) == b""
        assert ended(server) == 0
    assert time.monotonic() - begun < 10


def test_what_takes_too_long_is_refused_so_that_it_is_sent_elsewhere(serve):
    server = serve("--shutdown-seconds", "0.5")
    user = server.user()
    with begin_grid(user) as sender:
        warm(user)
        terminate(server)
        answer = received(sender)
    assert answer.startswith(b"HTTP/1.1 503 ")
    for part in (b"\r\nretry-after: 1\r\n", b"\r\nconnection: close\r\n", b"\r\nx-request-id: "):
        assert part in answer.lower()
    body = json.loads(answer.partition(b"\r\n\r\n")[2])
    assert body["errors"][0]["code"] == "UNAVAILABLE"
    assert ended(server) == 0
    assert "Traceback" not in server.stop()


def test_an_image_that_is_being_drawn_is_sent(serve):
    server = serve("--browsers", "1")
    user = server.user()
    user.expect(200, "POST", "/v2/images", json={"figure": {"data": [{"y": [1]}]}})
    slow = {"data": [{"y": [number, 2] * 4000, "mode": "markers"} for number in range(4)]}
    with send(user, slow) as sender:
        warm(user)
        terminate(server)
        assert received(sender).startswith(b"HTTP/1.1 200 ")
    assert ended(server) == 0
    # and kept
    server.start()
    user.url = server.url
    assert user.expect(200, "POST", "/v2/images", json={"figure": slow}).content
    assert not psutil.Process(server.pid).children()


LINES = b"".join(b"%d,text %d,%f\n" % (number, number, number / 7) for number in range(1_000_000))


@pytest.mark.parametrize(("seconds", "status"), [("60", 201), ("0", 503)])
def test_a_file_that_is_being_read_is_kept_or_refused_as_a_whole(serve, seconds, status):
    server = serve("--shutdown-seconds", seconds)
    user = server.user()
    with ThreadPoolExecutor() as threads, closing(Api(user.url, *user.auth)) as uploader:
        options = {"data": b"a,b,c\n" + LINES, "headers": {"X-File-Name": "lines.csv"}}
        uploaded = threads.submit(uploader.request, "POST", "/v2/grids/upload", **options)
        process = psutil.Process(server.pid)
        assert wait_for(
            lambda: any(
                "uploads.child" in " ".join(child.cmdline()) for child in process.children()
            )
        )
        terminate(server)
        answer = uploaded.result(60)
    assert answer.status_code == status, answer.text
    assert ended(server) == 0
    assert "Traceback" not in server.stop()
    server.start()
    user.url = server.url
    listed = user.expect(200, "GET", "/v2/folders/home").json()["children"]["results"]
    assert [each["filename"] for each in listed] == ["lines.csv"] * (status == 201)


def test_every_append_that_was_acknowledged_is_there_once(serve):
    server = serve()
    user = server.user()
    fid = user.grid({"n": [0]})["fid"]
    acknowledged = []

    def append(worker: int) -> None:
        with Api(user.url, *user.auth) as caller:
            for number in range(10_000):
                value = worker * 10_000 + number + 1
                try:
                    rows = {"rows": [[value]]}
                    answer = caller.request("POST", f"/v2/grids/{fid}/row", json=rows)
                except requests.ConnectionError:
                    return
                if answer.status_code != 201:
                    assert answer.status_code == 503
                    return
                acknowledged.append(value)

    with ThreadPoolExecutor(8) as threads:
        working = [threads.submit(append, worker) for worker in range(8)]
        assert wait_for(lambda: len(acknowledged) > 200)
        terminate(server)
        for each in working:
            each.result(60)
    assert ended(server) == 0
    server.start()
    user.url = server.url
    kept = user.table(fid)["n"][1:]
    assert sorted(kept) == sorted(set(kept))
    assert set(acknowledged) <= set(kept)


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
def test_a_second_signal_ends_it_at_once(serve, number):
    server = serve("--shutdown-seconds", "60", "--drain-seconds", "60")
    user = server.user()
    with begin_grid(user):
        warm(user)
        begun = time.monotonic()
        os.kill(server.pid, signal.SIGTERM)
        assert wait_for(lambda: user.request("GET", "/readyz").status_code == 503)
        # what comes with the first, as from `timeout`, is the same
        while server._process.poll() is None:
            os.kill(server.pid, number)
            time.sleep(0.05)
        assert 0.5 < time.monotonic() - begun < 10
    assert server._process.returncode == 128 + number
    server.start()
    user.url = server.url
    user.grid()
    server.kill()  # else it would wait for as long
