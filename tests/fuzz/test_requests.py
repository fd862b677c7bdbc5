"""Requests whose first line, headers and bodies are changed: the server says no, and lives."""

from __future__ import annotations

import base64
import json
import socket
from contextlib import closing, suppress
from urllib.parse import quote, quote_from_bytes, urlencode, urlsplit

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ..server.arrow import ARROW
from .changes import ODD_TEXTS, changed_bytes, changed_json, examples, json_text
from .conftest import PATIENCE

pytestmark = pytest.mark.fuzz

FIGURE = {"data": [{"y": [1, 3, 2]}], "layout": {"title": {"text": "T"}}}
COLS = {"x": {"data": [1, "a", None], "order": 0}, "y": {"data": [2.5], "order": 1}}
UID = "{uid}"
FID = "{fid}"

BODIES = [
    ("POST", "/v2/grids", {"data": {"cols": COLS}, "filename": "n", "parent": -1, "metadata": {}}),
    ("POST", "/v2/grids", {"data": json.dumps({"cols": COLS}), "world_readable": "True"}),
    ("POST", "/v2/grids", {"data": {"cols": COLS}, "parent_path": "a/b", "share_key_enabled": 1}),
    ("PATCH", f"/v2/grids/{FID}", {"metadata": {"a": [1]}, "world_readable": True}),
    ("PUT", f"/v2/grids/{FID}", {"filename": "m", "parent_path": "", "parent": "-1"}),
    ("POST", f"/v2/grids/{FID}/row", {"rows": [[1, 2], ["a", None]], "metadata": {"k": 1}}),
    ("POST", f"/v2/grids/{FID}/col", {"cols": '[{"name": "n", "data": [7], "order": 0}]'}),
    ("PUT", f"/v2/grids/{FID}/col?uid={UID}", {"cols": [{"data": [1], "name": "z", "order": 1}]}),
    (
        "PATCH",
        f"/v2/grids/{FID}/content",
        {
            "cols": [{"uid": UID, "rows": [0], "values": [1]}],
            "deleted": [[0, 1]],
            "inserted": [[0, [[1, 2]]]],
            "metadata": {},
        },
    ),
    ("PUT", f"/v2/grids/{FID}/content", {"cols": [{"name": "x", "data": [1]}], "keep": [UID]}),
    ("POST", "/v2/plots", {"figure": FIGURE, "filename": "p", "world_readable": False}),
    ("POST", "/v2/plots", {"figure": json.dumps(FIGURE)}),
    (
        "POST",
        "/v2/plots",
        {"figure": {"data": [{"xsrc": f"{FID}:{UID}", "x": [1], "type": "bar"}], "layout": {}}},
    ),
    ("PATCH", "/v2/plots/{plot}", {"figure": FIGURE, "metadata": {"a": 1}}),
    ("POST", "/v2/folders", {"path": "a/b/c"}),
    ("POST", "/v2/folders", {"path": "n", "parent": -1, "world_readable": True}),
    ("PATCH", f"/v2/files/{FID}", {"filename": "x", "parent": -1}),
    ("POST", f"/v2/files/{FID}/copy", {"filename": "x", "parent_path": "y"}),
    ("POST", f"/v2/files/{FID}/drop_reference", {"fid": FID}),
    ("POST", f"/v2/pushes/{'a' * 32}", {"parts": ["b" * 32], "filename": "z", "mode": "create"}),
]
DRAWN = {
    "figure": FIGURE,
    "format": "svg",
    "width": 300,
    "height": "200",
    "scale": 1,
    "encoded": False,
}

