"""What a user sees of a server that is slow, busy, lost, or says no."""

from __future__ import annotations

import base64
import json
import signal
import socket
import ssl
import threading
import time
import traceback
from contextlib import ExitStack, contextmanager, suppress
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import TYPE_CHECKING

import pandas as pd
import pytest
import trustme

import plotly_nbext
from plotly_nbext import (
    ApiError,
    AuthError,
    NotFoundError,
    PlotlyNbextError,
    RateLimited,
    ServerError,
    ServiceError,
    ValidationError,
)
from plotly_nbext.accounts import Account
from plotly_nbext.client import Client

if TYPE_CHECKING:
    from collections.abc import Iterator

KEY = "a-key-that-nobody-may-see"
LOST = 0  # the connection is closed in place of an answer


@contextmanager
def answering(
    *answers: tuple[int, dict[str, str], bytes], methods: tuple[str, ...] = ("GET", "POST", "PUT")
) -> Iterator[tuple[Client, list[str]]]:
    """Run a server that gives its answers in turn, the last one for ever."""
    asked: list[str] = []

    class Handler(BaseHTTPRequestHandler):
        def answer(self) -> None:
            self.rfile.read(int(self.headers.get("Content-Length") or 0))
            status, headers, body = answers[min(len(asked), len(answers) - 1)]
            asked.append(f"{self.command} {self.path}")
            if status == LOST:
                return
            self.send_response(status)
            for name, value in headers.items():
                self.send_header(name, value)
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, *args: object) -> None:
            pass

    for method in methods:
        setattr(Handler, f"do_{method}", Handler.answer)
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
    with answering(busy, ok) as (client, asked):
        before = time.monotonic()
        assert client.whoami() == "alice"
        assert time.monotonic() - before >= 1
    assert len(asked) == 2


def test_a_server_that_stays_busy_says_so_in_the_end():
    busy = (429, {"Retry-After": "0"}, drf("Request was throttled."))
    with (
        answering(busy) as (client, asked),
        pytest.raises(RateLimited, match="throttled") as refused,
    ):
        client.whoami()
    assert refused.value.status_code == 429
    assert "Wait 0 seconds, then try again" in str(refused.value)
    assert len(asked) == 4


THROTTLED = "Request was throttled. Expected available in {} seconds."
OK = (200, {"Content-Type": "application/json"}, b'{"username": "alice"}')


@pytest.mark.parametrize(
    ("busy", "seconds"),
    [
        ((429, {"Retry-After": "1"}, drf(THROTTLED.format(30))), "1"),
        ((429, {}, drf(THROTTLED.format(0.5))), "0.5"),
        ((429, {}, b"<html>busy</html>"), "1"),
        ((503, {"Retry-After": "0"}, b""), "0"),
        ((429, {"Retry-After": "soon"}, b""), "1"),
        ((429, {"Retry-After": "Fri, 01 Jan 2021 00:00:00 GMT"}, b""), "0"),
    ],
    ids=["header first", "words", "neither", "unavailable", "no time", "a moment gone by"],
)
def test_a_wait_is_as_long_as_the_server_says_and_the_user_is_told(busy, seconds, caplog):
    with answering(busy, OK) as (client, asked):
        assert client.whoami() == "alice"
    assert len(asked) == 2
    assert [record.getMessage() for record in caplog.records] == [
        f"127.0.0.1 is busy ({busy[0]}): asking again in {seconds} s. Interrupt the kernel to stop."
    ]


def test_a_wait_that_is_too_long_is_left_to_the_user(caplog):
    with (
        answering((429, {}, drf(THROTTLED.format(3600.0)))) as (client, asked),
        pytest.raises(RateLimited, match="Wait 3600 seconds, then try again") as refused,
    ):
        client.whoami()
    assert refused.value.message == THROTTLED.format(3600.0)
    assert len(asked) == 1
    assert not caplog.records


