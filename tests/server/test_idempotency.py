"""Requests that are sent again with their key: done once, and answered alike."""

from __future__ import annotations

import json
from base64 import b64encode
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from http.client import HTTPConnection
from urllib.parse import urlsplit
from uuid import uuid4

import pytest
from requests import Response

from .arrow import ARROW, stream
from .conftest import Api

JSON = "application/json"
ROWS = json.dumps({"rows": [[5, 6], [7, 8]]}).encode()
COLUMN = json.dumps({"cols": json.dumps([{"name": "z", "data": [0.5, None]}])}).encode()
GRID = json.dumps({"data": {"cols": {"x": {"data": [1, 2]}}}}).encode()

REQUESTS = {
    "rows": ("POST", "/v2/grids/{fid}/row", JSON, ROWS),
    "Arrow rows": ("POST", "/v2/grids/{fid}/row", ARROW, stream({"x": [5, 7], "y": [6, 8]})),
    "a column": ("POST", "/v2/grids/{fid}/col", JSON, COLUMN),
    "an Arrow column": ("POST", "/v2/grids/{fid}/col", ARROW, stream({"z": [0.5, None]})),
    "a grid": ("POST", "/v2/grids", JSON, GRID),
    "an Arrow grid": ("POST", "/v2/grids", ARROW, stream({"x": [1, 2]})),
    "edits": ("PATCH", "/v2/grids/{fid}/content", JSON, b'{"delete": [[0, 1]]}'),
    "new content": ("PUT", "/v2/grids/{fid}/content", ARROW, stream({"x": [9]})),
}


@pytest.fixture(params=REQUESTS)
def prepared(request):
    """Make what one of the requests needs, and a function that sends it."""
    method, path, kind, sent = REQUESTS[request.param]

    def prepare(api: Api) -> Callable[..., Response]:
        address = path.format(fid=api.grid()["fid"])

        def send(key: str, body: bytes = sent, caller: Api = api) -> Response:
            headers = {"Content-Type": kind, "Idempotency-Key": key}
            return caller.request(method, address, data=body, headers=headers)

        return send

    return prepare


def revisions(api: Api) -> list[tuple[str, int]]:
    """List the numbers of the caller's grids, and how often each was changed."""
    files = api.expect(200, "GET", "/v2/folders/home").json()["children"]["results"]
    return [(file["fid"].partition(":")[2], file["revision"]) for file in files]


def test_a_request_that_comes_again_is_answered_as_the_first_and_not_done(api, prepared):
    ask = prepared(api)
    key = str(uuid4())
    first = ask(key)
    assert first.ok
    after = revisions(api)
    for _ in range(3):
        again = ask(key)
        assert (again.status_code, again.content) == (first.status_code, first.content)
        assert again.headers["Content-Type"] == first.headers["Content-Type"]
    assert revisions(api) == after


def test_those_that_come_at_the_same_time_are_done_once(api, other, prepared):
    ask, ask_once = prepared(api), prepared(other)
    key = str(uuid4())
    callers = [Api(api.url, api.username, api.api_key) for _ in range(8)]
    with ThreadPoolExecutor(len(callers)) as pool:
        answers = [*pool.map(lambda caller: ask(key, caller=caller), callers)]
    assert all(answer.ok for answer in answers)
    assert len({answer.content for answer in answers}) == 1
    assert ask_once(key).ok
    assert revisions(api) == revisions(other)


def test_another_body_with_the_same_key_is_422_and_changes_nothing(api, prepared, request):
    ask = prepared(api)
    key = str(uuid4())
    assert ask(key).ok
    after = revisions(api)
    _, _, kind, sent = REQUESTS[request.node.callspec.params["prepared"]]
    # the same in other words is another body
    answer = ask(key, body=stream({"x": [0]}) if kind == ARROW else sent + b" ")
    assert answer.status_code == 422, answer.text
    assert answer.json()["errors"][0]["field"] == "Idempotency-Key"
    assert revisions(api) == after


