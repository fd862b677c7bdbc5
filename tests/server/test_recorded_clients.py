"""What real clients were recorded to send, replayed byte for byte, and what they read of it."""

from __future__ import annotations

import re

import pytest

PYTHON = {
    "User-Agent": "python-requests/2.34.2",
    "Accept": "*/*",
    "Accept-Encoding": "gzip, deflate",
    "Plotly-Client-Platform": "python 5.24.1",
    "Content-Type": "application/json",
}
R = {
    "Plotly-Client-Platform": "R 4.10.1",
    "plotly_version": "4.10.1",
    "Content-Type": "application/json",
}


@pytest.fixture
def replay(api):
    """Send one recorded request; give its JSON, or None where there is none."""

    def send(status: int, method: str, path: str, body: str | None = None, headers=PYTHON):
        data = None if body is None else body.encode()
        response = api.expect(status, method, path, data=data, headers=headers)
        return response.json() if response.content else None

    return send


TIME_VS_VOLTAGE = (
    '{"data":{"cols":{"time":{"data":[1,2,3],"order":0},"voltage":{"data":[4,2,5],"order":1}}},'
    '"filename":"time vs voltage","world_readable":true}'
)


def test_chart_studio_signs_in_uploads_appends_reads_and_deletes(api, replay):
    assert replay(200, "GET", "/v2/users/current")["username"] == api.username
    replay(404, "GET", "/v2/files/lookup?path=time+vs+voltage")
    file = replay(201, "POST", "/v2/grids", TIME_VS_VOLTAGE)["file"]
    assert [column["name"] for column in file["cols"]] == ["time", "voltage"]
    assert re.fullmatch(rf".+/~{api.username}/\d+/", file["web_url"])
    grid = f"/v2/grids/{file['fid']}"

    replay(201, "POST", f"{grid}/row", '{"rows":[[1,5],["x",null]]}')
    new = replay(201, "POST", f"{grid}/col", r'{"cols":"[{\"name\": \"new\", \"data\": [7, 8]}]"}')
    (column,) = new["cols"]
    assert column["name"] == "new"

    cols = replay(200, "GET", f"{grid}/content")["cols"]
    uids = {column["name"]: column["uid"] for column in [*file["cols"], column]}
    assert cols == {
        "time": {"data": [1, 2, 3, 1, "x"], "order": 0, "uid": uids["time"]},
        "voltage": {"data": [4, 2, 5, 5, None], "order": 1, "uid": uids["voltage"]},
        "new": {"data": [7, 8], "order": 2, "uid": uids["new"]},
    }
    assert replay(200, "PUT", grid, '{"metadata":{"a":[1,{"b":2}]}}')["metadata"] == {
        "a": [1, {"b": 2}]
    }

    replay(200, "POST", f"{grid}/trash")
    assert replay(204, "DELETE", f"{grid}/permanent_delete") is None
    replay(404, "GET", f"{grid}/content")


def test_chart_studio_uploads_over_a_grid_of_the_same_name(replay):
    first = replay(201, "POST", "/v2/grids", TIME_VS_VOLTAGE)["file"]["fid"]
    assert replay(200, "GET", "/v2/files/lookup?path=time+vs+voltage")["fid"] == first
    replay(204, "DELETE", f"/v2/grids/{first}")
    second = replay(201, "POST", "/v2/grids", TIME_VS_VOLTAGE)["file"]["fid"]
    assert replay(200, "GET", "/v2/files/lookup?path=time+vs+voltage")["fid"] == second != first


def test_chart_studio_uploads_into_a_folder_with_metadata(api, anonymous, replay):
    replay(201, "POST", "/v2/folders", '{"path":"fold a/sub"}')
    again = replay(400, "POST", "/v2/folders", '{"path":"fold a/sub"}')
    assert "already exists" in again["errors"][0]["message"]
    replay(404, "GET", "/v2/files/lookup?path=fold+a%2Fsub%2Fg1")
    body = (
        '{"data":{"cols":{"a":{"data":[1],"order":0}},"metadata":{"k":1}},'
        '"filename":"g1","parent_path":"fold a/sub","world_readable":false}'
    )
    fid = replay(201, "POST", "/v2/grids", body)["file"]["fid"]
    assert replay(200, "PUT", f"/v2/grids/{fid}", '{"metadata":{"k":1}}')["metadata"] == {"k": 1}
    assert replay(200, "GET", "/v2/files/lookup?path=fold+a%2Fsub%2Fg1")["fid"] == fid
    anonymous.refused(404, "GET", f"/v2/grids/{fid}")