def test_waits_end_when_they_add_up_to_a_minute(monkeypatch):
    waited = []
    monkeypatch.setattr("plotly_nbext.client.retries.time.sleep", waited.append)
    with (
        answering((429, {"Retry-After": "25"}, b"")) as (client, _),
        pytest.raises(RateLimited),
    ):
        client.whoami()
    assert waited == [25, 25]


def test_what_a_throttled_server_did_not_do_is_asked_again_whatever_it_is():
    meta = (201, {}, b'{"file": {"fid": "alice:1", "filename": "points"}}')
    throttled = (429, {"Retry-After": "0"}, b"")
    with answering(throttled, meta) as (client, asked):
        client.push(pd.DataFrame({"x": [1]}), "points", mode="create")
    assert asked == ["POST /v2/grids"] * 2


def test_what_an_unavailable_server_may_have_done_is_not_asked_again():
    unavailable = (503, {"Retry-After": "0"}, b"<html>503</html>")
    with (
        answering(unavailable) as (client, asked),
        pytest.raises(ServerError, match="503 Service Unavailable"),
    ):
        client.push(pd.DataFrame({"x": [1]}), "points", mode="create")
    assert asked == ["POST /v2/grids"]
    image = (200, {"Content-Type": "image/png"}, b"png")
    with answering(unavailable, image) as (client, asked):
        client.render({"data": [{"y": [1]}]})
    assert asked == ["POST /v2/images"] * 2


def test_what_is_lost_on_the_way_is_asked_again_once_if_it_does_no_harm():
    with answering((LOST, {}, b""), OK) as (client, asked):
        assert client.whoami() == "alice"
    assert len(asked) == 2
    with (
        answering((LOST, {}, b"")) as (client, asked),
        pytest.raises(ServiceError, match="was lost before it answered"),
    ):
        client.whoami()
    assert len(asked) == 2


def test_what_is_lost_on_the_way_and_may_have_been_done_is_not_asked_again():
    with (
        answering((LOST, {}, b""), OK) as (client, asked),
        pytest.raises(ServiceError, match=r"(?s)lost.*may have been carried out"),
    ):
        client.push(pd.DataFrame({"x": [1]}), "points", mode="create")
    assert asked == ["POST /v2/grids"]


@pytest.mark.parametrize("first", [(429, {"Retry-After": "0"}, b""), (LOST, {}, b"")])
def test_a_body_in_pieces_is_sent_again_from_its_beginning(first):
    made = []

    def body() -> Iterator[bytes]:
        made.append("again")
        yield b"{"
        yield b"}"

    with answering(first, OK) as (client, asked):
        client._session.send("PUT", "/grids/alice:1/content", body=body)
    assert len(asked) == len(made) == 2


def test_a_wait_can_be_interrupted():
    before = signal.signal(signal.SIGINT, signal.default_int_handler)
    main = threading.main_thread().ident
    assert main is not None
    interrupt = threading.Timer(0.5, signal.pthread_kill, (main, signal.SIGINT))
    try:
        with answering((429, {"Retry-After": "50"}, b"")) as (client, asked):
            interrupt.start()
            with pytest.raises(KeyboardInterrupt):
                client.whoami()
            interrupt.join()
    finally:
        signal.signal(signal.SIGINT, before)
    assert len(asked) == 1


def test_a_failure_is_not_repeated():
    with (
        answering((500, {}, b"<html>oops</html>")) as (client, asked),
        pytest.raises(ServerError, match="500"),
    ):
        client.whoami()
    assert len(asked) == 1


