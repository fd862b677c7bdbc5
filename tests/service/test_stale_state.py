"""What an earlier service left behind is recovered from without a word, and never trusted."""

from __future__ import annotations

import dataclasses
import json
import socket
import subprocess
import sys
import threading
from contextlib import contextmanager
from typing import TYPE_CHECKING

import pytest

from plotly_nbext import __version__, service
from plotly_nbext.errors import ServiceError
from plotly_nbext.service.locks import leased

from .conftest import kill, runs, wait_until

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path


@pytest.fixture
def dead(home: Path) -> service.ServiceInfo:
    """What a service that was killed left in its state file."""
    info = service.ensure()
    kill(info)
    # the last of its threads may outlive it, and holds its files as long
    wait_until(lambda: not leased(home))
    return info


def leave(home: Path, info: service.ServiceInfo) -> None:
    (home / "service.json").write_text(json.dumps(dataclasses.asdict(info)))


@contextmanager
def stranger(answer: bytes) -> Iterator[tuple[int, bytearray]]:
    """Listen on a port, record all that is sent there, and answer with the same bytes always."""
    heard = bytearray()
    with socket.create_server(("127.0.0.1", 0)) as listener:

        def serve() -> None:
            while True:
                try:
                    connection, _ = listener.accept()
                except OSError:
                    return
                with connection:
                    connection.settimeout(10)
                    heard.extend(connection.recv(65_536))
                    connection.sendall(answer)

        thread = threading.Thread(target=serve)
        thread.start()
        try:
            yield listener.getsockname()[1], heard
        finally:
            listener.shutdown(socket.SHUT_RDWR)
            thread.join()


def http(body: bytes, status: str = "200 OK") -> bytes:
    head = f"HTTP/1.1 {status}\r\nContent-Type: application/json\r\nContent-Length: {len(body)}"
    return head.encode() + b"\r\n\r\n" + body


@pytest.mark.parametrize(
    "answer",
    [
        pytest.param(http(b'{"status": "ok", "version": "0.1.0"}'), id="another plotly-nbext"),
        pytest.param(http(b'{"status": "ok", "proof": "%s"}' % (b"0" * 64)), id="wrong proof"),
        pytest.param(http(b'{"proof": null}'), id="no proof"),
        pytest.param(http('{"proof": "é"}'.encode()), id="odd proof"),
        pytest.param(http(b"[1, 2]"), id="a list"),
        pytest.param(http(b"[" * 60_000), id="too deep"),
        pytest.param(http(b"<html>", "404 Not Found"), id="a web server"),
        pytest.param(http(b"", "307 Temporary Redirect\r\nLocation: /"), id="a redirect"),
        pytest.param(b"SSH-2.0-OpenSSH_9.2\r\n", id="no web server"),
        pytest.param(b"", id="hangs up"),
    ],
)
def test_a_stranger_on_the_port_is_never_sent_a_secret(home, answer):
    home.mkdir()
    with stranger(answer) as (port, heard):
        info = service.ServiceInfo(f"http://127.0.0.1:{port}", 1, __version__, "the key", "secret")
        leave(home, info)
        assert service.find() is None
    assert heard.startswith(b"GET /healthz?challenge=")
    assert info.api_key.encode() not in heard
    assert info.proof.encode() not in heard
    assert b"Authorization" not in heard


def test_a_stranger_on_the_port_does_not_keep_the_service_from_starting(home, dead):
    with stranger(http(b'{"status": "ok", "version": "0.1.0"}')) as (port, heard):
        leave(home, dataclasses.replace(dead, url=f"http://127.0.0.1:{port}"))
        info = service.ensure()
    assert info.url != f"http://127.0.0.1:{port}"
    for secret in (dead.api_key, dead.proof, info.api_key, info.proof, "Authorization"):
        assert secret.encode() not in heard


def test_each_challenge_is_new(home, dead):
    with stranger(http(b"{}")) as (port, heard):
        leave(home, dataclasses.replace(dead, url=f"http://127.0.0.1:{port}"))
        service.find()
        service.find()
    challenges = [line for line in bytes(heard).splitlines() if line.startswith(b"GET")]
    assert len(challenges) == len(set(challenges)) == 2


def test_a_process_that_has_the_old_pid_is_left_alone(home, dead):
    with subprocess.Popen([sys.executable, "-c", "input()"], stdin=subprocess.PIPE) as other:
        leave(home, dataclasses.replace(dead, pid=other.pid))
        assert service.find() is None
        assert service.stop() is False
        assert service.ensure().pid != other.pid
        assert service.stop() is True
        assert other.poll() is None
        other.communicate(b"\n")


def test_a_dead_pid_and_a_port_without_anyone_are_recovered_from(home, dead):
    assert not runs(dead.pid)
    leave(home, dead)
    assert service.ensure().pid != dead.pid


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"{",
        b"null",
        b"[]",
        b"{}",
        b"\xff\xfe\x00",
        b'{"url": "http://127.0.0.1:1"}',
        b'{"url": 1, "pid": 1, "version": "", "api_key": "", "proof": ""}',
        b'{"url": "", "pid": 1, "version": "", "api_key": "", "proof": "", "new": 1}',
        b'{"url": "", "pid": 1, "version": "", "api_key": "", "proof": "", "allowed_hosts": 1}',
        b'{"url": "", "pid": 1, "version": "", "api_key": "", "proof": "", "allowed_hosts": [1]}',
        b'{"url": "", "pid": -1, "version": "", "api_key": "", "proof": ""}',
        b'{"url": "", "pid": 1, "version": "", "api_key": "", "proof": "\\ud800"}',
        b"[" * 100_000,
    ],
)
def test_a_broken_state_file_is_none(home, content):
    home.mkdir()
    (home / "service.json").write_bytes(content)
    assert service.find() is None
    assert service.stop() is False


@pytest.mark.parametrize(
    "content",
    [
        b"\xff\xfe\x00",
        b'{"url": "http://127.0.0.1:x", "pid": 1, "version": "", "api_key": "", "proof": ""}',
        b'{"url": "", "pid": 1, "version": "", "api_key": "", "proof": ""}',
        b'{"url": "http://[", "pid": 1, "version": "", "api_key": "", "proof": ""}',
        b'{"url": "http://\\u0000", "pid": 1, "version": "", "api_key": "", "proof": ""}',
        b'{"url": "", "pid": 1, "version": "", "api_key": "", "proof": "", "new": 1}',
        b'{"url": "", "pid": 1, "version": "", "api_key": "", "proof": "", "allowed_hosts": 1}',
    ],
)
def test_a_broken_state_file_is_recovered_from(home, content):
    home.mkdir()
    (home / "service.json").write_bytes(content)
    assert service.find() is None
    assert service.stop() is False
    assert runs(service.ensure().pid)


def test_a_state_file_cut_short_at_any_byte_is_recovered_from(home):
    info = service.ensure()
    whole = (home / "service.json").read_bytes()
    for length in range(len(whole)):
        (home / "service.json").write_bytes(whole[:length])
        assert service.find() is None
    (home / "service.json").write_bytes(whole)
    assert service.find() == info


def test_a_lost_state_file_of_a_live_service_is_an_error_that_says_what_to_do(home, monkeypatch):
    monkeypatch.setattr("plotly_nbext.service.lifecycle.HOLDER_PATIENCE", 0.2)
    info = service.ensure()
    whole = (home / "service.json").read_bytes()
    (home / "service.json").unlink()
    with pytest.raises(ServiceError, match="uses the state folder"):
        service.ensure()
    (home / "service.json").write_bytes(whole)
    assert service.ensure() == info
