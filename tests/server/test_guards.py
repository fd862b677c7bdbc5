"""What keeps the server up and to itself: lost readers, foreign pages, bodies of strangers."""

from __future__ import annotations

import socket
import threading
from urllib.parse import quote, urlsplit

import psutil
import pytest

from plotly_nbext.errors import ApiError
from plotly_nbext.server.figure import check_size

from .conftest import OwnServer

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


@pytest.mark.sqlite
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


FOREIGN = [
    {"Origin": "https://evil.example"},
    {"Origin": "null"},
    {"Sec-Fetch-Site": "cross-site"},
    {"Sec-Fetch-Site": "same-site", "Origin": "https://other.example.org"},
]


@pytest.fixture(scope="module")
def in_the_network(tmp_path_factory):
    """A user of a server that takes itself for one that other machines reach."""
    data = tmp_path_factory.mktemp("network") / "data"
    # it is no address in the form of today, and the system knows it
    server = OwnServer(data, ("--host", "127.1"))
    with server.user() as user:
        yield user
    server.stop()


@pytest.mark.parametrize("headers", FOREIGN)
def test_a_form_of_another_site_copies_and_removes_nothing(in_the_network, headers):
    """The browser adds the key of its reader, as the session does here."""
    grid = in_the_network.grid()
    path = f"/v2/files/{grid['fid']}"
    form = {"world_readable": "true", "filename": "leak"}
    in_the_network.refused(403, "POST", f"{path}/copy", data=form, headers=headers)
    in_the_network.refused(403, "POST", f"{path}/trash", headers=headers)
    in_the_network.refused(403, "DELETE", path, headers=headers)
    files = in_the_network.expect(200, "GET", "/v2/folders/home").json()["children"]["results"]
    assert not any(file["filename"] == "leak" for file in files)
    assert grid["fid"] in {file["fid"] for file in files}


@pytest.mark.parametrize(
    "headers",
    [
        {},
        {"Sec-Fetch-Site": "none"},
        # a proxy asks by another name than the browser did
        {"Sec-Fetch-Site": "same-origin", "Origin": "https://plots.example"},
        {"Host": "plots.example", "Origin": "https://plots.example"},
    ],
)
def test_programs_and_the_server_s_own_pages_may_change_files(in_the_network, headers):
    path = f"/v2/files/{in_the_network.grid()['fid']}"
    in_the_network.expect(201, "POST", f"{path}/copy", headers=headers)
    in_the_network.expect(204, "DELETE", path, headers=headers)


@pytest.mark.parametrize("headers", FOREIGN)
def test_links_and_images_of_another_site_lead_to_a_server_of_the_network(in_the_network, headers):
    plot = in_the_network.plot(world_readable=True)
    page = urlsplit(plot["web_url"]).path
    for address in (page, f"{page}.embed", f"/v2/files/{plot['fid']}"):
        in_the_network.expect(200, "GET", address, headers=headers)


def test_nobody_s_body_is_not_read(anonymous):
    """The refusal comes although the body never does."""
    host, port = anonymous.url.removeprefix("http://").split(":")
    with socket.create_connection((host, int(port)), timeout=10) as sender:
        sender.sendall(
            f"POST /v2/grids HTTP/1.1\r\nHost: {host}:{port}\r\n"
            "Content-Length: 900000000\r\n\r\n".encode()
        )
        assert sender.recv(1000).startswith(b"HTTP/1.1 401 ")


def test_every_answer_says_that_it_is_for_nobody_else_and_nothing_but_what_it_is(api, anonymous):
    grid = api.grid(share_key_enabled=True)
    path, key = f"/v2/grids/{grid['fid']}", {"share_key": grid["share_key"]}
    answers = [
        api.expect(200, "GET", path),
        anonymous.expect(200, "GET", path, params=key),
        anonymous.expect(200, "GET", f"{path}/content", params=key),
        api.expect(200, "OPTIONS", path),
        api.expect(204, "DELETE", path),
        api.expect(404, "GET", path),
        api.expect(404, "GET", "/v2/nothing"),
        api.expect(405, "PUT", "/v2/grids"),
        api.expect(400, "POST", "/v2/grids", data="{"),
        api.expect(403, "GET", path, headers={"Host": "evil.example"}),
        anonymous.expect(401, "POST", "/v2/grids"),
        anonymous.expect(200, "GET", "/healthz"),
    ]
    for answer in answers:
        assert answer.headers["X-Content-Type-Options"] == "nosniff", answer.url
        assert answer.headers["Referrer-Policy"] == "no-referrer", answer.url
        assert answer.headers["Cache-Control"] == "private, no-cache", answer.url
        vary = {"Accept", "Authorization", "Plotly-Authorization"}
        assert vary <= set(answer.headers["Vary"].split(", ")), answer.url


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