@pytest.mark.parametrize(
    ("status", "kind"), [(401, AuthError), (404, NotFoundError), (502, ServerError)]
)
def test_an_error_has_the_server_s_words_and_field(status, kind):
    with (
        answering((status, {"X-Request-Id": "42"}, drf("No way."))) as (client, _),
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
    ("body", "message", "field"),
    [
        ({"detail": "Invalid page."}, "Invalid page.", None),
        (
            {"filename": ["This field is required."]},
            "filename: This field is required.",
            "filename",
        ),
        ({"data": {"cols": ["Not a table."]}}, "data.cols: Not a table.", "data.cols"),
        ({"non_field_errors": ["No."], "x": ["Bad.", "Worse."]}, "No.\nx: Bad.\nx: Worse.", "x"),
        ({"errors": ["It is text."]}, "It is text.", None),
        ({"errors": "none", "detail": "Broken."}, "Broken.", None),
        ({}, "URL answers 400 Bad Request.", None),
        (["a list"], "URL answers 400 Bad Request.", None),
    ],
)
def test_errors_of_the_framework_s_own_form_are_told_with_their_fields(body, message, field):
    refusal = (400, {"Content-Type": "application/json"}, json.dumps(body).encode())
    with answering(refusal) as (client, _), pytest.raises(ValidationError) as refused:
        client.whoami()
    message = message.replace("URL", client.url)
    assert (refused.value.message, refused.value.field) == (message, field)


@pytest.mark.parametrize(
    ("status", "kind", "body", "message"),
    [
        (
            400,
            "text/plain",
            b"invalid or malformed request syntax\n",
            "invalid or malformed request",
        ),
        (413, "text/html", b"<html><title>413</title></html>", "413 .+ Too Large"),
        (502, "text/html; charset=utf-8", b"<html>Bad Gateway</html>", "502 Bad Gateway"),
        (404, "application/json", b"{}", "404 Not Found"),
    ],
)
def test_an_error_page_is_not_quoted_but_a_line_of_text_is(status, kind, body, message):
    with (
        answering((status, {"Content-Type": kind}, body)) as (client, _),
        pytest.raises(ApiError, match=message) as refused,
    ):
        client.whoami()
    assert "<" not in str(refused.value)
    assert refused.value.status_code == status


def test_a_web_page_in_place_of_the_api_is_not_taken_for_a_missing_file():
    page = (404, {"Content-Type": "text/html"}, b"<html>Not Found</html>")
    with (
        answering(page) as (client, asked),
        pytest.raises(ServiceError, match=r"a web page that says 404 in place of /v2/grids/lookup"),
    ):
        client.push(pd.DataFrame({"x": [1]}), "points")
    assert len(asked) == 1


def test_a_login_page_is_not_taken_for_an_image():
    page = (200, {"Content-Type": "text/html"}, b"<html>Log in</html>")
    with answering(page) as (client, _):
        for encoded in (False, True):
            with pytest.raises(ServiceError, match="in place of"):
                client.render({"data": [{"y": [1]}]}, encoded=encoded)


@pytest.mark.parametrize(
    "answer",
    [
        (401, {}, drf("Bad API key")),
        (302, {"Location": "/elsewhere"}, b""),
        (200, {"Content-Type": "application/json"}, b"not json"),
    ],
)
def test_the_key_is_in_no_traceback(answer):
    with answering(answer) as (client, _), pytest.raises(Exception) as raised:
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


@contextmanager
def unanswering(why: str) -> Iterator[Client]:
    """Make a client that gets no answer."""
    nobody = Account("http://127.0.0.1:9", "alice", KEY)
    match why:
        case "nobody there":
            yield Client(lambda: nobody)
        case "no address":
            yield Client(lambda: Account("http://.example.org", "alice", KEY))
        case "nobody elsewhere":
            found = iter([nobody])

            def locate() -> Account:
                for account in found:
                    return account
                raise ServiceError("The local service can't be started.")

            yield Client(locate)
        case "lost":
            with answering((LOST, {}, b"")) as (client, _):
                yield client
        case "slow":
            with socket.create_server(("127.0.0.1", 0)) as silent:
                url = f"http://127.0.0.1:{silent.getsockname()[1]}"
                yield Client(lambda: Account(url, "alice", KEY))


@pytest.mark.parametrize("why", ["nobody there", "no address", "nobody elsewhere", "lost", "slow"])
def test_no_error_holds_the_request_with_the_key(why, monkeypatch):
    monkeypatch.setattr("plotly_nbext.client.session.READ_SECONDS", 0.5)
    with unanswering(why) as client, pytest.raises(ServiceError) as raised:
        client.whoami()
    assert raised.value.__context__ is None
    assert raised.value.__cause__ is None