PATHS = [
    b"/v2/grids/{fid}",
    b"/v2/grids/{fid}/content",
    b"/v2/grids/{fid}/col",
    b"/v2/grids/{fid}/row",
    b"/v2/files/{fid}",
    b"/v2/files/{fid}/path",
    b"/v2/files/{fid}/content.csv",
    b"/v2/files/{fid}/sources",
    b"/v2/plots/{plot}/content",
    b"/v2/folders/home",
    b"/v2/folders/{fid}",
    b"/v2/grids/lookup",
    b"/v2/files/lookup",
    b"/v2/search",
    b"/v2/users/current",
    b"/v2/plot-schema",
    b"/v2/pushes/" + b"0" * 32 + b"/" + b"1" * 32,
    b"/~local/1/",
    b"/~local/1.csv",
    b"/~local/1/.embed",
    b"/static/page.css",
    b"/docs",
    b"/healthz",
    b"/openapi.json",
]
ODD_PARTS = [
    b"%00",
    b"..",
    b"%2e%2e",
    b"%2E%2E%2F%2e%2e%2fetc%2fpasswd",
    b"..%5c..%5c",
    b"%c0%ae%c0%ae%c0%af",  # overlong
    b"%ed%a0%80",  # half a surrogate pair
    b"%f4%90%80%80",
    b"%ff%fe",
    b"%",
    b"%zz",
    b"%25",
    b"%252e%252e",
    b"\xc3\xa9",
    b"%0d%0aX-Injected: 1",
    b";",
    b"//",
    b"?",
    b"#",
    b":",
    b"%3A",
    b"@",
    b"~",
    b"*",
    b"local:" + b"9" * 40,
    b"local:-1",
    b"local:00001",
    b"local:1:e3a9dd",
    "local:\N{ARABIC-INDIC DIGIT ONE}".encode(),
    b"a" * 9_000,
    b"/" * 3_000,
]
QUERY = {
    "start": ["0", "-1", "1e3", "9" * 30, "", "\0", "٣"],
    "stop": ["0", "5", "-5", "9" * 30, "nan"],
    "cols": [UID, f"{UID},{UID}", ",", "zzzzzz", "\0", "e" * 3_000],
    "uid": [UID, f"{UID},{UID}", ",,", "é", "\0"],
    "page": ["0", "-1", "2", "9" * 30, "x", "\ud800"],
    "page_size": ["0", "1", "-3", "9" * 30, "\0"],
    "order_by": ["filename", "-filename,filename", "\0", "-", "filename;drop table files", "id"],
    "filetype": ["grid", "fold", "\0", "'", "plot,grid"],
    "path": ["", "/", "x", "a/b/../c", "\0", "/" * 500, "a/" * 101, "\ud800", "%00", "é" * 5_000],
    "user": ["", "local", "\0", "nobody", "a:b", "\ud800", "x" * 5_000],
    "parent": ["-1", "0", "\0", "9" * 30, "x"],
    "share_key": ["", "x", "\0", "é", "\ud800", "y" * 5_000],
    "deleted": ["true", "maybe"],
    "q": ["", "x", "\0", "%", "_", "\\", "'", "\ud800", "z" * 5_000],
    "format": ["png", "svg", "exe", "", "\0"],
    "width": ["100", "-1", "nan", "inf", "1e400", "9" * 30, "\0"],
    "height": ["100", "0", "x"],
    "scale": ["1", "1e-300", "1e300", "nan"],
    "inline_data": ["true", "maybe", "\0"],
    "sha1": ["", "x", "\0"],
    "parse": ["true", "\0"],
    "dialect": ["\0", "excel"],
}
HEADERS = [
    "Authorization",
    "Plotly-Authorization",
    "If-Match",
    "If-None-Match",
    "If-Modified-Since",
    "Idempotency-Key",
    "Range",
    "Accept",
    "Accept-Encoding",
    "Accept-Language",
    "Content-Type",
    "Content-Encoding",
    "Content-Length",
    "Transfer-Encoding",
    "Connection",
    "Expect",
    "Upgrade",
    "Host",
    "Origin",
    "Sec-Fetch-Site",
    "Sec-Fetch-Mode",
    "Referer",
    "Cookie",
    "Prefer",
    "Plotly-Client-Platform",
    "X-File-Name",
    "X-Forwarded-For",
    "X-Forwarded-Host",
    "X-Forwarded-Proto",
    "X-Request-Id",
    "X-HTTP-Method-Override",
    "Forwarded",
]
VALUES = [
    b"",
    b" ",
    b"*",
    b"*/*;q=nan",
    b"a" * 20_000,
    b",".join([b"text/html;q=0.1"] * 500),
    b"\xff\xfe",
    b"\xc3\xa9",
    b"\t",
    b'"',
    b'W/"0"',
    b'"0"',
    b'"' + b"9" * 5_000 + b'"',
    b"0",
    b"-1",
    b"1e3",
    b"9" * 30,
    "\N{ARABIC-INDIC DIGIT ONE}".encode(),
    b"+5",
    b"5, 6",
    b"Basic",
    b"Basic ",
    b"Basic =",
    b"Basic " + base64.b64encode(b"no colon"),
    b"Basic " + base64.b64encode(b":"),
    b"Basic " + base64.b64encode(b"\xff:\xfe"),
    b"Basic " + base64.b64encode(b"a\0b:c\0d"),
    b"Basic " + base64.b64encode("é:\N{GRINNING FACE}".encode()),
    b"Basic " + b"QQ" * 5_000,
    b"Bearer x",
    b"Digest x",
    b"bytes=0-0",
    b"bytes=5-1,9999999999999999999-",
    b"bytes=" + b"0-1," * 2_000,
    b"chunked",
    b"chunked, gzip",
    b"gzip",
    b"gzip, zstd;q=0, br;q=x",
    b"100-continue",
    b"websocket",
    b"close",
    b"keep-alive",
    b"null",
    b"http://evil.example",
    b"127.0.0.1",
    b"localhost:99999",
    b"[::1",
    b"evil.example",
    b"cross-site",
    b"return=minimal; x=y",
    b"application/json; charset=utf-7",
    b"application/x-www-form-urlencoded",
    b"multipart/form-data",
    b"multipart/form-data; boundary=" + b"x" * 300,
    b"multipart/form-data; boundary=",
    ARROW.encode(),
    b"application/vnd.apache.arrow.stream; x=",
    b"text/csv",
    b"Thu, 01 Jan 1970 00:00:00 GMT",
    b"Thu, 99 Foo 99999 99:99:99 GMT",
    b"../../../etc/passwd",
    b"a\\b:c*?.csv",
    b"utf-8''%ff%00.xlsx",
]
LINES = [
    b"GET /v2/grids HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n",
    b"POST /v2/grids HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Length: 5\r\n\r\nhello",
    (
        b"POST /v2/images HTTP/1.1\r\nHost: 127.0.0.1\r\nTransfer-Encoding: chunked\r\n\r\n"
        b"5\r\nhello\r\n0\r\n\r\n"
    ),
    b"GET /healthz HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\nGET /v2 HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n",
    b"OPTIONS * HTTP/1.1\r\nHost: localhost\r\n\r\n",
    b"GET http://127.0.0.1/v2 HTTP/1.1\r\nHost: localhost\r\n\r\n",
    b"CONNECT 127.0.0.1:80 HTTP/1.1\r\nHost: localhost\r\n\r\n",
    b"HEAD /docs HTTP/1.0\r\n\r\n",
    b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n",
    b"GET / HTTP/9.9\r\n\r\n",
    b"\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03",
    (
        b"GET /v2/users/current HTTP/1.1\r\nHost: localhost\r\nConnection: Upgrade\r\n"
        b"Upgrade: websocket\r\nSec-WebSocket-Key: x\r\nSec-WebSocket-Version: 13\r\n\r\n"
    ),
    b"GET /docs HTTP/1.1\r\nHost: localhost\r\nX: " + b"y" * 70_000 + b"\r\n\r\n",
    b"GET /docs HTTP/1.1\r\nHost: localhost\r\n" + b"X: y\r\n" * 3_000 + b"\r\n",
]