@pytest.mark.parametrize(
    ("method", "action", "before"),
    [
        ("POST", "/trash", None),
        ("DELETE", "", None),
        ("POST", "/restore", "/trash"),
        ("DELETE", "/permanent_delete", "/trash"),
        ("POST", "/permanent_delete", "/trash"),
    ],
)
def test_a_file_that_others_changed_is_not_trashed_restored_or_deleted(api, method, action, before):
    path = f"/v2/grids/{api.grid()['fid']}"
    if before is None:
        meta = api.expect(200, "GET", path).json()
    else:
        meta = api.expect(200, "POST", f"{path}{before}").json()
    late = {"If-Match": f'"{meta["revision"] - 1}"'}
    api.refused(412, method, f"{path}{action}", headers=late)
    status = 200 if action in {"/trash", "/restore"} else 204
    api.expect(status, method, f"{path}{action}", headers={"If-Match": f'"{meta["revision"]}"'})


@pytest.mark.parametrize("seen", ["*", "{}", '"{}"', '"0", "{}"', '"{}","999"', 'W/"0", "{}"'])
def test_a_change_to_what_is_as_it_was_seen_is_made(api, seen):
    grid = api.grid()
    headers = {"If-Match": seen.format(grid["revision"])}
    api.expect(201, "POST", f"/v2/grids/{grid['fid']}/row", json={"rows": [[1]]}, headers=headers)


@pytest.mark.parametrize("seen", ["", '""', 'W/"{}"', '"{}-csv"', '"0", "999"', '"{}0"', "1{}"])
def test_what_names_another_revision_is_412(api, seen):
    grid = api.grid()
    headers = {"If-Match": seen.format(grid["revision"])}
    path = f"/v2/grids/{grid['fid']}"
    api.refused(412, "POST", f"{path}/row", json={"rows": [[1]]}, headers=headers)
    assert api.meta(grid["fid"])["revision"] == grid["revision"]


def test_metadata_beside_rows_is_kept_with_them(api):
    path = f"/v2/grids/{api.grid()['fid']}"
    body = {"rows": [[1]], "metadata": {"n": 1}}
    assert api.expect(201, "POST", f"{path}/row", json=body).json()["metadata"] == {"n": 1}
    api.refused(400, "POST", f"{path}/row", json={"rows": [[1]], "metadata": 5})
    assert api.expect(200, "GET", path).json()["metadata"] == {"n": 1}


def test_references_that_add_up_to_too_much_are_refused(api):
    columns = {"x": {"data": [0.123456789 * n for n in range(200_000)], "order": 0}}
    body = {"data": {"cols": columns}}
    file = api.expect(201, "POST", "/v2/grids", json=body).json()["file"]
    reference = f"{file['fid']}:{file['cols'][0]['uid']}"
    figure = {"data": [{"xsrc": reference, "ysrc": reference}] * 60, "layout": {}}
    headers = {"Content-Type": "application/json"}
    error = api.refused(400, "POST", "/v2/images", json={"figure": figure}, headers=headers)
    assert "200,000,000 bytes" in error["message"]


def test_a_public_plot_that_names_a_long_text_very_often_is_refused(api, anonymous):
    """Whoever asks would else be sent 500 MB, for a plot of 6 kB."""
    grid = api.grid({"x": ["s" * 5_000_000]})
    trace = {"xsrc": f"{grid['fid']}:{grid['cols'][0]['uid']}"}
    few = api.plot({"data": [trace] * 3}, world_readable=True)["fid"]
    query = {"inline_data": "true"}
    anonymous.expect(200, "GET", f"/v2/plots/{few}/content", params=query)
    many = api.plot({"data": [trace] * 100}, world_readable=True)["fid"]
    error = anonymous.refused(400, "GET", f"/v2/plots/{many}/content", params=query)
    assert error["field"] == "figure.data[39].xsrc"
    anonymous.refused(400, "GET", f"/~{many.replace(':', '/')}.json")
    anonymous.expect(200, "GET", f"/v2/plots/{many}/content")