def test_the_closed_cloud_is_called_closed(monkeypatch):
    for name in ("HTTPS_PROXY", "https_proxy"):
        monkeypatch.setenv(name, "http://127.0.0.1:9")
    client = Client(lambda: Account("https://api.plot.ly", "alice", KEY))
    with pytest.raises(ServiceError, match="closed on 2025-10-31"):
        client.whoami()


def test_a_service_that_moved_is_found_again():
    ok = (200, {"Content-Type": "application/json"}, b'{"username": "alice"}')
    with answering(ok) as (there, _):
        accounts = iter([Account("http://127.0.0.1:9", "alice", KEY), there._session.account])
        assert Client(lambda: next(accounts)).whoami() == "alice"


def test_a_service_that_came_back_with_a_new_key_is_asked_for_it():
    ok = (200, {"Content-Type": "application/json"}, b'{"username": "alice"}')
    with answering((401, {}, drf("Bad API key")), ok) as (old, asked):
        url = old.url
        accounts = iter([Account(url, "alice", "old key"), Account(url, "alice", "new key")])
        assert Client(lambda: next(accounts)).whoami() == "alice"
    assert len(asked) == 2


def test_a_server_that_moved_is_not_taken_for_one_that_did_as_asked():
    moved = (302, {"Location": "https://new.example.org/v2/grids"}, b"")
    with (
        answering(moved) as (client, asked),
        pytest.raises(ServiceError, match=r"on to https://new\.example\.org"),
    ):
        client.push(pd.DataFrame({"x": [1]}), "points")
    assert len(asked) == 1


@pytest.mark.parametrize(
    ("target", "shown"),
    [
        (
            "https://alice:hush@new.example.org:8080/v2/grids?share_key=hush#hush",
            "https://new.example.org:8080/v2/grids",
        ),
        ("/v2/grids?share_key=hush", "/v2/grids"),
        ("", "nowhere"),
        ("http://[::1", "what is no address"),
    ],
)
def test_where_a_server_moved_is_told_without_keys_and_passwords(target, shown):
    with (
        answering((302, {"Location": target}, b"")) as (client, _),
        pytest.raises(ServiceError, match="requests on to") as refused,
    ):
        client.whoami()
    assert refused.value.message.endswith(f" on to {shown}.")
    assert "hush" not in str(refused.value)


FILE = {"fid": "alice:1", "filename": "g", "filetype": "grid", "owner": "alice"}


@pytest.mark.parametrize(
    ("ask", "answer"),
    [
        (lambda client: client.grid("alice:1"), []),
        (lambda client: client.grid("alice:1"), {"fid": "alice:1"}),
        (lambda client: client.grid("sales"), None),
        (lambda client: client.grid("sales"), {**FILE, "row_count": "many"}),
        (lambda client: client.grid("sales").columns, FILE),
        (lambda client: client.grid("sales").columns, {**FILE, "cols": [{"name": "x"}]}),
        (lambda client: client.grid("sales").url, FILE),
        (lambda client: client.grid("sales").created, {**FILE, "creation_time": "once"}),
        (lambda client: client.grid("sales").to_frame(), FILE),
        (lambda client: client.list(), {"results": [1]}),
        (lambda client: client.list(), {"children": None}),
        (lambda client: client.plot("sales").figure(), [1]),
        (lambda client: client.make_folder("sales"), {"path": 1}),
        (lambda client: client.plot_schema(), {}),
        (lambda client: client.endpoints(), 1),
    ],
)
def test_an_answer_without_what_was_asked_for_is_told(ask, answer):
    body = json.dumps(answer).encode()
    with (
        answering((200, {}, body), methods=("GET", "POST", "OPTIONS")) as (client, _),
        pytest.raises(ServiceError, match="Is it a Chart Studio server") as refused,
    ):
        ask(client)
    assert "answered" in refused.value.message or "tells no" in refused.value.message


