"""Servers that answer anything: the client says so in our own words, soon, and tells no key."""

from __future__ import annotations

import base64
import io
import json
import logging
import re

import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from plotly_nbext.client import Client, Edits
from plotly_nbext.client.file_facts import FileFacts
from plotly_nbext.errors import PlotlyNbextError

from ..server.arrow import ARROW, as_json, stream
from .answering import answering, http
from .changes import ODD_TEXTS, changed_bytes, changed_json, examples, json_text

pytestmark = [
    pytest.mark.fuzz,
    pytest.mark.filterwarnings("ignore::plotly_nbext.errors.PlotlyNbextWarning"),
]

FRAME = pd.DataFrame({"x": [1, 2], "y": ["a", None]})
FIGURE = {"data": [{"y": [1, 3, 2]}], "layout": {}}
NAMES = {"filename": "g", "owner": "alice", "fid": "alice:1", "parent": -1}
COLS = [
    {"name": "x", "uid": "e3a9dd", "order": 0, "length": 2, "fingerprint": None},
    {"name": "y", "uid": "13df20", "order": 1, "length": 2, "fingerprint": "abc"},
]
SCHEMA = {
    "plotly_nbext": {
        "version": 1,
        "row_count": 2,
        "columns": {"x": {"dtype": "int64"}, "y": {"dtype": "str", "storage": "pyarrow"}},
        "labels": {"levels": [{"dtype": "str", "storage": "pyarrow"}], "names": [None]},
        "index": {"kind": "range", "start": 0, "step": 1},
    }
}
META = NAMES | {
    "filetype": "grid",
    "web_url": "http://127.0.0.1/~alice/1/",
    "embed_url": "http://127.0.0.1/~alice/1.embed",
    "api_urls": {"files": "x"},
    "metadata": SCHEMA,
    "world_readable": False,
    "share_key_enabled": True,
    "share_key": "k",
    "creation_time": "2026-11-23T04:44:49.436369+00:00",
    "date_modified": "2026-11-23T04:44:49.436000+00:00",
    "views": 3,
    "stars": {"results": ["alice"], "count": 1},
    "comments": {"results": []},
    "collaborators": {"results": []},
    "references": [],
    "referencers": ["alice:2"],
    "deleted": False,
    "row_count": 2,
    "revision": 1,
    "cols": COLS,
}
CONTENT = {
    "cols": {
        "x": {"data": [1, 2], "order": 0, "uid": "e3a9dd"},
        "y": {"data": ["a", None], "order": 1, "uid": "13df20"},
    }
}
LISTING = {"count": 1, "next": None, "results": [META], "path": "g"}
ANSWERS = {
    "content": CONTENT,
    "col": {"cols": [{**COLS[0], "data": [1, 2]}]},
    "path": {"path": "/a/g"},
    "listing": {"children": LISTING},
    "search": LISTING,
    "current": {"username": "alice"},
    "schema": {"sha1": "x", "schema": {"traces": {}}},
    "created": {"file": META, "warnings": ["w"]},
    "meta": META,
    "figure": {"data": [{"xsrc": "alice:1:e3a9dd", "x": [1, 2]}], "layout": {}},
    "refusal": {
        "errors": [{"code": "UNKNOWN", "message": "No.", "path": None, "field": "filename"}],
        "detail": "No.",
    },
    "django": {"filename": ["Sorry, a file named 'x' already exists"]},
}
STREAMS = [
    stream({"x": [1, 2], "y": ["a", None]}, {"metadata": SCHEMA, "revision": 1}),
    stream({"x": as_json([[1], {"a": 2}])}, {"metadata": {}, "revision": 1}, compression="lz4"),
    stream({"x": list(range(5_000))}, {"metadata": {}, "revision": 0}, compression="zstd"),
]
STATUSES = ["200 OK"] * 8 + [
    "201 Created",
    "204 No Content",
    "206 Partial Content",
    "299 Odd",
    "302 Found",
    "304 Not Modified",
    "400 Bad Request",
    "401 Unauthorized",
    "403 Forbidden",
    "404 Not Found",
    "407 Proxy Authentication Required",
    "412 Precondition Failed",
    "413 Too Large",
    "418 Teapot",
    "422 Unprocessable",
    "500 Internal Server Error",
    "502 Bad Gateway",
    "599 Odd",
    "999 Odd",
]