def test_chart_studio_uploads_without_a_name(api, replay):
    body = '{"data":{"cols":{"a":{"data":[1],"order":0}}},"world_readable":true}'
    assert replay(201, "POST", "/v2/grids", body)["file"]["filename"]


def test_chart_studio_gets_an_image(api):
    body = (
        b'{"figure":{"data":[{"type":"scatter","y":[1,3,2]}],"layout":{"template":{"data":{}}}},'
        b'"format":"png","height":200,"scale":3.0,"width":300}'
    )
    response = api.expect(200, "POST", "/v2/images", data=body, headers=PYTHON)
    assert response.headers["Content-Type"] == "image/png"


def test_r_creates_a_grid_and_overwrites_it(api, replay):
    body = (
        '{"data":{"cols":{"a":{"data":[1,2,3],"order":0},"b":{"data":["x","y",null],"order":1}}},'
        '"filename":"rgrid","world_readable":true,"share_key_enabled":false}'
    )
    replay(404, "GET", "/v2/files/lookup?path=rgrid", headers=R)
    fid = replay(201, "POST", "/v2/grids", body, headers=R)["file"]["fid"]

    found = replay(200, "GET", "/v2/files/lookup?path=rgrid", headers=R)
    assert found["fid"] == fid
    assert "cols" not in found
    cols = (
        r'{"cols":"[{\"name\":\"a-1558729ca09e\",\"data\":[4,5,6]},'
        r'{\"name\":\"b-1558729ca09e\",\"data\":[\"z\",null,\"w\"]}]"}'
    )
    new = replay(201, "POST", f"/v2/grids/{fid}/col", cols, headers=R)
    assert [col["name"] for col in new["cols"]] == ["a-1558729ca09e", "b-1558729ca09e"]
    assert list(api.table(fid).values())[2:] == [[4, 5, 6], ["z", None, "w"]]


def test_r_creates_a_grid_in_a_folder(api, replay):
    body = (
        '{"data":{"cols":{"a":{"data":1,"order":0}}},"filename":"rgrid2","parent_path":"rdir/sub",'
        '"world_readable":true,"share_key_enabled":false}'
    )
    replay(404, "GET", "/v2/files/lookup?path=rdir/sub/rgrid2", headers=R)
    replay(404, "GET", "/v2/files/lookup?path=rdir/sub", headers=R)
    replay(201, "POST", "/v2/folders", '{"path":"rdir/sub"}', headers=R)
    fid = replay(201, "POST", "/v2/grids", body, headers=R)["file"]["fid"]
    assert api.table(fid) == {"a": [1]}


def test_falcon_creates_reads_replaces_and_deletes(api, replay):
    headers = {"Plotly-Client-Platform": "db-connect", "Content-Type": "application/json"}
    body = (
        '{"data":{"cols":{"a":{"data":[1,2],"order":0},"b":{"data":["x","y"],"order":1}}},'
        '"filename":"falcon","world_readable":false}'
    )
    fid = replay(201, "POST", "/v2/grids", body, headers=headers)["file"]["fid"]
    old = replay(200, "GET", f"/v2/grids/{fid}/col", headers=headers)["cols"]
    uids = ",".join(column["uid"] for column in old)
    cols = '{"cols":[{"data":[3],"name":"c","order":0},{"data":["z"],"name":"d","order":1}]}'
    replay(200, "PUT", f"/v2/grids/{fid}/col?uid={uids}", cols, headers=headers)
    assert list(api.table(fid).items()) == [("c", [3]), ("d", ["z"])]
    replay(204, "DELETE", f"/v2/grids/{fid}", headers=headers)