class Real:
    """The names of files that there are, made anew where a request has taken them away."""

    def __init__(self, api):
        self._api = api
        self.again()

    def again(self):
        self.fid = self._api.grid()["fid"]
        self.uid = self._api.uids(self.fid)["x"]
        self.plot = self._api.plot()["fid"]

    def told(self, text):
        kinds = {"{fid}": self.fid, "{uid}": self.uid, "{plot}": self.plot}
        for name, value in kinds.items():
            if isinstance(text, str):
                text = text.replace(name, value)
            else:
                text = text.replace(name.encode(), value.encode())
        return text


@pytest.fixture
def real(server):
    return Real(server.api)


def spoken(server, data):
    """Say something over a socket; give what is answered until it says nothing more."""
    address = urlsplit(server.url)
    heard = b""
    with closing(socket.create_connection((address.hostname, address.port), PATIENCE)) as line:
        try:
            line.sendall(data)
            with suppress(OSError):  # it may have hung up by now
                line.shutdown(socket.SHUT_WR)
            while part := line.recv(1 << 16):
                heard += part
        except ConnectionError:
            pass  # it need not listen to the end
    assert b" 500 " not in heard[:20], heard[:500]
    return heard


def headers_of(api):
    both = f"{api.username}:{api.api_key}".encode()
    return {
        "Authorization": f"Basic {base64.b64encode(both).decode()}",
        "Plotly-Client-Platform": "fuzz",
    }


