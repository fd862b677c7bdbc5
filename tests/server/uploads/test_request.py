"""What a request says of the file it uploads, and who may upload."""

from __future__ import annotations

import socket
from base64 import b64encode
from urllib.parse import quote, urlsplit

import pytest

from ..conftest import Api
from .conftest import PATH, archive, until

CSV = b"a,b\n1,x\n"


def test_the_headers_say_the_name_the_visibility_and_the_folder(api):
    folder = api.folder("shelf")
    headers = {"Plotly_World_Readable": "true", "Plotly_Parent": folder["fid"].split(":")[1]}
    file = api.upload(CSV, "sales.csv", **headers)["file"]
    assert file["filename"] == "sales.csv"
    assert file["world_readable"] is True
    assert set(api.names(folder["fid"])) == {"sales.csv"}
    with Api(api.url) as anyone:
        anyone.expect(200, "GET", f"/v2/grids/{file['fid']}/content")


def test_a_folder_and_all_in_it_are_as_visible_as_the_header_says(api):
    content = archive(**{"x/a.csv": CSV, "y/b.csv": CSV})
    fid = api.upload(content, "z.zip", Plotly_World_Readable="true")["file"]["fid"]
    with Api(api.url) as anyone:
        inside = anyone.expect(200, "GET", f"/v2/folders/{fid}").json()["children"]["results"]
        assert [each["filename"] for each in inside] == ["x", "y"]
        below = anyone.expect(200, "GET", f"/v2/folders/{inside[0]['fid']}").json()["children"]
        anyone.expect(200, "GET", f"/v2/grids/{below['results'][0]['fid']}/content")


def test_the_path_of_the_folder_is_made_where_it_is_missing(api):
    file = api.upload(CSV, "sales.csv", Plotly_Parent_Path="new/shelf")["file"]
    path = api.expect(200, "GET", f"/v2/files/{file['fid']}/path").json()["path"]
    assert path.strip("/") == "new/shelf/sales.csv"


@pytest.mark.parametrize(
    "header",
    [
        quote("Verkäufe 100%.csv"),
        "Verkäufe 100%.csv".encode(),
        "Verkäufe 100%.csv".encode("latin-1"),
    ],
    ids=["percent-encoded", "utf-8", "latin-1"],
)
def test_a_name_may_be_sent_in_any_of_the_ways_that_headers_are(api, header):
    answer = api.expect(201, "POST", PATH, data=CSV, headers={"X-File-Name": header}).json()
    assert answer["file"]["filename"] == "Verkäufe 100%.csv"


def test_a_file_without_a_name_gets_one(api):
    file = api.upload(CSV)["file"]
    assert file["filename"] == f"grid {file['fid'].split(':')[1]}"


@pytest.mark.parametrize("field", ["file", "files", "anything"])
def test_a_form_may_send_the_file_in_a_field_of_any_name(api, field):
    sent = {field: ("sälesß.csv", CSV)}
    file = api.expect(201, "POST", PATH, files=sent).json()["file"]
    assert file["filename"] == "sälesß.csv"
    assert api.table(file["fid"]) == {"a": [1], "b": ["x"]}


def test_the_fields_of_a_form_win_over_headers_and_these_over_the_files_own_name(api):
    sent = {"file": ("own.csv", CSV)}
    headers = {"X-File-Name": "header.csv", "Plotly-World-Readable": "true"}
    by_header = api.expect(201, "POST", PATH, files=sent, headers=headers).json()["file"]
    assert (by_header["filename"], by_header["world_readable"]) == ("header.csv", True)
    fields = {"filename": "fiéld.csv", "world_readable": "false", "parent_path": "in/it"}
    file = api.expect(201, "POST", PATH, files=sent, data=fields, headers=headers).json()["file"]
    assert (file["filename"], file["world_readable"]) == ("fiéld.csv", False)
    path = api.expect(200, "GET", f"/v2/files/{file['fid']}/path").json()["path"]
    assert path.strip("/") == "in/it/fiéld.csv"


