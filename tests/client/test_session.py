"""What a user sees of a server that is slow, busy, lost, or says no."""

from __future__ import annotations

import json
import socket
import threading
import time
import traceback
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import TYPE_CHECKING

import pandas as pd
import pytest

from plotly_nbext import (
    AuthError,
    NotFoundError,
    PlotlyNbextError,
    RateLimited,
    ServerError,
    ServiceError,
)
from plotly_nbext.client import Client
from plotly_nbext.settings import Account

if TYPE_CHECKING:
    from collections.abc import Iterator

KEY = "a-key-that-nobody-may-see"


@contextmanager
def chart_studio(*answers: tuple[int, dict[str, str], bytes]) -> Iterator[tuple[Client, list[str]]]:
    """Run a server that gives its answers in turn, the last one for ever."""
    asked: list[str] = []

    class Handler(BaseHTTPRequestHandler):
        def answer(self) -> None:
            self.rfile.read(int(self.headers.get("Content-Length") or 0))
            status, headers, body = answers[min(len(asked), len(answers) - 1)]
            asked.append(f"{self.command} {self.path}")
            self.send_response(status)
            for name, value in headers.items():
                self.send_header(name, value)
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        do_GET = do_POST = do_PUT = answer  # noqa: N815 - the names that http.server calls

        def log_message(self, *args: object) -> None:
            pass

    with ThreadingHTTPServer(("127.0.0.1", 0), Handler) as http:
        threading.Thread(target=http.serve_forever, daemon=True).start()
        url = f"http://127.0.0.1:{http.server_port}"
        yield Client(lambda: Account(url, "alice", KEY)), asked
        http.shutdown()


def drf(message: str) -> bytes:
    error = {"code": "UNKNOWN", "message": message, "path": None, "field": "fid"}
    return json.dumps({"errors": [error], "detail": message}).encode()


def test_a_busy_server_is_asked_again_after_the_time_it_names():
    busy = (429, {"Retry-After": "1"}, drf("Request was throttled."))
    ok = (200, {"Content-Type": "application/json"}, b'{"username": "alice"}')
    with chart_studio(busy, ok) as (client, asked):
        before = time.monotonic()
        assert client.whoami() == "alice"
        assert time.monotonic() - before >= 1
    assert len(asked) == 2


def test_a_server_that_stays_busy_says_so_in_the_end():
    busy = (429, {"Retry-After": "0"}, drf("Request was throttled."))
    with (
        chart_studio(busy) as (client, asked),
        pytest.raises(RateLimited, match="throttled") as refused,
    ):
        client.whoami()
    assert refused.value.status_code == 429
    assert "Wait 0 seconds" in str(refused.value)
    assert len(asked) == 4


def test_a_failure_is_not_repeated():
    with (
        chart_studio((500, {}, b"<html>oops</html>")) as (client, asked),
        pytest.raises(ServerError, match="500"),
    ):
        client.whoami()
    assert len(asked) == 1


@pytest.mark.parametrize(
    ("status", "kind"), [(401, AuthError), (404, NotFoundError), (502, ServerError)]
)
def test_an_error_has_the_server_s_words_and_field(status, kind):
    with (
        chart_studio((status, {"X-Request-Id": "42"}, drf("No way."))) as (client, _),
        pytest.raises(kind) as refused,
    ):
        client.whoami()
    error = refused.value
    assert (error.message, error.status_code, error.field, error.request_id) == (
        "No way.",
        status,
        "fid",
        "42",
    )


@pytest.mark.parametrize(
    "answer",
    [
        (401, {}, drf("Bad API key")),
        (302, {"Location": "/elsewhere"}, b""),
        (200, {"Content-Type": "application/json"}, b"not json"),
    ],
)
def test_the_key_is_in_no_traceback(answer):
    with chart_studio(answer) as (client, _), pytest.raises(Exception) as raised:
        client.whoami()
    assert isinstance(raised.value, PlotlyNbextError)
    shown = "".join(traceback.TracebackException.from_exception(raised.value).format())
    assert KEY not in shown + repr(client) + repr(raised.value.__context__)


def test_a_server_that_is_not_there_is_named():
    client = Client(lambda: Account("http://127.0.0.1:9", "alice", KEY))
    with pytest.raises(ServiceError, match=r"http://127\.0\.0\.1:9 can't be reached") as raised:
        client.whoami()
    shown = "".join(traceback.TracebackException.from_exception(raised.value).format())
    assert KEY not in shown
    assert raised.value.__cause__ is None
    assert raised.value.__suppress_context__