def test_a_key_belongs_to_an_address_and_to_a_user(api, other):
    key = {"Idempotency-Key": str(uuid4())}
    fid, second, foreign = api.grid()["fid"], api.grid()["fid"], other.grid()["fid"]
    body = {"rows": [[5, 6]]}
    api.expect(201, "POST", f"/v2/grids/{fid}/row", json=body, headers=key)
    error = api.refused(422, "POST", f"/v2/grids/{second}/row", json=body, headers=key)
    assert error["field"] == "Idempotency-Key"
    other.expect(201, "POST", f"/v2/grids/{foreign}/row", json=body, headers=key)
    assert api.meta(second)["row_count"] == 2
    assert other.meta(foreign)["row_count"] == 3


def test_what_was_refused_may_be_tried_again_with_the_same_key(api):
    fid = api.grid({"x": [1]})["fid"]
    key = {"Idempotency-Key": str(uuid4())}
    body = {"rows": [[2, 3]]}
    api.refused(400, "POST", f"/v2/grids/{fid}/row", json=body, headers=key)
    columns = {"cols": json.dumps([{"name": "y", "data": [0]}])}
    api.expect(201, "POST", f"/v2/grids/{fid}/col", json=columns)
    api.expect(201, "POST", f"/v2/grids/{fid}/row", json=body, headers=key)
    assert api.table(fid) == {"x": [1, 2], "y": [0, 3]}


@pytest.mark.parametrize("key", ["", "a b", "k" * 256, "é"])
def test_what_is_no_key_is_400_by_its_name(api, key):
    fid = api.grid()["fid"]
    headers = {"Idempotency-Key": key.encode("latin-1")}
    error = api.refused(
        400, "POST", f"/v2/grids/{fid}/row", json={"rows": [[1, 2]]}, headers=headers
    )
    assert error["field"] == "Idempotency-Key"
    assert api.meta(fid)["row_count"] == 2


@pytest.mark.parametrize("key", ["k", "k" * 255, '"8e03978e-40d5-43e8-bc93-6894a57f9324"'])
def test_any_short_text_is_a_key(api, key):
    fid = api.grid()["fid"]
    for _ in range(2):
        rows = {"rows": [[5, 6]]}
        headers = {"Idempotency-Key": key}
        api.expect(201, "POST", f"/v2/grids/{fid}/row", json=rows, headers=headers)
    assert api.meta(fid)["row_count"] == 3


@pytest.mark.parametrize("kind", [JSON, ARROW])
def test_a_request_that_breaks_off_uses_up_no_key_and_is_no_failure_of_the_server(serve, kind):
    server = serve()
    api = server.user()
    fid = api.grid({"x": [1], "y": [2]})["fid"]
    _, path, _, body = REQUESTS["rows" if kind == JSON else "Arrow rows"]
    path, key = path.format(fid=fid), str(uuid4())
    token = b64encode(f"{api.username}:{api.api_key}".encode()).decode()
    with closing(HTTPConnection(urlsplit(api.url).netloc, timeout=60)) as connection:
        connection.putrequest("POST", path)
        headers = {"Content-Type": kind, "Content-Length": str(len(body)), "Idempotency-Key": key}
        for name, value in (headers | {"Authorization": f"Basic {token}"}).items():
            connection.putheader(name, value)
        connection.endheaders()
        connection.send(body[: len(body) // 2])
    headers = {"Content-Type": kind, "Idempotency-Key": key}
    api.expect(201, "POST", path, data=body, headers=headers)
    assert api.table(fid) == {"x": [1, 5, 7], "y": [2, 6, 8]}
    assert "Traceback" not in server.stop()


def test_a_key_is_forgotten_by_nobody_who_restarts_the_server(serve):
    server = serve()
    api = server.user()
    fid = api.grid()["fid"]
    headers = {"Idempotency-Key": str(uuid4())}
    body = {"rows": [[5, 6]]}
    first = api.expect(201, "POST", f"/v2/grids/{fid}/row", json=body, headers=headers)
    server.stop()
    server.start()
    api.url = server.url
    again = api.expect(201, "POST", f"/v2/grids/{fid}/row", json=body, headers=headers)
    assert again.content == first.content
    assert api.meta(fid)["row_count"] == 3