@pytest.mark.parametrize("figure", ['{"meta": [%s]}', '{"data": [{"xsrc": "a:0:e3a9dd"}, %s]}'])
def test_a_figure_of_too_many_parts_is_413(api, figure):
    """Each takes many times the memory of its text."""
    body = f'{{"figure": {figure % ",".join(["[]"] * 2_000_001)}}}'
    headers = {"Content-Type": "application/json"}
    error = api.refused(413, "POST", "/v2/plots", data=body, headers=headers)
    assert error["field"] == "figure"
    if "xsrc" in body:
        api.refused(413, "POST", "/v2/images", data=body, headers=headers)


def test_a_figure_that_is_kept_has_a_longest_text():
    check_size(b" " * 100_000_000)
    with pytest.raises(ApiError) as refusal:
        check_size(b" " * 100_000_001)
    assert refusal.value.status_code == 413


PATHS = [
    ("GET", "/v2/files/lookup", "path"),
    ("POST", "/v2/folders", "path"),
    ("POST", "/v2/plots", "parent_path"),
    ("PATCH", "/v2/files", "parent_path"),
    ("POST", "/v2/files/copy", "parent_path"),
]


@pytest.mark.parametrize(("method", "path", "field"), PATHS)
def test_a_path_without_end_is_refused(api, method, path, field):
    """One of 12,000 names kept everybody's changes waiting for 15 s."""
    fid = api.plot()["fid"]
    path = path.replace("/v2/files", f"/v2/files/{fid}") if "lookup" not in path else path
    body = {"figure": {"data": []}} if path == "/v2/plots" else {}
    for names, status in [(101, 400), (100, 404 if method == "GET" else None)]:
        place = {field: "/".join(["a"] * names)}
        options = {"params": place} if method == "GET" else {"json": body | place}
        if status == 400:
            assert api.refused(400, method, path, **options)["field"] == field
            api.refused(404, "GET", "/v2/folders/lookup?path=a")
        elif status is None:
            assert api.request(method, path, **options).ok
            api.expect(200, "GET", f"/v2/folders/lookup?path={place[field]}")
        else:
            api.refused(status, method, path, **options)


@pytest.mark.parametrize("nul", ["\0", "a\0", "a\0b"])
def test_a_name_with_a_nul_is_nobodys_and_nothings(api, anonymous, nul):
    file = f"/v2/files/{api.grid()['fid']}"
    for path in (f"/v2/files/x{nul}:0", f"/~{nul}/", f"/~{nul}/0/"):
        api.refused(404, "GET", quote(path))
    for query in ({"path": nul}, {"path": f"a/{nul}"}, {"path": "a", "user": nul}):
        api.refused(404, "GET", "/v2/files/lookup", params=query)
        told = api.expect(200, "GET", "/v2/files/lookup", params=query | {"exists": "true"})
        assert told.json()["exists"] is False
    for place in ("folders/home", "folders/all", "folders/starred", "search"):
        query = {"user": nul, "q": "a"}
        answer = api.expect(200, "GET", f"/v2/{place}", params=query).json()
        assert answer.get("children", answer)["count"] == 0
    for method, path, body, field in [
        ("PATCH", file, {"filename": nul}, "filename"),
        ("PATCH", file, {"parent_path": nul}, "filename"),
        ("POST", f"{file}/copy", {"filename": nul}, "filename"),
        ("POST", "/v2/folders", {"path": f"a/{nul}"}, "filename"),
    ]:
        assert api.refused(400, method, path, json=body)["field"] == field
    api.refused(404, "GET", "/v2/files/lookup?path=a")
    query = {"filetype": nul}
    assert api.refused(400, "GET", "/v2/folders/home", params=query)["field"] == "filetype"
    anonymous.auth = (nul, "key")
    anonymous.refused(401, "GET", "/v2/users/current")


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