@pytest.mark.parametrize(
    ("options", "said"),
    [
        ({"files": {"x": (None, "a,b\n")}}, "no file"),
        ({"files": [("a", ("a.csv", CSV)), ("b", ("b.csv", CSV))]}, "Too many files"),
        ({"data": CSV, "headers": {"Content-Type": "multipart/form-data"}}, "boundary"),
        (
            {
                "data": b"--x\r\nrubbish",
                "headers": {"Content-Type": "multipart/form-data; boundary=x"},
            },
            "form",
        ),
    ],
)
def test_a_form_without_one_file_is_refused(api, options, said):
    assert said in api.refused(400, "POST", PATH, **options)["message"]


@pytest.mark.parametrize(
    ("headers", "field"),
    [
        ({"Plotly-World-Readable": "perhaps"}, "world_readable"),
        ({"Plotly-Parent": "77"}, "parent"),
        ({"Plotly-Parent": "shelf"}, "parent"),
        ({"X-File-Name": "a/b.csv"}, "filename"),
        ({"X-File-Name": "x" * 101}, "filename"),
    ],
)
def test_what_a_header_says_wrongly_is_refused_by_its_name(api, headers, field):
    assert api.refused(400, "POST", PATH, data=CSV, headers=headers)["field"] == field
    assert api.names() == {}


def test_a_taken_name_is_refused_and_the_file_of_that_name_stays(api):
    kept = api.upload(CSV, "a.csv")["file"]["fid"]
    assert "already exists" in api.not_uploaded(b"z\n1\n", "a.csv")
    assert api.table(kept) == {"a": [1], "b": ["x"]}
    assert set(api.names()) == {"a.csv"}


def test_a_folder_that_fails_halfway_leaves_nothing(api):
    content = archive(**{"a.csv": CSV, "b.csv": CSV})
    api.upload(CSV, "all.zip")
    assert "already exists" in api.not_uploaded(content, "all.zip")
    assert set(api.names()) == {"all.zip"}


def test_only_post_is_offered(api):
    answer = api.expect(405, "GET", PATH)
    assert answer.headers["Allow"] == "POST, OPTIONS"


@pytest.mark.parametrize("credentials", [None, ("nobody", "wrong")])
def test_a_stranger_is_refused_before_the_body_is_read(site, credentials):
    with begun(site, credentials, length=30_000_000) as connection:
        assert connection.recv(100).startswith(b"HTTP/1.1 401 ")
    site.assert_clean()


def test_a_body_that_is_too_long_is_refused_by_what_it_announces(site, api):
    with begun(site, api.auth, length=40_000_001) as connection:
        assert connection.recv(100).startswith(b"HTTP/1.1 413 ")


@pytest.mark.parametrize("form", [False, True])
def test_a_body_that_is_too_long_is_refused_while_it_comes(site, api, form):
    def body():
        if form:
            yield b'--x\r\nContent-Disposition: form-data; name="f"; filename="f.csv"\r\n\r\n'
        for _ in range(41):
            yield b"1\n" * 500_000

    headers = {"Content-Type": "multipart/form-data; boundary=x"} if form else {}
    error = api.refused(413, "POST", PATH, data=body(), headers=headers)
    assert "40,000,000" in error["message"]
    assert api.names() == {}


def test_a_client_that_goes_away_in_the_middle_leaves_nothing(site, api):
    with begun(site, api.auth, length=1_000_000) as connection:
        connection.sendall(b"a,b\n1,2\n")
        until(site.files)
    site.assert_clean()
    assert api.names() == {}


def test_a_client_that_goes_away_while_its_file_is_read_leaves_nothing(site, api):
    content = b"a,b\n" + b"1,0.12345678901234567\n" * 500_000
    with begun(site, api.auth, length=len(content)) as connection:
        connection.sendall(content)
        until(site.readers)
    site.assert_clean()
    assert api.names() == {}


def begun(site, credentials: tuple[str, str] | None, length: int) -> socket.socket:
    """Send the head of an upload whose body is to follow."""
    url = urlsplit(site.server.url)
    head = [f"POST {PATH} HTTP/1.1", f"Host: {url.netloc}", f"Content-Length: {length}"]
    if credentials:
        token = b64encode(":".join(credentials).encode()).decode()
        head.append(f"Authorization: Basic {token}")
    connection = socket.create_connection((url.hostname, url.port), timeout=20)
    connection.sendall("\r\n".join([*head, "", ""]).encode())
    return connection