@examples(3)
@given(st.data())
def test_no_json_body_breaks_it(server, real, data):
    method, path, body = data.draw(st.sampled_from(BODIES))
    text = json_text(data.draw(changed_json([body])))
    response = server.send(
        method,
        real.told(path),
        data=real.told(text),
        headers=headers_of(server.api) | {"Content-Type": "application/json"},
    )
    if response.ok and method in {"PUT", "PATCH"}:
        real.again()


@examples(1)
@given(st.data())
def test_no_text_in_place_of_json_breaks_it(server, real, data):
    method, path, body = data.draw(st.sampled_from(BODIES))
    text = data.draw(changed_bytes([json.dumps(body).encode()]))
    kind = data.draw(
        st.sampled_from(
            [
                "application/json",
                "application/json",
                "text/plain",
                "application/json; charset=utf-16",
            ]
        )
    )
    response = server.send(
        method,
        real.told(path),
        data=real.told(text),
        headers=headers_of(server.api) | {"Content-Type": kind},
    )
    if response.ok and method in {"PUT", "PATCH"}:
        real.again()


@examples(1)
@given(st.data())
def test_no_form_breaks_it(server, real, data):
    method, path, body = data.draw(st.sampled_from([*BODIES, ("POST", "/v2/images", DRAWN)]))
    fields = data.draw(changed_json([body]))
    pairs = fields.items() if isinstance(fields, dict) else [("data", fields)]
    parts = {name: value if isinstance(value, str) else json_text(value) for name, value in pairs}
    try:
        form = urlencode(parts, errors="surrogatepass").encode()
    except UnicodeError:
        return
    form = data.draw(st.just(form) | changed_bytes([form]))
    server.send(
        method,
        real.told(path),
        data=real.told(form),
        headers=headers_of(server.api) | {"Content-Type": "application/x-www-form-urlencoded"},
    )
    real.again() if method != "POST" else None


@examples(0.4)
@given(changed_json([DRAWN]))
def test_no_image_that_is_asked_for_breaks_it(server, body):
    headers = headers_of(server.api) | {"Content-Type": "application/json"}
    server.send("POST", "/v2/images", data=json_text(body), headers=headers)


@st.composite
def paths(draw):
    path = draw(st.sampled_from(PATHS))
    match draw(st.integers(0, 3)):
        case 0:
            return draw(changed_bytes([path]))
        case 1:
            steps = path.split(b"/")
            place = draw(st.integers(1, len(steps) - 1))
            steps[place] = draw(st.sampled_from(ODD_PARTS) | st.text().map(_quoted))
            return b"/".join(steps)
        case 2:
            return path + draw(st.sampled_from(ODD_PARTS))
    return path