def test_a_server_that_has_a_next_page_for_ever_is_not_asked_for_ever():
    page = json.dumps({"results": [FILE], "next": "http://elsewhere"}).encode()
    with answering((200, {}, page)) as (client, asked):
        assert [file.fid for file in client.list()] == ["alice:1"]
    assert len(asked) == 2


def test_an_error_whose_field_is_no_text_is_told_too():
    error = {"code": 5, "message": {"no": "text"}, "path": None, "field": 7}
    body = json.dumps({"errors": [error], "detail": None}).encode()
    with answering((400, {}, body)) as (client, _), pytest.raises(ValidationError) as refused:
        client.whoami()
    assert refused.value.field == "7"
    assert "no" in str(refused.value)


@pytest.mark.parametrize("uri", [b"data:image/png;base64,A", b"data:image/png;base64,\xff"])
def test_a_data_uri_that_can_t_be_read_is_told(uri):
    with (
        answering((200, {}, uri)) as (client, _),
        pytest.raises(ServiceError, match="data-URI was answered that can't be read"),
    ):
        client.render({"data": [{"y": [1]}]}, encoded=True)


@pytest.mark.parametrize("answer", [b"[]", b"{}", b"null", b'"hello"', b"1", b""])
def test_a_service_of_another_kind_is_not_connected_to(answer):
    with (
        answering((200, {"Content-Type": "application/json"}, answer)) as (client, _),
        pytest.raises(ServiceError, match=r"(?s)no user.*Is it a Chart Studio server\?"),
    ):
        plotly_nbext.connect(client.url, "alice", KEY)


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
    with answering((200, {}, b"{}")) as (there, _):
        url = there.url.replace("http:", "https:")
        with pytest.raises(ServiceError, match="can't be reached by TLS"):
            Client(lambda: Account(url, "alice", KEY)).whoami()


def test_rows_of_a_server_that_knows_no_windows_are_the_right_ones():
    cols = {"x": {"data": list(range(100)), "order": 0, "uid": "aaaaaa"}}
    meta = {"fid": "alice:1", "filename": "g", "cols": [{"name": "x", "uid": "aaaaaa"}]}
    answers = (meta, {"cols": cols})
    json_answers = [(200, {}, json.dumps(answer).encode()) for answer in answers]
    with answering(*json_answers) as (client, _):
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
    with answering(told, told, (201, {}, b"OK"), told) as (client, asked):
        client.grid("g").append(pd.DataFrame({"x": [1]}))
    assert [line for line in asked if line.startswith("POST")] == ["POST /v2/grids/alice:1/row"]


ARROW = {"Accept-Post": "application/json, application/vnd.apache.arrow.stream"}


@pytest.mark.parametrize("status", [403, 404, 405, 500, 501])
def test_a_server_that_does_not_say_what_it_takes_is_spoken_to_in_json_and_asked_once(status):
    with answering((status, {}, b""), (200, ARROW, b""), methods=("OPTIONS",)) as (client, asked):
        assert client._session.takes_arrow is False
        assert client._session.takes_arrow is False
        assert asked == ["OPTIONS /v2/grids"]


@pytest.mark.parametrize("status", [429, 502, 503, 504])
def test_a_server_that_was_busy_when_it_was_asked_for_arrow_is_asked_again(status):
    busy = (status, {"Retry-After": "61"}, b"")
    with answering(busy, (200, ARROW, b""), methods=("OPTIONS",)) as (client, _):
        assert client._session.takes_arrow is False
        assert client._session.takes_arrow is True


def test_a_key_that_is_wrong_is_told_when_the_server_is_asked_for_arrow():
    with answering((401, {}, b""), methods=("OPTIONS",)) as (client, _), pytest.raises(AuthError):
        assert client._session.takes_arrow


# --- what is wrong with the way, and the words that mend it ---------------------------------------


