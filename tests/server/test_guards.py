"""What keeps the server up and to itself: lost readers, foreign pages, bodies of strangers."""

from __future__ import annotations

import socket
import threading

import psutil
import pytest

ROWS = 1_500_000


@pytest.fixture
def public_grid(serve):
    """A grid of some megabytes that anyone may read, on a server of its own."""
    own = serve()
    owner = own.user()
    data = {"cols": {"x": {"data": list(range(ROWS)), "order": 0}}}
    body = {"data": data, "filename": "large", "world_readable": True}
    fid = owner.expect(201, "POST", "/v2/grids", json=body).json()["file"]["fid"]
    return owner, f"/v2/grids/{fid}/content"


def test_readers_that_go_away_in_the_middle_leave_the_server_as_it_was(public_grid):
    owner, path = public_grid
    host, port = owner.url.removeprefix("http://").split(":")

    def read_a_little_and_go() -> None:
        with socket.create_connection((host, int(port))) as reader:
            reader.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4096)
            reader.sendall(f"GET {path} HTTP/1.1\r\nHost: {host}:{port}\r\n\r\n".encode())
            assert reader.recv(1000)

    for _ in range(3):
        readers = [threading.Thread(target=read_a_little_and_go) for _ in range(12)]
        for reader in readers:
            reader.start()
        for reader in readers:
            reader.join(30)
    process = next(
        psutil.Process(connection.pid)
        for connection in psutil.net_connections("tcp")
        if connection.status == "LISTEN" and connection.laddr.port == int(port)
    )

    def held() -> int:
        return sum("grids.db" in file.path for file in process.open_files())

    # 36 readers came and went; what stays open are the few connections that the pool keeps
    for _ in range(200):
        if held() <= 20:
            break
        threading.Event().wait(0.05)
    assert held() <= 20
    assert owner.expect(200, "GET", path).json()["cols"]["x"]["data"][-1] == ROWS - 1


@pytest.mark.parametrize(
    "headers",
    [
        {"Host": "evil.example"},
        {"Host": "127.0.0.1.evil.example:80"},
        {"Host": ""},
        {"Host": "[::1"},
    ],
)
def test_another_name_for_this_machine_is_refused(api, headers):
    api.refused(403, "GET", "/v2/users/current", headers=headers)


@pytest.mark.parametrize("host", ["LOCALHOST:1", "127.0.0.2", "[::1]:80", "localhost"])
def test_any_name_of_loopback_is_this_machine(api, host):
    api.expect(200, "GET", "/v2/users/current", headers={"Host": host})


@pytest.mark.parametrize(
    "origin", ["https://evil.example", "null", "http://127.0.0.1:1", "http://[::1"]
)
def test_a_page_of_another_origin_is_refused(api, origin):
    body = {"data": {"cols": {}}}
    api.refused(403, "POST", "/v2/grids", json=body, headers={"Origin": origin})
    api.expect(201, "POST", "/v2/grids", json=body, headers={"Origin": api.url})


def test_nobody_s_body_is_not_read(anonymous):
    """The refusal comes although the body never does."""
    host, port = anonymous.url.removeprefix("http://").split(":")
    with socket.create_connection((host, int(port)), timeout=10) as sender:
        sender.sendall(
            f"POST /v2/grids HTTP/1.1\r\nHost: {host}:{port}\r\n"
            "Content-Length: 900000000\r\n\r\n".encode()
        )
        assert sender.recv(1000).startswith(b"HTTP/1.1 401 ")


def test_a_change_to_what_is_no_longer_as_it_was_seen_is_refused_whole(api):
    grid = api.grid()
    path = f"/v2/grids/{grid['fid']}"
    seen = {"If-Match": f'"{grid["revision"]}"'}
    api.expect(201, "POST", f"{path}/row", json={"rows": [[1]]}, headers=seen)
    rows = {"rows": [[2]], "metadata": {"late": True}}
    api.refused(412, "POST", f"{path}/row", json=rows, headers=seen)
    api.refused(412, "PATCH", path, json={"metadata": {"late": True}}, headers=seen)
    after = api.expect(200, "GET", path).json()
    assert after["row_count"] == grid["row_count"] + 1
    assert after["metadata"] == {}


def test_metadata_beside_rows_is_kept_with_them(api):
    path = f"/v2/grids/{api.grid()['fid']}"
    body = {"rows": [[1]], "metadata": {"n": 1}}
    assert api.expect(201, "POST", f"{path}/row", json=body).json()["metadata"] == {"n": 1}
    api.refused(400, "POST", f"{path}/row", json={"rows": [[1]], "metadata": 5})
    assert api.expect(200, "GET", path).json()["metadata"] == {"n": 1}


def test_references_that_add_up_to_too_much_are_refused(api):
    columns = {"x": {"data": list(range(200_000)), "order": 0}}
    body = {"data": {"cols": columns}}
    file = api.expect(201, "POST", "/v2/grids", json=body).json()["file"]
    reference = f"{file['fid']}:{file['cols'][0]['uid']}"
    figure = {"data": [{"xsrc": reference, "ysrc": reference}] * 30, "layout": {}}
    headers = {"Content-Type": "application/json"}
    error = api.refused(400, "POST", "/v2/images", json={"figure": figure}, headers=headers)
    assert "10,000,000 values" in error["message"]


def test_attributes_that_only_end_like_a_reference_are_left_alone(api):
    layout = {"template": {"layout": {"altsrc": "hello"}}}
    figure = {"data": [{"y": [1, 2]}], "layout": layout}
    api.expect(200, "POST", "/v2/images", json={"figure": figure})


@pytest.mark.parametrize("field", ["format", "width", "height", "scale", "encoded"])
@pytest.mark.parametrize("value", [[], {}, [1], {"a": 1}, True, "x" * 1000])
def test_a_field_of_a_wrong_type_never_breaks_the_server(api, field, value):
    body = {"figure": {"data": [{"y": [1]}], "layout": {}}, field: value}
    assert api.request("POST", "/v2/images", json=body).status_code in {200, 400}


def test_what_comes_without_a_name_gets_a_free_one(api):
    body = {"data": {"cols": {}}}
    api.expect(201, "POST", "/v2/grids", json={**body, "filename": "grid 1"})
    names = [
        api.expect(201, "POST", "/v2/grids", json=body).json()["file"]["filename"] for _ in range(2)
    ]
    assert names == ["grid 1 (2)", "grid 2"]


def test_many_first_requests_at_once_make_one_user(serve):
    own = serve("--accept-any-credentials")
    api = own.user()
    api.auth = ("newcomer", "any")
    statuses = []
    threads = [
        threading.Thread(
            target=lambda: statuses.append(api.request("GET", "/v2/users/current").status_code)
        )
        for _ in range(8)
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(30)
    assert statuses == [200] * 8