def test_the_closed_cloud_is_called_closed(monkeypatch):
    for name in ("HTTPS_PROXY", "https_proxy"):
        monkeypatch.setenv(name, "http://127.0.0.1:9")
    client = Client(lambda: Account("https://api.plot.ly", "alice", KEY))
    with pytest.raises(ServiceError, match="closed on 2025-10-31"):
        client.whoami()


def test_a_service_that_moved_is_found_again():
    ok = (200, {"Content-Type": "application/json"}, b'{"username": "alice"}')
    with chart_studio(ok) as (there, _):
        accounts = iter([Account("http://127.0.0.1:9", "alice", KEY), there._session.account])
        assert Client(lambda: next(accounts)).whoami() == "alice"


def test_a_service_that_came_back_with_a_new_key_is_asked_for_it():
    ok = (200, {"Content-Type": "application/json"}, b'{"username": "alice"}')
    with chart_studio((401, {}, drf("Bad API key")), ok) as (old, asked):
        url = old.url
        accounts = iter([Account(url, "alice", "old key"), Account(url, "alice", "new key")])
        assert Client(lambda: next(accounts)).whoami() == "alice"
    assert len(asked) == 2


def test_a_server_that_moved_is_not_taken_for_one_that_did_as_asked():
    moved = (302, {"Location": "https://new.example.org/v2/grids"}, b"")
    with (
        chart_studio(moved) as (client, asked),
        pytest.raises(ServiceError, match=r"on to https://new\.example\.org"),
    ):
        client.push(pd.DataFrame({"x": [1]}), "points")
    assert len(asked) == 1


def test_a_host_that_is_none_is_called_so(monkeypatch):
    for name in (
        "HTTP_PROXY",
        "http_proxy",
        "HTTPS_PROXY",
        "https_proxy",
        "ALL_PROXY",
        "all_proxy",
    ):
        monkeypatch.delenv(name, raising=False)
    client = Client(lambda: Account("http://nothing.invalid", "alice", KEY))
    with pytest.raises(ServiceError, match=r"there is no host nothing\.invalid"):
        client.whoami()


def test_https_to_a_server_that_speaks_http_is_told_from_a_lost_answer():
    with chart_studio((200, {}, b"{}")) as (there, _):
        url = there.url.replace("http:", "https:")
        with pytest.raises(ServiceError, match="can't be reached by TLS"):
            Client(lambda: Account(url, "alice", KEY)).whoami()


def test_rows_of_a_server_that_knows_no_windows_are_the_right_ones():
    cols = {"x": {"data": list(range(100)), "order": 0, "uid": "aaaaaa"}}
    meta = {"fid": "alice:1", "filename": "g", "cols": [{"name": "x", "uid": "aaaaaa"}]}
    answers = (meta, {"cols": cols})
    json_answers = [(200, {}, json.dumps(answer).encode()) for answer in answers]
    with chart_studio(*json_answers) as (client, _):
        assert client.grid("g").window(50, 53) == [[50, 51, 52]]


def test_a_key_of_other_letters_is_a_wrong_key_and_no_crash(server):
    with pytest.raises(AuthError, match="Bad API key"):
        server.client("alice", "schlüssel-😀").whoami()


def test_a_server_that_never_answers_is_asked_once_and_called_slow(monkeypatch):
    monkeypatch.setattr("plotly_nbext.client.session.READ_SECONDS", 0.5)
    with socket.create_server(("127.0.0.1", 0)) as silent:
        url = f"http://127.0.0.1:{silent.getsockname()[1]}"
        with pytest.raises(ServiceError, match="gave no answer within"):
            Client(lambda: Account(url, "alice", KEY)).whoami()
        silent.settimeout(0.2)
        silent.accept()
        with pytest.raises(TimeoutError):
            silent.accept()


def test_rows_that_another_server_took_are_not_sent_again_for_its_odd_answer():
    meta = {"fid": "alice:1", "filename": "g", "cols": [{"name": "x", "uid": "aaaaaa"}]}
    told = (200, {}, json.dumps(meta).encode())
    with chart_studio(told, told, (201, {}, b"OK"), told) as (client, asked):
        client.grid("g").append(pd.DataFrame({"x": [1]}))
    assert [line for line in asked if line.startswith("POST")] == ["POST /v2/grids/alice:1/row"]