@contextmanager
def speaking_tls(*names: str) -> Iterator[tuple[str, trustme.CA]]:
    """Run a server behind TLS, with a certificate of an authority that nobody knows."""
    authority = trustme.CA()
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    authority.issue_cert(*names).configure_cert(context)
    with answering(OK) as (client, _), socket.create_server(("127.0.0.1", 0)) as listener:
        inner = client.url.rpartition(":")[2]
        listener.settimeout(30)

        def serve() -> None:
            while True:
                try:
                    raw, _ = listener.accept()
                except OSError:
                    return
                with raw, suppress(OSError):
                    talk(context.wrap_socket(raw, server_side=True), int(inner))

        thread = threading.Thread(target=serve, daemon=True)
        thread.start()
        yield f"https://127.0.0.1:{listener.getsockname()[1]}", authority
        listener.shutdown(socket.SHUT_RDWR)
        thread.join()


def talk(near: ssl.SSLSocket, port: int) -> None:
    """Hand one request on, and its answer back."""
    with near, socket.create_connection(("127.0.0.1", port)) as far:
        far.sendall(near.recv(65_536))
        while answered := far.recv(65_536):
            near.sendall(answered)


def said_at(url: str) -> str:
    with pytest.raises(ServiceError) as failed:
        Client(lambda: Account(url, "alice", KEY)).whoami()
    assert KEY not in str(failed.value)
    return str(failed.value)


def test_an_authority_that_is_not_known_is_named_in_a_variable(tmp_path, monkeypatch):
    with speaking_tls("127.0.0.1") as (url, authority):
        said = said_at(url)
        assert "has a certificate that this machine does not trust" in said
        assert "REQUESTS_CA_BUNDLE" in said
        authority.cert_pem.write_to_path(str(tmp_path / "authority.pem"))
        monkeypatch.setenv("REQUESTS_CA_BUNDLE", str(tmp_path / "authority.pem"))
        assert Client(lambda: Account(url, "alice", KEY)).whoami() == "alice"


def test_a_certificate_of_another_host_is_called_so(tmp_path, monkeypatch):
    with speaking_tls("charts.example.org") as (url, authority):
        authority.cert_pem.write_to_path(str(tmp_path / "authority.pem"))
        monkeypatch.setenv("REQUESTS_CA_BUNDLE", str(tmp_path / "authority.pem"))
        assert "has a certificate that is not for 127.0.0.1" in said_at(url)


@pytest.mark.parametrize("content", [None, "no certificate"])
def test_a_file_of_authorities_that_is_none_is_told_with_its_variable(
    content, tmp_path, monkeypatch
):
    file = tmp_path / "authority.pem"
    if content:
        file.write_text(content)
    monkeypatch.setenv("REQUESTS_CA_BUNDLE", str(file))
    with speaking_tls("127.0.0.1") as (url, _):
        said = said_at(url)
    assert said.startswith("The file of trusted certificates")
    assert "Correct the environment variable REQUESTS_CA_BUNDLE" in said


def test_http_to_a_server_that_speaks_https_is_told_so():
    with speaking_tls("127.0.0.1") as (url, _):
        assert "write its address with https://" in said_at(url.replace("https:", "http:"))
    page = b"<html>The plain HTTP request was sent to HTTPS port</html>"
    with (
        answering((400, {"Content-Type": "text/html"}, page)) as (client, _),
        pytest.raises(ServiceError, match=r"speaks https\.\nWrite its address with https://"),
    ):
        client.whoami()


@pytest.fixture
def proxied(monkeypatch):
    """Send what goes to other machines through a proxy that refuses it with a status."""

    def through(answer: bytes) -> None:
        listener = socket.create_server(("127.0.0.1", 0))
        listeners.append(listener)

        def serve() -> None:
            with suppress(OSError):
                while True:
                    near, _ = listener.accept()
                    with near:
                        near.recv(65_536)
                        near.sendall(answer)

        threading.Thread(target=serve, daemon=True).start()
        for name in ("HTTP_PROXY", "http_proxy", "HTTPS_PROXY", "https_proxy"):
            monkeypatch.setenv(name, f"http://127.0.0.1:{listener.getsockname()[1]}")
        for name in ("NO_PROXY", "no_proxy"):
            monkeypatch.delenv(name, raising=False)

    listeners: list[socket.socket] = []
    yield through
    for listener in listeners:
        listener.shutdown(socket.SHUT_RDWR)
        listener.close()