def kind_of(line):
    """Tell which answer a request expects."""
    path = line.split(" ")[1] if line.count(" ") else ""
    path, _, _ = path.partition("?")
    method = line.partition(" ")[0]
    for end, kind in [("content", "content"), ("/col", "col"), ("/path", "path")]:
        if path.endswith(end):
            return "figure" if "/plots/" in path else kind
    if path.endswith("/current"):
        return "current"
    if path.endswith("/plot-schema"):
        return "schema"
    if "/search" in path:
        return "search"
    if "/folders/" in path and method == "GET" and "lookup" not in path:
        return "listing"
    if method == "POST" and re.search(r"/v2/\w+$|/copy$|/upload$", path):
        return "created"
    return "meta"


def everything(client):
    """List what is asked of a server: a name, and what asks and reads all that is told."""
    grid = lambda: client.grid("alice:1")  # noqa: E731 - made anew each time
    return {
        "whoami": client.whoami,
        "endpoints": client.endpoints,
        "schema": client.plot_schema,
        "grid": lambda: facts(grid()),
        "by path": lambda: facts(client.grid("a/g")),
        "columns": lambda: [(column.src, column.data) for column in grid().columns],
        "frame": lambda: grid().to_frame(),
        "arrow": lambda: grid().to_arrow(),
        "head": lambda: grid().head(1),
        "window": lambda: grid().window(0, 1),
        "list": lambda: [facts(file) for file in client.list()],
        "folder": lambda: client.folder("alice:1").list(),
        "search": lambda: client.search("g"),
        "push": lambda: client.push(FRAME, "g"),
        "create": lambda: client.push(FRAME, "g", mode="create"),
        "append": lambda: grid().append(FRAME),
        "upsert": lambda: client.push(FRAME, "g", mode="upsert", key="x"),
        "diff": lambda: grid().diff(FRAME),
        "edit": lambda: grid().edit(Edits(deleted=[(0, 1)])),
        "rename": lambda: grid().rename("h"),
        "share": lambda: grid().share(),
        "copy": lambda: facts(grid().copy("h")),
        "trash": lambda: grid().trash().restore(),
        "delete": lambda: grid().delete(),
        "star": lambda: grid().star().unstar(),
        "sources": lambda: grid().sources(),
        "plot": lambda: client.plot("alice:1").figure(),
        "push plot": lambda: client.push_plot(FIGURE, "p"),
        "render": lambda: client.render(FIGURE),
        "encoded": lambda: client.render(FIGURE, encoded=True),
        "upload": lambda: client.upload(io.BytesIO(b"a,b\n1,2\n"), "g"),
    }


FACTS = [name for name in vars(FileFacts) if isinstance(vars(FileFacts)[name], property)]


def facts(file):
    """Read all that a file tells of itself."""
    told = [getattr(file, name) for name in FACTS if not name.startswith("_")]
    return told, repr(file)


@pytest.fixture(scope="module")
def liar():
    with answering() as server:
        yield server


@pytest.fixture(autouse=True)
def _quick(monkeypatch):
    """Wait no longer than a test can: how long is asked for is tested elsewhere."""
    monkeypatch.setattr("plotly_nbext.client.retries.TOTAL_SECONDS", 0.01)
    monkeypatch.setattr("plotly_nbext.client.session.READ_SECONDS", 5)
    logging.getLogger("plotly_nbext").setLevel(logging.ERROR)


METHODS = [*everything(Client(lambda: None))]


def asked_of(liar, what):
    """Ask, and let pass what is ours to raise."""
    client = liar.client()
    try:
        return everything(client)[what]()
    except PlotlyNbextError as error:
        refusal = error
    assert "secret-key" not in f"{refusal}{refusal!r}"
    assert refusal.__cause__ is None
    within = None if refusal.__suppress_context__ else refusal.__context__
    assert within is None or isinstance(within, PlotlyNbextError)
    return None