def _quoted(text):
    return quote(text, safe="", errors="surrogatepass").encode()


@st.composite
def queries(draw):
    fields = draw(
        st.lists(
            st.sampled_from([*QUERY]).flatmap(
                lambda name: st.tuples(
                    st.just(name),
                    st.sampled_from(QUERY[name]) | st.sampled_from(ODD_TEXTS) | st.text(max_size=9),
                )
            ),
            max_size=4,
        )
    )
    text = "&".join(
        f"{name}={quote_from_bytes(value.encode('utf-8', 'surrogatepass'), safe='{}')}"
        for name, value in fields
    )
    return draw(st.just(text.encode()) | changed_bytes([text.encode()])) if text else b""


METHODS = [b"GET"] * 6 + [b"HEAD", b"OPTIONS", b"POST", b"PUT", b"PATCH", b"TRACE", b"FOO", b"get"]


@examples(3)
@given(st.data())
def test_no_address_breaks_it(server, real, data):
    method = data.draw(st.sampled_from(METHODS))
    target = data.draw(paths())
    query = data.draw(queries())
    target = real.told(target + (b"?" + query if query else b""))
    target = bytes(byte for byte in target if byte not in b" \r\n")
    key = headers_of(server.api)["Authorization"].encode()
    heard = spoken(
        server,
        method
        + b" "
        + target
        + b" HTTP/1.1\r\nHost: 127.0.0.1\r\nAuthorization: "
        + key
        + b"\r\nConnection: close\r\nContent-Length: 0\r\n\r\n",
    )
    assert b"X-Injected" not in heard.partition(b"\r\n\r\n")[0]
    assert b"root:x:0:0" not in heard
    if heard:
        assert heard.startswith(b"HTTP/1.1 "), heard[:100]


@examples(3)
@given(st.data())
def test_no_header_breaks_it(server, real, data):
    given = data.draw(
        st.lists(
            st.tuples(
                st.sampled_from(HEADERS),
                st.sampled_from(VALUES) | changed_bytes(VALUES).map(_on_a_line),
            ),
            min_size=1,
            max_size=4,
        )
    )
    method, path, body = data.draw(
        st.sampled_from(
            [
                ("GET", "/v2/grids/{fid}/content", b""),
                ("GET", "/v2/files/{fid}/content.csv", b""),
                ("GET", "/v2/plots/{plot}/content", b""),
                ("GET", "/v2/folders/home", b""),
                ("GET", "/docs", b""),
                ("POST", "/v2/grids", b'{"data": {"cols": {"x": {"data": [1]}}}}'),
                ("POST", "/v2/grids/{fid}/row", b'{"rows": [[1, 2]]}'),
                ("POST", "/v2/grids/upload", b"a,b\n1,2\n"),
                ("PATCH", "/v2/files/{fid}", b'{"metadata": {}}'),
            ]
        )
    )
    names = {name for name, _ in given}
    usual = {
        "Host": b"127.0.0.1",
        "Content-Length": str(len(body)).encode(),
        "Authorization": headers_of(server.api)["Authorization"].encode(),
        "Content-Type": b"application/json",
        "Connection": b"close",
    }
    lines = [(name, value) for name, value in usual.items() if name not in names]
    head = b"".join(name.encode() + b": " + value + b"\r\n" for name, value in [*lines, *given])
    spoken(server, f"{method} {real.told(path)} HTTP/1.1\r\n".encode() + head + b"\r\n" + body)


def _on_a_line(value):
    return value.replace(b"\r", b"").replace(b"\n", b"")


@examples(1)
@given(changed_bytes(LINES))
def test_nothing_that_is_no_http_breaks_it(server, said):
    spoken(server, said)