@pytest.mark.parametrize("scheme", ["http", "https"])
def test_a_proxy_that_wants_a_password_says_where_to_put_it(proxied, scheme):
    proxied(b"HTTP/1.1 407 Proxy Authentication Required\r\nContent-Length: 0\r\n\r\n")
    said = said_at(f"{scheme}://charts.example.org")
    assert "wants a name and a password" in said
    assert "http://NAME:PASSWORD@HOST:PORT" in said


def test_a_proxy_that_refuses_a_host_is_quoted(proxied):
    proxied(b"HTTP/1.1 403 Forbidden\r\nContent-Length: 0\r\n\r\n")
    assert "the proxy refuses it (403 Forbidden)" in said_at("https://charts.example.org")


def test_a_proxy_that_is_not_there_is_told_apart_from_the_server(monkeypatch):
    for name in ("HTTPS_PROXY", "https_proxy"):
        monkeypatch.setenv(name, "http://127.0.0.1:9")
    for name in ("NO_PROXY", "no_proxy"):
        monkeypatch.delenv(name, raising=False)
    said = said_at("https://charts.example.org")
    assert "can't be reached through the proxy of the environment" in said
    assert "NO_PROXY" in said


@pytest.mark.parametrize(
    ("status", "words"),
    [
        (413, 'push fewer rows, and the others with mode="append"'),
        (502, "A proxy gets no answer from the server behind it"),
        (504, "A proxy waited in vain"),
        (507, "Make room on its disk"),
    ],
)
def test_a_status_without_words_is_told_with_what_to_do(status, words):
    with answering((status, {}, b"<html>")) as (client, _), pytest.raises(ApiError) as refused:
        client.push(pd.DataFrame({"x": [1]}), "points", mode="create")
    assert f"{client.url} answers {status} " in str(refused.value)
    assert words in str(refused.value)


def test_a_busy_server_that_may_have_begun_is_told_with_what_to_do():
    busy = (503, {"Retry-After": "61"}, b"")
    with answering(busy) as (client, _), pytest.raises(ServerError) as refused:
        client.push(pd.DataFrame({"x": [1]}), "points", mode="create")
    assert "run the cell again in a moment" in str(refused.value)


def test_what_is_raised_on_the_way_brings_no_frame_of_requests_and_no_key():
    def body() -> Iterator[bytes]:
        yield b"{"
        raise KeyError("column")

    with answering(OK) as (client, _), pytest.raises(KeyError) as raised:
        client._session.send("PUT", "/grids/alice:1/content", body=body)
    frames = traceback.extract_tb(raised.value.__traceback__)
    assert frames[-1].name == "body"
    assert not [frame for frame in frames if "urllib3" in frame.filename]
    shown = traceback.TracebackException.from_exception(raised.value, capture_locals=True)
    ours = [frame for frame in shown.stack if "plotly_nbext" in frame.filename]
    assert ours
    encoded = base64.b64encode(f"alice:{KEY}".encode()).decode()
    assert not [frame for frame in ours if encoded in str(frame.locals)]


def test_a_server_that_swallows_packets_is_told_from_one_that_is_down(monkeypatch):
    monkeypatch.setattr("plotly_nbext.client.session.CONNECT_SECONDS", 0.5)
    with socket.create_server(("127.0.0.1", 0), backlog=0) as full, ExitStack() as waiting:
        for _ in range(3):  # nobody takes them, and no more fit in
            one = waiting.enter_context(socket.socket())
            one.setblocking(False)
            one.connect_ex(full.getsockname())
        said = said_at(f"http://127.0.0.1:{full.getsockname()[1]}")
    assert "nothing at that address answers" in said
    assert "nothing listens at that address" in said_at("http://127.0.0.1:9")