@pytest.mark.parametrize("takes_arrow", [False, True], ids=["json", "arrow"])
@examples(5)
@given(data=st.data())
def test_no_answer_breaks_the_client(liar, takes_arrow, data):
    what = data.draw(st.sampled_from(METHODS))
    changed = data.draw(st.sampled_from([*ANSWERS]))
    text = data.draw(
        changed_json([ANSWERS[changed]]).map(json_text)
        | changed_json([ANSWERS[changed]]).map(json_text)
        | changed_bytes([json.dumps(ANSWERS[changed]).encode()])
    )
    streamed = data.draw(changed_bytes(STREAMS))
    status = data.draw(st.sampled_from(STATUSES))

    def answer(line):
        if line.startswith("OPTIONS"):
            return http(b"", Accept_Post=ARROW if takes_arrow else "application/json")
        kind = kind_of(line)
        if takes_arrow and kind == "content":
            return http(streamed, ARROW)
        if kind == changed or changed in {"refusal", "django"}:
            said = status if kind == changed or not status.startswith("2") else "400 Bad Request"
            return http(text, status=said)
        return http(json.dumps(ANSWERS[kind]).encode())

    liar.answer = answer
    asked_of(liar, what)


WHOLE = [
    http(json.dumps(META).encode()),
    http(b"x" * 100, "image/png"),
    http(b"data:image/png;base64,AAAA", "image/png"),
    http(json.dumps(ANSWERS["refusal"]).encode(), status="400 Bad Request"),
    http(b"<html>", "text/html", "404 Not Found"),
    http(b"", status="302 Found", Location="http://[::1"),
    http(b"", status="307 Temporary Redirect", Location="//user:secret@evil.example/x?k=v"),
    http(b"", status="429 Too Many", Retry_After="9" * 400),
    http(b"", status="503 Unavailable", Retry_After="Thu, 99 Foo 99999 99:99:99 GMT"),
    http(b"Expected available in 1e999 seconds", status="429 Too Many"),
    http(b"x", Content_Encoding="gzip"),
    http(b"x", Transfer_Encoding="chunked"),
    http(b"x", Content_Length="-1"),
    http(b"x", Content_Length="9" * 30),
    b"HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\nshort",
    b"HTTP/1.1 100 Continue\r\n\r\n" * 50,
    b"HTTP/1.1 200 OK\r\n" + b"X: y\r\n" * 200 + b"\r\n{}",
    b"HTTP/1.1 200 OK\r\nX: " + b"y" * 70_000 + b"\r\n\r\n{}",
    b"HTTP/9.9 \xff\xfe\r\n\r\n",
    b"SSH-2.0-OpenSSH_9.2\r\n",
    b"",
]


@examples(4)
@given(data=st.data())
def test_nothing_in_place_of_an_answer_breaks_the_client(liar, data):
    said = data.draw(changed_bytes(WHOLE))
    liar.answer = lambda _: said
    asked_of(liar, data.draw(st.sampled_from(METHODS)))


@examples(1)
@given(
    st.sampled_from(["image/png", "text/html", "", "image/svg+xml"]),
    changed_bytes(
        [
            b"data:image/png;base64," + base64.b64encode(b"\x89PNG"),
            b"data:image/svg+xml,%3Csvg%2F%3E",
            b"\x89PNG\r\n\x1a\n",
        ]
    ),
    st.sampled_from(['["a"]', "[1]", "{", '"x"', "[" * 3_000, "é", "null"]),
    st.sampled_from(["render", "encoded"]),
)
def test_no_image_that_is_answered_breaks_the_client(liar, kind, body, warnings, what):
    try:
        said = http(body, kind, Plotly_Warnings=warnings)
    except UnicodeError:
        return
    liar.answer = lambda _: said
    image = asked_of(liar, what)
    if image is not None:
        assert isinstance(image.data, bytes)
        repr(image)


@examples(0.5)
@given(st.sampled_from(ODD_TEXTS))
def test_no_name_of_a_column_runs_away(liar, name):
    cols = [{**COLS[0], "name": name}, COLS[1]]
    liar.answer = lambda line: http(
        json.dumps({**META, "cols": cols} if kind_of(line) == "meta" else CONTENT).encode()
    )
    grid = asked_of(liar, "grid")
    assert grid is None or "secret-key" not in repr(grid)
